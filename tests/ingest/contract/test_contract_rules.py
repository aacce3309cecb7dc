"""The defects of a row by itself: missing values, bounds, words, and which of them is reported."""

import re

import pytest
from raw_feed import (
    C1,
    CAMPANIAS,
    CONTACTOS,
    CONTRACT,
    DETALLE,
    ENVIOS,
    K1,
    P1,
    PRODUCTOS,
    STOCK,
    TRANSACCIONES,
    V1,
    VENTAS,
    Raw,
    deliver,
    feed,
    judged,
    movement,
)
from sqlalchemy import Engine

from client360.ingest import feed_spec
from client360.ingest.contract.quarantine import REASONS_OF_LINES
from client360.ingest.contract.rules import defects
from client360.ingest.raw_file import Dialect
from client360.warehouse.models import MOTIVOS


@pytest.mark.parametrize("written", ["1989-12-31", "2100-01-01", "9999-12-31", "0001-01-01"])
def test_a_business_day_lies_within_what_can_be_loaded(raw: Raw, written: str) -> None:
    assert judged(raw, fecha=written) == ("fecha", "fuera_de_rango")


@pytest.mark.parametrize("column", ["transaccion_id", "fecha", "cliente_id", "monto"])
def test_a_missing_required_value_is_rejected(raw: Raw, column: str) -> None:
    assert judged(raw, **{column: ""}) == (column, "falta_valor")


def test_an_empty_key_is_missing_even_where_the_empty_string_is_a_value(warehouse: Engine) -> None:
    files = {
        name: file.model_copy(update={"dialect": Dialect(nulls=("NULL",))}) for name, file in CONTRACT.files.items()
    }
    raw = Raw(warehouse, feed(files=files))
    assert judged(raw, cliente_id="") == ("cliente_id", "falta_valor")


def test_an_unknown_word_is_rejected_and_the_detail_lists_the_allowed_ones(raw: Raw) -> None:
    assert judged(raw, tipo_transaccion="Compra") == ("tipo_transaccion", "valor_desconocido")
    (expected,) = raw.query("select detalle from control.rechazos")[0]
    assert "'compra_tarjeta'" in expected


@pytest.mark.parametrize(
    ("kind", "direction", "expected"),
    [
        ("compra_tarjeta", "debito", None),
        ("compra_tarjeta", "credito", ("sentido", "fuera_de_rango")),
        ("reintegro", "credito", None),
        ("reintegro", "debito", ("sentido", "fuera_de_rango")),
        ("ahorro", "debito", None),
        ("ahorro", "credito", None),
        ("transferencia", "", None),
        ("", "credito", None),
        ("", "", None),
        ("deposito", "debe", ("sentido", "valor_desconocido")),
    ],
)
def test_a_kind_with_a_direction_of_its_own_has_no_other(
    raw: Raw, kind: str, direction: str, expected: tuple[str, str] | None
) -> None:
    deliver(raw, C1)
    header = f"{TRANSACCIONES},sentido"
    raw.deliver("transacciones", header, f"{movement(tipo_transaccion=kind)},{direction}")
    raw.apply_contract()
    assert raw.reasons("transacciones").get(2) == expected


def test_a_number_that_is_out_of_range_once_rounded_is_said_to_be_rounded(raw: Raw) -> None:
    assert judged(raw, monto="0.001") == ("monto", "fuera_de_rango")
    ((expected, line),) = raw.query("select detalle, texto from control.rechazos")
    assert expected == "monto > 0, once rounded to 2 decimals"
    assert "0.001" in line


def test_a_row_is_rejected_for_its_first_defect(raw: Raw) -> None:
    wrong = {"transaccion_id": "", "monto": "x", "tipo_transaccion": "x", "cliente_id": "nobody"}
    reasons = [("monto", "tipo_invalido"), ("transaccion_id", "falta_valor"), ("monto", "fuera_de_rango")]
    reasons += [("tipo_transaccion", "valor_desconocido"), ("cliente_id", "padre_desconocido"), None]
    assert judged(raw, **wrong) == reasons[0]
    assert judged(raw, **(wrong := wrong | {"monto": "-1"})) == reasons[1]
    assert judged(raw, **(wrong := wrong | {"transaccion_id": "T1"})) == reasons[2]
    assert judged(raw, **(wrong := wrong | {"monto": "1"})) == reasons[3]
    assert judged(raw, **(wrong := wrong | {"tipo_transaccion": "transferencia"})) == reasons[4]
    assert judged(raw, **(wrong | {"cliente_id": "C1"})) == reasons[5]


@pytest.mark.parametrize(
    ("entity", "header", "line", "reason"),
    [
        (
            "clientes",
            "cliente_id,fecha,fecha_alta,ingresos_mensuales",
            "C2,2025-01-01,2025-01-01,-1",
            "ingresos_mensuales",
        ),
        ("productos", PRODUCTOS, "P2,2025-01-01,hogar,0,2025-01-01", "precio"),
        ("productos", PRODUCTOS + ",costo", "P2,2025-01-01,hogar,1,2025-01-01,-1", "costo"),
        ("campanias", CAMPANIAS, "K2,2025-01-05,email,2025-01-05,2025-01-04,100", "fecha_fin"),
        ("campanias", CAMPANIAS, "K2,2025-01-05,email,2025-01-05,2025-01-05,-1", "presupuesto"),
        ("ventas", VENTAS, "V2,2025-01-10,2025-01-11,C1,tarjeta,Salta,,completada,10", "fecha_venta"),
        ("ventas", VENTAS, "V2,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,-1", "total"),
        ("detalle_ventas", DETALLE, "V1,0,2025-01-10,C1,P1,1,10,0", "linea"),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,10.01", "descuento"),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,-10,0", "precio_unitario"),
        ("envios", ENVIOS, "V1,2025-01-11,C1,Norte,despachado,2025-01-12,2025-01-20,,5", "fecha_despacho"),
        ("envios", ENVIOS, "V1,2025-01-11,C1,Norte,entregado,2025-01-11,2025-01-20,,5", "fecha_entrega"),
        ("envios", ENVIOS, "V1,2025-01-11,C1,Norte,entregado,2025-01-11,2025-01-20,2025-01-12,5", "fecha_entrega"),
        ("envios", ENVIOS, "V1,2025-01-11,C1,Norte,preparacion,,2025-01-20,,-5", "costo_envio"),
        ("movimientos_stock", STOCK, "M1,2025-01-11,P1,Norte,venta,1,5", "cantidad"),
        ("movimientos_stock", STOCK, "M1,2025-01-11,P1,Norte,ajuste,0,5", "cantidad"),
        ("movimientos_stock", STOCK, "M1,2025-01-11,P1,Norte,recepcion,1,-5", "costo_unitario"),
    ],
)
def test_bounds_are_those_of_the_models(raw: Raw, entity: str, header: str, line: str, reason: str) -> None:
    deliver(raw, *(file for file in (C1, P1, K1, V1) if entity not in file))
    raw.deliver(entity, header, line)
    raw.apply_contract()
    assert raw.reasons(entity) == {2: (reason, "fuera_de_rango")}


@pytest.mark.parametrize(
    ("entity", "header", "line", "column"),
    [
        ("ventas", VENTAS, "V2,2025-01-10,2025-01-10,C1,cheque,Salta,,completada,10", "metodo_pago"),
        ("ventas", VENTAS, "V2,2025-01-10,2025-01-10,C1,tarjeta,Salta,,perdida,10", "estado"),
        ("envios", ENVIOS, "V1,2025-01-11,C1,Norte,perdido,,2025-01-20,,5", "estado"),
        ("contactos_campania", CONTACTOS, "K1,2025-01-05,C1,otro", "grupo"),
        ("movimientos_stock", STOCK, "M1,2025-01-11,P1,Norte,robo,1,5", "tipo"),
    ],
)
def test_words_are_those_of_the_models(raw: Raw, entity: str, header: str, line: str, column: str) -> None:
    deliver(raw, *(file for file in (C1, P1, K1, V1) if entity not in file))
    raw.deliver(entity, header, line)
    raw.apply_contract()
    assert raw.reasons(entity) == {2: (column, "valor_desconocido")}


def test_what_was_expected_is_said_in_words() -> None:
    said = {(defect.reason, defect.detail or "") for entity in feed_spec.ENTITIES for defect in defects(entity)}
    unreadable = [
        detail for _, detail in said if re.search(r"numeric|nfinity|isfinite|octet|::|interval|date '|\) <= \(", detail)
    ]
    assert unreadable == []
    assert ("fuera_de_rango", "at most 12 digits before the decimal sign") in said
    assert ("fuera_de_rango", "fecha_entrega is not null where estado = 'entregado'") in said
    assert ("fuera_de_rango", "fecha between 1990-01-01 and 2099-12-31") in said


def test_reasons_are_those_of_the_model() -> None:
    found = {defect.reason for entity in feed_spec.ENTITIES for defect in defects(entity)}
    assert found | set(REASONS_OF_LINES) | {"sin_mapear"} == set(MOTIVOS)
