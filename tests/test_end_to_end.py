"""The whole DAG on a real Airflow and PostgreSQL, in one process: `dag.test`."""

import csv
import hmac
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timezone
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

import psycopg
import pytest
from sqlalchemy import Engine, text

from client360 import manifest
from client360.publish import checks
from client360.simulate import World
from client360.warehouse.models import EXPORTED, tables
from proof.answers import answers, cliente_360

if TYPE_CHECKING:
    from airflow.sdk import DAG

WORLD = World(seed=11, customers=40, first_day=date(2026, 6, 1))
OF_FILES = {"generate.corrupted_files", "load.deliveries", "load.raw_files", "load.contract"}
DAYS = [date(2026, 9, 10), date(2026, 9, 20), date(2026, 9, 15)]


@pytest.fixture
def run(dag: "DAG") -> Callable[..., str]:
    """Run the DAG for a day and a world; returns the state it ends in."""

    def run_dag(fecha: date, world: World = WORLD, **conf: object) -> str:
        result = dag.test(
            logical_date=datetime.combine(fecha, datetime.min.time(), timezone.utc),
            run_conf={
                "clientes": world.customers,
                "inicio": world.first_day.isoformat(),
                "semilla": world.seed,
                **conf,
            },
        )
        started = {instance.task_id for instance in result.get_task_instances() if instance.try_number}
        assert not started & OF_FILES, "a world without files has a task that only files need"
        assert result.state == "failed" or "load.staging" in started
        return str(result.state)

    return run_dag


def published(data: Path) -> dict[str, str]:
    """SHA-256 of every published file."""
    processed = data / "processed"
    return {
        path.relative_to(processed).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(processed.rglob("*"))
        if path.is_file()
    }


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def warehouse_content(warehouse: Engine) -> dict[str, list]:
    """Every row of the star and the marts, and what has been loaded, without what names the run that wrote it."""
    content = {}
    with warehouse.connect() as connection:
        for table in tables():
            if table.schema in ("dw", "mart"):
                found = connection.execute(text(f"select * from {table.fullname}"))
                content[table.fullname] = sorted(map(repr, found))
        found = connection.execute(text("select entidad, fecha, filas, suma, mundo, capa from control.cargas"))
        content["control.cargas"] = sorted(map(repr, found))
    return content


def empty(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text(f"truncate {', '.join(table.fullname for table in tables())}"))


def test_days_in_any_order_or_alone_give_the_same_bytes_and_the_newest_stays_on_top(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    for day in DAYS:
        assert run(day) == "success"
    together = published(data)
    whole = warehouse_content(warehouse)
    for name in EXPORTED:
        assert together[f"{name}.csv"] == together[f"fecha={max(DAYS)}/{name}.csv"]

    assert run(DAYS[1]) == "success"
    assert published(data) == together, "a rerun changed a file"
    assert warehouse_content(warehouse) == whole, "a rerun changed a table"

    for day in DAYS:
        empty(warehouse)
        assert run(day) == "success"
        alone = published(data)
        for of_day in (f"fecha={day}/{name}" for name in (*(f"{name}.csv" for name in EXPORTED), manifest.NAME)):
            assert alone[of_day] == together[of_day], f"{of_day} alone differs"
        if day == max(DAYS):
            content = warehouse_content(warehouse)
            for relation in whole:
                if not relation.endswith("_historico"):
                    assert content[relation] == whole[relation], f"{relation}: one bulk load differs from day by day"


@pytest.mark.parametrize(
    ("fecha", "world"),
    [
        (date(2026, 9, 20), WORLD),
        (date(2026, 8, 31), World(seed=5, customers=150, first_day=date(2025, 3, 15))),
        (date(2026, 6, 1), WORLD),
    ],
)
def test_every_cell_equals_the_answer_key(
    run: Callable[..., str], data: Path, warehouse: Engine, fecha: date, world: World
) -> None:
    assert run(fecha, world) == "success"
    keys = {"cliente_360": cliente_360(world, fecha), **answers(world, fecha)}
    assert list(keys) == list(EXPORTED)
    assert len(keys["cliente_360"]) > 0.9 * world.customers
    for name, key in keys.items():
        found = rows(data / "processed" / f"fecha={fecha}" / f"{name}.csv")
        assert found == [{column: as_csv(value) for column, value in row.items()} for row in key.to_dict("records")], (
            name
        )
        with warehouse.connect() as connection:
            view = connection.execute(text(f"select * from mart.{name}"))
            assert sorted(map(repr, map(tuple, view))) == sorted(map(repr, key.itertuples(index=False, name=None))), (
                name
            )


def as_csv(value: object) -> str:
    """A cell as PostgreSQL writes it."""
    if isinstance(value, bool):
        return "t" if value else "f"
    return "" if value is None else str(value)


def test_one_more_customer_changes_no_row_but_for_what_depends_on_all(run: Callable[..., str], data: Path) -> None:
    fecha = date(2026, 9, 20)
    kept = {}
    for size in (WORLD.customers, WORLD.customers + 1):
        assert run(fecha, World(WORLD.seed, size, WORLD.first_day), reemplazar=True) == "success"
        kept[size] = rows(data / "processed" / "cliente_360.csv")
    few, more = kept.values()
    known = {row["cliente_id"] for row in few}
    assert len(more) >= len(few)

    def without_ranks(found: list[dict[str, str]]) -> list[dict[str, str]]:
        return [{**row, "segmento_ingresos": "", "segmento_rfm": ""} for row in found if row["cliente_id"] in known]

    assert without_ranks(few) == without_ranks(more)


def test_a_failed_check_stops_the_run_before_anything_is_published(
    run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    assert run(DAYS[0]) == "success"
    before = published(data)
    with warehouse.begin() as connection:
        connection.execute(text("create function lose() returns trigger language plpgsql as 'begin return null; end'"))
        connection.execute(
            text(
                "create trigger lose before insert on dw.hecho_transacciones for each row "
                "when (new.fecha = '2026-09-18' and new.monto < 20000) execute function lose()"
            )
        )
    assert run(DAYS[1]) == "failed"
    assert published(data) == before
    with warehouse.connect() as connection:
        failed = connection.execute(
            text("select verificacion from control.verificaciones where fecha_corte = '2026-09-20' and not correcta")
        ).scalars()
        assert failed.all() == ["cargas_cuadran"]
        newest = connection.execute(text("select distinct fecha_corte from mart.cliente_360")).scalars().all()
        assert newest == [DAYS[0]], "the view shows a day that failed its checks"


def test_what_is_published_gives_way_only_when_told_to_and_only_to_what_has_passed_its_checks(
    run: Callable[..., str], data: Path, warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = World(seed=12, customers=5, first_day=date(2026, 9, 1))
    assert run(DAYS[0]) == "success"
    files, held = published(data), warehouse_content(warehouse)
    assert run(DAYS[1], other) == "failed", "another world took the warehouse without being told to"

    seen = []

    def fail(*_: object, **__: object) -> int:
        seen.append(warehouse_content(warehouse))
        raise ValueError("a check failed")

    with monkeypatch.context() as failing:
        failing.setattr(checks, "run_checks", fail)
        assert run(DAYS[1], other, reemplazar=True) == "failed"
    assert (published(data), warehouse_content(warehouse), seen) == (files, held, [held])

    with closing(psycopg.connect(warehouse.url.render_as_string().replace("+psycopg", ""))) as forgotten:
        forgotten.execute("select count(*) from mart.cliente_360")
        assert run(DAYS[1], other, reemplazar=True) == "success"
    assert len(rows(data / "processed" / "cliente_360.csv")) <= other.customers
    with warehouse.connect() as connection:
        assert connection.execute(text("select distinct mundo from control.cargas")).scalars().all() == [other.name]
        beside = text("select datname from pg_database where starts_with(datname, 'warehouse_')")
        assert not connection.execute(beside).all()
    assert run(DAYS[2], other, reemplazar=True) == "success", "it could not be built anew"


def test_a_wrong_parameter_fails_the_run_at_once(run: Callable[..., str], data: Path, warehouse: Engine) -> None:
    assert run(DAYS[0], World(1, 1, date(2026, 6, 1)), inicio="2026-12-01") == "failed"
    assert not (data / "raw").exists()


def test_an_anonymous_run_publishes_the_same_customers_without_telling_who_they_are(
    run: Callable[..., str], data: Path, warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert run(DAYS[0], anonimo=True) == "failed"
    assert not (data / "raw").exists(), "without a key nothing needs to be generated"
    key = "a key that is long enough"
    monkeypatch.setenv("CLIENT360_ANONYMITY_KEY", key)
    assert run(DAYS[0], anonimo=True) == "success"
    assert not list((data / "processed").glob("*.csv")), "it published openly"
    assert run(DAYS[0], anonimo=False) == "success"
    openly, anonymous = (rows(data / "processed" / name) for name in ("cliente_360.csv", "anonimo/cliente_360.csv"))

    def hashed(row: dict[str, str]) -> dict[str, str]:
        pseudonym = hmac.digest(key.encode(), row["cliente_id"].encode(), "sha256").hex()
        return row | {"cliente_id": pseudonym, "nombre": ""}

    assert anonymous == sorted(map(hashed, openly), key=lambda row: row["cliente_id"])
    assert anonymous != openly


def test_an_asset_event_carries_the_day_and_the_rows(run: Callable[..., str], data: Path) -> None:
    from airflow.models.asset import AssetEvent
    from airflow.utils.session import create_session

    assert run(DAYS[0]) == "success"
    count = len(rows(data / "processed" / "cliente_360.csv"))
    with create_session() as session:
        event = session.query(AssetEvent).order_by(AssetEvent.id.desc()).first()
        assert event.uri == "client360://mart/cliente_360"
        assert event.extra["fecha"] == DAYS[0].isoformat()
        assert event.extra["filas"] == count


def test_the_csv_suits_spreadsheets_and_has_its_dictionary(run: Callable[..., str], data: Path) -> None:
    assert run(DAYS[0]) == "success"
    processed = data / "processed"
    text_of = (processed / "cliente_360.csv").read_bytes()
    assert text_of.startswith(b"\xef\xbb\xbfcliente_id,nombre,")
    found = rows(processed / "cliente_360.csv")
    assert [row["cliente_id"] for row in found] == sorted(row["cliente_id"] for row in found)
    described = [
        entry
        for entry in rows(processed / "diccionario_de_datos.csv")
        if entry["relacion"] == "mart.cliente_360_historico"
    ]
    assert [entry["columna"] for entry in described] == list(found[0])
    assert all(entry["descripcion"] for entry in rows(processed / "diccionario_de_datos.csv"))
