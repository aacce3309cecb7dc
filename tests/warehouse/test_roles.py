"""What the role for people reads, in a warehouse whose owner is no superuser, as in Docker."""

from collections.abc import Iterator
from datetime import date

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import ProgrammingError
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.warehouse.databases import create_database
from client360.warehouse.migrate import READER, migrate
from client360.warehouse.models import tables
from client360.warehouse.partitions import create_partitions
from tools.local.server import Server

OWNER, DATABASE = "roles_owner", "roles"
CLOSED = {"control.rechazos"}


@pytest.fixture
def admin(server: Server) -> Iterator[psycopg.Connection]:
    """A superuser of a database made as docker/databases.sql makes it. The reader is the server's own."""
    with psycopg.connect(server.url("postgres"), autocommit=True) as connection:
        connection.execute(sql.SQL("create role {} login").format(sql.Identifier(OWNER)))
        create_database(connection, DATABASE)
        connection.execute(sql.SQL("alter database {} owner to {}").format(*map(sql.Identifier, (DATABASE, OWNER))))
        yield connection
        connection.execute(sql.SQL("drop database {} with (force)").format(sql.Identifier(DATABASE)))
        connection.execute(sql.SQL("drop role {}").format(sql.Identifier(OWNER)))


@pytest.fixture
def owner(server: Server, admin: psycopg.Connection) -> Engine:
    url = server.url(DATABASE, "postgresql+psycopg").replace("postgres@", f"{OWNER}@")
    return create_engine(url, poolclass=NullPool)


@pytest.fixture
def reader(server: Server, owner: Engine) -> Engine:
    """In the warehouse, which is migrated."""
    migrate(owner)
    url = server.url(DATABASE, "postgresql+psycopg").replace("postgres@", f"{READER}@")
    # what it is refused is for want of a grant, not because it reads only unless it asks for more
    options = {"options": "-c default_transaction_read_only=off"}
    return create_engine(url, poolclass=NullPool, connect_args=options)


def refused(reader: Engine, statement: str) -> bool:
    try:
        with reader.connect() as connection:
            connection.execute(text("set transaction read write"))
            connection.execute(text(statement))
    except ProgrammingError as error:
        if isinstance(error.orig, psycopg.errors.InsufficientPrivilege):
            return True
        raise
    return False


def closed(reader: Engine) -> set[str]:
    return {table.fullname for table in tables() if refused(reader, f"select * from {table.fullname} limit 1")}


def of_staging() -> set[str]:
    return {table.fullname for table in tables() if table.schema == "staging"}


def test_people_read_the_star_the_marts_and_the_accounts_but_no_rejected_or_raw_row(reader: Engine) -> None:
    assert closed(reader) == of_staging() | CLOSED


def test_what_a_run_makes_later_is_open_too(owner: Engine, reader: Engine) -> None:
    with owner.begin() as connection:
        create_partitions(connection, {date(2026, 9, 1)})
        connection.connection.cursor().execute((folders.SQL / "build_view" / "vistas.sql").read_text())
        connection.execute(text("create table control.nueva (numero int)"))
        connection.execute(text("create schema if not exists crudo"))
        connection.execute(text("create table crudo.clientes (nombre text)"))
    for relation in (
        "dw.hecho_transacciones_202609",
        "mart.cliente_360_historico_202609",
        "mart.cliente_360",
        "control.nueva",
    ):
        assert not refused(reader, f"select * from {relation}"), relation
    assert refused(reader, "select * from crudo.clientes")


def test_people_write_nothing(reader: Engine) -> None:
    for table in tables():
        assert refused(reader, f"delete from {table.fullname}"), table.fullname
    assert refused(reader, "create table mart.mine (number int)")


def test_people_take_no_lock_and_move_no_day_on(reader: Engine) -> None:
    for call in ("lock_warehouse()", "share_warehouse()", "lock_schema()", "integrate_days('{}', null, null)"):
        assert refused(reader, f"select control.{call}"), call


JUDGED = """
    create table crudo._clientes (_entrega bigint, _linea bigint, cliente_id text, fecha date, dni text, _estado smallint);
    insert into crudo._clientes values (1, 2, 'C1', '2026-09-01', '20', null), (1, 3, 'C2', '2026-09-01', '30', 4);
    insert into control.entregas (archivo, tabla, sha256, lineas, leidas, mundo, corrida, entrega)
    overriding system value values ('clientes.csv', 'clientes', '', 2, 2, 'x', 'x', 1)
"""


def test_people_are_told_the_line_of_an_accepted_row_and_nothing_else_of_it(owner: Engine, reader: Engine) -> None:
    with owner.begin() as connection:
        connection.connection.cursor().execute("create schema if not exists crudo")
        connection.connection.cursor().execute(JUDGED)
    lines = text("select orden, archivo, linea from control.lineas(:entity, cast(:keys as jsonb))")

    def told(entity: str, keys: str) -> list[tuple]:
        with reader.connect() as connection:
            return [tuple(row) for row in connection.execute(lines, {"entity": entity, "keys": keys})]

    asked = '[{"cliente_id": "C2", "fecha": "2026-09-01"}, {"cliente_id": "C1", "fecha": "2026-09-01"}]'
    assert told("clientes", asked) == [(2, "clientes.csv", 2)]
    assert told("clientes", '[{"cliente_id": "C2"}]') == []  # which was rejected
    assert told("clientes", "[]") == told("transacciones", asked) == told("rechazos", asked) == []
    assert refused(reader, "select * from crudo._clientes")
    with pytest.raises(ProgrammingError, match="does not exist"):
        told("clientes", """[{"cliente_id::text = 'C2' or dni": "20"}]""")


def test_what_was_granted_otherwise_is_put_right_at_the_next_start(owner: Engine, reader: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text(f"grant select on control.rechazos to {READER}"))
        connection.execute(text(f"revoke select on mart.gasto_mensual from {READER}"))
        connection.execute(text(f"revoke usage on schema dw from {READER}"))
    migrate(owner)
    assert closed(reader) == of_staging() | CLOSED


def test_a_table_that_is_made_anew_by_a_migration_stays_closed(owner: Engine, reader: Engine) -> None:
    with owner.begin() as connection:
        connection.execute(text("create table control.otra (like control.rechazos including all)"))
        connection.execute(text("drop table control.rechazos"))
        connection.execute(text("alter table control.otra rename to rechazos"))
    migrate(owner)
    assert closed(reader) == of_staging() | CLOSED


def test_grants_that_are_right_are_left_alone(owner: Engine, reader: Engine) -> None:
    granted = text(
        "select oid::regclass::text, xmin::text, relacl::text from pg_class where relkind in ('r', 'p') order by 1"
    )
    with owner.connect() as connection:
        before = connection.execute(granted).all()
    migrate(owner)
    with owner.connect() as connection:
        assert [row for row in connection.execute(granted) if row[0] != "control.rechazos"] == [
            row for row in before if row[0] != "control.rechazos"
        ]


def test_of_what_somebody_else_owns_nothing_is_granted_and_nothing_fails(
    server: Server, owner: Engine, reader: Engine
) -> None:
    with psycopg.connect(server.url(DATABASE)) as superuser:
        superuser.execute("create table mart.ajena (numero int)")
    migrate(owner)
    assert closed(reader) == of_staging() | CLOSED
    assert refused(reader, "select * from mart.ajena")


def test_a_reader_of_everything_is_reported_until_a_superuser_ends_it(
    admin: psycopg.Connection, owner: Engine, reader: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    """As a stack's was before its files could be other people's."""
    admin.execute(f"grant pg_read_all_data to {READER}".encode())
    migrate(owner)
    assert closed(reader) == set()
    assert [record.getMessage() for record in caplog.records] == [
        "client360_reader reads everything, rejected lines of files too: as a superuser, revoke pg_read_all_data from it"
    ]
    caplog.clear()
    admin.execute(f"revoke pg_read_all_data from {READER}".encode())
    migrate(owner)
    assert closed(reader) == of_staging() | CLOSED
    assert not caplog.records


def test_the_image_of_the_stack_grants_no_more() -> None:
    assert "pg_read_all_data" not in (folders.ROOT / "docker" / "databases.sql").read_text()
