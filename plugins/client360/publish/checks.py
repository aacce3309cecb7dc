"""The checks between the warehouse and the export: one SQL file each in include/sql/check.

Checks in `pipeline` test the pipeline's own work and stop any run. Checks in `source` test whether the rows of the source are
consistent: they stop the run of a simulated world, and only warn for files from elsewhere. Checks in `monitor` compare what the
rows of a day are like with the days before, and only warn.

A check that binds `mes` or `dias_del_mes` runs once for each month that the run touched, and its findings are added up. Each
statement is a transaction of its own.

Their examples name orders, products, campaigns, accounts, movements, loans and what belongs to them, and days. They never name a
customer, whose key may be a document number or an e-mail address, nor the whole number of a card, and quote no other value.
"""

import logging
import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date
from itertools import groupby, takewhile
from typing import Any, cast

from sqlalchemy import Engine, delete, func, insert

from client360.folders import SQL
from client360.warehouse.models import EXPORTED, LANDING, Verificaciones
from client360.warehouse.ownership import hold_warehouse

log = logging.getLogger(__name__)

BY_MONTH = re.compile(r"%\((mes|dias_del_mes)\)s")
"""What a check binds that runs month by month."""
NEWEST = 7
"""Of how many of the touched days the monitors warn: of those of a first load, nobody would act on the older ones."""
AT_ONCE = 2
"""Statements that run at the same time. PostgreSQL may use several processes for each."""


class CheckFailed(ValueError):
    """Checks failed. The message names each, its rule, its number of findings and one example."""


@dataclass(frozen=True)
class CheckedRun:
    """What the checks of a run cover: its business day, the history, the owner, and the days that the run touched."""

    day: date
    history_start: date
    owner: str
    run: str
    touched: list[date]


def run_checks(
    engine: Engine, checked: CheckedRun, entities: Collection[str] = tuple(LANDING), *, consistent: bool = True
) -> int:
    """Run every check and leave the results in control.verificaciones; returns how many there are.

    `entities` are those that the source provides. Of a `consistent` source, the checks in `source` stop the run too. Raises
    CheckFailed and OwnerReplaced.
    """
    files = sorted((SQL / "check").glob("*/*.sql"), key=lambda file: file.stem)
    statements = [file.read_text(encoding="utf-8") for file in files]
    rules = {file.stem: rule_of(statement) for file, statement in zip(files, statements, strict=True)}
    results = [
        {
            "fecha_corte": checked.day,
            "verificacion": file.stem,
            "correcta": findings == 0,
            "hallazgos": findings,
            "ejemplo": example,
            "corrida": checked.run,
            "detiene": file.parent.name in (("pipeline", "source") if consistent else ("pipeline",)),
        }
        for file, (findings, example) in zip(files, _found(engine, checked, entities, statements), strict=True)
    ]
    with engine.begin() as connection:
        hold_warehouse(connection, checked.owner)
        connection.execute(delete(Verificaciones).where(Verificaciones.fecha_corte == checked.day))
        connection.execute(insert(Verificaciones).values(momento=func.now()), results)
    wrong = [result for result in results if not result["correcta"]]
    for result in wrong:
        if not result["detiene"]:
            log.warning("%s, which does not stop the run", _finding(result, rules))
    failed = [_finding(result, rules) for result in wrong if result["detiene"]]
    if failed:
        raise CheckFailed(f"{len(failed)} of {len(results)} checks of {checked.day} failed. " + "; ".join(failed))
    return len(results)


def _found(
    engine: Engine, checked: CheckedRun, entities: Collection[str], statements: list[str]
) -> list[tuple[int, str | None]]:
    """The findings of each statement, and an example."""
    parts = [(statement, bound) for statement in statements for bound in parameters_of(statement, checked, entities)]

    def find(part: tuple[str, dict[str, Any]]) -> tuple[int, str | None]:
        with engine.begin() as connection:
            hold_warehouse(connection, checked.owner)
            return cast("tuple[int, str | None]", connection.connection.cursor().execute(*part).fetchone())

    found: dict[str, list[tuple[int, str | None]]] = {statement: [] for statement in statements}
    with ThreadPoolExecutor(AT_ONCE) as pool:
        # where one fails, the rest is not started
        for (statement, _), finding in zip(parts, pool.map(find, parts), strict=True):
            found[statement].append(finding)
    return [
        (sum(count for count, _ in findings), min((example for _, example in findings if example), default=None))
        for findings in found.values()
    ]


def parameters_of(statement: str, checked: CheckedRun, entities: Collection[str]) -> list[dict[str, Any]]:
    """What a check is bound with, each time that it runs."""
    parameters = _parameters(checked, entities)
    if not BY_MONTH.search(statement):
        return [parameters]
    return [
        parameters | {"mes": month, "dias_del_mes": list(days)}
        for month, days in groupby(sorted(checked.touched), lambda day: day.replace(day=1))
    ]


def _parameters(checked: CheckedRun, entities: Collection[str]) -> dict[str, Any]:
    """What checks may bind."""
    lacking = [
        (relation, entity) for relation, model in EXPORTED.items() for entity in model.needs if entity not in entities
    ]
    return {
        "fecha": checked.day,
        "inicio": checked.history_start,
        "mundo": checked.owner,
        "corrida": checked.run,
        "dias": checked.touched,
        "ultimos_dias": sorted(checked.touched)[-NEWEST:],
        "entidades": list(LANDING),
        "ultimas_capas": [model.last_layer for model in LANDING.values()],
        "relaciones_sin_datos": [relation for relation, _ in lacking],
        "entidades_sin_datos": [entity for _, entity in lacking],
    }


def _finding(result: dict[str, Any], rules: dict[str, str]) -> str:
    name = result["verificacion"]
    return f"{name}: {result['hallazgos']} found against the rule '{rules[name]}', for example {result['ejemplo']}"


def rule_of(statement: str) -> str:
    """What has to be true: the first sentence of the comment that a check begins with."""
    comment = " ".join(
        line.removeprefix("-- ") for line in takewhile(lambda line: line.startswith("--"), statement.splitlines())
    )
    return comment.split(". ")[0].removesuffix(".")
