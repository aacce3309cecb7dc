"""What reaches staging, control.cargas and the provinces."""

import random
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from raw_feed import C1, CLIENTES, CONTRACT, P1, PRODUCTOS, TRANSACCIONES, V1, VENTAS, Raw, deliver, feed, movement
from sqlalchemy import Engine, text

from client360.ingest.contract import apply_contract
from client360.ingest.raw_file import Dialect, RawFile
from client360.warehouse.models import LANDING
from client360.warehouse.ownership import OwnerReplaced


def test_accepted_rows_wait_in_staging_and_their_days_are_recorded(raw: Raw) -> None:
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
            "select relname from pg_class where relname ~ '^_(antes|ahora|rechazada)' "
            "or relnamespace = pg_my_temp_schema()"
        )
        == []
    )


def test_a_month_with_versions_only_gets_partitions_for_that_entity_only(raw: Raw) -> None:
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


# a mapping whose keys hold the file, as those of rows without an id
NUMBERED = feed(
    files=CONTRACT.files
    | {
        "transacciones": RawFile(name="t*.csv", dialect=Dialect()),
        "otras": RawFile(name="o.csv", dialect=Dialect(), lookup=True),
    },
    mapping={
        **CONTRACT.mapping,
        "transacciones": "select _archivo, _linea, _archivo || ':' || _linea as transaccion_id, fecha, cliente_id, "
        "tipo_transaccion, monto from crudo.transacciones",
    },
)
TWO, OTHER = movement() + "\n" + movement(monto="9"), movement(monto="7")
"""Contents of files of movements."""


@pytest.mark.parametrize(
    ("files", "counted"),
    [
        ({"t.csv": TWO, "copia/t.csv": TWO}, {"t.csv": 2}),
        ({"t.csv": TWO, "t (1).csv": TWO, "a/b/c.csv": TWO}, {"t.csv": 2}),
        ({"t.csv": TWO, "copia/t.csv": OTHER}, {"t.csv": 2, "copia/t.csv": 1}),
        ({"t_2025-01-10.csv": TWO, "t_2025-01-11.csv": TWO}, {"t_2025-01-10.csv": 2, "t_2025-01-11.csv": 2}),
        ({"t_2025-01-10.csv": TWO, "x/t_2025-01-10.csv": TWO}, {"t_2025-01-10.csv": 2}),
    ],
)
@pytest.mark.parametrize("backwards", [False, True])
def test_a_copy_of_a_file_adds_nothing_whichever_comes_first(
    warehouse: Engine, files: dict[str, str], counted: dict[str, int], *, backwards: bool
) -> None:
    raw = Raw(warehouse, NUMBERED)
    deliver(raw, C1)
    raw.apply_contract()
    for name in sorted(files, reverse=backwards):
        raw.deliver("transacciones", TRANSACCIONES, files[name], name=name)
        raw.apply_contract()
    assert {name: counts[0] for name, counts in raw.reading("transacciones").items()} == counted
    assert len(raw.staged("transacciones", "transaccion_id")) == sum(counted.values())
    assert raw.rejected() == []
    marked = raw.query("select archivo from control.entregas where tabla = 'transacciones' and copia_de is null")
    assert {name for (name,) in marked} == set(counted)


def test_a_copy_counts_once_the_other_file_differs_or_where_the_feed_says_so(warehouse: Engine) -> None:
    raw = Raw(warehouse, NUMBERED)
    deliver(raw, C1)
    raw.deliver("otras", TRANSACCIONES, TWO, name="o.csv")  # of another kind
    for name in ("t.csv", "x/t.csv", "y/t.csv"):
        raw.deliver("transacciones", TRANSACCIONES, TWO, name=name)
    raw.apply_contract()
    raw.deliver("transacciones", TRANSACCIONES, OTHER, name="t.csv")
    raw.apply_contract()
    assert {name: counts[0] for name, counts in raw.reading("transacciones").items()} == {"t.csv": 1, "x/t.csv": 2}
    for declared in (
        RawFile(name="*/t.csv", dialect=Dialect()),
        RawFile(name="t.csv", dialect=Dialect(), copies="count"),
    ):
        raw.feed = replace(NUMBERED, files={**NUMBERED.files, "transacciones": declared})
        raw.apply_contract()
        assert set(raw.reading("transacciones")) == {"t.csv", "x/t.csv", "y/t.csv"}


def test_files_that_a_run_of_another_source_has_removed_are_missed(raw: Raw) -> None:
    deliver(raw, C1)
    (path,) = raw.query("select archivo from control.entregas limit 1")[0]
    with pytest.raises(OwnerReplaced, match=r"that this run has read 1 are gone, for example gone.csv"):
        apply_contract(raw.engine, raw.feed, "run 1", 100, [path, "gone.csv"])
    assert raw.query("select * from control.cargas") == []
    assert apply_contract(raw.engine, raw.feed, "run 1", 100, [path]) == [date(2025, 1, 1)]


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


def test_a_day_that_still_waits_in_staging_is_not_a_change(raw: Raw) -> None:
    deliver(raw, C1)
    assert raw.apply_contract() == [date(2025, 1, 1)]
    before = raw.state()
    assert raw.apply_contract() == []
    assert raw.state() == before


def test_provinces_are_those_of_the_reference_and_those_that_rows_name(raw: Raw) -> None:
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


SPELT = "select grafia, provincia, filas from dw.grafia_provincia order by 1"


def test_provinces_are_what_rows_mean_however_they_write_them(warehouse: Engine) -> None:
    raw = Raw(warehouse, feed(spellings={"Interior": "cordoba", "Norte": "Nowhere"}))
    people = ["CBA.", "Córdoba", "Interior", "Norte", "Bs. As.", "Bs. As.", ""]
    rows = "\n".join(f"C{n},2025-01-01,{name},2025-01-01," for n, name in enumerate(people, start=1))
    deliver(raw, {"clientes": (CLIENTES, rows)})
    raw.deliver("ventas", VENTAS, "V1,2025-01-10,2025-01-10,C1,tarjeta,CBA.,,completada,10")
    raw.apply_contract()
    assert raw.query(SPELT) == [
        ("Bs. As.", "Buenos Aires", 2), ("CBA.", "Córdoba", 2), ("Interior", "Córdoba", 1), ("Norte", None, 1),
    ]  # fmt: skip
    assert [name for name, region in raw.query("select provincia, region from dw.dim_provincia") if not region] == [
        "Norte"
    ]
    assert len(raw.query("select 1 from dw.dim_provincia")) == 25
    raw.feed = feed(spellings={"Norte": "Salta"})
    raw.deliver("ventas", VENTAS, V1["ventas"][1])
    raw.apply_contract()
    assert raw.query(SPELT) == [
        ("Bs. As.", "Buenos Aires", 2), ("CBA.", "Córdoba", 1), ("Interior", None, 1), ("Norte", "Salta", 1),
    ]  # fmt: skip


def test_spellings_are_of_the_provinces_that_a_feed_brings_and_of_its_country(warehouse: Engine) -> None:
    files = {**CONTRACT.files, "provincias": RawFile(name="provincias_*.csv", dialect=Dialect())}
    mapping = {"provincias": "select _archivo, _linea, provincia from crudo.provincias", **CONTRACT.mapping}
    raw = Raw(warehouse, feed(files=files, mapping=mapping, country="UY", spellings={"PDU": "Paysandú"}))
    raw.deliver("provincias", "provincia", "Paysandú\nRío Negro")
    rows = "C1,2025-01-01,PDU,2025-01-01,,\nC2,2025-01-01,RIO NEGRO,2025-01-01,,UY\nC3,2025-01-01,Cba.,2025-01-01,,AR"
    deliver(raw, {"clientes": (f"{CLIENTES},pais", f"{rows}\nC4,2025-01-01,Cba.,2025-01-01,,uy")})
    raw.apply_contract()
    assert raw.query(SPELT) == [("PDU", "Paysandú", 1), ("RIO NEGRO", "Río Negro", 1)]
    assert raw.query("select provincia from dw.dim_provincia order by 1") == [("Paysandú",), ("Río Negro",)]
    assert raw.reasons("clientes") == {5: ("pais", "fuera_de_rango")}


def test_a_feed_of_another_country_does_not_use_the_reference(warehouse: Engine) -> None:
    raw = Raw(warehouse, feed(country="ES"))
    deliver(raw, {"clientes": (CLIENTES, "C1,2025-01-01,La Rioja,2025-01-01,")})
    raw.apply_contract()
    assert raw.query("select * from dw.dim_provincia") == [("La Rioja", None, None)]
    assert raw.query(SPELT) == []


def test_a_warehouse_of_another_owner_is_left_alone(raw: Raw) -> None:
    deliver(raw, C1)
    raw.apply_contract()
    with pytest.raises(OwnerReplaced):
        apply_contract(raw.engine, feed(owner="feed other"), "run 2", 100)
