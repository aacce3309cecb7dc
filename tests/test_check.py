"""Each check finds what it is there to find, and nothing else finds it."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360 import folders
from client360.check import CheckFailed, Scope, check
from client360.export import NotChecked, export
from client360.landing import generate
from client360.load import load
from client360.planning import Request, prepare
from client360.world import World
from client360.worlds import WorldReplaced

WORLD = World(semilla=2, clientes=30, inicio=date(2026, 1, 1))
FECHA = date(2026, 2, 10)
DAYS = [WORLD.inicio + timedelta(days=i) for i in range((FECHA - WORLD.inicio).days + 1)]
SCOPE = Scope(FECHA, WORLD.inicio, WORLD.name, "run", DAYS)
STEPS = (
    "transform/dim_cliente",
    "transform/hecho_transacciones",
    "build_view/gasto_mensual",
    "build_view/cliente_360_historico",
    "build_view/cliente_360",
)


def run(name: str) -> None:
    from airflow.providers.postgres.hooks.postgres import PostgresHook

    parameters = {"desde": DAYS[0], "hasta": FECHA, "fecha": FECHA, "inicio": WORLD.inicio, "mundo": WORLD.name}
    statements = (folders.SQL / f"{name}.sql").read_text(encoding="utf-8")
    PostgresHook("client360").run(statements, parameters=parameters, split_statements=True)


@pytest.fixture
def built(warehouse: Engine, data: Path) -> Engine:
    """A warehouse in which a day has been built, and not checked yet."""
    for share in prepare(warehouse, Request(FECHA, WORLD)):
        for file in generate(WORLD, share.chunks, data):
            load(warehouse, file, data, WORLD.name, "run")
    for name in STEPS:
        run(name)
    return warehouse


def spoil(warehouse: Engine, statement: str) -> None:
    with warehouse.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


SPOILED = {
    "historia_completa": "update control.cargas set capa_alcanzada = 'staging' "
    "where entidad = 'clientes' and fecha = '2026-01-09'",
    "clientes_cargados": "update control.cargas set filas = filas + 1 where entidad = 'clientes' and fecha = '2026-01-09'",
    "transacciones_cargadas": "update control.cargas set filas = filas - 1 "
    "where entidad = 'transacciones' and fecha = '2026-01-09'",
    "transaccion_unica": "update dw.hecho_transacciones set transaccion_id = (select min(transaccion_id) "
    "from dw.hecho_transacciones) where transaccion_id = (select max(transaccion_id) from dw.hecho_transacciones)",
    "transaccion_de_cliente": "update dw.dim_cliente set fecha_alta = '2026-02-05' where cliente_id = (select cliente_id "
    "from dw.hecho_transacciones where fecha = '2026-02-01' limit 1)",
    "versiones_contiguas": "update dw.dim_cliente set vigente_hasta = '2027-01-01' where cliente_id = 'C000000001' "
    "and vigente_hasta = '9999-12-31'",
    "gasto_mensual_cuadra": "update mart.gasto_mensual set compra_tarjeta = compra_tarjeta + 0.01 "
    "where cliente_id = 'C000000001' and mes = '2026-01-01'",
    "cliente_360_completo": "delete from mart.cliente_360_historico where cliente_id = 'C000000001'",
    "cliente_360_en_rango": "update mart.cliente_360_historico set gasto_mensual_promedio = 'NaN' "
    "where cliente_id = 'C000000001'",
}


def test_every_check_is_tried() -> None:
    assert set(SPOILED) == {file.stem for file in (folders.SQL / "check").glob("*.sql")}


def test_a_sound_warehouse_passes_and_says_so(built: Engine) -> None:
    assert check(built, SCOPE) == len(SPOILED)
    with built.connect() as connection:
        results = connection.execute(text("select verificacion, correcta, hallazgos from control.verificaciones")).all()
    assert sorted(map(tuple, results)) == sorted((name, True, 0) for name in SPOILED)


@pytest.mark.parametrize("name", SPOILED)
def test_what_is_wrong_is_found_by_its_check_alone(name: str, built: Engine) -> None:
    spoil(built, SPOILED[name])
    with pytest.raises(
        CheckFailed, match=f"1 of {len(SPOILED)} checks of {FECHA} failed. {name}: 1 found, for example "
    ):
        check(built, SCOPE)
    with built.connect() as connection:
        failed = connection.execute(
            text("select verificacion from control.verificaciones where not correcta")
        ).scalars()
        assert failed.all() == [name]


def test_a_result_of_a_check_that_is_no_more_does_not_hold_the_day_back(built: Engine) -> None:
    spoil(built, f"insert into control.verificaciones values ('{FECHA}', 'gone', false, 1, null, 'run')")
    check(built, SCOPE)
    with built.connect() as connection:
        assert connection.execute(text("select distinct fecha_corte from mart.cliente_360")).scalars().all() == [FECHA]


def test_days_that_another_run_has_on_their_way_are_left_to_it(built: Engine) -> None:
    """As between hecho_transacciones and gasto_mensual of a run of the next day."""
    spoil(
        built,
        "insert into dw.hecho_transacciones select cliente_id, '2026-02-11', 'T' || transaccion_id, tipo_transaccion, "
        "monto, rubro, venta_id from dw.hecho_transacciones where fecha = '2026-02-10'",
    )
    spoil(
        built,
        "insert into control.cargas select entidad, '2026-02-11', filas, archivo, sha256, mundo, 'other', 'dw', 'dw' "
        "from control.cargas where fecha = '2026-02-10'",
    )
    check(built, SCOPE)


def test_a_day_loaded_again_between_facts_and_months_counts_as_it_was(built: Engine, data: Path) -> None:
    """Another run loads a day again after this run's hecho_transacciones and before its gasto_mensual."""
    spoil(built, "update control.cargas set capa = 'staging', capa_alcanzada = 'dw' where entidad = 'transacciones'")
    run("build_view/gasto_mensual")
    check(built, SCOPE)
    with built.connect() as connection:
        layers = connection.execute(
            text("select distinct capa, capa_alcanzada from control.cargas where entidad = 'transacciones'")
        )
        assert [tuple(row) for row in layers] == [("staging", "mart")]


def test_rows_that_are_built_again_are_not_shown_before_they_are_checked(built: Engine, data: Path) -> None:
    check(built, SCOPE)
    run("build_view/cliente_360_historico")
    with built.connect() as connection:
        assert connection.execute(text("select count(*) from mart.cliente_360")).scalar() == 0
    with pytest.raises(NotChecked, match="2026-02-10 has not passed its checks: run the day again"):
        export(built, FECHA, WORLD.name, data)
    assert not (data / "processed").exists()


def test_a_run_whose_world_was_replaced_neither_builds_checks_nor_exports(built: Engine, data: Path) -> None:
    check(built, SCOPE)
    export(built, FECHA, WORLD.name, data)
    published = {path: path.read_bytes() for path in (data / "processed").rglob("*.csv")}
    prepare(built, Request(FECHA, World(semilla=3, clientes=30, inicio=WORLD.inicio)))
    spoil(
        built,
        "insert into control.cargas values ('clientes', '2026-01-01', 0, '', '', 'simulador other', 'other', 'dw', 'dw')",
    )
    for name in STEPS[:-1]:
        run(name)
    for attempt in (lambda: check(built, SCOPE), lambda: export(built, FECHA, WORLD.name, data)):
        with pytest.raises(WorldReplaced, match="the warehouse now holds simulador other"):
            attempt()
    assert {path: path.read_bytes() for path in (data / "processed").rglob("*.csv")} == published


def test_what_others_keep_in_the_folder_is_left_alone(built: Engine, data: Path) -> None:
    check(built, SCOPE)
    folder = data / "processed"
    folder.mkdir()
    kept = [folder / ".cliente_360.csv.swp", folder / ".cliente_360.csv.elsewhere.1.part"]
    for path in kept:
        path.write_text("somebody's")
    export(built, FECHA, WORLD.name, data)
    assert all(path.read_text() == "somebody's" for path in kept)


def test_a_missing_top_file_is_made_again_from_the_newest_day(built: Engine, data: Path) -> None:
    check(built, SCOPE)
    export(built, FECHA, WORLD.name, data)
    top = data / "processed" / "cliente_360.csv"
    newest = top.read_bytes()
    top.unlink()
    spoil(built, "insert into control.verificaciones values ('2026-02-09', 'older', true, 0, null, 'run')")
    export(built, date(2026, 2, 9), WORLD.name, data)
    assert top.read_bytes() == newest
