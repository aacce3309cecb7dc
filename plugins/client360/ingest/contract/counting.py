"""Counts the rows that came and went, and puts those that came in their place."""

from psycopg import sql

from client360.ingest.contract import absence, rules
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.judging import hash_of
from client360.ingest.contract.statements import Context, before, fill, now, work_table
from client360.ingest.feed_spec import CUSTOMERS, LEFT_OUT
from client360.warehouse.models import LANDING

PROVINCE = {
    "clientes": "case when coalesce(pais, {pais}) = {pais} then provincia end",
    "ventas": "provincia_envio",
}
"""The entities whose rows name provinces, with the column."""


def count(context: Context, entity: str, extent: Extent) -> None:
    """Note the differences that judged rows make to crudo._resumen, and the provinces that they name. Raises BadFeed where rows
    name no file, or no line of one."""
    if extent is Extent.WHOLE:
        derived = absence.DERIVED if entity == CUSTOMERS else ()
        context.execute("resumen_sin_entidad", entidades=[entity, *derived])
    else:
        _count(context, entity, before(entity), -1)
    _count(context, entity, now(entity), 1)
    (found,) = context.execute("sin_linea", entidad=entity).fetchone() or (False,)
    if found:
        raise context.no_line(entity)


def keep(context: Context, entity: str, extent: Extent) -> None:
    """Keep the judged rows, with those that were not judged, as crudo._<entity>; note which lines were judged."""
    parts = {"tipadas": work_table(entity), "antes": before(entity), "ahora": now(entity)}
    if extent is Extent.WHOLE:
        context.execute("lineas_todas_juzgadas", entidad=entity)
        context.execute("filas_reemplazadas", nombre=sql.Identifier(f"_{entity}"), **parts)
    else:
        context.execute("lineas_juzgadas", entidad=entity, **parts)
        context.execute("filas_corregidas", **parts)


def bring_up_to_date(context: Context) -> None:
    """Bring crudo._resumen up to date with the differences of all entities."""
    context.execute("resumen_puesto_al_dia")


def _count(context: Context, entity: str, rows: sql.Identifier, times: int) -> None:
    if not context.any_rows(rows):
        return
    if entity == LEFT_OUT:
        context.execute("resumen_descartes", tipadas=rows, veces=times)
        return
    columns = rules.table_of(entity).columns
    measure = LANDING[entity].measure() if entity in LANDING else None
    context.execute(
        "resumen",
        entidad=absence.name_of_row(entity),
        dia=sql.SQL("fecha" if "fecha" in columns else "null::date"),
        huella=hash_of(columns),
        medida=sql.SQL("0" if measure is None else str(measure.compile(compile_kwargs={"include_table": False}))),
        tipadas=rows,
        veces=times,
    )
    if entity in PROVINCE:
        province = fill(PROVINCE[entity], pais=sql.Literal(context.feed.country))
        context.execute("provincias_nombradas", entidad=entity, nombrada=province, tipadas=rows, veces=times)
