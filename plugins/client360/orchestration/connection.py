"""The warehouse, by its connection in Airflow."""

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import Engine

from client360.run.request import RunRequest
from client360.warehouse import erased
from client360.warehouse.databases import MAINTENANCE, Replacement
from client360.warehouse.migrate import migrate
from client360.warehouse.redaction import redacted
from client360.warehouse.sessions import pinned, with_fixed_settings

CONNECTION = "client360"


@contextmanager
def warehouse(database: str | None = None) -> Iterator[Engine]:
    """An engine of the warehouse, or of another database of its server. Redacts database errors.

    A ValueError, which is wrong input, fails the task without retries.
    """
    hook = PostgresHook(CONNECTION, database=database)
    engine = with_fixed_settings(hook.get_sqlalchemy_engine({"hide_parameters": True}))
    try:
        with redacted():
            yield engine
    except ValueError as error:
        raise AirflowFailException(str(error)) from None
    finally:
        engine.dispose()


@contextmanager
def warehouse_of(request: RunRequest, run: str, oid: int | None = None) -> Iterator[Engine]:
    """An engine of the database in which the run works: its replacement of the warehouse, if it builds one.

    With an oid, sessions open only while the database with that name is still the one with that oid.
    """
    if not request.replace:
        place = None
    else:
        with warehouse(MAINTENANCE) as server:
            place = replacement(run).place(server)
    with warehouse(place) as engine:
        yield engine if oid is None else pinned(engine, oid)


def replacement(run: str) -> Replacement:
    """The replacement of the warehouse that a run builds, if it builds one."""
    return Replacement(str(PostgresHook(CONNECTION).sqlalchemy_url.database), run)


def build_replacement(run: str) -> None:
    """Create the replacement that the run fills. Raises CannotReplace, which fails the task."""
    made = replacement(run)
    with warehouse() as engine, warehouse(MAINTENANCE) as server:
        made.create(server, engine)
    with warehouse(made.building) as engine:
        migrate(engine)
        with warehouse() as before, before.begin() as source, engine.begin() as target:
            erased.copy(source, target)
