"""The disk of the server, where it can be seen from here."""

from pathlib import Path

from sqlalchemy import Engine

DATA_FOLDER = """
    select
        case
            when
                pg_has_role(current_user, 'pg_read_all_settings', 'usage')
                and inet_server_addr() is null
                and not exists (select 1 from pg_tablespace where spcname not in ('pg_default', 'pg_global'))
                then current_setting('data_directory')
        end
"""
"""The folder, of a server that is reached by a socket, if all of its data is there and this role may know it."""


def data_folder(engine: Engine) -> Path | None:
    """The folder of the server's data, where it is on this machine; None where it can not be seen from here, as in Docker."""
    with engine.connect() as connection:
        named = connection.exec_driver_sql(DATA_FOLDER).scalar()
    try:
        return Path(named).resolve(strict=True) if named else None
    except OSError:  # of another machine's or container's server, or in a folder that this user may not enter
        return None
