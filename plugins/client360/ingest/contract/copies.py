"""Files that are copies of others: their rows stay in the raw tables and do not count."""

import logging

from client360.ingest.contract.statements import Context
from client360.ingest.file_names import first_names
from client360.ingest.raw_tables import ensure_raw_table

log = logging.getLogger(__name__)


def set_aside(context: Context) -> None:
    """Mark copies in control.entregas, and those that are none any more, since the other file has changed or was withdrawn.

    A pure function of the deliveries: whichever came first, the same file is the original.
    """
    files = context.feed.files
    for name in context.raw_tables():
        ensure_raw_table(context.connection, name, (), files[name].dialect.nulls)  # a view of before shows copies
    found = context.execute(
        "copias",
        contadas=[name for name, kind in files.items() if kind.copies == "count"],
        con_carpeta=[name for name, kind in files.items() if "/" in kind.name],
        ajustes=[kind.read_settings() for kind in files.values()],
    ).fetchall()
    if found:
        named = first_names([f"{copy} of {original}" for copy, original in found])
        log.warning("Copies, whose rows do not count: %d, %s.", len(found), named)
