"""From a feed's SELECT to the typed rows of an entity, each with the first defect of its values or references."""

from collections.abc import Iterable

import psycopg
from psycopg import sql
from sqlalchemy import Column, Date, DateTime, Integer, Text

from client360.ingest.contract import rules
from client360.ingest.contract.changes import Changes
from client360.ingest.contract.extent import Extent, of_select
from client360.ingest.contract.parts import in_part
from client360.ingest.contract.retention import require_text
from client360.ingest.contract.rules import MODELS
from client360.ingest.contract.statements import Context, fill, names, now, statements, work_table
from client360.ingest.feed_spec import LEFT_OUT, BadFeed
from client360.warehouse import erased
from client360.warehouse.models.entity import OR_EMPTY, OR_REPORTING, required

TEXT_TYPES = (25, 1042, 1043)
"""Type OIDs of text, char and varchar in PostgreSQL."""


def create_table(context: Context, entity: str, changes: Changes) -> Extent:
    """Make crudo._ahora_<entity> of the lines that the run has to judge, if there are any; returns how much of the entity they
    are. Raises BadFeed where the SELECT fails or gives other columns than those of the entity, and TextGone."""
    columns = rules.table_of(entity).columns
    mapping, given = _mapping(context, entity, columns)
    extent = of_select(context, changes, entity, mapping)
    if extent is Extent.NOTHING:
        return extent
    require_text(context, changes, extent)
    if extent is not Extent.WHOLE:
        index_parents(context, entity)
    comma = [name for name, file in context.feed.files.items() if file.dialect.decimal == ","]
    _run_mapping(
        context,
        entity,
        extent,
        "filas_tipadas",
        tipadas=now(entity),
        valores=names(columns.keys(), "juzgada"),
        estado=rules.state(entity),
        defectos=rules.value_defect(entity),
        incompleta=rules.lacks_what_parents_give(entity),
        lecturas=sql.SQL(", ").join(_read(column) for column in columns if not isinstance(column.type, Text)),
        calendarios=sql.SQL(" ").join(_calendar_join(column) for column in columns if isinstance(column.type, Date)),
        escritas=sql.SQL(", ").join(
            _written(column, given.get(column.name), context.feed.currency, comma) for column in columns
        ),
        mapeo=mapping if extent is Extent.WHOLE else in_part(context, entity, mapping, extent, changes),
        padres=parent_joins(entity),
    )
    return extent


def create_left_out_table(context: Context, changes: Changes) -> Extent:
    """Make crudo._ahora_descartes, as for an entity: rows that are to reach none, each once. Raises BadFeed where the SELECT
    fails."""
    mapping, _ = _mapping(context, LEFT_OUT, ())
    extent = of_select(context, changes, LEFT_OUT, mapping)
    if extent is not Extent.NOTHING:
        require_text(context, changes, extent)
        mapping = mapping if extent is Extent.WHOLE else in_part(context, LEFT_OUT, mapping, extent, changes)
        _run_mapping(context, LEFT_OUT, extent, "descartes", tipadas=now(LEFT_OUT), mapeo=mapping)
    return extent


def _run_mapping(context: Context, name: str, extent: Extent, statement: str, **parts: sql.Composable) -> None:
    """Run a statement around a SELECT of the feed. Raises BadFeed where it fails."""
    try:
        with context.names_of_files(in_part=extent is not Extent.WHOLE):
            context.execute(statement, **parts)
    except (psycopg.DataError, psycopg.IntegrityError, psycopg.ProgrammingError) as error:
        # the message may quote the value
        raise BadFeed(
            f"{context.mapping_file(name)} fails on a value that it meets ({type(error).__name__}): leave what may be no day or "
            "number as text, or use crudo.fecha and crudo.numero"
        ) from None


def _mapping(context: Context, name: str, columns: Iterable[Column]) -> tuple[sql.SQL, dict[str, int]]:
    """A SELECT of the feed, and the type of each column that it gives. Without one, or while none of its files has come, it
    gives no rows. Raises BadFeed where it gives other columns than these."""
    columns = list(columns)
    (nothing,) = statements("sin_filas")
    empty = sql.SQL(nothing), dict[str, int]()
    mapping = context.select(name)
    if mapping is None:
        return empty
    try:
        with context.connection.begin_nested(), context.names_of_files():
            context.execute("columnas_dadas", mapeo=mapping)
            given = {column.name: column.type_code for column in context.cursor.description or ()}
    except psycopg.errors.UndefinedTable as error:
        if len(context.raw_tables()) < len(context.feed.files):
            return empty
        raise BadFeed(f"{context.mapping_file(name)}: {_said(error)}") from None
    except psycopg.ProgrammingError as error:
        raise BadFeed(f"{context.mapping_file(name)}: {_said(error)}") from None
    _check_columns(context.mapping_file(name), given, columns)
    return mapping, given


def _said(error: psycopg.Error) -> str:
    """What PostgreSQL says of names, and which name it takes to be meant."""
    return ". ".join(part for part in (error.diag.message_primary, error.diag.message_hint) if part)


def _check_columns(file: str, given: Iterable[str], columns: list[Column]) -> None:
    """Raises BadFeed where a SELECT lacks a required column, or gives one that the contract does not have."""
    needed = ("_archivo", "_linea", *(column.name for column in columns if required(column)))
    known = {"_archivo", "_linea", *(column.name for column in columns)}
    for problem, found in (
        ("does not give", [column for column in needed if column not in given]),
        ("gives what the contract does not have:", sorted(set(given) - known)),
    ):
        if found:
            raise BadFeed(f"{file} {problem} {', '.join(found)}")


def _written(column: Column, type_code: int | None, currency: str, comma: list[str]) -> sql.Composed:
    """A column of the mapping as text, named as the original text of its value; null where it names the currency that is meant
    without one, and the key of a customer who was erased."""
    expression = fill("null::text") if type_code is None else _text(column, type_code, comma)
    if column.name == "cliente_id" and OR_EMPTY in column.info:
        expression = fill(
            "case when not starts_with({text}, {mark}) then {text} end", text=expression, mark=sql.Literal(erased.MARK)
        )
    if column.info.get(OR_REPORTING):
        expression = fill("nullif({text}, {currency})", text=expression, currency=sql.Literal(currency))
    return fill("{expression} as {written}", expression=expression, written=rules.written(column))


def _text(column: Column, type_code: int, comma: list[str]) -> sql.Composed:
    """A column of the mapping as text, null where that is empty; numbers from files with a decimal comma get a decimal point."""
    text = fill("fila.{column}::text", column=column.name)
    if isinstance(column.type, Text):
        text = fill("nullif({text}, '')", text=text)
        return fill('{text} collate "C"', text=text) if column.type.collation else text
    if isinstance(column.type, Date | DateTime) or type_code not in TEXT_TYPES or not comma:
        return text
    return fill(
        "case when entregas.tabla = any({comma}) then crudo.numero({text}, ',')::text else {text} end",
        comma=sql.Literal(comma),
        text=text,
    )


def _read(column: Column) -> sql.Composed:
    """An expression that parses a day, a moment or a number: null if the text is none, also where PostgreSQL would accept it
    (0x1F, NaN)."""
    parts = {"written": rules.written(column), "value": sql.Identifier(column.name)}
    if isinstance(column.type, Date):
        return fill("crudo.leer_dia({written}, {calendar}.dia) as {value}", calendar=_calendar(column), **parts)
    if isinstance(column.type, DateTime):
        return fill("crudo.leer_momento({written}) as {value}", **parts)
    if isinstance(column.type, Integer):
        return fill("crudo.leer_entero({written}) as {value}", **parts)
    type_name = rules.type_name(column)
    return fill(
        "crudo.leer_decimal({written}, {type_name})::{type} as {value}",
        type_name=sql.Literal(type_name),
        type=sql.SQL(type_name),
        **parts,
    )


def _calendar(column: Column) -> str:
    return f"_calendario_{column.name}"


def _calendar_join(column: Column) -> sql.Composed:
    return fill(
        "left join crudo._calendario as {calendar} on {calendar}.texto = {written}",
        calendar=_calendar(column),
        written=rules.written(column),
    )


def index_parents(context: Context, entity: str) -> None:
    """Let a few rows find what they refer to without reading all that is known."""
    for reference in MODELS[entity].references:
        if reference.entity != entity:
            context.index(f"conocidos_{reference.entity}", "clave", names([f"_{reference.entity}"]))


def parent_joins(entity: str) -> sql.Composed:
    """The joins to the known parents. References within the entity are judged later, once its own rows are known."""
    return sql.SQL(" ").join(
        fill(
            "left join {known} on {key} = {column}",
            known=work_table(f"conocidos_{reference.entity}"),
            key=f"_{reference.entity}",
            column=reference.column,
        )
        for reference in MODELS[entity].references
        if reference.entity != entity
    )
