"""The rules of the contract in plain Python, on rows written by hand."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import CheckConstraint, Date, Integer, Numeric

from client360.simulate import World, landing_files
from client360.simulate.corrupt import CorruptedWorld, files
from client360.warehouse.models import LANDING, base, columns
from client360.warehouse.models.entity import required
from proof.corruption import lines, rules, verdicts

ROWS = {
    "clientes": {"cliente_id": "C1", "fecha": "2025-01-01", "fecha_alta": "2025-01-01"},
    "productos": {
        "producto_id": "P1",
        "fecha": "2025-01-01",
        "categoria": "hogar",
        "precio": "10",
        "fecha_alta": "2025-01-01",
    },
    "campanias": {
        "campania_id": "K1",
        "fecha": "2025-01-01",
        "canal": "email",
        "fecha_inicio": "2025-01-01",
        "fecha_fin": "2025-01-31",
        "presupuesto": "5",
    },
    "transacciones": {
        "transaccion_id": "T1",
        "fecha": "2025-01-10",
        "cliente_id": "C1",
        "tipo_transaccion": "compra_tarjeta",
        "monto": "10",
    },
    "ventas": {
        "venta_id": "V1",
        "fecha": "2025-01-10",
        "fecha_venta": "2025-01-10",
        "cliente_id": "C1",
        "metodo_pago": "tarjeta",
        "provincia_envio": "Salta",
        "estado": "completada",
        "total": "10",
    },
    "detalle_ventas": {
        "venta_id": "V1",
        "linea": "1",
        "fecha": "2025-01-10",
        "cliente_id": "C1",
        "producto_id": "P1",
        "cantidad": "1",
        "precio_unitario": "10",
        "descuento": "0",
    },
    "envios": {
        "venta_id": "V1",
        "fecha": "2025-01-10",
        "cliente_id": "C1",
        "deposito": "sur",
        "estado": "preparacion",
        "fecha_prometida": "2025-01-15",
        "costo_envio": "1",
    },
    "devoluciones": {
        "devolucion_id": "D1",
        "fecha": "2025-01-20",
        "cliente_id": "C1",
        "venta_id": "V1",
        "linea": "1",
        "producto_id": "P1",
        "cantidad": "1",
        "monto": "10",
    },
    "contactos_campania": {"campania_id": "K1", "fecha": "2025-01-05", "cliente_id": "C1", "grupo": "control"},
    "movimientos_stock": {
        "movimiento_id": "M1",
        "fecha": "2025-01-05",
        "producto_id": "P1",
        "deposito": "sur",
        "tipo": "recepcion",
        "cantidad": "1",
        "costo_unitario": "1",
    },
    "tarjetas": {"tarjeta_id": "T1", "fecha": "2025-01-10", "cliente_id": "C1", "limite": "100"},
    "resumenes": {
        "resumen_id": "R1",
        "fecha": "2025-02-01",
        "tarjeta_id": "T1",
        "cliente_id": "C1",
        "fecha_cierre": "2025-01-31",
        "fecha_vencimiento": "2025-02-10",
        "total": "-5",
        "minimo": "0",
    },
    "prestamos": {
        "prestamo_id": "L1",
        "fecha": "2025-01-10",
        "cliente_id": "C1",
        "fecha_otorgamiento": "2025-01-10",
        "monto": "100",
    },
    "cuotas": {
        "cuota_id": "Q1",
        "fecha": "2025-01-10",
        "prestamo_id": "L1",
        "cliente_id": "C1",
        "vencimiento": "2025-02-10",
        "monto": "60",
    },
    "ordenes_permanentes": {"orden_id": "O1", "fecha": "2025-01-10", "cliente_id": "C1", "desde": "2025-01-10"},
}
"""A row of each file that is accepted where the others are there."""


def row(entity: str, **values: str) -> str:
    return ",".join((ROWS[entity] | values).get(column, "") for column in columns(LANDING[entity]))


def judged(folder: Path, **files: list[str]) -> tuple[dict[str, str], verdicts.Verdicts]:
    """The reasons of rejected rows by `entity:line`, and all verdicts, for files with these lines.

    `entity_2` is a second file of an entity; a file that is not given has the row above.
    """
    for entity, values in ROWS.items():
        for suffix in ("", "_2"):
            lines = files.get(entity + suffix, [] if suffix else [row(entity)])
            path = folder / entity / f"{entity}_2025{suffix}.csv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join([",".join(columns(LANDING[entity])), *lines, ""]), encoding="latin-1")
        assert set(values) <= set(columns(LANDING[entity]))
    found = verdicts.judge(folder)
    names = {place: f"{place[0].split('/')[0]}:{place[1]}" for place in found.rejected}
    return {names[place]: verdict.reason for place, verdict in found.rejected.items()}, found


def test_sound_rows_are_accepted(tmp_path: Path) -> None:
    rejected, found = judged(tmp_path)
    assert rejected == {}
    assert {file: count["aceptadas"] for file, count in found.counts.items() if "_2.csv" not in file} == {
        f"{entity}/{entity}_2025.csv": 1 for entity in ROWS
    }


def test_a_clean_world_is_accepted_to_the_last_row(tmp_path: Path) -> None:
    world = World(seed=5, customers=400, first_day=date(2025, 1, 1))
    landed = landing_files.write_landing_files(
        world, files.months(CorruptedWorld(5, 400, world.first_day), date(2025, 12, 1)), tmp_path
    )
    found = verdicts.judge(tmp_path / "raw")
    assert found.rejected == {}
    for file in landed:
        count = found.counts[file.path.removeprefix("raw/")]
        assert count["aceptadas"] + count["sin_cambio"] == file.rows


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        (row("transacciones", rubro="panader\xeda"), "codificacion"),
        (row("transacciones", rubro='"panaderia'), "comillas"),
        (row("transacciones", rubro="panaderia,kiosco"), "columnas_de_mas"),
        (row("transacciones").removesuffix(","), "columnas_de_menos"),
        (row("transacciones", monto="diez"), "tipo_invalido"),
        (row("transacciones", fecha="10/01/2025"), "tipo_invalido"),
        (row("transacciones", fecha="2025-1-10"), "tipo_invalido"),
        (row("transacciones", fecha="2025-02-30"), "tipo_invalido"),
        (row("transacciones", cliente_id=""), "falta_valor"),
        (row("transacciones", monto="0.004"), "fuera_de_rango"),
        (row("transacciones", monto="999999999999.995"), "fuera_de_rango"),
        (row("transacciones", fecha="1989-12-31"), "fuera_de_rango"),
        (row("transacciones", fecha="2100-01-01"), "fuera_de_rango"),
        (row("transacciones", tipo_transaccion="compra"), "valor_desconocido"),
        (row("transacciones", sentido="credito"), "fuera_de_rango"),
        (row("transacciones", sentido="debitos"), "valor_desconocido"),
        (row("transacciones", sentido="credito", tipo_transaccion="compra"), "valor_desconocido"),
        (row("transacciones", cliente_id="C2"), "padre_desconocido"),
        (row("transacciones", venta_id="V2"), "padre_desconocido"),
        (row("transacciones", fecha="2024-12-31"), "padre_desconocido"),
        # the first reason counts
        (row("transacciones", monto="diez", cliente_id=""), "tipo_invalido"),
        (row("transacciones", monto="-1", cliente_id=""), "falta_valor"),
        (row("transacciones", monto="-1", tipo_transaccion="compra"), "fuera_de_rango"),
        (row("transacciones", cliente_id="C2", tipo_transaccion="compra"), "valor_desconocido"),
    ],
)
def test_why_a_row_is_rejected(line: str, reason: str, tmp_path: Path) -> None:
    assert judged(tmp_path, transacciones=[line])[0] == {"transacciones:2": reason}


@pytest.mark.parametrize(
    ("entity", "values"),
    [
        ("clientes", {"ingresos_mensuales": "-0.01"}),
        ("productos", {"precio": "0"}),
        ("productos", {"costo": "-1"}),
        ("campanias", {"fecha_fin": "2024-12-31"}),
        ("campanias", {"presupuesto": "-1"}),
        ("transacciones", {"monto": "0"}),
        ("transacciones", {"cuotas": "0"}),
        ("transacciones", {"tipo_transaccion": "reintegro", "sentido": "debito"}),
        ("ventas", {"fecha_venta": "2025-01-11"}),
        ("ventas", {"total": "-1"}),
        ("detalle_ventas", {"linea": "0"}),
        ("detalle_ventas", {"cantidad": "0"}),
        ("detalle_ventas", {"cantidad": "1000000000000"}),
        ("detalle_ventas", {"cantidad": "0.0004"}),
        ("productos", {"precio": "0.0000004"}),
        ("detalle_ventas", {"precio_unitario": "-1"}),
        ("detalle_ventas", {"descuento": "10.01"}),
        ("detalle_ventas", {"descuento": "-1"}),
        ("envios", {"costo_envio": "-1"}),
        ("envios", {"fecha_despacho": "2025-01-11"}),
        ("envios", {"fecha_entrega": "2025-01-11"}),
        ("devoluciones", {"linea": "0"}),
        ("devoluciones", {"cantidad": "0"}),
        ("devoluciones", {"monto": "-0.01"}),
        ("movimientos_stock", {"cantidad": "-1"}),
        ("movimientos_stock", {"tipo": "venta"}),
        ("movimientos_stock", {"tipo": "ajuste", "cantidad": "0"}),
        ("movimientos_stock", {"costo_unitario": "-1"}),
        ("tarjetas", {"limite": "-1"}),
        ("tarjetas", {"dia_cierre": "32"}),
        ("tarjetas", {"dia_vencimiento": "0"}),
        ("resumenes", {"minimo": "-0.01"}),
        ("resumenes", {"pagado": "-1"}),
        ("resumenes", {"pagado_el": "2025-02-02"}),
        ("prestamos", {"monto": "0"}),
        ("prestamos", {"tasa": "-1"}),
        ("prestamos", {"plazo": "0"}),
        ("prestamos", {"saldo": "-1"}),
        ("cuotas", {"numero": "0"}),
        ("cuotas", {"monto": "-1"}),
        ("cuotas", {"capital": "-1"}),
        ("cuotas", {"pagado_el": "2025-01-11"}),
        ("ordenes_permanentes", {"monto": "-1"}),
        ("ordenes_permanentes", {"hasta": "2025-01-09"}),
    ],
)
def test_values_out_of_range_are_rejected(entity: str, values: dict[str, str], tmp_path: Path) -> None:
    assert judged(tmp_path, **{entity: [row(entity, **values)]})[0][f"{entity}:2"] == "fuera_de_rango"


def test_the_judge_knows_the_columns_keys_and_words_of_the_models() -> None:
    for entity, model in LANDING.items():
        found = model.table().columns
        assert model.natural_key == rules.KEYS[entity]
        assert {column.name for column in found if not required(column)} == set(rules.OPTIONAL.get(entity, ())), entity
        for kind, names in ((Date, lines.DAYS), (Integer, lines.INTEGERS), (Numeric, lines.DECIMALS)):
            typed = {column.name for column in found if isinstance(column.type, kind)}
            assert typed == set(names) & set(columns(model)), (entity, kind)
        for column in found:
            if isinstance(column.type, Numeric):
                assert column.type.scale == lines.DECIMALS[column.name]
                assert column.type.precision - column.type.scale == 12
    words = {column: known for by_column in rules.WORDS.values() for column, known in by_column.items()}
    assert set(words["tipo_transaccion"]) == set(base.TIPOS_TRANSACCION)
    assert set(words["sentido"]) == set(base.SENTIDOS)
    assert set(words["metodo_pago"]) == set(base.METODOS_PAGO)
    assert set(words["grupo"]) == set(base.GRUPOS_CAMPANIA)
    assert set(words["tipo"]) == set(base.TIPOS_STOCK)
    assert set(rules.WORDS["ventas"]["estado"]) == set(base.ESTADOS_VENTA)
    assert set(rules.WORDS["envios"]["estado"]) == set(base.ESTADOS_ENVIO)


def test_every_rule_of_the_models_is_known() -> None:
    rules = {
        constraint.name
        for model in LANDING.values()
        for constraint in model.table().constraints
        if isinstance(constraint, CheckConstraint)
    }
    # a day that is read as such is finite; a new rule belongs in RANGES or WORDS
    known = {
        *("ingresos_no_negativos", "precio_positivo", "costo_no_negativo", "fin_no_antes_de_inicio"),
        *("presupuesto_no_negativo", "monto_positivo", "tipo_transaccion_conocido", "venta_no_despues_de_conocida"),
        *("total_no_negativo", "metodo_pago_conocido", "estado_venta_conocido", "linea_positiva", "cantidad_positiva"),
        *("precio_no_negativo", "descuento_dentro_de_la_linea", "estado_envio_conocido", "costo_envio_no_negativo"),
        *("despacho_conocido", "entrega_conocida", "entregado_con_fecha", "grupo_conocido", "tipo_stock_conocido"),
        *("signo_de_cantidad", "costo_unitario_no_negativo", "monto_no_negativo", "cargo_envio_no_negativo"),
        *("estado_pago_conocido", "cuotas_positivas", "sentido_conocido", "tipo_de_credito"),
        *("tipo_de_debito",),
        *("tipo_cuenta_conocido", "participacion_en_porcentaje", "rol_conocido", "cliente_o_cuenta"),
        "cotizacion_positiva",
        *(
            "limite_no_negativo",
            "cierre_en_el_mes",
            "vencimiento_en_el_mes",
            "minimo_no_negativo",
            "pagado_no_negativo",
        ),
        *("pago_conocido", "tasa_no_negativa", "plazo_positivo", "saldo_no_negativo", "estado_prestamo_conocido"),
        *("numero_positivo", "capital_no_negativo", "hasta_no_antes_de_desde"),
    }
    assert {rule for rule in rules if not str(rule).endswith(("_finita", "_finitas"))} == known


def test_of_equal_keys_the_first_row_of_a_file_and_the_last_file_win(tmp_path: Path) -> None:
    first, other = row("transacciones"), row("transacciones", monto="11")
    rejected, found = judged(tmp_path, transacciones=[first, other, first], transacciones_2=[other])
    assert rejected == {"transacciones:3": "clave_repetida"}
    assert found.repeated == {("transacciones/transacciones_2025.csv", 4)}
    assert found.counts["transacciones/transacciones_2025.csv"]["reemplazadas"] == 1
    assert found.counts["transacciones/transacciones_2025_2.csv"]["aceptadas"] == 1


def test_versions_that_change_nothing_are_dropped(tmp_path: Path) -> None:
    versions = [row("clientes"), row("clientes", fecha="2025-01-02"), row("clientes", fecha="2025-01-03", nombre="Ana")]
    found = judged(tmp_path, clientes=versions)[1]
    assert found.counts["clientes/clientes_2025.csv"] == {"filas": 3, "aceptadas": 2, "sin_cambio": 1}


def test_the_children_of_a_customer_who_is_rejected_are_rejected(tmp_path: Path) -> None:
    rejected, _ = judged(tmp_path, clientes=[row("clientes", ingresos_mensuales="-1")])
    assert rejected == {
        "clientes:2": "fuera_de_rango",
        "ventas:2": "padre_rechazado",
        "detalle_ventas:2": "padre_rechazado",
        "envios:2": "padre_rechazado",
        "devoluciones:2": "padre_rechazado",
        "transacciones:2": "padre_rechazado",
        "contactos_campania:2": "padre_rechazado",
        **dict.fromkeys(("tarjetas:2", "resumenes:2", "prestamos:2", "cuotas:2"), "padre_rechazado"),
        "ordenes_permanentes:2": "padre_rechazado",
    }


def test_a_customer_whose_line_cannot_be_read_is_unknown(tmp_path: Path) -> None:
    rejected, _ = judged(tmp_path, clientes=[row("clientes", nombre="Jos\xe9")])
    assert rejected["ventas:2"] == rejected["transacciones:2"] == "padre_desconocido"
    # the order is known, and rejected; its customer is not
    assert rejected["envios:2"] == "padre_desconocido"


def test_children_are_accepted_from_the_first_accepted_version(tmp_path: Path) -> None:
    movements = [row("transacciones", transaccion_id=f"T{day}", fecha=f"2025-01-{day}") for day in (19, 20)]
    versions = [row("clientes", fecha_alta="ayer"), row("clientes", fecha="2025-01-20")]
    rejected, _ = judged(tmp_path, clientes=versions, transacciones=movements)
    assert {name: reason for name, reason in rejected.items() if name.startswith("transacciones")} == {
        "transacciones:2": "padre_rechazado"
    }


def test_movements_are_accepted_until_the_day_before_the_customer_leaves(tmp_path: Path) -> None:
    movements = [row("transacciones", transaccion_id=f"T{day}", fecha=f"2025-01-{day}") for day in (11, 12)]
    versions = [row("clientes"), row("clientes", fecha="2025-01-12", fecha_baja="2025-01-12")]
    rejected, _ = judged(tmp_path, clientes=versions, transacciones=movements)
    assert rejected == {"transacciones:3": "padre_desconocido"}


def test_the_children_of_an_order_that_is_rejected_are_rejected(tmp_path: Path) -> None:
    rejected, _ = judged(
        tmp_path, ventas=[row("ventas", estado="pagada")], transacciones=[row("transacciones", venta_id="V1")]
    )
    assert rejected == {
        "ventas:2": "valor_desconocido",
        "detalle_ventas:2": "padre_rechazado",
        "envios:2": "padre_rechazado",
        "devoluciones:2": "padre_rechazado",
        "transacciones:2": "padre_rechazado",
    }


def test_an_order_is_known_by_its_first_state_alone(tmp_path: Path) -> None:
    returned = row("ventas", estado="devuelta", fecha="2025-01-20")
    rejected, _ = judged(tmp_path / "alone", ventas=[returned])
    assert rejected == {f"{entity}:2": "padre_desconocido" for entity in ("ventas", "detalle_ventas", "envios")} | {
        # the remaining state is rejected by then
        "detalle_ventas:2": "padre_rechazado",
        "envios:2": "padre_rechazado",
        "devoluciones:2": "padre_rechazado",
    }
    rejected, _ = judged(tmp_path / "broken", ventas=[row("ventas", total="diez"), returned])
    assert rejected["ventas:3"] == "padre_rechazado"
    rejected, _ = judged(
        tmp_path / "another", ventas=[row("ventas"), row("ventas", estado="devuelta", cliente_id="C2")]
    )
    assert rejected == {"ventas:3": "padre_desconocido"}


def test_lines_are_of_the_day_of_their_order_and_shipments_of_that_day_or_later(tmp_path: Path) -> None:
    lines = [row("detalle_ventas", linea=day, fecha=f"2025-01-{day}") for day in ("10", "11")]
    shipments = [row("envios", deposito=day, fecha=f"2025-01-{day}") for day in ("09", "10", "11")]
    rejected, _ = judged(tmp_path, detalle_ventas=lines, envios=shipments)
    assert rejected == {"detalle_ventas:3": "padre_desconocido", "envios:2": "padre_desconocido"}


def test_the_children_of_a_rejected_product_or_campaign_are_rejected(tmp_path: Path) -> None:
    rejected, _ = judged(
        tmp_path,
        productos=[row("productos", precio="caro")],
        campanias=[row("campanias", presupuesto="")],
        ventas=[row("ventas", campania_id="K1")],
    )
    assert rejected == {
        "productos:2": "tipo_invalido",
        "campanias:2": "falta_valor",
        "ventas:2": "padre_rechazado",
        "detalle_ventas:2": "padre_rechazado",
        "envios:2": "padre_rechazado",
        "devoluciones:2": "padre_rechazado",
        "contactos_campania:2": "padre_rechazado",
        "movimientos_stock:2": "padre_rechazado",
    }


def test_of_two_missing_parents_the_first_is_the_reason(tmp_path: Path) -> None:
    rejected, _ = judged(
        tmp_path, productos=[row("productos", precio="")], detalle_ventas=[row("detalle_ventas", cliente_id="C2")]
    )
    assert rejected["detalle_ventas:2"] == "padre_desconocido"


def test_who_has_left_and_comes_back_is_a_customer_again_from_that_version_on(tmp_path: Path) -> None:
    movements = [row("transacciones", transaccion_id=f"T{day}", fecha=f"2025-01-{day}") for day in (11, 12, 19, 20)]
    versions = [row("clientes", fecha_baja="2025-01-12"), row("clientes", fecha="2025-01-20")]
    rejected, _ = judged(tmp_path, clientes=versions, transacciones=movements)
    assert rejected == {"transacciones:3": "padre_desconocido", "transacciones:4": "padre_desconocido"}
