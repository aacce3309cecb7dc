"""Whatever files come, change and go, in whatever order: judging what has changed leaves what judging everything anew leaves."""

import os
from collections.abc import Iterator
from random import Random
from typing import Any, ClassVar

import psycopg
import pytest
from feeds_of_all_kinds import FEEDS
from histories import ALL_ALLOWED, Step, header_of, history, kind_of
from hypothesis import HealthCheck, Phase, given, note, settings
from hypothesis import strategies as st
from raw_feed import ENVIOS, TRANSACCIONES, Raw
from sqlalchemy import Engine, create_engine, text

from client360.ingest.contract import TooManyAbsent, TooManyRejected
from client360.ingest.contract.rules import REFERENCED
from client360.ingest.feed_spec import ENTITIES, Feed
from client360.warehouse.models import LANDING
from tools.local.server import Server

pytestmark = pytest.mark.long

EXAMPLES = int(os.environ.get("CLIENT360_EXAMPLES", "3"))
"""Histories of each feed, the same ones each time; with the variable others, hundreds by hand."""
STEPS = 8
READ = [f"staging.{name}" for name in LANDING] + [
    "control.cargas",
    "control.lecturas",
    "control.rechazos",
    "dw.dim_provincia",
]
KEPT = [
    f"crudo._{name}"
    for name in ("juzgadas", "resumen", *ENTITIES, "descartes", *(f"conocidos_{name}" for name in sorted(REFERENCED)))
] + ["(select * from crudo._provincias_nombradas where filas <> 0)"]


class Stopped(Exception):
    """A run that breaks off."""


class Cursor(psycopg.Cursor):
    """Lets a run break off after some statements."""

    left: ClassVar[int | None] = None

    def execute(self, *args: Any, **kwargs: Any) -> "Cursor":
        if Cursor.left is not None:
            Cursor.left -= 1
            if Cursor.left < 0:
                raise Stopped
        return super().execute(*args, **kwargs)


class Pair:
    """Two warehouses with the same files: in one what has changed is judged, in the other one everything."""

    def __init__(self, engines: list[Engine], feed: Feed, said: pytest.LogCaptureFixture) -> None:
        self.said = said
        self.both = [Raw(engine, feed) for engine in engines]
        self.kinds: set[str] = set()
        for engine in engines:
            with engine.begin() as connection:
                connection.execute(text("drop schema if exists crudo cascade"))
                tables = [*READ, "control.contratos", "control.entregas"]
                connection.execute(text(f"truncate {', '.join(tables)} restart identity"))

    def deliver(self, name: str, header: str, lines: str, unreadable: int = 0) -> None:
        self.kinds.add(kind_of(name))
        for raw in self.both:
            raw.deliver(kind_of(name), header, lines, name, unreadable)

    def withdraw(self, name: str) -> None:
        for raw in self.both:
            raw.withdraw(name)

    def take(self, step: Step) -> None:
        for name, file in step.files.items():
            if file:
                lines = "\n".join(",".join(line) for line in file.lines)
                self.deliver(name, ",".join(header_of(kind_of(name))), lines, file.unreadable)
            else:
                self.withdraw(name)
        self.run(step.threshold, step.stops_after)
        for raw in self.both if step.published else ():
            raw.publish()

    def run(self, threshold: float = ALL_ALLOWED, stops_after: int | None = None) -> None:
        """Judge, at the second try where a first one breaks off, and compare."""
        judged, yardstick = self.both
        done = stops_after is not None and _completes(judged, threshold, stops_after)
        self.said.clear()
        days = _applied(judged, threshold, rebuild=False)
        assert "all rows are judged again" not in self.said.text, "it has been found out, and made good"
        _forget_outcomes(yardstick)
        expected = _applied(yardstick, threshold, rebuild=True)
        said = str(days).replace("database warehouse", "database yardstick")
        assert said == str(expected) or (done and days == [])
        if isinstance(expected, TooManyAbsent):
            return  # all is as it was, but for what was forgotten
        assert _left(judged, READ) == _left(yardstick, READ)
        if isinstance(expected, list):
            tables = [*KEPT, *(f"crudo.{kind}_filas" for kind in self.kinds)]
            assert _left(judged, tables) == _left(yardstick, tables)


def _applied(raw: Raw, threshold: float, *, rebuild: bool) -> list | Exception:
    try:
        return raw.apply_contract(threshold, rebuild=rebuild)
    except (TooManyAbsent, TooManyRejected) as error:
        return error


def _forget_outcomes(raw: Raw) -> None:
    """Of the run before, which a run brings up to date, except what reading files has found."""
    with raw.engine.begin() as connection:
        connection.execute(text("delete from control.lecturas"))
        connection.execute(text("delete from control.rechazos where motivo <> 'comillas'"))


def _completes(raw: Raw, threshold: float, statements: int) -> bool:
    """Whether a run needs no more statements; else it breaks off."""
    Cursor.left = statements
    try:
        _applied(raw, threshold, rebuild=False)
    except Stopped:
        return False
    finally:
        Cursor.left = None
    return True


def _left(raw: Raw, tables: list[str]) -> list[tuple]:
    rows = (f"select $${table}$$, (to_jsonb(fila) - 'corrida')::text from {table} as fila" for table in tables)
    return sorted(raw.query(" union all ".join(rows)))


@pytest.fixture
def engines(server: Server, template: str, warehouse: Engine) -> Iterator[list[Engine]]:
    """Of two warehouses. Connections are kept: a new one reads the catalogue first."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("drop database if exists yardstick with (force)")
        admin.execute(f"create database yardstick template {template}")
    found = [
        create_engine(server.url(name, "postgresql+psycopg"), connect_args={"cursor_factory": Cursor})
        for name in ("warehouse", "yardstick")
    ]
    yield found
    for engine in found:
        engine.dispose()


@pytest.mark.parametrize("feed", FEEDS)
@settings(
    max_examples=EXAMPLES, phases=[Phase.generate], derandomize="CLIENT360_EXAMPLES" not in os.environ, database=None,
    deadline=None, suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(chance=st.randoms(use_true_random=True))
def test_the_result_is_that_of_judging_everything(
    engines: list[Engine], caplog: pytest.LogCaptureFixture, feed: str, chance: Random
) -> None:
    pair = Pair(engines, FEEDS[feed], caplog)
    for number, step in enumerate(history(chance, FEEDS[feed].files, STEPS)):
        note(f"{number}: {step}")
        pair.take(step)


CLIENTE = "cliente_id,fecha,provincia,fecha_alta,fecha_baja"
VENTA = "venta_id,fecha,fecha_venta,cliente_id,metodo_pago,provincia_envio,campania_id,estado,total"
LINEA = "venta_id,linea,fecha,cliente_id,producto_id,cantidad,precio_unitario,descuento"
PRODUCTO = "producto_id,fecha,categoria,precio,fecha_alta"
HISTORY = [
    ("detalle_ventas_1_x.csv", LINEA, "V1,1,2025-01-03,C1,P1,1,1,0\nV2,1,2025-01-03,C1,P1,1,1,0"),
    ("ventas_1_x.csv", VENTA, "V1,2025-01-03,2025-01-03,C1,tarjeta,Salta,,completada,1"),
    ("productos_1_x.csv", PRODUCTO, "P1,2025-01-01,hogar,1,2025-01-01"),
    ("clientes_1_x.csv", CLIENTE, "C1,2025-01-01,Salta,2025-01-01,"),
    ("ventas_2_x.csv", VENTA, "V2,2025-01-03,2025-01-03,C1,tarjeta,Avalon,,completada,1"),
    ("clientes_2_x.csv", CLIENTE, "C1,2025-01-02,Jujuy,2025-01-01,2025-01-03"),
    ("ventas_2_x.csv", VENTA, "V2,2025-01-02,2025-01-02,C1,tarjeta,Salta,,completada,1"),
    ("clientes_2_x.csv", CLIENTE, "C1,2025-01-02,Jujuy,2025-01-01,"),
    ("productos_1_x.csv", PRODUCTO, "P1,2025-01-01,hogar,1,2025-01-05"),
    ("ventas_1_x.csv", VENTA, "V3,2025-01-03,2025-01-03,C1,tarjeta,Salta,,completada,1"),
]


@pytest.mark.parametrize("feed", ["row by row", "by order"])
def test_parents_that_come_late_change_and_go(
    engines: list[Engine], caplog: pytest.LogCaptureFixture, feed: str
) -> None:
    pair = Pair(engines, FEEDS[feed], caplog)
    for kind in ("clientes", "productos", "ventas", "detalle_ventas"):
        pair.deliver(f"{kind}_0_x.csv", ",".join(header_of(kind)), "")
    for name, header, lines in [HISTORY[0], *HISTORY]:
        pair.deliver(name, header, lines)
        pair.run()


def test_files_of_which_too_many_rows_were_rejected_are_withdrawn(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["row by row"], caplog)
    pair.deliver("clientes_1_x.csv", CLIENTE, "C1,2025-01-01,Salta,2025-01-01,")
    pair.deliver("productos_1_x.csv", PRODUCTO, "P1,2025-01-01,hogar,1,2025-01-01")
    pair.run(threshold=10)
    pair.deliver("clientes_2_x.csv", CLIENTE, "C2,2025-01-01,Salta,2025-01-01,\nC3,2025-01-01,Salta,nonsense,")
    pair.deliver("productos_1_x.csv", PRODUCTO, "P1,2025-01-02,hogar,1,2025-01-01")
    pair.run(threshold=10)
    assert pair.both[0].query("select distinct entidad from control.rechazos") == [("clientes",)]
    pair.withdraw("clientes_2_x.csv")
    pair.run(threshold=10)


def test_a_copy_counts_while_the_original_is_away(engines: list[Engine], caplog: pytest.LogCaptureFixture) -> None:
    pair = Pair(engines, FEEDS["by order"], caplog)
    for name in ("clientes_1_x.csv", "clientes_22_x.csv"):
        pair.deliver(name, CLIENTE, "C1,2025-01-01,Salta,2025-01-01,")
    pair.run()
    pair.withdraw("clientes_1_x.csv")
    pair.run()
    assert pair.both[0].query("select archivo from control.cargas") == [("clientes_22_x.csv",)]
    pair.deliver("clientes_1_x.csv", CLIENTE, "C1,2025-01-01,Salta,2025-01-01,")
    pair.run()
    pair.deliver("clientes_1_x.csv", CLIENTE, "C2,2025-01-01,Salta,2025-01-01,")
    pair.run()


def test_lines_of_a_file_that_has_not_changed_are_returned_where_those_of_another_one_are_gone(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["by order"], caplog)
    of = "V{},2025-01-03,C1,D1,preparacion,,2025-01-05,,1".format
    for name, orders in (("envios_1_x.csv", [2]), ("envios_2_x.csv", [1, 2]), ("envios_3_x.csv", [2, 1])):
        pair.deliver(name, ENVIOS, "\n".join(map(of, orders)))
    unmapped = "select archivo, linea from control.rechazos where motivo = 'sin_mapear'"
    pair.run()
    assert pair.both[0].query(unmapped) == [("envios_2_x.csv", 3)]
    pair.deliver("envios_1_x.csv", ENVIOS, of(1))
    pair.run()
    assert pair.both[0].query(unmapped) == [("envios_2_x.csv", 2)]
    pair.withdraw("envios_1_x.csv")
    pair.run()
    assert pair.both[0].query(unmapped) == []


def test_a_line_whose_order_is_unknown_lacks_what_the_order_gives_when_its_product_comes(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["taken from orders"], caplog)
    for kind in ("ventas", "productos"):
        pair.deliver(f"{kind}_0_x.csv", ",".join(header_of(kind)), "")
    pair.deliver("detalle_ventas_1_x.csv", LINEA, "V1,1,2025-01-03,C1,P1,1,1,0")
    pair.run()
    pair.deliver("productos_1_x.csv", PRODUCTO, "P1,2025-01-01,hogar,1,2025-01-01")
    pair.run()
    assert pair.both[0].query("select columna, motivo from control.rechazos") == [("venta_id", "padre_desconocido")]


def test_customers_that_are_all_judged_again_judge_those_who_refer_to_them(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["with lookups"], caplog)
    for kind in ("zonas", "transacciones"):
        pair.deliver(f"{kind}_0_x.csv", ",".join(header_of(kind)), "")
    for number in (1, 2):
        pair.deliver(f"clientes_{number}_x.csv", CLIENTE, f"C{number},2025-01-01,Salta,2025-01-01,")
    lines = "\n".join(f"T{number},2025-01-02,C{number},transferencia,1," for number in (1, 2))
    pair.deliver("transacciones_1_x.csv", TRANSACCIONES, lines)
    rejected = "select linea from control.rechazos where motivo = 'padre_desconocido' order by 1"
    pair.run()
    assert pair.both[0].query(rejected) == []
    pair.withdraw("clientes_1_x.csv")
    pair.run()
    assert pair.both[0].query(rejected) == [(2,)]
    pair.deliver("clientes_2_x.csv", CLIENTE, "C2,2025-01-01,Salta,2025-01-03,")
    pair.run()
    assert pair.both[0].query(rejected) == [(2,), (3,)]


def test_later_states_of_an_order_are_judged_again_with_the_first_one(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["row by row"], caplog)
    pair.deliver("clientes_1_x.csv", CLIENTE, "C1,2025-01-01,Salta,2025-01-01,\nC2,2025-01-01,Salta,2025-01-01,")
    state = "V1,2025-01-0{},2025-01-03,{},tarjeta,Salta,,{},1".format
    pair.deliver("ventas_1_x.csv", VENTA, state(3, "C1", "completada"))
    pair.deliver("ventas_2_x.csv", VENTA, state(4, "C1", "cancelada"))
    rejected = "select archivo, columna, motivo from control.rechazos"
    pair.run()
    assert pair.both[0].query(rejected) == []
    pair.deliver("ventas_1_x.csv", VENTA, state(3, "C2", "completada"))
    pair.run()
    assert pair.both[0].query(rejected) == [("ventas_2_x.csv", "venta_id", "padre_desconocido")]


def test_a_row_counts_again_once_the_one_that_replaced_it_is_withdrawn(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["row by row"], caplog)
    for number, province in enumerate(("Salta", "Jujuy"), start=1):
        pair.deliver(f"clientes_{number}_x.csv", CLIENTE, f"C1,2025-01-01,{province},2025-01-01,")
    accepted = "select provincia from crudo._clientes where _estado is null"
    pair.run()
    assert pair.both[0].query(accepted) == [("Jujuy",)]
    pair.withdraw("clientes_2_x.csv")
    pair.run()
    assert pair.both[0].query(accepted) == [("Salta",)]


def test_no_line_of_a_file_that_becomes_a_copy_is_rejected(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["by order"], caplog)
    for number in (22, 1):  # the SELECT does not return the line; the shorter name is the original
        pair.deliver(f"detalle_ventas_{number}_x.csv", LINEA, "V1,1,2025-01-03,C1,P1,2,1,0")
        pair.run()
        assert pair.both[0].query("select archivo, motivo from control.rechazos") == [
            (f"detalle_ventas_{number}_x.csv", "sin_mapear")
        ]


def test_groups_in_which_a_row_came_for_one_select_only_are_no_fault_of_the_other(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["by order"], caplog)
    state = "V{0},2025-01-03,2025-01-03,C1,tarjeta,Salta,,completada,{1}".format
    for of_order, quantity, total in (("12", 1, 1), ("1", 3, 2)):
        for number in of_order:
            pair.deliver(f"ventas_{number}_x.csv", VENTA, state(number, total))
        pair.deliver("detalle_ventas_2_x.csv", LINEA, f"V2,1,2025-01-03,C1,P1,{quantity},1,0")
        pair.run()


def test_lines_of_groups_of_one_select_are_left_alone_by_another_whose_groups_are_smaller(
    engines: list[Engine], caplog: pytest.LogCaptureFixture
) -> None:
    pair = Pair(engines, FEEDS["by order"], caplog)
    of = "V{},2025-01-03,C1,D1,{},,2025-01-05,,{}".format
    many = "\n".join(of(number, "preparacion", 1) for number in range(100, 220))  # more than a sample
    for name, lines in (("0", many), ("1", of(1, "preparacion", 1)), ("2", of(1, "entregado", 1))):
        pair.deliver(f"envios_{name}_x.csv", ENVIOS, lines)
    pair.run()
    pair.deliver("envios_1_x.csv", ENVIOS, of(1, "preparacion", 2))
    pair.run()
