"""Settings of a session on which the text of dates and numbers, and with it what is published, depends."""

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


def with_fixed_settings(engine: Engine) -> Engine:
    """Give every session of the engine these settings, whatever its role, its database or libpq's variables say."""

    @event.listens_for(engine, "connect")
    def fix(connection: Any, _record: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute(SET)
        connection.commit()

    return engine
