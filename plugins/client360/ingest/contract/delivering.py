"""Replaces the changed days in staging, and adds the provinces that the rows name."""

from datetime import date
from itertools import chain

from psycopg import sql
from sqlalchemy import Column

from client360.ingest.contract import rules
from client360.ingest.contract.absence import DERIVED
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.rules import MODELS
from client360.ingest.contract.statements import Context, fill, names, work_table
from client360.ingest.feed_spec import PROVINCES
from client360.load import dimensions
from client360.load.spellings import Spellings
from client360.simulate.facts import HOME
from client360.warehouse import locks
from client360.warehouse.models import LANDING
from client360.warehouse.models.entity import OR_EMPTY
from client360.warehouse.partitions import AHEAD, create_partitions


def deliver(context: Context, extents: dict[str, Extent], run: str) -> list[date]:
    """Replace the changed days in staging and control.cargas, and complete the provinces; returns those days."""
    names_of_rows = {"entidades": list(LANDING), "derivadas": list(DERIVED)}
    context.execute("cargas", **names_of_rows, mundo=context.feed.owner, corrida=run)
    changed: dict[str, list[date]] = dict(context.execute("dias_cambiados").fetchall())
    days = sorted(set(chain.from_iterable(changed.values())))
    if days:
        _create_partitions(context, changed)
        locks.months(context.connection, changed, days[0], days[-1])
    for entity in changed:
        columns = rules.table_of(entity).columns
        if extents[entity] is not Extent.WHOLE:
            context.index(entity, "fecha", names(["fecha"]))
        context.execute(
            "entrega",
            destino=sql.Identifier("staging", entity),
            tipadas=work_table(entity),
            columnas=names(columns.keys()),
            valores=sql.SQL(", ").join(map(_value, columns)),
            entidad=entity,
        )
    _complete_provinces(context)
    return days


def _value(column: Column) -> sql.Composable:
    """The value of a typed row as staging holds it."""
    value = sql.Identifier("juzgada", column.name)
    return fill("coalesce({value}, '')", value=value) if OR_EMPTY in column.info else value


def _create_partitions(context: Context, changed: dict[str, list[date]]) -> None:
    """Create missing partitions. Versions may be decades old and only pass through staging, so they get partitions only
    there; facts need them in every layer."""
    for entity, days in changed.items():
        of = [table for table in AHEAD if table is rules.table_of(entity)] if MODELS[entity].versioned else AHEAD
        create_partitions(context.connection, {day.replace(day=1) for day in days}, of)


def _complete_provinces(context: Context) -> None:
    """Complete dw.dim_provincia: Argentina's reference list, unless the feed provides provinces or is of another country, and
    every province that rows name. What they write instead of a name goes to dw.grafia_provincia."""
    described = PROVINCES in context.feed.mapping
    provinces = [] if described or context.feed.country != HOME else list(dimensions.provinces())
    if described:
        known = [name for (name,) in context.execute("provincias_descritas").fetchall()]
    else:
        known = [province["provincia"] for province in provinces]
    usual = dimensions.spellings() if context.feed.country == HOME else {}
    reference = Spellings(known, usual.items())
    # those of the feed count first, and may lead to anything that is understood without them
    own = [(spelling, reference.name(meant) or meant) for spelling, meant in context.feed.spellings.items()]
    spellings = Spellings(known, [*own, *usual.items()])
    # without any that are known, names are as good as others
    written = context.execute("provincias_escritas").fetchall() if known else []
    meant = [(name, spellings.name(name), rows) for name, rows in written]
    unlike = [(name, province, rows) for name, province, rows in meant if province != name]
    context.execute(
        "grafias",
        grafias=[name for name, _, _ in unlike],
        significados=[province for _, province, _ in unlike],
        filas=[rows for _, _, rows in unlike],
    )
    context.execute(
        "provincias",
        provincias=[province["provincia"] for province in provinces],
        regiones=[province["region"] for province in provinces],
        poblaciones=[province["poblacion"] for province in provinces],
    )
