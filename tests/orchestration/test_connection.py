"""The sessions of tasks."""

import psycopg
import pytest
from sqlalchemy import Engine, text

from tools.local.server import Server

PRINTED = text(
    "select date '2026-11-20'::text, '1 day'::interval::text, timestamptz '2026-11-20 12:00+00'::text, 0.1::float8::text"
)


def test_dates_and_numbers_are_written_alike_whatever_the_environment_or_the_database_says(
    warehouse: Engine, server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    from client360.orchestration import connection  # Airflow's environment is set by now

    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("alter database warehouse set intervalstyle = 'iso_8601'")
        admin.execute("alter database warehouse set extra_float_digits = -15")
    monkeypatch.setenv("PGDATESTYLE", "SQL, DMY")
    monkeypatch.setenv("PGTZ", "America/Argentina/Salta")
    with connection.warehouse() as engine:
        for _ in range(2):  # sessions are used again
            with engine.connect() as session:
                assert list(session.execute(PRINTED).one()) == ["2026-11-20", "1 day", "2026-11-20 12:00:00+00", "0.1"]
    assert warehouse is not None
