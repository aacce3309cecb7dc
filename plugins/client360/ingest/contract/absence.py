"""Customers who are missing from a full list have left: `absent: closed` in feed.yaml.

Who is on a list is what clientes.sql gives of its files, rejected rows too. Two kinds of versions follow that no line gives: of
who is missing from a list, one that ends on its day; of who is on a later one again, and has no version since, one that does not.
A customer who is judged gets them anew, between the settling of keys and the search for versions without a change.
"""

import logging

from psycopg import sql

from client360.ingest.contract import rules
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.statements import Context, before, names, now, work_table
from client360.ingest.feed_spec import CUSTOMERS
from client360.ingest.file_names import first_names

log = logging.getLogger(__name__)

DERIVED = {"ausentes": 0, "regresos": -1}
"""The names under which derived versions are counted, each with the _valor that marks them."""
OF_THE_LIST = ("fecha", "fecha_baja")
"""The columns of a derived version that are not those of the version before."""


class TooManyAbsent(ValueError):
    """More customers are missing from a list than the feed allows; the message names the list, and counts them."""


def find_lists(context: Context, extent: Extent, unit: sql.Composable) -> None:
    """Collect the lists in the temporary table lista. Unless all rows are judged, add to the temporary table tocada the units, by
    the hash `unit`, of those who may be missing from others than before."""
    parts = {"tipadas": work_table(CUSTOMERS), "antes": before(CUSTOMERS), "ahora": now(CUSTOMERS)}
    staying = now(CUSTOMERS) if extent is Extent.WHOLE else work_table(CUSTOMERS)
    kind = context.feed.full_list
    unclear = context.execute("listas", **(parts | {"tipadas": staying}), tabla=kind).fetchall()
    if unclear:
        named = first_names([files for (files,) in unclear])
        log.warning("Nobody leaves by lists with lines of which the customer is unknown: %s.", named)
    if extent is not Extent.WHOLE:
        context.execute("listas_comparadas", **parts, huella=unit, tabla=kind)


def derive(context: Context) -> None:
    """Add the versions that follow from the lists to the customers that are judged. Raises TooManyAbsent."""
    parts = {"tipadas": now(CUSTOMERS), "tabla": context.feed.full_list}
    context.execute("presencias", **parts)
    _require_few_absent(context)
    columns = rules.table_of(CUSTOMERS).columns.keys()
    values = [sql.Identifier("derivada" if column in OF_THE_LIST else "juzgada", column) for column in columns]
    context.execute("ausentes", **parts, columnas=names(columns), valores=sql.SQL(", ").join(values))


def name_of_row(entity: str) -> sql.Composable:
    """The name under which a row of an entity is counted, as an expression."""
    if entity != CUSTOMERS:
        return sql.Literal(entity)
    cases = (sql.SQL("when {} then {}").format(value, name) for name, value in DERIVED.items())
    return sql.SQL("case _valor {} else {} end").format(sql.SQL(" ").join(cases), CUSTOMERS)


def _require_few_absent(context: Context) -> None:
    feed = context.feed
    limit = feed.files[feed.full_list].absent_limit if feed.full_list else 100
    found = [
        f"{missing:,} of the {there:,} customers of the list before are missing from {files}"
        for files, missing, there in context.execute("ausentes_de_mas", limite=limit).fetchall()
    ]
    if found:
        raise TooManyAbsent(
            f"feed {feed.name}: {first_names(found)}: more than {limit:g} %, and nothing is loaded. If that is not the whole "
            "list, deliver it whole or withdraw it (make withdraw); if they have left, raise its absent_limit in feed.yaml"
        )
