"""A replacement is built beside the warehouse and takes its place and name as a whole."""

from collections.abc import Iterator

import psycopg
import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.pool import NullPool

from client360.warehouse import databases
from client360.warehouse.databases import CannotReplace, Replacement, ReplacementGone, SessionsStay
from client360.warehouse.migrate import READER
from tools.local.server import Server

NEW = Replacement("warehouse", "manual__2026-11-20")
LATER = Replacement("warehouse", "manual__2026-11-21")


@pytest.fixture
def maintenance(server: Server, warehouse: Engine) -> Iterator[Engine]:
    """The server, once the warehouse is there; afterwards nothing is left beside the warehouse."""
    engine = create_engine(server.url("postgres", "postgresql+psycopg"), poolclass=NullPool)
    yield engine
    for name in beside(server):
        execute(server, f"drop database {name} with (force)")


def execute(server: Server, statement: str, database: str = "postgres") -> list[tuple]:
    with psycopg.connect(server.url(database), autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def beside(server: Server) -> list[str]:
    return [name for (name,) in execute(server, "select datname from pg_database where datname like 'warehouse\\__%'")]


def built(server: Server, maintenance: Engine, warehouse: Engine, replacement: Replacement = NEW) -> None:
    replacement.create(maintenance, warehouse)
    execute(server, "create table built (by text)", replacement.building)
    execute(server, f"insert into built values ('{replacement.run}')", replacement.building)


def test_it_takes_the_name_of_the_warehouse_which_is_dropped(
    server: Server, maintenance: Engine, warehouse: Engine
) -> None:
    built(server, maintenance, warehouse)
    assert NEW.place(maintenance) == NEW.building
    NEW.take_over(maintenance)
    assert NEW.place(maintenance) == "warehouse"
    assert execute(server, "select by from built", "warehouse") == [(NEW.run,)]
    assert beside(server) == []
    NEW.take_over(maintenance)  # by a task that was tried again
    assert execute(server, "select by from built", "warehouse") == [(NEW.run,)]


def test_a_run_that_is_cleared_and_builds_once_more_takes_over_once_more(
    server: Server, maintenance: Engine, warehouse: Engine
) -> None:
    built(server, maintenance, warehouse)
    NEW.take_over(maintenance)
    execute(server, "drop table built", "warehouse")
    built(server, maintenance, warehouse)
    NEW.take_over(maintenance)
    assert execute(server, "select by from built", "warehouse") == [(NEW.run,)]
    assert beside(server) == []


def test_a_forgotten_transaction_of_a_reader_does_not_hold_it_up(
    server: Server, maintenance: Engine, warehouse: Engine
) -> None:
    built(server, maintenance, warehouse)
    with psycopg.connect(server.url("warehouse")) as forgotten:
        forgotten.execute("select count(*) from dw.dim_cliente")
        NEW.take_over(maintenance)
        with pytest.raises(psycopg.OperationalError):
            forgotten.execute("select 1")


def test_after_a_crash_before_the_old_one_was_dropped_the_next_try_drops_it(
    server: Server, maintenance: Engine, warehouse: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    built(server, maintenance, warehouse)
    with monkeypatch.context() as crash:
        crash.setattr(databases.log, "warning", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            NEW.take_over(maintenance)
    assert beside(server) == [NEW.previous]
    NEW.take_over(maintenance)
    assert beside(server) == []
    assert execute(server, "select by from built", "warehouse") == [(NEW.run,)]


def test_where_the_old_one_cannot_be_dropped_the_new_one_is_in_place_and_the_next_replacement_drops_it(
    server: Server, maintenance: Engine, warehouse: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    built(server, maintenance, warehouse)
    execute(server, "alter database warehouse is_template true")  # PostgreSQL drops no template
    try:
        NEW.take_over(maintenance)
    finally:
        for name in ("warehouse", *beside(server)):
            execute(server, f"alter database {name} is_template false")
    assert (
        "could not be dropped, and takes room until the next run with reemplazar drops it: cannot drop" in caplog.text
    )
    assert execute(server, "select by from built", "warehouse") == [(NEW.run,)]
    assert beside(server) == [NEW.previous]
    execute(server, "drop table built", "warehouse")
    LATER.create(maintenance, warehouse)
    assert beside(server) == [LATER.building]


def test_a_later_one_removes_it_and_it_is_said(server: Server, maintenance: Engine, warehouse: Engine) -> None:
    execute(server, "create database warehouse_next_year")  # a person's, whatever it is for
    built(server, maintenance, warehouse)
    built(server, maintenance, warehouse, LATER)
    for late in (NEW.place, NEW.take_over):
        with pytest.raises(ReplacementGone, match=r"in which this run buil.* is gone"):
            late(maintenance)
    LATER.take_over(maintenance)
    assert beside(server) == ["warehouse_next_year"]
    assert execute(server, "select by from built", "warehouse") == [(LATER.run,)]


def test_it_has_the_privileges_of_the_warehouse(server: Server, maintenance: Engine, warehouse: Engine) -> None:
    acl = "select datacl::text from pg_database where datname = '{}'"
    for grant in ("revoke all on database warehouse from public", f"grant connect on database warehouse to {READER}"):
        execute(server, grant)
    NEW.create(maintenance, warehouse)
    assert execute(server, acl.format(NEW.building)) == execute(server, acl.format("warehouse"))


def test_what_others_keep_in_the_database_is_not_dropped(
    server: Server, maintenance: Engine, warehouse: Engine
) -> None:
    execute(server, "create schema analisis; create view analisis.mia as select * from dw.dim_cliente", "warehouse")
    with pytest.raises(CannotReplace, match="also has tables or views in analisis, which reemplazar would drop"):
        NEW.create(maintenance, warehouse)
    assert beside(server) == []


@pytest.fixture
def keeper(server: Server, warehouse: Engine) -> Iterator[str]:
    """A role that owns the warehouse and is no superuser; `keeper` in the place of postgres."""
    execute(
        server, f"create role keeper login createdb; grant {READER} to keeper; alter database warehouse owner to keeper"
    )
    yield server.url("{}", "postgresql+psycopg").replace("postgres@", "keeper@")
    execute(server, "grant connect on database postgres to public; alter database warehouse owner to postgres")
    for name in beside(server):
        execute(server, f"drop database {name} with (force)")
    execute(server, "drop owned by keeper; drop role keeper")


@pytest.mark.parametrize(
    "lacking",
    [
        "alter role keeper nocreatedb",
        f"revoke {READER} from keeper",
        "revoke connect on database postgres from public",
    ],
)
def test_without_a_privilege_nothing_is_done_and_the_message_gives_the_statements(
    server: Server, keeper: str, lacking: str
) -> None:
    execute(server, lacking)
    to_postgres, to_warehouse = (
        create_engine(keeper.format(name), poolclass=NullPool) for name in ("postgres", "warehouse")
    )
    with pytest.raises(CannotReplace, match="run once, as a superuser of the server: alter role client360 createdb"):
        NEW.create(to_postgres, to_warehouse)
    assert beside(server) == []


def test_sessions_that_may_not_be_ended_keep_the_warehouse_as_it_is(
    server: Server, keeper: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "ATTEMPTS", 1)
    to_postgres, to_warehouse = (
        create_engine(keeper.format(name), poolclass=NullPool) for name in ("postgres", "warehouse")
    )
    NEW.create(to_postgres, to_warehouse)
    with psycopg.connect(server.url("warehouse")) as superuser:
        with pytest.raises(SessionsStay, match="warehouse is kept open by sessions of postgres"):
            NEW.take_over(to_postgres)
        assert superuser.execute("select to_regclass('dw.dim_cliente') is not null").fetchone() == (True,)
    NEW.take_over(to_postgres)


def test_names_beside_a_long_name_are_its_own() -> None:
    one, other = (Replacement("w" * 50 + letter, "run") for letter in "ab")
    assert len({one.building, one.previous, other.building, other.previous}) == 4
    assert len(one.previous) < 64
