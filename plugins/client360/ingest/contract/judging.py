"""Compares typed rows with each other: one row per natural key, no unchanged versions, references within the entity; counts
the outcome."""

from collections.abc import Iterable

from psycopg import sql
from sqlalchemy import Column, Date, Integer, Text

from client360.ingest.contract import rules
from client360.ingest.contract.rules import MODELS, REFERENCED
from client360.ingest.contract.statements import Context, fill, names, work_table
from client360.ingest.feed_spec import LEFT_OUT
from client360.warehouse.models import LANDING

HASHES = {Text: "hashtextextended", Date: "hashdateextended", Integer: "hashint4extended"}


def judge(context: Context, entity: str) -> None:
    """Settle the state of every typed row of an entity. Raises BadFeed where one names no line of a file."""
    _settle_keys(context, entity)
    if MODELS[entity].versioned:
        _drop_unchanged_versions(context, entity)
    if entity in REFERENCED:
        _make_known(context, entity)
    _count(context, entity)


def count_left_out(context: Context) -> None:
    """Count the rows that are left out, as rows of entities are counted. Raises BadFeed where one names no line of a file."""
    context.execute("resumen_descartes")
    _refuse_rows_without_line(context, LEFT_OUT)


def _settle_keys(context: Context, entity: str) -> None:
    """Where rows share a natural key, keep the first row of the latest file."""
    key = MODELS[entity].natural_key
    columns = rules.table_of(entity).columns
    parts = {
        "tipadas": work_table(entity),
        "huella": _hash(columns[name] for name in key),
        "clave_repetida": rules.repeated_key(entity),
    }
    (disputed,) = context.execute("claves_disputadas", **parts).fetchone() or (0,)
    if disputed:
        context.execute("claves_resueltas", clave=names(key), columnas=names(columns.keys()), **parts)


def _drop_unchanged_versions(context: Context, entity: str) -> None:
    """Mark versions that are identical to the version before them."""
    key, day = MODELS[entity].natural_key
    content = [column.name for column in rules.table_of(entity).columns if column.name not in (key, day)]
    context.execute("versiones_sin_cambio", tipadas=work_table(entity), contenido=names(content), clave=names([key]))


def _make_known(context: Context, entity: str) -> None:
    """Make crudo._conocidos_<entity>, which rows of other entities may refer to, and reject the rows that refer to a row of the
    entity itself that does not exist."""
    known = f"conocidos_{entity}"
    context.execute(known)
    for reference in MODELS[entity].references:
        if reference.entity == entity:
            context.execute(
                "padres_propios",
                tipadas=work_table(entity),
                conocidos=work_table(known),
                defectos=rules.first_defect(entity, own=True),
                columna=sql.Identifier(reference.column),
                padre=sql.Identifier(f"_{entity}"),
                condicion=fill(reference.holds),
            )
            if context.cursor.rowcount:  # they are rejected rows now
                context.execute(known)


def _count(context: Context, entity: str) -> None:
    """Count the rows of an entity by file, day and state, and collect the rejected ones."""
    columns = rules.table_of(entity).columns
    measure = LANDING[entity].measure() if entity in LANDING else None
    summed = "0" if measure is None else str(measure.compile(compile_kwargs={"include_table": False}))
    context.execute(
        "resumen",
        entidad=entity,
        dia=sql.SQL("fecha" if "fecha" in columns else "null::date"),
        huella=_hash(columns),
        medida=sql.SQL(summed),
        tipadas=work_table(entity),
    )
    _refuse_rows_without_line(context, entity)
    context.execute("rechazadas", entidad=entity, tipadas=work_table(entity))


def _refuse_rows_without_line(context: Context, name: str) -> None:
    """Raises BadFeed where rows name no file, or no line of one."""
    (found,) = context.execute("sin_linea", entidad=name).fetchone() or (False,)
    if found:
        raise context.no_line(name)


def _hash(columns: Iterable[Column]) -> sql.Composed:
    """The hash of these columns, of each with a seed of its own: half the work of hash_record_extended."""
    return sql.SQL(" # ").join(
        fill(
            "coalesce({function}({column}, {seed}), {seed})",
            function=sql.SQL(HASHES.get(type(column.type), "hash_numeric_extended")),
            column=column.name,
            seed=sql.Literal(seed),
        )
        for seed, column in enumerate(columns, start=1)
    )
