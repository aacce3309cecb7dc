"""Runs a step of SQL, for the DAG, the tests and the benchmark alike."""

import logging
from collections.abc import Mapping, Sequence
from typing import Any, cast

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Table, text

from client360.run.steps import Scope, Step
from client360.warehouse import locks
from client360.warehouse.models import LANDING
from client360.warehouse.ownership import other_owner
from client360.warehouse.partitions import months_to_fill
from client360.warehouse.templates import compose

log = logging.getLogger(__name__)

WAITING_MONTHS = text(
    "select dw.mes(fecha) as mes, min(fecha) as desde, max(fecha) as hasta "
    "from control.cargas where entidad = :entidad and capa = 'staging' "
    "and fecha between cast(:desde as date) and cast(:hasta as date) group by dw.mes(fecha) order by mes"
)
MEASURE = text("select control.measure_days(:entidad, :llave, :categorias, cast(:desde as date), cast(:hasta as date))")
INTEGRATE = text("select control.integrate_days(:entidades, cast(:desde as date), cast(:hasta as date))")
WITHOUT_NESTED_LOOPS = text("set local enable_nestloop = off")
SUMMARIZE = text("select control.summarize_months(:entidades, cast(:desde as date), cast(:hasta as date))")


def run_step(
    connection: Connection, step: Step, parameters: Mapping[str, Any], scripts: Sequence[str] | None = None
) -> int | None:
    """Take the locks of a step, run its files, and move its days on, within the connection's transaction.

    `parameters` are those of the scope of the step, days as dates or ISO text; `scripts` are its files, if the caller has read
    them. Returns the rows of the days that it moved on, otherwise the rows that its last statement wrote, or None for views.
    """
    if step.scope is Scope.BUSINESS_DAY and (other := other_owner(connection, parameters["mundo"])):
        log.warning("%s writes nothing: the warehouse now holds %s, not %s", step.name, other, parameters["mundo"])
        return 0
    _lock(connection, step, parameters)
    if step.scope is Scope.BUSINESS_DAY:
        # these steps join many rows by key, of tables so new that the planner may take them for small
        connection.execute(WITHOUT_NESTED_LOOPS)
    scripts = scripts or step.scripts()
    rows = None
    if step.fills:
        _fill(connection, step, step.fills.table(), parameters, scripts)
    else:
        for path, script in zip(step.paths, scripts, strict=True):
            rows = _run(connection, filled_in(script, step), parameters)
            log.info("%s: %s rows", path, rows)
    if step.summarizes:
        connection.execute(SUMMARIZE, {"entidades": list(step.summarizes), **_days(parameters)})
    for entity in step.integrates:
        measure(connection, entity, parameters)
    if step.integrates:
        rows = connection.scalar(INTEGRATE, {"entidades": list(step.integrates), **_days(parameters)})
    return rows


def measure(connection: Connection, entity: str, parameters: Mapping[str, Any]) -> None:
    """Fill control.medidas with what the rows of the entity are like, from `desde` to `hasta`, that wait in staging."""
    model = LANDING[entity]
    key = None if model.versioned else model.natural_key[0]
    measured = {"entidad": entity, "llave": key, "categorias": list(model.categories)}
    connection.execute(MEASURE, measured | _days(parameters))


def _lock(connection: Connection, step: Step, parameters: Mapping[str, Any]) -> None:
    locks.warehouse(connection, shared=True)
    match step.scope:
        case Scope.EACH_BATCH | Scope.TOUCHED_DAYS:
            entities = step.integrates + step.corrects + step.summarizes
            locks.months(connection, entities, parameters["desde"], parameters["hasta"])
        case Scope.BUSINESS_DAY:
            locks.step_of_day(connection, step.name, parameters["fecha"])
        case Scope.ONCE:
            locks.schema(connection)
    if step.touches_other_months:
        locks.step(connection, step.name)


def _fill(
    connection: Connection, step: Step, table: Table, parameters: Mapping[str, Any], scripts: Sequence[str]
) -> None:
    (entity,) = step.integrates
    waiting = connection.execute(WAITING_MONTHS, {"entidad": entity, **_days(parameters)}).mappings().all()
    with months_to_fill(connection, table, [month["mes"] for month in waiting]) as destinations:
        for month in waiting:
            for path, script in zip(step.paths, scripts, strict=True):
                composed = compose(script, {"destino": destinations[month["mes"]]})
                rows = _run(connection, composed, {"desde": month["desde"], "hasta": month["hasta"]})
                log.info("%s, %s: %s rows", path, month["mes"], rows)


def filled_in(script: str, step: Step) -> sql.SQL | sql.Composed:
    """The script; the template of the dimensions gets the table and column names of the step's model."""
    if step.dimension is None:
        return sql.SQL(script)
    (entity,) = step.integrates
    versions, landing = step.dimension.table(), LANDING[entity].table()
    key = [column.name for column in versions.primary_key if column.name in landing.columns]
    own = [column.name for column in versions.columns if column.name in landing.columns and column.name not in key]
    names = {
        "dimension": sql.Identifier("dw", versions.name),
        "tabla": sql.Literal(versions.fullname),
        "entregada": sql.Identifier("staging", landing.name),
        "entidad": sql.Literal(entity),
        "clave": sql.SQL(", ").join(map(sql.Identifier, key)),
        **{f"clave_de_{of}": _columns_of(of, key) for of in ("dimension", "clave_tocada", "version_siguiente")},
        "columnas_propias": sql.SQL(", ").join(map(sql.Identifier, own)),
    }
    return compose(script, names)


def _columns_of(table: str, names: Sequence[str]) -> sql.Composed:
    return sql.SQL(", ").join(sql.Identifier(table, name) for name in names)


def _run(connection: Connection, script: sql.SQL | sql.Composed, parameters: Mapping[str, Any]) -> int | None:
    """Run statements; returns the number of rows that the last one wrote, or that it reports, if it does either."""
    # binds on the client, so that several statements are sent as they are
    cursor = psycopg.ClientCursor(cast(psycopg.Connection, connection.connection.driver_connection))
    cursor.execute(script, parameters)
    while cursor.nextset():
        pass
    if cursor.description:
        (reported,) = cast("tuple[int]", cursor.fetchone())
        return reported
    return cursor.rowcount if cursor.rowcount >= 0 else None


def _days(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {"desde": parameters["desde"], "hasta": parameters["hasta"]}
