"""From any schema that a warehouse may have to that of the models, compared by what pg_dump writes."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Column, Engine, Integer, Table, create_engine, text
from sqlalchemy.pool import NullPool
from sqlalchemy.schema import CreateSchema

from client360 import folders
from client360.warehouse import locks, raw_schema
from client360.warehouse import migrate as module
from client360.warehouse.databases import create_database
from client360.warehouse.migrate import (
    MigrationFailed,
    OtherVersion,
    alembic_config,
    migrate,
    replace_functions,
    revisions,
)
from client360.warehouse.models import SCHEMAS, Base
from client360.warehouse.partitions import create_partitions
from tools.local.migration import draft
from tools.local.server import Server

BANK = Path(__file__).with_name("migrations") / "330ced6.sql"
MONTHS = [date(2026, 8, 1), date(2026, 9, 1)]
NEWEST = revisions()[-1]

Database = Callable[[str], Engine]


@pytest.fixture
def database(server: Server) -> Iterator[Database]:
    """Makes empty databases."""
    made: list[Engine] = []

    def make(name: str) -> Engine:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            admin.execute(f"drop database if exists {name} with (force)")
            create_database(admin, name)
        made.append(create_engine(server.url(name, "postgresql+psycopg"), poolclass=NullPool))
        return made[-1]

    yield make
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        for engine in made:
            admin.execute(f"drop database {engine.url.database} with (force)")


@pytest.fixture
def bank(database: Database) -> Engine:
    """A warehouse as the last version without a record of its revision left it, with rows of 2026-08-31 and 2026-09-01."""
    engine = database("bank")
    with engine.begin() as connection:
        connection.connection.cursor().execute(BANK.read_text(encoding="utf-8"))
        connection.execute(
            text(
                "insert into staging.transacciones select transaccion_id, fecha, cliente_id, tipo_transaccion, monto "
                "from dw.hecho_transacciones"
            )
        )
    return engine


@pytest.fixture
def modelled(database: Database) -> Engine:
    """The tables of the models and the functions, without migrations."""
    engine = database("modelled")
    with engine.begin() as connection:
        for schema in (*SCHEMAS, raw_schema.SCHEMA):  # the feeds' own tables have no models
            connection.execute(CreateSchema(schema))
        Base.metadata.create_all(connection)
        replace_functions(connection)
    return engine


@pytest.fixture
def dump(server: Server) -> Callable[[Engine], str]:
    """What there is in a database but its rows and the record of its revision."""

    def dump(engine: Engine) -> str:
        url = server.url(engine.url.database or "")
        # who may read what is granted after the revisions: tests/test_roles.py
        output = subprocess.run(
            [server.programs / "pg_dump", "--schema-only", "--no-acl", "--exclude-table=control.alembic_version", url],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        ).stdout
        return "\n".join(line for line in output.splitlines() if "restrict" not in line)  # a word drawn at random

    return dump


def rows(engine: Engine, relation: str) -> list[dict]:
    with engine.connect() as connection:
        return [dict(row) for row in connection.execute(text(f"select * from {relation} order by 1, 2, 3")).mappings()]


def recorded(engine: Engine) -> list[str]:
    return [
        row["version_num"] for row in rows(engine, "(select version_num, 1, 1 from control.alembic_version) as record")
    ]


def test_an_empty_database_becomes_what_the_models_say(
    database: Database, modelled: Engine, dump: Callable[[Engine], str]
) -> None:
    engine = database("migrated")
    assert migrate(engine) == (None, NEWEST)
    assert recorded(engine) == [NEWEST]
    assert dump(engine) == dump(modelled)


def test_alembic_finds_no_difference_from_the_models_whatever_months_there_are(database: Database) -> None:
    engine = database("migrated")
    migrate(engine)
    with engine.begin() as connection:
        create_partitions(connection, MONTHS)
        command.check(alembic_config(connection))


def test_the_first_revision_is_the_schema_of_before(
    database: Database, bank: Engine, dump: Callable[[Engine], str]
) -> None:
    engine = database("migrated")
    with engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(CreateSchema(schema))
        command.upgrade(alembic_config(connection), "0001")
    with bank.begin() as connection:
        connection.execute(text("drop view mart.cliente_360"))
        months = (
            "select inhrelid::regclass::text from pg_inherits inner join pg_class on oid = inhrelid where relkind = 'r'"
        )
        for month in connection.scalars(text(months)).all():
            connection.execute(text(f"drop table {month}"))
    assert dump(engine) == dump(bank)


def test_the_schema_of_before_becomes_what_the_models_say(
    bank: Engine, modelled: Engine, dump: Callable[[Engine], str]
) -> None:
    assert migrate(bank) == ("0001", NEWEST)
    assert recorded(bank) == [NEWEST]
    for engine in (bank, modelled):
        with engine.begin() as connection:
            create_partitions(connection, MONTHS)
    assert dump(bank) == dump(modelled)


def test_the_rows_of_before_stay(bank: Engine) -> None:
    with bank.connect() as connection:
        relations = connection.scalars(
            text("select relid::regclass::text from pg_stat_user_tables where schemaname <> 'public' order by 1")
        ).all()
    before = {relation: rows(bank, relation) for relation in relations}
    assert all(before[name] for name in ("control.cargas", "dw.dim_cliente", "mart.cliente_360_historico_202609"))
    migrate(bank)
    movement = dict.fromkeys(
        ("momento", "sentido", "tarjeta_id", "cuotas", "contraparte", "comercio", "canal", "cuenta_id", "moneda")
    )
    flows = dict.fromkeys(
        ("ingresos_totales_promedio", "egresos_totales_promedio", "ahorro_promedio", "saldo_total", "saldo_minimo_90d")
    )
    added = {
        "control.cargas": {"suma": 0},
        "control.verificaciones": {"detiene": True, "momento": None},
        "staging.transacciones": movement,
        "dw.hecho_transacciones": movement | {"monto_original": None},
        "dw.dim_cliente": {"pais": None},
        "mart.cliente_360_historico": {
            "compras_12m": 0,
            "monto_compras_12m": 0,
            "ticket_promedio": None,
            "primera_compra": None,
            "ultima_compra": None,
            "dias_sin_comprar": None,
            "tipo_comprador": "sin_compras",
            "segmento_rfm": None,
            "categoria_favorita": None,
            "entregas_demoradas_pct": None,
            "contactos_campania_12m": 0,
            "monto_devuelto_12m": None,
            "monto_neto_12m": None,
            "posible_duplicado_de": None,
            "medio_pago_preferido": None,
            "pais": None,
            **flows,
            "deuda_total": None,
            "cuota_sobre_ingreso": None,
            "uso_de_limite": None,
            "dias_mora_max": None,
            "situacion": None,
            "productos": None,
        },
        "mart.gasto_mensual": dict.fromkeys(("ingresos_totales", "egresos_totales", "depositos")) | {"cuenta_id": ""},
    }
    assert {relation: rows(bank, relation) for relation in before} == {
        relation: [row | added.get(re.sub("_[0-9]{6}$", "", relation), {}) for row in found]
        for relation, found in before.items()
    }


def test_the_tables_of_the_second_revision_without_a_record_are_recognised(
    database: Database, modelled: Engine, dump: Callable[[Engine], str]
) -> None:
    """As the versions of client360 between the shop and the first migration made them."""
    engine = database("shop")
    with engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(CreateSchema(schema))
        command.upgrade(alembic_config(connection), "0002")
        connection.execute(text("drop table control.alembic_version"))
    assert migrate(engine) == ("0002", NEWEST)
    assert recorded(engine) == [NEWEST]
    assert dump(engine) == dump(modelled)


def test_whole_units_stay_as_they_were_once_quantities_have_decimals(database: Database) -> None:
    engine = database("whole_units")
    with engine.begin() as connection:
        replace_functions(connection)
        command.upgrade(alembic_config(connection), "0015")
        for statement in (
            "create table dw.hecho_ventas_202603 partition of dw.hecho_ventas for values from ('2026-03-01') to ('2026-04-01')",
            "insert into dw.hecho_ventas (cliente_id, fecha, venta_id, linea, producto_id, cantidad, precio_unitario, "
            "descuento, importe) values ('C1', '2026-03-02', 'V1', 1, 'P1', 3, 10.25, 0.75, 30)",
            "insert into mart.productos_mas_vendidos_historico (categoria, mes, puesto, producto_id, unidades, ingresos, "
            "fecha_corte) values ('hogar', '2026-03-01', 1, 'P1', 3, 30, '2026-03-31')",
            "insert into control.cargas values ('detalle_ventas', '2026-03-02', 1, 30, '', '', '', '', 'dw', 'dw')",
            "create view mart.productos_mas_vendidos as select * from mart.productos_mas_vendidos_historico",
        ):
            connection.execute(text(statement))
    migrate(engine)
    (line,) = rows(engine, "dw.hecho_ventas_202603")
    assert [str(line[name]) for name in ("cantidad", "precio_unitario", "descuento", "importe")] == [
        *("3.000", "10.250000", "0.75", "30.00")
    ]
    (sold,) = rows(engine, "mart.productos_mas_vendidos")
    assert (str(sold["unidades"]), sold["unidades_devueltas"]) == ("3", None)
    (load,) = rows(engine, "control.cargas")
    assert str(load["suma"]) == "30.00"


def test_a_warehouse_that_is_up_to_date_waits_for_no_run(warehouse: Engine, dump: Callable[[Engine], str]) -> None:
    before = dump(warehouse)
    with warehouse.begin() as connection:
        locks.warehouse(connection, shared=False)
        start = time.monotonic()
        assert migrate(warehouse) == (NEWEST, NEWEST)
        assert time.monotonic() - start < 0.5
    assert dump(warehouse) == before


def test_a_revision_that_is_not_ours_is_refused(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("update control.alembic_version set version_num = '9999'"))
    with pytest.raises(
        OtherVersion, match=r"^the warehouse has revision 9999, which this version of client360 does not know"
    ):
        migrate(warehouse)


def test_tables_of_no_known_version_are_refused_and_left_alone(bank: Engine, dump: Callable[[Engine], str]) -> None:
    with bank.begin() as connection:
        connection.execute(text("alter table control.cargas drop column capa_alcanzada"))
    before = dump(bank)
    with pytest.raises(OtherVersion, match=r"^the warehouse records no revision, and its tables are of no version"):
        migrate(bank)
    assert dump(bank) == before


def test_columns_that_are_not_those_of_the_models_are_refused(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(text("alter table control.cargas drop column capa_alcanzada"))
    with pytest.raises(
        OtherVersion, match=r"^control.cargas has the columns entidad, .* capa, not those of this version"
    ):
        migrate(warehouse)


def test_a_migration_that_fails_leaves_everything_as_it_was_and_says_why(
    bank: Engine, dump: Callable[[Engine], str]
) -> None:
    with bank.begin() as connection:
        connection.execute(text("create view public.mine as select cliente_id from mart.cliente_360_historico"))
    before, customers = dump(bank), rows(bank, "mart.cliente_360_historico")
    with pytest.raises(MigrationFailed) as failed:
        migrate(bank)
    assert str(failed.value) == (
        "the warehouse could not be migrated from revision 0001 and is as it was: "
        "cannot drop table staging.cliente_360_historico because other objects depend on it: "
        "view mine depends on table staging.cliente_360_historico"
    )
    assert dump(bank) == before
    assert rows(bank, "mart.cliente_360_historico") == customers
    with bank.connect() as connection:
        assert connection.scalar(text("select to_regclass('control.alembic_version')")) is None


def test_of_two_that_migrate_at_once_one_does_it_once_the_runs_at_work_are_over(
    bank: Engine, modelled: Engine, dump: Callable[[Engine], str]
) -> None:
    program = "import sys; from sqlalchemy import create_engine; from client360.warehouse.migrate import migrate; "
    program += "print(*migrate(create_engine(sys.argv[1])))"
    url = bank.url.render_as_string()
    waiting = "select count(*) from pg_locks where locktype = 'advisory' and not granted"
    with bank.begin() as run:
        # a run of the version before holds the warehouse, which has no functions yet
        run.execute(text("select pg_advisory_xact_lock_shared(hashtext('client360 world'))"))
        started = [
            subprocess.Popen(
                [sys.executable, "-c", program, url],
                env=os.environ | {"PYTHONPATH": str(folders.ROOT / "plugins")},
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(2)
        ]
        while run.scalar(text(waiting)) < 2:
            assert all(process.poll() is None for process in started)
            time.sleep(0.05)
    outputs = [process.communicate(timeout=60)[0].strip() for process in started]
    assert sorted(outputs) == [f"0001 {NEWEST}", f"{NEWEST} {NEWEST}"]
    for engine in (bank, modelled):
        with engine.begin() as connection:
            create_partitions(connection, MONTHS)
    assert dump(bank) == dump(modelled)


def test_the_revisions_stand_in_one_line_and_are_numbered() -> None:
    scripts = ScriptDirectory(str(module.MIGRATIONS))
    assert [script.revision for script in scripts.walk_revisions()][::-1] == revisions()
    assert revisions() == [f"{number:04}" for number in range(1, len(revisions()) + 1)]


def test_the_command_says_what_it_did_in_one_line(bank: Engine, server: Server) -> None:
    host = str(server.socket)
    as_json = json.dumps({"conn_type": "postgres", "host": host, "login": "postgres", "schema": "bank"})
    as_uri = f"postgres://postgres@{quote(host, safe='')}/bank"
    done = f"client360: the warehouse was migrated from revision 0001 to revision {NEWEST}\n"
    assert call(as_json) == (0, done, "")
    assert call(as_uri) == (0, f"client360: the warehouse is up to date, at revision {NEWEST}\n", "")


def test_the_command_fails_with_the_reason_in_one_line(bank: Engine, server: Server) -> None:
    uri = f"postgres://postgres@{quote(str(server.socket), safe='')}/"
    with bank.begin() as connection:
        connection.execute(text("create view public.mine as select cliente_id from mart.cliente_360"))
    reason = "cannot drop view mart.cliente_360 because other objects depend on it: view mine depends on view mart.cliente_360"
    failed = f"client360: the warehouse could not be migrated from revision 0001 and is as it was: {reason}\n"
    assert call(uri + "bank") == (1, "", failed)
    code, output, error = call(uri + "nowhere")
    assert (code, output) == (1, "")
    assert error.startswith("client360: the warehouse can not be brought up to date: ")
    assert error.endswith('database "nowhere" does not exist\n')


def call(connection: str) -> tuple[int, str, str]:
    """Exit code, output and errors of `python -m client360.warehouse.migrate`."""
    done = subprocess.run(
        [sys.executable, "-m", "client360.warehouse.migrate"],
        check=False,
        capture_output=True,
        env=os.environ | {"AIRFLOW_CONN_CLIENT360": connection, "PYTHONPATH": str(folders.ROOT / "plugins")},
        text=True,
    )
    return done.returncode, done.stdout, done.stderr


def test_models_that_have_not_changed_need_no_revision(server: Server) -> None:
    assert draft(server, "nothing") is None
    assert len(revisions()) == int(NEWEST)


def test_changed_models_get_a_revision_that_leads_to_them(
    server: Server, warehouse: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(module.MIGRATIONS, tmp_path / "migrations")
    monkeypatch.setattr(module, "MIGRATIONS", tmp_path / "migrations")
    table = Table("prueba", Base.metadata, Column("numero", Integer, primary_key=True), schema="mart")
    try:
        written = draft(server, "A table more")
        assert written == tmp_path / "migrations" / "versions" / f"{int(NEWEST) + 1:04}_a_table_more.py"
        assert migrate(warehouse) == (NEWEST, f"{int(NEWEST) + 1:04}")
        with warehouse.begin() as connection:
            command.check(alembic_config(connection))
    finally:
        Base.metadata.remove(table)


def test_orders_of_before_become_rows_of_their_own(database: Database) -> None:
    engine = database("orders")
    with engine.begin() as connection:
        for schema in SCHEMAS:
            connection.execute(CreateSchema(schema))
        command.upgrade(alembic_config(connection), "0017")
        replace_functions(connection)
        for table in ("dw.hecho_ventas", "dw.hecho_envios"):
            connection.execute(text(f"create table {table}_always partition of {table} default"))
        connection.execute(
            text(
                "insert into dw.historia_ventas (cliente_id, venta_id, fecha, fecha_venta, metodo_pago, provincia_envio, "
                "estado, total) values ('C1', 'V1', '2025-03-02', '2025-03-01', 'efectivo', 'Chaco', 'cancelada', 30), "
                "('C1', 'V1', '2025-03-01', '2025-03-01', 'tarjeta', 'Salta', 'completada', 30), "
                "('', 'V2', '2025-03-05', '2025-03-05', 'efectivo', 'Salta', 'completada', 7)"
            )
        )
        connection.execute(
            text(
                "insert into dw.hecho_ventas (cliente_id, fecha, venta_id, linea, producto_id, cantidad, precio_unitario, "
                "descuento, importe) values ('C1', '2025-03-01', 'V1', 1, 'P1', 1, 10, 0, 10), "
                "('C1', '2025-03-01', 'V1', 2, 'P1', 2, 10, 0, 20)"
            )
        )
        connection.execute(
            text(
                "insert into dw.hecho_envios (cliente_id, fecha, venta_id, deposito, fecha_prometida, costo_envio) values "
                "('C1', '2025-03-02', 'V1', 'sur', '2025-03-04', 5), ('C9', '2025-03-02', 'V9', 'sur', '2025-03-04', 5)"
            )
        )
        connection.execute(
            text(
                "insert into dw.historia_envios (cliente_id, venta_id, fecha, deposito, estado, fecha_despacho, "
                "fecha_prometida, costo_envio) values ('C1', 'V1', '2025-03-02', 'sur', 'preparacion', null, '2025-03-04', 5), "
                "('C1', 'V1', '2025-03-03', 'sur', 'despachado', '2025-03-03', '2025-03-04', 5), "
                "('C9', 'V9', '2025-03-02', 'sur', 'preparacion', null, '2025-03-04', 5)"
            )
        )
    assert migrate(engine) == ("0017", NEWEST)
    with engine.connect() as connection:
        found = connection.execute(
            text(
                "select cliente_id, venta_id, fecha, metodo_pago, provincia_envio, lineas, importe, fecha_anulacion, anulacion, "
                "canal from dw.hecho_pedidos order by venta_id"
            )
        ).all()
        shipped = connection.execute(
            text(
                "select venta_id, fecha_venta, promesa_conocida, costo_conocido, despacho_conocido from dw.hecho_envios "
                "order by 1"
            )
        ).all()
    assert found == [
        ("C1", "V1", date(2025, 3, 1), "tarjeta", "Salta", 2, 30, date(2025, 3, 2), "cancelada", None),
        ("", "V2", date(2025, 3, 5), "efectivo", "Salta", 0, None, None, None, None),
    ]
    second, third = date(2025, 3, 2), date(2025, 3, 3)
    assert shipped == [("V1", date(2025, 3, 1), second, second, third), ("V9", None, second, second, None)]
