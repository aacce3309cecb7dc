"""The warehouse, by its connection in Airflow."""

from collections.abc import Iterator
from contextlib import contextmanager

from airflow.providers.postgres.hooks.postgres import PostgresHook
from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import Engine

from client360.warehouse.redaction import redacted

CONNECTION = "client360"


@contextmanager
def warehouse() -> Iterator[Engine]:
    """An engine of the warehouse. Redacts database errors. A ValueError, which is wrong input, fails the task without retries."""
    engine = PostgresHook(CONNECTION).get_sqlalchemy_engine({"hide_parameters": True})
    try:
        with redacted():
            yield engine
    except ValueError as error:
        raise AirflowFailException(str(error)) from None
    finally:
        engine.dispose()
