"""The sessions of tasks: settings on which the text of dates and numbers depends, and with it what is published; and that all
sessions of a run are in one database."""

from typing import Any

from sqlalchemy import Engine, event

SETTINGS = {
    "bytea_output": "hex",
    "client_encoding": "UTF8",
    "datestyle": "ISO, MDY",
    "extra_float_digits": "1",
    "intervalstyle": "postgres",
    "lc_monetary": "C",
    "lc_numeric": "C",
    "lc_time": "C",
    "standard_conforming_strings": "on",
    "timezone": "UTC",
}
SET = "select " + ", ".join(f"set_config('{name}', '{value}', false)" for name, value in SETTINGS.items())


OID = "select oid from pg_database where datname = current_database()"


class WarehouseReplaced(ValueError):
    """Another run replaced the warehouse in which this run worked."""


def with_fixed_settings(engine: Engine) -> Engine:
    """Give every session of the engine these settings, whatever its role, its database or libpq's variables say."""

    @event.listens_for(engine, "connect")
    def fix(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SET)
        connection.commit()

    return engine


def database_oid(engine: Engine) -> int:
    """What identifies the database, whatever its name."""
    with engine.connect() as connection:
        return int(connection.exec_driver_sql(OID).scalar_one())


def pinned(engine: Engine, oid: int) -> Engine:
    """Have sessions of the engine work in the database with this oid only. Elsewhere they raise WarehouseReplaced."""

    @event.listens_for(engine, "connect")
    def require(connection: Any, _record: Any) -> None:
        if connection.execute(OID).fetchone() != (oid,):
            connection.close()
            raise WarehouseReplaced(
                "another run has replaced the warehouse, with all that this run had loaded into it: trigger a new run"
            )
        connection.commit()

    return engine
