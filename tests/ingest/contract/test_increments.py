"""Whatever files come, change and go, in whatever order: judging what has changed leaves what judging everything anew leaves."""

import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from raw_feed import CONTRACT, HEADERS, Raw
from sqlalchemy import Engine, NullPool, create_engine, text

from client360.ingest.contract import TooManyRejected
from client360.warehouse.models import LANDING
from tools.local.server import Server

DAYS = [f"2025-01-0{day}" for day in range(1, 6)]
COMMON: dict[str, list[str]] = {
    "cliente_id": ["C1", "C2", "C3"],
    "venta_id": ["V1", "V2", "V3"],
    "campania_id": ["K1", "K2"],
    "producto_id": ["P1", "P2"],
    "transaccion_id": ["T1", "T2", "T3", "T4"],
    "movimiento_id": ["M1", "M2"],
    "fecha": [*DAYS, "2025-1-3"],
    "fecha_alta": DAYS[:3],
    "fecha_venta": DAYS[:4],
    "fecha_baja": ["", "", DAYS[3], DAYS[4]],
    "fecha_inicio": DAYS[:1],
    "fecha_fin": DAYS[4:],
    "fecha_prometida": [DAYS[4], ""],
    "fecha_despacho": ["", DAYS[0]],
    "fecha_entrega": ["", DAYS[0]],
    "fecha_nacimiento": ["1980-02-29"],
    "provincia": ["Salta", "Atlantis", "Jujuy"],
    "provincia_envio": ["Salta", "Avalon"],
    "metodo_pago": ["tarjeta", "tarjeta", "oro"],
    "tipo_transaccion": ["transferencia"],
    "tipo": ["recepcion"],
    "grupo": ["control", "tratamiento"],
    "cantidad": ["1", "2"],
    "linea": ["1", "2"],
    "poblacion": ["10", "20"],
    "region": ["NOA", "Mar"],
}
OPTIONAL = {"transacciones": {"venta_id"}, "ventas": {"campania_id"}}
MONEY = ["1", "2.50", "99999999999999999999", "x"]
STATES = {"ventas": ["completada", "cancelada"], "envios": ["preparacion", "entregado"]}
ROW_BY_ROW = CONTRACT
TAKEN_FROM_ORDERS = replace(
    CONTRACT,
    mapping=CONTRACT.mapping
    | {
        "detalle_ventas": """
            select d._archivo, d._linea, d.venta_id, d.linea, v.fecha, v.cliente_id, d.producto_id, d.cantidad,
                d.precio_unitario, d.descuento
            from crudo.detalle_ventas as d
            left join (select distinct on (venta_id) * from crudo.ventas order by venta_id, _archivo, _linea) as v
                on d.venta_id = v.venta_id
        """,
        "transacciones": """
            select _archivo, _linea, transaccion_id, fecha, cliente_id, tipo_transaccion, monto, venta_id
            from crudo.transacciones
            where monto <> 'x'
        """,
    },
    left_out="select _archivo, _linea from crudo.transacciones where monto = 'x' or fecha = '2025-01-01'",
)
WITH_LOOKUPS = replace(
    CONTRACT,
    files=CONTRACT.files
    | {
        "campanias": CONTRACT.files["campanias"].model_copy(update={"lookup": True}),
        "zonas": CONTRACT.files["productos"].model_copy(update={"lookup": True, "name": "zonas_*.csv"}),
    },
    mapping=CONTRACT.mapping
    | {
        "clientes": """
            select c._archivo, c._linea, c.cliente_id, c.fecha, coalesce(max(z.region), c.provincia) as provincia,
                c.fecha_alta, c.fecha_baja
            from crudo.clientes as c left join crudo.zonas as z on c.provincia = z.provincia
            group by c._archivo, c._linea, c.cliente_id, c.fecha, c.provincia, c.fecha_alta, c.fecha_baja
        """,
        "ventas": """
            select v._archivo, v._linea, v.venta_id, v.fecha, v.fecha_venta, v.cliente_id, v.metodo_pago,
                coalesce(z.region, v.provincia_envio) as provincia_envio, v.campania_id, v.estado, v.total
            from crudo.ventas as v
            left join (select provincia, min(region) as region from crudo.zonas group by provincia) as z
                on v.provincia_envio = z.provincia
        """,
    },
)
BY_ORDER = replace(
    CONTRACT,
    mapping=CONTRACT.mapping
    | {
        "ventas": """
            select _archivo, _linea, venta_id, min(fecha) over orden as fecha, min(fecha_venta) over orden as fecha_venta,
                cliente_id, metodo_pago, provincia_envio, campania_id, estado, total
            from crudo.ventas
            window orden as (partition by venta_id)
        """,
        "detalle_ventas": """
            select d._archivo, d._linea, d.venta_id, v.fecha, v.cliente_id, d.producto_id, d.cantidad, d.precio_unitario,
                d.descuento, row_number() over (partition by d.venta_id order by d._archivo, d._linea) as linea
            from crudo.detalle_ventas as d
            left join (select distinct on (venta_id) * from crudo.ventas order by venta_id, _archivo, _linea) as v
                on d.venta_id = v.venta_id
            where d.cantidad <> '2'
        """,
        "transacciones": """
            select _archivo, _linea, row_number() over (partition by _archivo order by _linea) as transaccion_id, fecha,
                cliente_id, tipo_transaccion, monto, venta_id
            from crudo.transacciones
        """,
        "envios": """
            select _archivo, _linea, venta_id, fecha, cliente_id, deposito, estado, fecha_despacho, fecha_prometida,
                fecha_entrega, costo_envio
            from crudo.envios as e
            where not exists (
                select from crudo.envios as o where o.venta_id = e.venta_id and (o._archivo, o._linea) < (e._archivo, e._linea)
            )
        """,
    },
    left_out="""
        select distinct on (venta_id) _archivo, _linea from crudo.envios order by venta_id, _archivo desc, _linea
    """,
    together={
        "ventas": {"ventas": ("venta_id",)},
        "detalle_ventas": {"detalle_ventas": ("venta_id",), "ventas": ("venta_id",)},
        "transacciones": {"transacciones": ("_archivo",)},
        "envios": {"envios": ("venta_id",)},
        "descartes": {"envios": ("venta_id",)},
    },
)
EXAMPLES = int(os.environ.get("CLIENT360_EXAMPLES", "6"))
"""Of each feed; hundreds by hand."""

FEEDS = {
    "row by row": ROW_BY_ROW,
    "taken from orders": TAKEN_FROM_ORDERS,
    "with lookups": WITH_LOOKUPS,
    "by order": BY_ORDER,
}
KEPT = ("juzgadas", "resumen", *LANDING, "descartes", *(f"conocidos_{name}" for name in ("clientes", "ventas")))


@pytest.fixture
def yardstick(server: Server, template: str, warehouse: Engine) -> Iterator[Engine]:
    """A second warehouse, in which everything is judged anew at each step."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("drop database if exists yardstick with (force)")
        admin.execute(f"create database yardstick template {template}")
    engine = create_engine(server.url("yardstick", "postgresql+psycopg"), poolclass=NullPool)
    yield engine
    engine.dispose()


def empty(engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(text("drop schema if exists crudo cascade"))
        tables = [f"staging.{name}" for name in LANDING] + [
            f"control.{name}" for name in ("cargas", "contratos", "entregas", "lecturas", "rechazos")
        ]
        connection.execute(text(f"truncate {', '.join(tables)}, dw.dim_provincia"))


@st.composite
def files(draw: Callable[[st.SearchStrategy], Any]) -> tuple[str, str, str, str]:
    """Name, kind, header and lines of a file."""
    kind = draw(st.sampled_from([*LANDING, "ventas", "detalle_ventas", "clientes", "zonas"]))
    header = ["provincia", "region"] if kind == "zonas" else HEADERS[kind]
    known = COMMON | {"estado": STATES.get(kind, ["x"])}
    money = MONEY if draw(st.booleans()) else MONEY[:2]
    optional = OPTIONAL.get(kind, ())
    values = [st.sampled_from(["", *known[name]] if name in optional else known.get(name, money)) for name in header]
    rows = draw(st.lists(st.tuples(*values), max_size=4))
    number = draw(st.sampled_from(["2025-01-01", "2025-01-02", "x", "y"]))
    return f"{kind}_{number}.csv", kind, ",".join(header), "\n".join(",".join(row) for row in rows)


STEPS = st.lists(
    st.tuples(
        st.lists(files(), max_size=3),
        st.lists(st.integers(0, 20), max_size=1),  # which to withdraw
        st.sampled_from([100.0, 100.0, 100.0, 30.0]),
        st.booleans(),
    ),
    min_size=2,
    max_size=6,
)


def withdraw(raw: Raw, name: str) -> None:
    kind = name.rpartition("_")[0]
    with raw.engine.begin() as connection:
        gone = "select entrega from control.entregas where archivo = :n"
        connection.execute(
            text(f"update crudo.{kind}_filas set _entrega = -_entrega where _entrega = ({gone})"), {"n": name}
        )
        for table in ("entregas", "lecturas", "rechazos"):
            connection.execute(text(f"delete from control.{table} where archivo = :n"), {"n": name})


def applied(raw: Raw, threshold: float, *, rebuild: bool) -> list | str:
    try:
        return raw.apply_contract(threshold, rebuild=rebuild)
    except TooManyRejected as error:
        return str(error)


def left(raw: Raw) -> dict[str, list[tuple]]:
    """All that is kept."""
    kept = {name: raw.query(f"select to_jsonb(fila)::text from crudo._{name} as fila order by 1") for name in KEPT}
    return kept | raw.state()


@pytest.mark.parametrize("feed", FEEDS)
@settings(max_examples=EXAMPLES, phases=[Phase.generate], deadline=None, suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_the_result_is_that_of_judging_everything(warehouse: Engine, yardstick: Engine, feed: str, steps: list) -> None:
    both = [Raw(warehouse, FEEDS[feed]), Raw(yardstick, FEEDS[feed])]
    for raw in both:
        empty(raw.engine)
    names: list[str] = []
    for delivered, withdrawn, threshold, published in steps:
        for name, kind, header, lines in delivered:
            if kind not in FEEDS[feed].files:
                continue
            for raw in both:
                raw.deliver(kind, header, lines, name=name)
            names.append(name)
        for which in withdrawn:
            for raw in both if names else ():
                withdraw(raw, names[which % len(names)])
        days = [applied(raw, threshold, rebuild=raw is both[1]) for raw in both]
        assert days[0] == days[1]
        if isinstance(days[0], str):
            outcome = [{name: raw.state()[name] for name in ("lecturas", "rechazos")} for raw in both]
            assert outcome[0] == outcome[1]
        else:
            assert left(both[0]) == left(both[1])
        if published:
            for raw in both:
                raw.publish()


CLIENTE = "cliente_id,fecha,provincia,fecha_alta,fecha_baja"
VENTA = "venta_id,fecha,fecha_venta,cliente_id,metodo_pago,provincia_envio,campania_id,estado,total"
LINEA = "venta_id,linea,fecha,cliente_id,producto_id,cantidad,precio_unitario,descuento"
PRODUCTO = "producto_id,fecha,categoria,precio,fecha_alta"
HISTORY = [
    ("detalle_ventas_1.csv", LINEA, "V1,1,2025-01-03,C1,P1,1,1,0\nV2,1,2025-01-03,C1,P1,1,1,0"),
    ("ventas_1.csv", VENTA, "V1,2025-01-03,2025-01-03,C1,tarjeta,Salta,,completada,1"),
    ("productos_1.csv", PRODUCTO, "P1,2025-01-01,hogar,1,2025-01-01"),
    ("clientes_1.csv", CLIENTE, "C1,2025-01-01,Salta,2025-01-01,"),
    ("ventas_2.csv", VENTA, "V2,2025-01-03,2025-01-03,C1,tarjeta,Avalon,,completada,1"),
    ("clientes_2.csv", CLIENTE, "C1,2025-01-02,Jujuy,2025-01-01,2025-01-03"),
    ("ventas_2.csv", VENTA, "V2,2025-01-02,2025-01-02,C1,tarjeta,Salta,,completada,1"),
    ("clientes_2.csv", CLIENTE, "C1,2025-01-02,Jujuy,2025-01-01,"),
    ("productos_1.csv", PRODUCTO, "P1,2025-01-01,hogar,1,2025-01-05"),
    ("ventas_1.csv", VENTA, "V3,2025-01-03,2025-01-03,C1,tarjeta,Salta,,completada,1"),
]


@pytest.mark.parametrize("feed", FEEDS)
def test_parents_that_come_late_change_and_go(warehouse: Engine, yardstick: Engine, feed: str) -> None:
    both = [Raw(warehouse, FEEDS[feed]), Raw(yardstick, FEEDS[feed])]
    for raw in both:
        for kind in ("clientes", "productos", "ventas", "detalle_ventas"):
            raw.deliver(kind, ",".join(HEADERS[kind]), "", name=f"{kind}_0.csv")
    for name, header, lines in [HISTORY[0], *HISTORY]:
        for raw in both:
            raw.deliver(name.rpartition("_")[0], header, lines, name=name)
        days = [applied(raw, 100, rebuild=raw is both[1]) for raw in both]
        assert days[0] == days[1]
        assert left(both[0]) == left(both[1])
