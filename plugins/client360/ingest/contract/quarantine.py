"""Quarantine: control.rechazos keeps each rejected row with its text and the reason, control.lecturas counts the outcome of
all rows."""

from psycopg import sql

from client360.ingest.contract import rules
from client360.ingest.contract.absence import DERIVED
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.statements import Context, names, statements, work_table
from client360.ingest.feed_spec import ENTITIES, LEFT_OUT
from client360.warehouse.models import MOTIVOS
from client360.warehouse.templates import compose

REASONS_OF_LINES = MOTIVOS[: MOTIVOS.index("tipo_invalido")]
"""Reasons for which a line could not be read at all."""
UNMAPPED = 1
"""State of a line that no SELECT returned, which belongs to no entity."""


class TooManyRejected(ValueError):
    """More rows of an entity were rejected than the feed allows; the message counts them by entity and reason."""


def number_defects(context: Context) -> None:
    """Record which defect each state of a rejected row stands for."""
    unmapped = {"entidad": "", "estado": UNMAPPED, "motivo": "sin_mapear", "columna": None, "detalle": None}
    (statement,) = statements("defectos")
    context.cursor.executemany(
        statement,
        [
            {
                "entidad": entity,
                "estado": state,
                "motivo": defect.reason,
                "columna": defect.column,
                "detalle": defect.detail,
            }
            for entity in ENTITIES
            for state, defect in rules.numbered(entity)
        ]
        + [unmapped],
    )


def record(context: Context, extents: dict[str, Extent], run: str) -> None:
    """Bring control.lecturas and control.rechazos up to date. Raises BadFeed where a SELECT returned a line that its file does
    not have."""
    for entity, extent in extents.items():
        statement = "rechazadas" if extent is Extent.WHOLE else "rechazadas_de_lineas"
        context.execute(statement, entidad=entity, tipadas=work_table(entity))
    for name, deliveries in context.execute("entregas_por_comparar", derivadas=list(DERIVED)).fetchall():
        _reject_unmapped_lines(context, name, deliveries)
    for name in context.raw_tables():
        _quote_rejected_lines(context, name)
    context.execute("lecturas")
    context.execute("rechazos_anteriores")
    context.execute("rechazos", de_la_linea=list(REASONS_OF_LINES), corrida=run)


def excess(context: Context, threshold: float) -> str | None:
    """The message of TooManyRejected, where more than `threshold` per cent of the rows of an entity were rejected."""
    found = [
        f"{rejected} of {rows} {what} ({why})"
        for what, rejected, rows, why in context.execute("exceso", umbral=threshold)
    ]
    if not found:
        return None
    database = context.cursor.connection.info.dbname  # a replacement's is another one than the warehouse
    return (
        f"feed {context.feed.name}: more than {threshold:g} % were rejected, and nothing is loaded: {'; '.join(found)}. "
        f"control.rechazos of the database {database} has every one of them; umbral allows for more"
    )


def _reject_unmapped_lines(context: Context, name: str, deliveries: list[int]) -> None:
    """Reject the lines of these files of a kind that no SELECT returned, unless they are lookups. Raises BadFeed where one
    returned a line that the file does not have."""
    raw = _raw_table(name)
    compared = context.execute("lineas_comparadas", crudas=raw, entregas=deliveries, derivadas=list(DERIVED)).fetchall()
    entities = sorted({entity for _, _, others in compared for entity in others})
    differing = [delivery for delivery, _, others in compared if others]
    for entity in entities:
        (found,) = context.execute(
            "lineas_inexistentes", tipadas=work_table(entity), crudas=raw, entregas=differing
        ).fetchone() or (False,)
        if found:
            raise context.no_line(entity)
    incomplete = [delivery for delivery, complete, _ in compared if not complete]
    if incomplete and not context.feed.files[name].lookup:
        (given,) = statements("lineas_dadas")
        context.execute(
            "lineas_sin_mapear",
            crudas=raw,
            entregas=incomplete,
            sin_mapear=UNMAPPED,
            # without any entity that has rows of these files, nothing was left out of them either
            dadas=sql.SQL(" union all ").join(
                compose(given, {"tipadas": work_table(entity)}) for entity in entities or [LEFT_OUT]
            ),
        )


def _quote_rejected_lines(context: Context, name: str) -> None:
    """Collect the text of the rejected lines of a kind of file, the columns in the order of each header."""
    dialect = context.feed.files[name].dialect
    for columns, deliveries in context.execute("cabeceras", tabla_cruda=name).fetchall():
        context.execute(
            "textos",
            columnas=names(columns.split(",")),
            delimitador=dialect.delimiter,
            comilla=dialect.quote,
            crudas=_raw_table(name),
            entregas=deliveries,
        )


def _raw_table(name: str) -> sql.Identifier:
    return sql.Identifier("crudo", f"{name}_filas")
