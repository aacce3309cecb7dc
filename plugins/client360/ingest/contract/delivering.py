"""Replaces the changed days in staging, and adds the provinces that the rows name."""

from datetime import date
from itertools import chain

from psycopg import sql

from client360.ingest.contract import rules
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.rules import MODELS
from client360.ingest.contract.statements import Context, names, work_table
from client360.ingest.feed_spec import PROVINCES
from client360.load import dimensions
from client360.warehouse import locks
from client360.warehouse.models import LANDING
from client360.warehouse.partitions import AHEAD, create_partitions


def deliver(context: Context, extents: dict[str, Extent], run: str) -> list[date]:
    """Replace the changed days in staging and control.cargas, and complete the provinces; returns those days."""
    context.execute("cargas", entidades=list(LANDING), mundo=context.feed.owner, corrida=run)
    changed: dict[str, list[date]] = dict(context.execute("dias_cambiados").fetchall())
    days = sorted(set(chain.from_iterable(changed.values())))
    if days:
        _create_partitions(context, changed)
        locks.months(context.connection, changed, days[0], days[-1])
    for entity in changed:
        if extents[entity] is not Extent.WHOLE:
            context.index(entity, "fecha", names(["fecha"]))
        context.execute(
            "entrega",
            destino=sql.Identifier("staging", entity),
            tipadas=work_table(entity),
            columnas=names(rules.table_of(entity).columns.keys()),
            entidad=entity,
        )
    _complete_provinces(context)
    return days


def _create_partitions(context: Context, changed: dict[str, list[date]]) -> None:
    """Create missing partitions. Versions may be decades old and only pass through staging, so they get partitions only
    there; facts need them in every layer."""
    for entity, days in changed.items():
        of = [rules.table_of(entity)] if MODELS[entity].versioned else AHEAD
        create_partitions(context.connection, {day.replace(day=1) for day in days}, of)


def _complete_provinces(context: Context) -> None:
    """Complete dw.dim_provincia: Argentina's reference list, unless the feed provides provinces or is of another country, and
    every province that rows name."""
    described = PROVINCES in context.feed.mapping or context.feed.country != "AR"
    provinces = [] if described else list(dimensions.provinces())
    context.execute(
        "provincias",
        provincias=[province["provincia"] for province in provinces],
        regiones=[province["region"] for province in provinces],
        poblaciones=[province["poblacion"] for province in provinces],
    )
