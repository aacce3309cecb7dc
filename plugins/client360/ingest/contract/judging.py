"""Compares typed rows with each other: one row per natural key, no unchanged versions, references within the entity."""

from collections.abc import Collection, Iterable

from psycopg import sql
from sqlalchemy import Column, Date, DateTime, Integer, Text

from client360.ingest.contract import absence, rules
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.parts import DependsOnOthers, require_own_rows
from client360.ingest.contract.rules import MODELS, REFERENCED
from client360.ingest.contract.statements import Context, before, fill, names, now, work_table
from client360.ingest.contract.typed_rows import index_parents, parent_joins
from client360.ingest.feed_spec import CUSTOMERS, LEFT_OUT

HASHES = {
    Text: "hashtextextended",
    Date: "hashdateextended",
    DateTime: "timestamptz_hash_extended",
    Integer: "hashint4extended",
}


def judge(context: Context, entity: str, extent: Extent, changed: Collection[str]) -> bool:
    """Settle the state of every row in crudo._ahora_<entity>, to which the rows of before come that are judged again with them,
    and what is known of the entity's keys. `changed` are the entities of whose keys something else is known than before; returns
    whether this is one more."""
    if extent is not Extent.WHOLE:
        _take_back(context, entity, extent, changed)
    elif _is_listed(context, entity):
        absence.find_lists(context, extent, unit(entity))
    if context.any_rows(now(entity)):
        _settle_keys(context, entity)
        if _is_listed(context, entity):
            absence.derive(context)
        if MODELS[entity].versioned:
            _drop_unchanged_versions(context, entity)
    if entity not in REFERENCED:
        return False
    _make_known(context, entity)
    return _replace_known(context, entity, extent)


def parents(entity: str) -> set[str]:
    """The other entities that its rows refer to."""
    return {reference.entity for reference in MODELS[entity].references} - {entity}


def leave_out(context: Context, extent: Extent) -> None:
    """Take away the lines of changed files that were left out before."""
    if extent is not Extent.WHOLE:
        context.execute("ninguna_fila", tipadas=before(LEFT_OUT), como=work_table(LEFT_OUT))
        _take_away(context, LEFT_OUT, extent)


def unit(entity: str) -> sql.Composed:
    """The hash of what rows are judged together with: those of one natural key; all versions of a key, all states of an order."""
    model = MODELS[entity]
    of_own_rows = any(reference.entity == entity for reference in model.references)
    key = model.natural_key[:-1] if model.versioned else model.natural_key[: 1 if of_own_rows else None]
    return hash_of(rules.table_of(entity).columns[name] for name in key)


def hash_of(columns: Iterable[Column]) -> sql.Composed:
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


def _is_listed(context: Context, entity: str) -> bool:
    """Whether it is the customers of full lists."""
    return entity == CUSTOMERS and context.feed.full_list is not None


def _take_back(context: Context, entity: str, extent: Extent, changed: Collection[str]) -> None:
    """Move the rows of before that are to be judged: those of changed files are gone, others share a unit with rows that came or
    went, or refer to a parent of which something else is known."""
    parts = {"tipadas": work_table(entity), "antes": before(entity), "ahora": now(entity), "huella": unit(entity)}
    context.execute("ninguna_fila", tipadas=before(entity), como=work_table(entity))
    if extent is Extent.NOTHING:
        context.execute("ninguna_fila", tipadas=now(entity), como=work_table(entity))
    else:
        _take_away(context, entity, extent)
    context.execute("tocadas", **parts)
    if _is_listed(context, entity):
        absence.find_lists(context, extent, unit(entity))
    for reference in MODELS[entity].references:
        if reference.entity != entity and reference.entity in changed:
            context.index(entity, reference.column, names([reference.column]))
            keys = {"columna": sql.Identifier(reference.column), "cambiados": _changed_keys(reference.entity)}
            context.execute("hijas_tocadas", **parts, **keys)
    if context.any_rows(sql.Identifier("tocada")):
        context.index(entity, "unidad", fill("({unit})", unit=unit(entity)))
        index_parents(context, entity)
        context.execute(
            "movidas",
            **parts,
            columnas=names(rules.table_of(entity).columns.keys()),
            valores=names(rules.table_of(entity).columns.keys(), "juzgada"),
            estado=rules.state(entity),
            padres=parent_joins(entity),
        )


def _take_away(context: Context, name: str, extent: Extent) -> None:
    """Move the rows of the files or groups that are evaluated again. Raises DependsOnOthers where rows of other groups than those
    in which one came or went are not given as before."""
    require_own_rows(context, name, extent)
    context.index(name, "linea", names(["_entrega", "_linea"]))
    parts = {"tipadas": work_table(name), "antes": before(name), "ahora": now(name)}
    if extent is Extent.FILES:
        context.execute("salientes", **parts)
        return
    context.execute("salientes_de_grupos", **parts)
    columns = ["_entrega", "_linea"]
    if name != LEFT_OUT:
        columns += [*rules.table_of(name).columns.keys(), "_valor", "_incompleta"]
    given = {"valores": names(columns, "juzgada"), "columnas": names(columns)}
    (differs,) = context.execute("muestra_distinta", **parts, **given).fetchone() or (False,)
    if differs:
        raise DependsOnOthers(
            f"feeds/{context.feed.name}/feed.yaml: together, {name}: rows of {name}.sql depend on more than those of equal "
            f"{' and '.join(next(iter(context.feed.together[name].values())))}"
        )


def _settle_keys(context: Context, entity: str) -> None:
    """Where rows share a natural key, keep the first row of the latest file."""
    key = MODELS[entity].natural_key
    columns = rules.table_of(entity).columns
    parts = {
        "tipadas": now(entity),
        "huella": hash_of(columns[name] for name in key),
        "clave_repetida": rules.repeated_key(entity),
    }
    (disputed,) = context.execute("claves_disputadas", **parts).fetchone() or (0,)
    if disputed:
        context.execute("claves_resueltas", clave=names(key), columnas=names(columns.keys()), **parts)


def _drop_unchanged_versions(context: Context, entity: str) -> None:
    """Mark versions that are identical to the version before them."""
    natural_key = MODELS[entity].natural_key
    content = [column.name for column in rules.table_of(entity).columns if column.name not in natural_key]
    key = names(natural_key[:-1])
    context.execute("versiones_sin_cambio", tipadas=now(entity), contenido=names(content), clave=key)


def _make_known(context: Context, entity: str) -> None:
    """Make crudo._ahora_conocidos_<entity>, which rows of other entities may refer to, and reject the rows that refer to a row of
    the entity itself that does not exist."""
    known = {"tipadas": now(entity), "conocidos": now(f"conocidos_{entity}")}
    context.execute(f"conocidos_{entity}", **known)
    for reference in MODELS[entity].references:
        if reference.entity == entity:
            context.execute(
                "padres_propios",
                **known,
                defectos=rules.own_parent_defect(entity),
                columna=sql.Identifier(reference.column),
                padre=sql.Identifier(f"_{entity}"),
                condicion=fill(reference.holds),
            )
            if context.cursor.rowcount:  # they are rejected rows now
                context.execute(f"conocidos_{entity}", **known)


def _replace_known(context: Context, entity: str, extent: Extent) -> bool:
    """Bring crudo._conocidos_<entity> up to date; returns whether something else is known than before: of the keys in the
    temporary table cambiados_<entity>."""
    known = f"conocidos_{entity}"
    parts = {
        "llave": sql.Identifier(f"_{entity}"),
        "clave": sql.Identifier(MODELS[entity].natural_key[0]),
        "conocidos": work_table(known),
        "nuevos": now(known),
        "nombre": sql.Identifier(f"_{known}"),
        "antes": before(entity),
        "ahora": now(entity),
        "cambiados": _changed_keys(entity),
    }
    if extent is Extent.WHOLE:
        before_that = context.has(known)
        if before_that:
            context.execute("conocidos_cambiados", **parts)
        context.execute("conocidos_reemplazados", **parts)
        if not before_that:  # all rows of all entities are judged
            return True
    else:
        context.index(known, "clave", names([f"_{entity}"]))
        context.execute("conocidos_corregidos", **parts)
    return context.any_rows(_changed_keys(entity))


def _changed_keys(entity: str) -> sql.Identifier:
    return sql.Identifier("pg_temp", f"cambiados_{entity}")
