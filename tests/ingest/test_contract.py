"""What becomes of the rows of a feed, on raw tables that are made by hand."""

import csv
import io
import itertools
import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from psycopg import sql
from sqlalchemy import Engine, text

from client360.days import DayRange
from client360.ingest import feed_spec
from client360.ingest.contract import TooManyRejected, apply_contract
from client360.ingest.contract.quarantine import REASONS_OF_LINES
from client360.ingest.contract.rules import defects
from client360.ingest.feed_spec import BadFeed, Dialect, Feed, RawFile
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import LANDING, MOTIVOS, columns, dw
from client360.warehouse.ownership import OwnerReplaced

CONTRACT = feed_spec.read_feed("simulador")
HEADERS = {**{name: columns(model) for name, model in LANDING.items()}, "provincias": columns(dw.DimProvincia)}

CLIENTES = "cliente_id,fecha,provincia,fecha_alta,fecha_baja"
PRODUCTOS = "producto_id,fecha,categoria,precio,fecha_alta"
CAMPANIAS = "campania_id,fecha,canal,fecha_inicio,fecha_fin,presupuesto"
TRANSACCIONES = "transaccion_id,fecha,cliente_id,tipo_transaccion,monto,venta_id"
VENTAS = "venta_id,fecha,fecha_venta,cliente_id,metodo_pago,provincia_envio,campania_id,estado,total"
DETALLE = "venta_id,linea,fecha,cliente_id,producto_id,cantidad,precio_unitario,descuento"
ENVIOS = "venta_id,fecha,cliente_id,deposito,estado,fecha_despacho,fecha_prometida,fecha_entrega,costo_envio"
CONTACTOS = "campania_id,fecha,cliente_id,grupo"
STOCK = "movimiento_id,fecha,producto_id,deposito,tipo,cantidad,costo_unitario"

C1 = {"clientes": (CLIENTES, "C1,2025-01-01,Salta,2025-01-01,")}
P1 = {"productos": (PRODUCTOS, "P1,2025-01-01,hogar,10,2025-01-01")}
K1 = {"campanias": (CAMPANIAS, "K1,2025-01-05,email,2025-01-05,2025-01-09,100")}
V1 = {"ventas": (VENTAS, "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10")}


def feed(**changes: Any) -> Feed:
    """The contract's own feed, with its dialect of the standard kind."""
    return replace(CONTRACT, **changes)


class Raw:
    """The raw tables of a feed, as reading leaves them: text, and a view that knows file, line and date."""

    def __init__(self, engine: Engine, of: Feed = CONTRACT) -> None:
        self.engine = engine
        self.feed = of
        self.deliveries = itertools.count(1)

    def deliver(self, table: str, header: str, lines: str, name: str | None = None, broken: int = 0) -> str:
        """A file of a kind; delivered again it replaces itself. Returns its name."""
        names = header.split(self.feed.files[table].dialect.delimiter)
        day = (name or "").split("_")[-1].removesuffix(".csv")
        day = day if day[:2] == "20" else None
        name = name or f"{table}_x.csv"
        rows = list(csv.reader(io.StringIO(lines), delimiter=self.feed.files[table].dialect.delimiter))
        with self.engine.begin() as connection:
            connection.execute(text("create schema if not exists crudo"))
            self._table(connection, table, names)
            number = next(self.deliveries)
            old = connection.scalar(
                text("delete from control.entregas where archivo = :n returning entrega"), {"n": name}
            )
            connection.execute(text(f"delete from crudo.{table}_filas where _entrega = :n"), {"n": old})
            connection.execute(
                text(
                    "insert into control.entregas "
                    "(archivo, entrega, tabla, fecha_archivo, sha256, columnas, lineas, leidas, mundo, corrida) "
                    "overriding system value values (:a, :e, :t, :f, 'sha', :c, :l, :r, :m, 'run')"
                ),
                {
                    "a": name, "e": number, "t": table, "f": day, "c": ",".join(names), "l": len(rows) + broken, "r": len(rows),
                    "m": f"feed {self.feed.name}",
                },
            )  # fmt: skip
            for line, row in enumerate(rows, start=2):
                connection.connection.cursor().execute(
                    sql.SQL("insert into {} (_entrega, _linea, {}) values ({}, {}, {})").format(
                        sql.Identifier("crudo", f"{table}_filas"),
                        sql.SQL(", ").join(map(sql.Identifier, names)),
                        number,
                        line,
                        sql.SQL(", ").join(map(sql.Literal, row)),
                    )
                )
        return name

    def _table(self, connection, table: str, names: list[str]) -> None:
        connection.execute(text(f"create table if not exists crudo.{table}_filas (_entrega integer, _linea bigint)"))
        there = HEADERS.get(table, names)
        for name in there:
            connection.execute(text(f"alter table crudo.{table}_filas add column if not exists {name} text"))
        nulls = ", ".join(f"'{word}'" for word in self.feed.files[table].dialect.nulls)
        values = ", ".join(f"case when {name} not in ({nulls}) then {name} end as {name}" for name in there)
        connection.execute(
            text(
                f"create or replace view crudo.{table} as select archivo as _archivo, _linea, fecha_archivo as _fecha, "
                f"{values} from crudo.{table}_filas inner join control.entregas on _entrega = entrega"
            )
        )

    def apply_contract(self, threshold: float = 100, run: str = "run 1") -> list[date]:
        return apply_contract(self.engine, self.feed, run, threshold)

    def query(self, query: str) -> list[tuple]:
        with self.engine.connect() as connection:
            return [tuple(row) for row in connection.execute(text(query))]

    def rejected(self) -> list[tuple]:
        return self.query("select archivo, linea, entidad, columna, motivo from control.rechazos order by 1, 2, 3")

    def reasons(self, entity: str) -> dict[int, tuple[str | None, str]]:
        """Column and reason of the rejected lines of an entity."""
        return {
            line: (column, reason)
            for line, column, reason in self.query(
                f"select linea, columna, motivo from control.rechazos where entidad = '{entity}'"
            )
        }

    def staged(self, entity: str, what: str) -> list[tuple]:
        return self.query(f"select {what} from staging.{entity} order by {what}")

    def reading(self, entity: str) -> dict[str, tuple[int, ...]]:
        """By file: rows, accepted, repeated, replaced, unchanged, rejected."""
        return {
            row[0]: row[1:]
            for row in self.query(
                "select archivo, filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas from control.lecturas "
                f"where entidad = '{entity}'"
            )
        }

    def state(self) -> dict[str, list[tuple]]:
        """All that filling writes, but for which run it was."""
        state = {name: self.query(f"select (fila)::text from staging.{name} as fila order by 1") for name in LANDING}
        state["cargas"] = self.query(
            "select entidad, fecha, filas, suma, archivo, sha256 from control.cargas order by 1, 2"
        )
        state["lecturas"] = self.query("select * from control.lecturas order by 1, 2")
        state["rechazos"] = self.query(
            "select archivo, linea, entidad, columna, motivo, detalle, texto from control.rechazos order by 1, 2, 3"
        )
        state["provincias"] = self.query("select * from dw.dim_provincia order by 1")
        return state

    def publish(self) -> None:
        """As the transform step leaves things: staging empty, the days further on."""
        with self.engine.begin() as connection:
            for name in LANDING:
                connection.execute(text(f"delete from staging.{name}"))
            connection.execute(text("update control.cargas set capa = 'dw'"))


@pytest.fixture
def raw(warehouse: Engine) -> Raw:
    return Raw(warehouse)


def deliver(raw: Raw, *files: dict[str, tuple[str, str]]) -> None:
    for file in files:
        for table, (header, lines) in file.items():
            raw.deliver(table, header.replace(",", raw.feed.files[table].dialect.delimiter), lines)


def movement(**values: str) -> str:
    """A line of transacciones, right but for the values given."""
    right = {
        "transaccion_id": "T1", "fecha": "2025-02-01", "cliente_id": "C1", "tipo_transaccion": "compra_tarjeta",
        "monto": "10.50", "venta_id": "",
    }  # fmt: skip
    return ",".join(f'"{value}"' for value in (right | values).values())


def judged(raw: Raw, **values: str) -> tuple[str | None, str] | None:
    """Column and reason of a movement with these values; None if it is accepted."""
    deliver(raw, C1)
    raw.deliver("transacciones", TRANSACCIONES, movement(**values))
    raw.apply_contract()
    reasons = raw.reasons("transacciones")
    assert len(raw.staged("transacciones", "transaccion_id")) == 1 - len(reasons)
    return reasons.get(2)


def test_good_rows_wait_in_staging_typed_and_their_days_are_noted(raw: Raw) -> None:
    deliver(raw, C1)
    lines = (
        movement()
        + "\n"
        + movement(transaccion_id="T2", monto="0.5")
        + "\n"
        + movement(transaccion_id="T3", fecha="2025-03-31")
    )
    raw.deliver("transacciones", TRANSACCIONES, lines, name="transacciones_2025-04-01.csv")
    assert raw.apply_contract() == [date(2025, 1, 1), date(2025, 2, 1), date(2025, 3, 31)]
    assert raw.staged("transacciones", "transaccion_id, fecha, cliente_id, monto, venta_id") == [
        ("T1", date(2025, 2, 1), "C1", Decimal("10.50"), None),
        ("T2", date(2025, 2, 1), "C1", Decimal("0.50"), None),
        ("T3", date(2025, 3, 31), "C1", Decimal("10.50"), None),
    ]
    notes = raw.query(
        "select fecha, filas, suma, archivo, mundo, corrida, capa, capa_alcanzada from control.cargas "
        "where entidad = 'transacciones' order by fecha"
    )
    noted = ("transacciones_2025-04-01.csv", "feed simulador", "run 1", "staging", "staging")
    assert notes == [
        (date(2025, 2, 1), 2, Decimal("11.00"), *noted),
        (date(2025, 3, 31), 1, Decimal("10.50"), *noted),
    ]
    assert raw.rejected() == []
    assert (
        raw.query(
            "select table_name from information_schema.tables where table_schema = 'crudo' and table_name like '\\_%'"
        )
        == []
    )


def test_months_of_which_only_versions_tell_have_partitions_of_those_alone(raw: Raw) -> None:
    deliver(raw, {"clientes": (CLIENTES, "C1,1995-03-01,Salta,1995-03-01,")})
    raw.deliver("transacciones", TRANSACCIONES, movement())
    raw.apply_contract()
    made = raw.query(
        "select relnamespace::regnamespace || '.' || relname from pg_class where relispartition and relkind = 'r'"
    )
    assert [name for (name,) in made if name.endswith("_199503")] == ["staging.clientes_199503"]
    assert {"staging.clientes_202502", "dw.hecho_ventas_202502", "mart.gasto_mensual_202502"} <= {
        name for (name,) in made
    }


@pytest.mark.parametrize(
    "written",
    [
        "tomorrow", "now", "today", "epoch", "infinity", "-infinity", "2025-02-30", "2025-2-01", "20250201", "01/02/2025",
        "2025-02-01 10:00", "2025-02-01T00:00:00", "0044-03-15 BC", "10000-01-01", "June-12-01", "2025.02.01",
        "2025-032", "J2460708", "allballs", "x", "\uff12\uff10\uff12\uff15-02-01",
    ],
)  # fmt: skip
def test_what_is_no_iso_day_is_no_day(raw: Raw, written: str) -> None:
    assert judged(raw, fecha=written) == ("fecha", "tipo_invalido")


@pytest.mark.parametrize(
    "written", ["1990-01-02", "2049-12-31", "2050-01-01", "2099-12-31", " 2025-02-01  ", "2049-12-31 "]
)
def test_an_iso_day_is_that_day_whatever_the_century(raw: Raw, written: str) -> None:
    deliver(raw, {"clientes": (CLIENTES, "C1,1990-01-01,Salta,1990-01-01,")})
    raw.deliver("transacciones", TRANSACCIONES, movement(fecha=written))
    raw.apply_contract()
    assert raw.staged("transacciones", "fecha") == [(date.fromisoformat(written.strip()),)]


@pytest.mark.parametrize("written", ["1989-12-31", "2100-01-01", "9999-12-31", "0001-01-01"])
def test_a_business_day_lies_within_what_can_be_loaded(raw: Raw, written: str) -> None:
    assert judged(raw, fecha=written) == ("fecha", "fuera_de_rango")


@pytest.mark.parametrize(
    "written",
    [
        "0x1F",
        "0o17",
        "0b1",
        "1_000",
        "1e3",
        "NaN",
        "nan",
        "Infinity",
        "-inf",
        "1,5",
        "1.234,56",
        "--5",
        ".",
        "-",
        "$5",
        "5-",
        "\uff11",
    ],
)
def test_what_is_no_plain_decimal_is_no_number(raw: Raw, written: str) -> None:
    assert judged(raw, monto=written) == ("monto", "tipo_invalido")


@pytest.mark.parametrize("written", ["5", "5.", ".5", "+5", "005", "5.0", "5.005", "999999999999.99"])
def test_a_plain_decimal_is_a_number(raw: Raw, written: str) -> None:
    assert judged(raw, monto=written) is None
    assert raw.staged("transacciones", "monto") == [(round(Decimal(written) + Decimal("1e-9"), 2),)]


@pytest.mark.parametrize("written", ["0", "-5", "0.001", "1000000000000", "999999999999.995", "9" * 400])
def test_a_number_has_to_fit(raw: Raw, written: str) -> None:
    assert judged(raw, monto=written) == ("monto", "fuera_de_rango")


@pytest.mark.parametrize(
    ("quantity", "reason"),
    [
        ("3", None), ("+3", None), ("007", None), ("3.0", "tipo_invalido"), ("0x3", "tipo_invalido"),
        ("1_0", "tipo_invalido"), ("99999999999", "fuera_de_rango"), ("0", "fuera_de_rango"), ("", "falta_valor"),
    ],
)  # fmt: skip
def test_a_whole_number_is_one(raw: Raw, quantity: str, reason: str | None) -> None:
    deliver(raw, C1, P1, V1)
    raw.deliver("detalle_ventas", DETALLE, f"V1,1,2025-01-10,C1,P1,{quantity},10,0")
    raw.apply_contract()
    assert raw.reasons("detalle_ventas") == ({2: ("cantidad", reason)} if reason else {})


@pytest.mark.parametrize("column", ["transaccion_id", "fecha", "cliente_id", "tipo_transaccion", "monto"])
def test_a_required_value_that_is_missing(raw: Raw, column: str) -> None:
    assert judged(raw, **{column: ""}) == (column, "falta_valor")


def test_an_empty_key_is_missing_even_where_the_empty_string_is_a_value(warehouse: Engine) -> None:
    files = {
        name: file.model_copy(update={"dialect": Dialect(nulls=("NULL",))}) for name, file in CONTRACT.files.items()
    }
    raw = Raw(warehouse, feed(files=files))
    assert judged(raw, cliente_id="") == ("cliente_id", "falta_valor")


def test_a_word_that_the_contract_does_not_know(raw: Raw) -> None:
    assert judged(raw, tipo_transaccion="Compra") == ("tipo_transaccion", "valor_desconocido")
    (expected,) = raw.query("select detalle from control.rechazos")[0]
    assert "'compra_tarjeta'" in expected


def test_the_first_reason_counts(raw: Raw) -> None:
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
def test_ranges_are_those_of_the_models(raw: Raw, entity: str, header: str, line: str, reason: str) -> None:
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


def test_a_decimal_comma_is_that_of_the_file(warehouse: Engine) -> None:
    files = dict(CONTRACT.files)
    files["transacciones"] = files["transacciones"].model_copy(update={"dialect": Dialect(delimiter=";", decimal=",")})
    raw = Raw(warehouse, feed(files=files))
    deliver(raw, {"clientes": (CLIENTES + ",ingresos_mensuales", "C1,2025-01-01,Salta,2025-01-01,,1234.5")})
    amounts = ["1.234,56", "1234,5", "7", "1.234.567", "1234.56", "1,2,3", "1.23,4", "1,234.56", "x"]
    lines = [movement(transaccion_id=f"T{i}", monto=amount).replace('","', '";"') for i, amount in enumerate(amounts)]
    raw.deliver("transacciones", TRANSACCIONES.replace(",", ";"), "\n".join(lines))
    raw.apply_contract()
    assert raw.staged("transacciones", "transaccion_id, monto") == [
        ("T0", Decimal("1234.56")), ("T1", Decimal("1234.50")), ("T2", Decimal("7.00")), ("T3", Decimal("1234567.00")),
    ]  # fmt: skip
    assert raw.reasons("transacciones") == dict.fromkeys(range(6, 11), ("monto", "tipo_invalido"))
    assert raw.staged("clientes", "ingresos_mensuales") == [(Decimal("1234.50"),)]


def test_a_mapping_may_give_typed_columns(warehouse: Engine) -> None:
    files = dict(CONTRACT.files)
    files["transacciones"] = files["transacciones"].model_copy(update={"dialect": Dialect(delimiter=";", decimal=",")})
    mapping = {
        **CONTRACT.mapping,
        "transacciones": """
            select _archivo, _linea, _linea as transaccion_id, crudo.fecha(fecha, 'DD/MM/YYYY') as fecha, cliente_id,
                'transferencia' as tipo_transaccion, 2 * crudo.numero(monto, ',') as monto
            from crudo.transacciones -- without an end""",
    }
    raw = Raw(warehouse, feed(files=files, mapping=mapping))
    deliver(raw, C1)
    raw.deliver("transacciones", "fecha;cliente_id;monto", "5/3/2025;C1;1.000,25\n31/02/2025;C1;1\n05/03/2025;C1;x")
    raw.apply_contract()
    assert raw.staged("transacciones", "transaccion_id, fecha, monto") == [("2", date(2025, 3, 5), Decimal("2000.50"))]
    assert raw.reasons("transacciones") == {3: ("fecha", "tipo_invalido"), 4: ("monto", "tipo_invalido")}


def test_the_functions_for_mappings_never_fail(raw: Raw) -> None:
    deliver(raw, C1)
    raw.apply_contract()
    days = {
        ("05/03/2025", "DD/MM/YYYY"): "2025-03-05",
        ("5/3/2025", "DD/MM/YYYY"): "2025-03-05",
        ("31/02/2025", "DD/MM/YYYY"): "31/02/2025",
        ("20250305", "YYYYMMDD"): "2025-03-05",
        ("2025305", "YYYYMMDD"): "2025305",
        ("05/03/25", "DD/MM/YY"): "2025-03-05",
        ("05/03/85", "DD/MM/YY"): "1985-03-05",
        ("2025-13-01", "YYYY-MM-DD"): "2025-13-01",
        ("2025-03-05 23:59:59", "YYYY-MM-DD HH24:MI:SS"): "2025-03-05",
        ("2025-03-05 24:59:59", "YYYY-MM-DD HH24:MI:SS"): "2025-03-05 24:59:59",
        ("2025-03-05T10:00:00", 'YYYY-MM-DD"T"HH24:MI:SS'): "2025-03-05",
        ("05-Mar-2025", "DD-Mon-YYYY"): "2025-03-05",
        ("05-ENE-2025", "DD-Mon-YYYY"): "2025-01-05",
        ("05-Foo-2025", "DD-Mon-YYYY"): "05-Foo-2025",
        ("tomorrow", "DD/MM/YYYY"): "tomorrow",
        ("05.03.2025", "DD.MM.YYYY"): "2025-03-05",
        ("05x03x2025", "DD.MM.YYYY"): "05x03x2025",
        ("05/2025", "MM/YYYY"): "05/2025",
        ("", "DD/MM/YYYY"): "",
        (None, "DD/MM/YYYY"): None,
    }
    numbers = {
        ("1.234,56", ","): "1234.56", ("1,234.56", "."): "1234.56", ("-7", ","): "-7", (",5", ","): "0.5",
        ("1.23", ","): "NaN", ("x", "."): "NaN", ("", "."): "NaN", ("9" * 200000, "."): "NaN", (None, "."): None,
    }  # fmt: skip
    with raw.engine.connect() as connection:
        for (written, form), day in days.items():
            assert connection.scalar(text("select crudo.fecha(:a, :b)"), {"a": written, "b": form}) == day, written
        for (written, point), number in numbers.items():
            found = connection.scalar(text("select crudo.numero(:a, :b)::text"), {"a": written, "b": point})
            assert found == number, written


def customers(raw: Raw, *files: tuple[str, str]) -> None:
    for name, lines in files:
        raw.deliver("clientes", CLIENTES, lines, name=name)


def test_of_equal_rows_one_stands_and_the_others_are_counted(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver(
        "transacciones", TRANSACCIONES, "\n".join([movement(), movement(monto="10.5"), movement()]), name="a.csv"
    )
    raw.deliver("transacciones", TRANSACCIONES, movement(), name="b.csv")
    raw.apply_contract()
    assert raw.staged("transacciones", "transaccion_id") == [("T1",)]
    assert raw.reading("transacciones") == {"a.csv": (3, 0, 3, 0, 0, 0), "b.csv": (1, 1, 0, 0, 0, 0)}
    assert raw.rejected() == []


def test_of_rows_of_a_file_that_contradict_each_other_the_first_stands(raw: Raw) -> None:
    deliver(raw, C1)
    amounts = ["1", "2", "1", "2", "3"]
    raw.deliver("transacciones", TRANSACCIONES, "\n".join(movement(monto=amount) for amount in amounts))
    raw.apply_contract()
    assert raw.staged("transacciones", "monto") == [(1,)]
    assert raw.reasons("transacciones") == dict.fromkeys((3, 6), ("transaccion_id", "clave_repetida"))
    assert raw.reading("transacciones") == {"transacciones_x.csv": (5, 1, 2, 0, 0, 2)}


def test_a_row_that_is_wrong_by_itself_contradicts_nobody(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="x") + "\n" + movement(monto="2"))
    raw.apply_contract()
    assert raw.staged("transacciones", "monto") == [(2,)]
    assert raw.reasons("transacciones") == {2: ("monto", "tipo_invalido")}


def test_a_key_that_is_repeated_is_said_before_an_unknown_parent(raw: Raw) -> None:
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="1") + "\n" + movement(monto="2"))
    raw.apply_contract()
    assert [reason for _, reason in raw.reasons("transacciones").values()] == ["padre_desconocido", "clave_repetida"]


def test_the_last_file_says_what_holds_also_of_another_day(raw: Raw) -> None:
    deliver(raw, C1)
    first, second, undated = "transacciones_2025-02-01.csv", "transacciones_2025-02-02.csv", "z_transacciones.csv"
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="1"), name=first)
    assert raw.apply_contract() == [date(2025, 1, 1), date(2025, 2, 1)]
    raw.publish()
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="2", fecha="2025-03-05"), name=second)
    assert raw.apply_contract() == [date(2025, 2, 1), date(2025, 3, 5)]
    assert raw.staged("transacciones", "fecha, monto") == [(date(2025, 3, 5), 2)]
    assert raw.query(
        "select fecha, filas, suma, archivo, capa from control.cargas where entidad = 'transacciones' order by 1"
    ) == [
        (date(2025, 2, 1), 0, 0, "", "staging"),
        (date(2025, 3, 5), 1, 2, second, "staging"),
    ]
    raw.publish()
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="3"), name=undated)
    assert raw.apply_contract() == []
    assert raw.reading("transacciones") == {
        first: (1, 0, 0, 1, 0, 0), second: (1, 1, 0, 0, 0, 0), undated: (1, 0, 0, 1, 0, 0),
    }  # fmt: skip


def test_what_a_later_file_gets_wrong_does_not_replace_what_was_right(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="1"), name="transacciones_2025-02-01.csv")
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="x"), name="transacciones_2025-02-02.csv")
    raw.apply_contract()
    assert raw.staged("transacciones", "monto") == [(1,)]
    assert len(raw.rejected()) == 1


@pytest.mark.parametrize(
    ("entity", "header", "lines", "stands"),
    [
        ("clientes", CLIENTES, ["C1,2025-01-01,A,2025-01-01,", "C1,2025-01-02,B,2025-01-01,", "C2,2025-01-01,A,2025-01-01,"], 3),
        ("productos", PRODUCTOS, [
            "P1,2025-01-01,a,1,2025-01-01", "P1,2025-01-02,a,2,2025-01-01", "P1,2025-01-02,a,3,2025-01-01"], 2),
        ("campanias", CAMPANIAS, ["K1,2025-01-05,a,2025-01-05,2025-01-09,1", "K1,2025-01-05,b,2025-01-05,2025-01-09,1"], 1),
        ("ventas", VENTAS, [
            "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,1", "V1,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1",
            "V1,2025-01-12,2025-01-10,C1,tarjeta,Salta,,cancelada,1"], 2),
        ("detalle_ventas", DETALLE, [
            "V1,1,2025-01-10,C1,P1,1,1,0", "V1,2,2025-01-10,C1,P1,1,1,0", "V1,2,2025-01-10,C1,P1,2,1,0"], 2),
        ("envios", ENVIOS, [
            "V1,2025-01-10,C1,N,preparacion,,2025-01-20,,1", "V1,2025-01-10,C1,S,preparacion,,2025-01-20,,1",
            "V1,2025-01-11,C1,N,cancelado,,2025-01-20,,1", "V1,2025-01-12,C1,N,cancelado,,2025-01-20,,1"], 3),
        ("contactos_campania", CONTACTOS, ["K1,2025-01-05,C1,control", "K1,2025-01-06,C1,control"], 1),
        ("movimientos_stock", STOCK, ["M1,2025-01-11,P1,N,recepcion,1,5", "M1,2025-01-12,P1,N,recepcion,1,5"], 1),
        ("provincias", "provincia,region,poblacion", ["A,x,1", "A,y,1", "B,x,1"], 2),
    ],
)  # fmt: skip
def test_what_tells_the_rows_of_an_entity_apart(
    warehouse: Engine, entity: str, header: str, lines: list[str], stands: int
) -> None:
    files = {**CONTRACT.files, "provincias": RawFile(name="provincias_*.csv", dialect=Dialect())}
    mapping = {"provincias": "select * from crudo.provincias", **CONTRACT.mapping}
    mapping["provincias"] = "select _archivo, _linea, provincia, region, poblacion from crudo.provincias"
    raw = Raw(warehouse, feed(files=files, mapping=mapping))
    deliver(raw, *(file for file in (C1, P1, K1, V1) if entity not in file))
    raw.deliver(entity, header, "\n".join(lines))
    raw.apply_contract()
    (reading,) = raw.reading(entity).values()
    assert reading == (len(lines), stands, 0, 0, 0, len(lines) - stands)
    assert {reason for _, reason in raw.reasons(entity).values()} <= {"clave_repetida"}


def test_versions_come_from_real_changes_only(raw: Raw) -> None:
    said = ["Salta", "Salta", "Jujuy", "Jujuy", "Salta"]
    lines = [f"C1,2025-01-0{day},{province},2025-01-01," for day, province in enumerate(said, start=1)]
    customers(raw, *((f"clientes_2025-01-0{day}.csv", line) for day, line in enumerate(lines, start=1)))
    assert raw.apply_contract() == [date(2025, 1, 1), date(2025, 1, 3), date(2025, 1, 5)]
    assert raw.staged("clientes", "fecha, provincia") == [
        (date(2025, 1, 1), "Salta"), (date(2025, 1, 3), "Jujuy"), (date(2025, 1, 5), "Salta"),
    ]  # fmt: skip
    unchanged = {name: counts[4] for name, counts in raw.reading("clientes").items()}
    assert unchanged == {f"clientes_2025-01-0{day}.csv": int(day in (2, 4)) for day in range(1, 6)}


def test_snapshots_and_deltas_give_the_same_versions(warehouse: Engine) -> None:
    raw = Raw(warehouse)
    history = {
        "C1": [(1, "Salta"), (3, "Jujuy")],
        "C2": [(2, "Chaco"), (5, "Chubut")],
    }

    def says(who: str, day: int) -> str | None:
        return next((what for since, what in reversed(history[who]) if since <= day), None)

    def line(who: str, day: int) -> str:
        return f"{who},2025-01-0{day},{says(who, day)},2025-01-01,"

    snapshots = {day: [line(who, day) for who in history if says(who, day)] for day in range(1, 7)}
    deltas = {day: [line(who, day) for who in history if day in dict(history[who])] for day in range(1, 7)}
    for day, lines in snapshots.items():
        customers(raw, (f"clientes_2025-01-0{day}.csv", "\n".join(lines)))
    raw.apply_contract()
    by_snapshots = raw.staged("clientes", "cliente_id, fecha, provincia")
    digests = raw.query("select fecha, sha256 from control.cargas order by 1")
    for day, lines in deltas.items():
        customers(raw, (f"clientes_2025-01-0{day}.csv", "\n".join(lines)))
    assert raw.apply_contract() == []
    assert raw.staged("clientes", "cliente_id, fecha, provincia") == by_snapshots != []
    assert raw.query("select fecha, sha256 from control.cargas order by 1") == digests


PEOPLE = "\n".join(
    [
        "C1,2025-01-01,Salta,2025-01-10,",  # announced before it begins
        "C2,2025-01-20,Salta,2025-01-01,2025-02-20",  # becomes known late, and leaves
        "C3,2025-01-01,Salta,x,",
    ]
)


@pytest.mark.parametrize(
    ("customer", "day", "reason"),
    [
        ("C1", "2025-01-09", "padre_desconocido"),
        ("C1", "2025-01-10", None),
        ("C2", "2025-01-19", "padre_desconocido"),
        ("C2", "2025-01-20", None),
        ("C2", "2025-02-19", None),
        ("C2", "2025-02-20", "padre_desconocido"),
        ("C3", "2025-02-01", "padre_rechazado"),
        ("C4", "2025-02-01", "padre_desconocido"),
    ],
)
def test_a_movement_or_an_order_is_of_a_customer_of_that_day(
    raw: Raw, customer: str, day: str, reason: str | None
) -> None:
    deliver(raw, P1, {"clientes": (CLIENTES, PEOPLE)})
    raw.deliver("transacciones", TRANSACCIONES, movement(cliente_id=customer, fecha=day))
    # of an order, the day on which it was made counts
    raw.deliver("ventas", VENTAS, "\n".join(
        f"V1,{known},{day},{customer},tarjeta,Salta,,{state},10"
        for known, state in ((day, "completada"), ("2025-03-01", "devuelta"))
    ))  # fmt: skip
    raw.deliver("detalle_ventas", DETALLE, f"V1,1,{day},{customer},P1,1,10,0")
    raw.apply_contract()
    expected = {2: ("cliente_id", reason)} if reason else {}
    assert raw.reasons("transacciones") == expected
    assert raw.reasons("ventas") == ({2: ("cliente_id", reason), 3: ("cliente_id", reason)} if reason else {})
    assert raw.reasons("detalle_ventas") == expected


@pytest.mark.parametrize(
    ("entity", "header", "line", "wrong"),
    [
        ("transacciones", TRANSACCIONES, "T1,2025-02-01,C1,compra_tarjeta,1,V1", None),
        ("transacciones", TRANSACCIONES, "T1,2025-02-01,C1,compra_tarjeta,1,V2", ("venta_id", "padre_desconocido")),
        ("transacciones", TRANSACCIONES, "T1,2025-02-01,C1,compra_tarjeta,1,V9", ("venta_id", "padre_rechazado")),
        ("ventas", VENTAS, "V3,2025-01-10,2025-01-10,C1,tarjeta,Salta,K1,completada,1", None),
        ("ventas", VENTAS, "V3,2025-01-10,2025-01-10,C1,tarjeta,Salta,K2,completada,1", ("campania_id", "padre_desconocido")),
        ("ventas", VENTAS, "V3,2025-01-10,2025-01-10,C1,tarjeta,Salta,K9,completada,1", ("campania_id", "padre_rechazado")),
        # a state without the first one, or of another customer or day than the first one
        ("ventas", VENTAS, "V3,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_desconocido")),
        ("ventas", VENTAS, "V1,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1", None),
        ("ventas", VENTAS, "V1,2025-01-11,2025-01-10,C2,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_desconocido")),
        ("ventas", VENTAS, "V1,2025-01-11,2025-01-11,C1,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_desconocido")),
        ("ventas", VENTAS, "V9,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_rechazado")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,0", None),
        ("detalle_ventas", DETALLE, "V2,1,2025-01-10,C1,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V9,1,2025-01-10,C1,P1,1,10,0", ("venta_id", "padre_rechazado")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-11,C1,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C2,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P2,1,10,0", ("producto_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P8,1,10,0", ("producto_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P9,1,10,0", ("producto_id", "padre_rechazado")),
        ("envios", ENVIOS, "V1,2025-01-10,C1,N,preparacion,,2025-01-20,,1", None),
        ("envios", ENVIOS, "V1,2025-01-09,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_desconocido")),
        ("envios", ENVIOS, "V1,2025-01-10,C2,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_desconocido")),
        ("envios", ENVIOS, "V2,2025-01-10,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_desconocido")),
        ("envios", ENVIOS, "V9,2025-01-10,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_rechazado")),
        ("envios", ENVIOS, "V1,2025-01-10,C7,N,preparacion,,2025-01-20,,1", ("cliente_id", "padre_desconocido")),
        ("contactos_campania", CONTACTOS, "K1,2025-01-05,C1,control", None),
        ("contactos_campania", CONTACTOS, "K1,2025-01-04,C1,control", ("campania_id", "padre_desconocido")),
        ("contactos_campania", CONTACTOS, "K9,2025-01-05,C1,control", ("campania_id", "padre_rechazado")),
        ("contactos_campania", CONTACTOS, "K1,2025-01-05,C2,control", ("cliente_id", "padre_desconocido")),
        ("contactos_campania", CONTACTOS, "K1,2025-01-10,C2,control", None),
        ("contactos_campania", CONTACTOS, "K1,2025-01-10,C9,control", ("cliente_id", "padre_rechazado")),
        ("movimientos_stock", STOCK, "M1,2025-01-10,P1,N,recepcion,1,1", None),
        ("movimientos_stock", STOCK, "M1,2025-01-10,P2,N,recepcion,1,1", ("producto_id", "padre_desconocido")),
        ("movimientos_stock", STOCK, "M1,2025-01-10,P9,N,recepcion,1,1", ("producto_id", "padre_rechazado")),
    ],
)  # fmt: skip
def test_what_a_row_refers_to_has_to_be_there(
    raw: Raw, entity: str, header: str, line: str, wrong: tuple[str, str] | None
) -> None:
    known = {
        "clientes": (CLIENTES, ["C1,2025-01-01,Salta,2025-01-01,", "C2,2025-01-06,Salta,2025-01-01,", "C9,2025-01-06,Salta,,"]),
        "productos": (PRODUCTOS, [
            "P1,2025-01-01,hogar,10,2025-01-01", "P8,2025-01-01,hogar,10,2025-01-11", "P9,2025-01-01,hogar,0,2025-01-01"]),
        "campanias": (CAMPANIAS, [
            "K1,2025-01-05,email,2025-01-05,2025-01-09,100", "K9,2025-01-05,email,2025-01-05,2025-01-09,x"]),
        "ventas": (VENTAS, [
            "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10", "V9,2025-01-10,2025-01-10,C1,tarjeta,,,completada,10"]),
    }  # fmt: skip
    for table, (table_header, lines) in known.items():
        raw.deliver(table, table_header, "\n".join(lines), name=f"{table}_known.csv")
    raw.deliver(entity, header, line, name="judged.csv")
    raw.apply_contract()
    found = raw.query("select columna, motivo from control.rechazos where archivo = 'judged.csv'")
    assert found == ([wrong] if wrong else [])


def test_who_is_refused_takes_all_that_refers_to_it_along(raw: Raw) -> None:
    deliver(raw, P1, K1, V1, {"clientes": (CLIENTES, "C1,2025-01-01,Salta,soon,")})
    raw.deliver("transacciones", TRANSACCIONES, movement(venta_id="V1"))
    raw.deliver("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,0")
    raw.deliver("envios", ENVIOS, "V1,2025-01-10,C1,N,preparacion,,2025-01-20,,1")
    raw.deliver("contactos_campania", CONTACTOS, "K1,2025-01-05,C1,control")
    raw.apply_contract()
    children = ("ventas", "transacciones", "detalle_ventas", "envios", "contactos_campania")
    assert {entity: raw.reasons(entity) for entity in children} == {
        entity: {2: ("cliente_id", "padre_rechazado")} for entity in children
    }
    raw.publish()
    raw.deliver(*("clientes", *C1["clientes"]))
    changed = raw.apply_contract()
    assert raw.rejected() == []
    assert changed == [date(2025, 1, day) for day in (1, 5, 10)] + [date(2025, 2, 1)]
    assert raw.staged("envios", "venta_id") == [("V1",)]


def test_an_order_whose_first_state_was_refused_takes_its_other_states_and_lines_along(raw: Raw) -> None:
    deliver(raw, C1, P1)
    raw.deliver("ventas", VENTAS, "V1,2025-01-11,2025-01-10,C1,tarjeta,Salta,,devuelta,10")
    raw.deliver("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,0")
    raw.apply_contract()
    assert raw.reasons("ventas") == {2: ("venta_id", "padre_desconocido")}
    assert raw.reasons("detalle_ventas") == {2: ("venta_id", "padre_rechazado")}


FILES: list[tuple[str, str, str]] = [
    ("clientes_2025-01-01.csv", CLIENTES, "C1,2025-01-01,Salta,2025-01-01,\nC2,2025-01-01,Atlantis,2025-01-01,"),
    ("clientes_2025-01-02.csv", CLIENTES, "C1,2025-01-02,Salta,2025-01-01,\nC2,2025-01-01,Chaco,2025-01-01,"),
    ("transacciones_2025-01-02.csv", TRANSACCIONES, "\n".join([
        movement(), movement(transaccion_id="T2", cliente_id="C2"), movement(transaccion_id="T3", monto="x")])),
    ("transacciones_2025-01-03.csv", TRANSACCIONES, "\n".join([
        movement(monto="2", fecha="2025-01-09"), movement(transaccion_id="T2", cliente_id="C2"),
        movement(transaccion_id="T4", cliente_id="C3")])),
    ("transacciones_2025-01-04.csv", TRANSACCIONES, movement(transaccion_id="T3", monto="4", venta_id="V1")),
    ("ventas_2025-01-03.csv", VENTAS, V1["ventas"][1]),
    ("productos_2025-01-01.csv", PRODUCTOS, P1["productos"][1]),
    ("productos_2025-01-02.csv", PRODUCTOS, P1["productos"][1]),
]  # fmt: skip


@pytest.mark.parametrize("seed", range(6))
def test_any_order_of_arrival_ends_in_the_same_tables(raw: Raw, seed: int) -> None:
    for name, header, lines in FILES:
        raw.deliver(name.split("_")[0], header, lines, name=name)
    raw.apply_contract()
    expected = raw.state()
    with raw.engine.begin() as connection:
        connection.execute(text("drop schema crudo cascade"))
        tables = [f"staging.{name}" for name in LANDING] + [
            f"control.{name}" for name in ("cargas", "entregas", "lecturas", "rechazos")
        ]
        connection.execute(text(f"truncate dw.dim_provincia, {', '.join(tables)}"))
    order = random.Random(seed).sample(FILES, len(FILES))  # noqa: S311
    for name, header, lines in order:
        raw.deliver(name.split("_")[0], header, lines, name=name)
        raw.apply_contract()
    found = raw.state()
    # a day that once had rows is noted with none
    found["cargas"] = [note for note in found["cargas"] if note[2]]
    assert found == expected


def test_nothing_new_changes_nothing(raw: Raw) -> None:
    for name, header, lines in FILES:
        raw.deliver(name.split("_")[0], header, lines, name=name)
    raw.apply_contract()
    raw.publish()
    tables = ("control.cargas", "control.lecturas", "control.rechazos", "dw.dim_provincia", "staging.transacciones")
    before = [raw.query(f"select xmin, ctid, * from {table} order by 2") for table in tables]
    assert any(before)
    assert raw.apply_contract(run="run 2") == []
    assert [raw.query(f"select xmin, ctid, * from {table} order by 2") for table in tables] == before


def test_a_day_that_is_loaded_but_not_yet_further_on_is_no_change(raw: Raw) -> None:
    deliver(raw, C1)
    assert raw.apply_contract() == [date(2025, 1, 1)]
    before = raw.state()
    assert raw.apply_contract() == []
    assert raw.state() == before


def test_rows_that_no_select_gives_back(warehouse: Engine) -> None:
    files = {**CONTRACT.files, "codigos": RawFile(name="codigos.csv", dialect=Dialect(), lookup=True)}
    mapping = {**CONTRACT.mapping, "clientes": CONTRACT.mapping["clientes"] + " where cliente_id <> 'C2'"}
    raw = Raw(warehouse, feed(files=files, mapping=mapping))
    raw.deliver("clientes", CLIENTES, "C1,2025-01-01,Salta,2025-01-01,\nC2,2025-01-01,Salta,2025-01-01,")
    raw.deliver("codigos", "codigo", "1\n2")
    raw.apply_contract()
    assert raw.rejected() == [("clientes_x.csv", 3, "", None, "sin_mapear")]
    assert raw.reading("clientes") == {"clientes_x.csv": (1, 1, 0, 0, 0, 0)}
    assert raw.apply_contract(50) == []
    with pytest.raises(TooManyRejected, match=r"1 of 2 lines of clientes \(sin_mapear 1\)"):
        raw.apply_contract(49)


def test_rows_that_are_left_out_on_purpose(warehouse: Engine) -> None:
    kept = CONTRACT.mapping["clientes"] + " where cliente_id < 'C2'"
    left_out = "select _archivo, _linea from crudo.clientes where cliente_id in ('C1', 'C2', 'C3')"
    raw = Raw(
        warehouse, feed(mapping={**CONTRACT.mapping, "clientes": kept}, left_out=left_out + f" union all {left_out}")
    )
    lines = [f"C{number},2025-01-01,Salta,2025-01-01," for number in range(5)]
    raw.deliver("clientes", CLIENTES, "\n".join(lines))
    with pytest.raises(TooManyRejected, match=r"1 of 5 lines of clientes \(sin_mapear 1\)"):
        raw.apply_contract(19)
    raw.apply_contract(20)
    assert raw.rejected() == [("clientes_x.csv", 6, "", None, "sin_mapear")]
    assert raw.reading("clientes") == {"clientes_x.csv": (2, 2, 0, 0, 0, 0)}
    assert raw.reading("descartes") == {"clientes_x.csv": (3, 3, 0, 0, 0, 0)}
    before = raw.state()
    assert raw.apply_contract() == []
    assert raw.state() == before


@pytest.mark.parametrize(
    ("left_out", "message"),
    [
        ("select _archivo from crudo.clientes", "descartes.sql does not give _linea"),
        ("select _archivo, _linea, 'why' as motivo from crudo.clientes", "does not have: motivo"),
        ("select 'other.csv' as _archivo, _linea from crudo.clientes", "those of no row"),
        ("select _archivo, _linea + 1 as _linea from crudo.clientes", "descartes.sql gives rows whose"),
        ("select _archivo, provincia as _linea from crudo.clientes", "descartes.sql fails on a value"),
        ("select _archivo, _linea from crudo.customers", "descartes.sql: relation"),
    ],
)  # fmt: skip
def test_what_is_left_out_has_to_be_rows_of_files(warehouse: Engine, left_out: str, message: str) -> None:
    files = {"clientes": CONTRACT.files["clientes"]}
    raw = Raw(warehouse, feed(files=files, mapping={"clientes": CONTRACT.mapping["clientes"]}, left_out=left_out))
    deliver(raw, C1)
    with pytest.raises(BadFeed, match=message):
        raw.apply_contract()


def test_a_line_that_is_given_twice_does_not_hide_one_that_is_not_given(warehouse: Engine) -> None:
    mapping = {
        **CONTRACT.mapping,
        "movimientos_stock": "select _archivo, 2 as _linea, producto_id, fecha, movimiento_id, deposito, tipo, cantidad, "
        "costo_unitario from crudo.movimientos_stock",
    }
    raw = Raw(warehouse, feed(mapping=mapping))
    deliver(raw, P1)
    raw.deliver(
        "movimientos_stock",
        STOCK,
        "M1,2025-01-10,P1,N,recepcion,1,1\nM2,2025-01-10,P1,N,recepcion,x,1\nM3,2025-01-10,P1,N,recepcion,x,1",
    )
    raw.apply_contract()
    assert [(line, entity, reason) for _, line, entity, _, reason in raw.rejected()] == [
        (2, "movimientos_stock", "tipo_invalido"), (3, "", "sin_mapear"), (4, "", "sin_mapear"),
    ]  # fmt: skip
    assert raw.reading("movimientos_stock") == {"movimientos_stock_x.csv": (3, 1, 0, 0, 0, 2)}


def test_a_rejected_row_is_kept_as_it_stands_in_its_file(warehouse: Engine) -> None:
    dialect = Dialect(delimiter=";", quote="'", nulls=("", "NULL"))
    files = {**CONTRACT.files, "clientes": CONTRACT.files["clientes"].model_copy(update={"dialect": dialect})}
    raw = Raw(warehouse, feed(files=files))
    raw.deliver(
        "clientes", "cliente_id;nombre;fecha_alta;fecha;apellido", 'C1;O\'Hara;a;b;NULL\nC2;"x;y";;b;"two\nlines"'
    )
    raw.apply_contract()
    assert raw.query("select texto from control.rechazos order by linea") == [
        ("C1;'O''Hara';a;b;NULL",), ("C2;'x;y';;b;'two\nlines'",),
    ]  # fmt: skip


def test_lines_that_could_not_be_read_stay_where_they_were_noted(raw: Raw) -> None:
    deliver(raw, C1)
    with raw.engine.begin() as connection:
        connection.execute(text(
            "insert into control.rechazos values ('clientes_x.csv', 9, '', null, 'comillas', null, 'C9,\"', 'run 0')"
        ))  # fmt: skip
    raw.apply_contract()
    assert raw.rejected() == [("clientes_x.csv", 9, "", None, "comillas")]


def test_too_many_rejected_rows_stop_the_run_and_can_be_read(raw: Raw) -> None:
    lines = [f"C{i},2025-01-01,Salta,2025-01-01," for i in range(19)]
    raw.deliver("clientes", CLIENTES, "\n".join(lines))
    raw.apply_contract(5)
    before = raw.state()
    raw.deliver("clientes", CLIENTES, "\n".join([*lines, "Perez,x,Salta,2025-01-01,"]))
    assert raw.apply_contract(5) == []
    raw.deliver("clientes", CLIENTES, "\n".join([*lines[1:], "Perez,x,Salta,2025-01-01,", "Gomez,2025-01-01,Salta,,"]))
    with pytest.raises(TooManyRejected) as stopped:
        raw.apply_contract(5)
    assert "2 of 20 clientes (falta_valor 1, tipo_invalido 1)" in str(stopped.value)
    assert "Perez" not in str(stopped.value)
    after = raw.state()
    assert len(after["rechazos"]) == 2
    assert after["lecturas"] == [("clientes_x.csv", "clientes", 20, 18, 0, 0, 0, 2)]
    assert {name: after[name] for name in ("clientes", "cargas", "provincias")} == {
        name: before[name] for name in ("clientes", "cargas", "provincias")
    }
    assert raw.apply_contract(10) == [date(2025, 1, 1)]


def test_lines_that_could_not_be_read_count_as_well(raw: Raw) -> None:
    raw.deliver("clientes", CLIENTES, C1["clientes"][1], broken=1)
    with raw.engine.begin() as connection:
        connection.execute(text(
            "insert into control.rechazos values ('clientes_x.csv', 3, '', null, 'comillas', null, 'C9,\"', 'run 0')"
        ))  # fmt: skip
    with pytest.raises(TooManyRejected, match=r"1 of 2 lines of clientes \(comillas 1\)"):
        raw.apply_contract(49)
    assert raw.apply_contract(50) == [date(2025, 1, 1)]


def test_provinces_of_the_reference_and_those_it_does_not_know(raw: Raw) -> None:
    deliver(raw, {"clientes": (CLIENTES, "C1,2025-01-01,Atlantis,2025-01-01,\nC2,x,Nowhere,2025-01-01,")})
    raw.deliver(
        "ventas",
        VENTAS,
        "V1,2025-01-10,2025-01-10,C1,tarjeta,Avalon,,completada,10\nV2,2025-01-10,2025-01-10,C1,tarjeta,Wrong,,x,10",
    )
    raw.apply_contract()
    provinces = dict(raw.query("select provincia, region from dw.dim_provincia"))
    assert len(provinces) == 26
    assert {name for name, region in provinces.items() if region is None} == {"Atlantis", "Avalon"}
    raw.deliver("ventas", VENTAS, V1["ventas"][1].replace("Salta", "Chaco"))
    raw.apply_contract()
    assert len(raw.query("select 1 from dw.dim_provincia")) == 25


@pytest.mark.parametrize("country", ["AR", "UY"])
def test_a_feed_may_bring_its_own_provinces(warehouse: Engine, country: str) -> None:
    files = {**CONTRACT.files, "provincias": RawFile(name="provincias_*.csv", dialect=Dialect())}
    mapping = {
        "provincias": "select _archivo, _linea, provincia, poblacion, region from crudo.provincias",
        **CONTRACT.mapping,
    }
    raw = Raw(warehouse, feed(files=files, mapping=mapping, country=country))
    raw.deliver(
        "provincias", "provincia,region,poblacion", "Salta,Litoral,200\nRocha,Este,0\nFlores,Centro,x\nArtigas,,"
    )
    deliver(raw, {"clientes": (CLIENTES, "C1,2025-01-01,Flores,2025-01-01,")})
    raw.apply_contract()
    assert raw.query("select * from dw.dim_provincia order by 1") == [
        ("Artigas", None, None), ("Flores", None, None), ("Salta", "Litoral", 200),
    ]  # fmt: skip
    assert raw.reasons("provincias") == {3: ("poblacion", "fuera_de_rango"), 4: ("poblacion", "tipo_invalido")}


def test_a_feed_of_another_country_knows_nothing_of_the_reference(warehouse: Engine) -> None:
    raw = Raw(warehouse, feed(country="ES"))
    deliver(raw, {"clientes": (CLIENTES, "C1,2025-01-01,La Rioja,2025-01-01,")})
    raw.apply_contract()
    assert raw.query("select * from dw.dim_provincia") == [("La Rioja", None, None)]


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ("select _archivo, _linea, cliente_id, fecha from crudo.clientes", "clientes.sql does not give fecha_alta"),
        ("select cliente_id, fecha, fecha_alta from crudo.clientes", "clientes.sql does not give _archivo, _linea"),
        ("select _archivo, _linea, cliente_id, fecha, fecha_alta, 'x' as name from crudo.clientes", "does not have: name"),
        ("select _archivo, _linea, codigo as cliente_id, fecha, fecha_alta from crudo.clientes", '"codigo" does not exist'),
        ("selec", "syntax error"),
        ("", "syntax error"),
        ("select 'other.csv' as _archivo, _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "those of no row"),
        ("select _archivo, null::bigint as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "those of no row"),
        ("select _archivo, _linea + 1 as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "those of no row"),
        ("select _archivo, _linea, cliente_id, fecha::date, fecha_alta from crudo.clientes", "fails on a value"),
        ("select _archivo, provincia as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "fails on a value"),
        ("select _archivo, _linea / 0 as _linea, cliente_id, fecha, fecha_alta from crudo.clientes", "fails on a value"),
    ],
)  # fmt: skip
def test_a_mapping_that_does_not_give_rows_of_the_contract(warehouse: Engine, mapping: str, message: str) -> None:
    raw = Raw(warehouse, feed(mapping={"clientes": mapping}))
    raw.deliver("clientes", CLIENTES, "C1,soon,Secret,2025-01-01,")
    with pytest.raises(BadFeed) as stopped:
        raw.apply_contract()
    assert message in str(stopped.value)
    assert "soon" not in str(stopped.value)
    assert "Secret" not in str(stopped.value)


def test_a_table_that_the_feed_does_not_have(warehouse: Engine) -> None:
    files = {"clientes": CONTRACT.files["clientes"]}
    raw = Raw(warehouse, feed(files=files, mapping={"clientes": "select * from crudo.customers"}))
    deliver(raw, C1)
    with pytest.raises(BadFeed, match="customers"):
        raw.apply_contract()


def test_a_warehouse_that_holds_another_world_is_left_alone(raw: Raw) -> None:
    deliver(raw, C1)
    raw.apply_contract()
    with pytest.raises(OwnerReplaced):
        apply_contract(raw.engine, feed(owner="feed other"), "run 2", 100)


def test_what_the_simulator_writes_is_accepted_whole(raw: Raw, data: Path) -> None:
    january, february = DayRange(date(2026, 1, 1), date(2026, 1, 31)), DayRange(date(2026, 2, 1), date(2026, 2, 28))
    files = write_landing_files(World(seed=3, customers=150, first_day=january.first), [january, february], data)
    written: dict[str, list[str]] = {name: [] for name in LANDING}
    for file in files:
        header, *lines = (data / file.path).read_text(encoding="utf-8").splitlines(keepends=True)
        raw.deliver(file.entity, header.strip(), "".join(lines), name=Path(file.path).name)
        written[file.entity] += lines
    raw.apply_contract(0)
    assert raw.rejected() == []
    for name, lines in written.items():
        copied = "copy (select * from staging." + name + ") to stdout (format csv)"
        with raw.engine.connect() as connection, connection.connection.cursor().copy(copied) as copy:
            staged = b"".join(copy).decode().splitlines(keepends=True)
        unchanged = sum(counts[4] for counts in raw.reading(name).values())
        assert set(staged) <= set(lines), name
        assert 0 < len(staged) == len(lines) - unchanged, name
    assert 0 < sum(counts[4] for counts in raw.reading("clientes").values()) < 30  # whose new version says nothing new


def test_every_reason_is_one_that_the_tables_know() -> None:
    found = {defect.reason for entity in feed_spec.ENTITIES for defect in defects(entity)}
    assert found | set(REASONS_OF_LINES) | {"sin_mapear"} == set(MOTIVOS)


DIRTY = {
    "cliente_id": ["C1", "C2", "C3", ""],
    "fecha": ["2025-01-01", "2025-01-02", "2025-01-03", "2025-1-3", "infinity", "2100-01-01", ""],
    "fecha_alta": ["2025-01-01", "2025-01-02", "tomorrow"],
    "fecha_venta": ["2025-01-01", "2025-01-02", "2025-01-03"],
    "fecha_baja": ["", "", "2025-01-02", "-infinity"],
    "fecha_prometida": ["2025-01-02", "epoch"],
    "fecha_despacho": ["", "2025-01-01"],
    "fecha_entrega": ["", "2025-01-02"],
    "fecha_inicio": ["2025-01-01"],
    "fecha_fin": ["2025-01-02", "2024-12-31"],
    "fecha_nacimiento": ["", "1980-02-29", "1981-02-29"],
    "venta_id": ["V1", "V2", ""],
    "campania_id": ["K1", "K2", ""],
    "producto_id": ["P1", "P2"],
    "transaccion_id": ["T1", "T2", "T3", "T4"],
    "movimiento_id": ["M1", "M2", "M3"],
    "provincia": ["Salta", "Atlantis", ""],
    "provincia_envio": ["Salta", "Avalon"],
    "estado": ["completada", "cancelada", "preparacion", "entregado", "x"],
    "metodo_pago": ["tarjeta", "oro"],
    "tipo_transaccion": ["transferencia", "x"],
    "tipo": ["recepcion", "venta"],
    "grupo": ["control", "x"],
    "cantidad": ["1", "-1", "1.0", "99999999999"],
    "linea": ["1", "2", "x"],
}
MONEY = ["1", "2.50", "-1", "1e3", "NaN", "1_0", "99999999999999999999", ""]
SAID = ["a", "b", "", "=1+1", "ñ", "'", '"', "%s", "{x}", "\\N"]


@st.composite
def dirty_files(draw: Callable[[st.SearchStrategy], Any]) -> list[tuple[str, str, list[list[str]]]]:
    files = []
    for table in LANDING:
        header = HEADERS[table]
        money = {column.name for column in LANDING[table].table().columns if "NUMERIC" in str(column.type)}
        row = st.tuples(*(st.sampled_from(DIRTY.get(name, MONEY if name in money else SAID)) for name in header))
        for day in range(draw(st.integers(0, 2))):
            files.append((f"{table}_2025-01-0{day + 1}.csv", table, draw(st.lists(row, max_size=6))))
    return files


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=dirty_files())
def test_whatever_the_values_every_row_is_accounted_for(warehouse: Engine, files: list) -> None:
    raw = Raw(warehouse)
    with warehouse.begin() as connection:
        connection.execute(text("drop schema if exists crudo cascade"))
        tables = [f"staging.{name}" for name in LANDING] + [
            f"control.{name}" for name in ("cargas", "entregas", "lecturas", "rechazos")
        ]
        connection.execute(text(f"truncate {', '.join(tables)}"))
    for name, table, rows in files:
        lines = io.StringIO()
        csv.writer(lines).writerows(rows)
        raw.deliver(table, ",".join(HEADERS[table]), lines.getvalue(), name=name)
    raw.apply_contract()
    for name, table, rows in files:
        counts = raw.reading(table).get(name, (0, 0, 0, 0, 0, 0))
        assert counts[0] == len(rows) == sum(counts[1:])
        assert raw.query(f"select count(*) from control.rechazos where archivo = '{name}'") == [(counts[5],)]
    for table in LANDING:
        accepted = sum(counts[1] for counts in raw.reading(table).values())
        assert raw.query(f"select count(*) from staging.{table}") == [(accepted,)]
        assert raw.query(f"select coalesce(sum(filas), 0) from control.cargas where entidad = '{table}'") == [
            (accepted,)
        ]
    assert raw.apply_contract() == []
