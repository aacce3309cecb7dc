"""The checks between the warehouse and the export: one SQL file each in include/sql/check.

Checks in `pipeline` test the pipeline's own work and stop any run. Checks in `source` test whether the rows of the source are
consistent: they stop the run of a simulated world, and only warn for files from elsewhere.

Their examples name orders, products, campaigns and days. They never name a customer, whose key may be a document number or an
e-mail address, and quote no other value.
"""

import logging
from calendar import monthrange
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Any

from psycopg.rows import dict_row
from sqlalchemy import Engine, delete, insert

from client360.folders import SQL
from client360.warehouse.models import EXPORTED, LANDING, Verificaciones
from client360.warehouse.ownership import hold_warehouse

log = logging.getLogger(__name__)


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
    parameters = _parameters(checked, entities)
    results, rules = [], dict[str, str]()
    with engine.begin() as connection:
        hold_warehouse(connection, checked.owner)
        cursor = connection.connection.cursor(row_factory=dict_row)
        for file in sorted((SQL / "check").glob("*/*.sql"), key=lambda file: file.stem):
            statement = file.read_text(encoding="utf-8")
            found = cursor.execute(statement, parameters).fetchone()
            rules[file.stem] = _rule(statement)
            results.append(
                {
                    "fecha_corte": checked.day,
                    "verificacion": file.stem,
                    "correcta": found["hallazgos"] == 0,
                    "hallazgos": found["hallazgos"],
                    "ejemplo": found["ejemplo"],
                    "corrida": checked.run,
                    "detiene": file.parent.name == "pipeline" or consistent,
                }
            )
        connection.execute(delete(Verificaciones).where(Verificaciones.fecha_corte == checked.day))
        connection.execute(insert(Verificaciones), results)
    wrong = [result for result in results if not result["correcta"]]
    for result in wrong:
        if not result["detiene"]:
            log.warning("%s, which does not stop the run", _finding(result, rules))
    failed = [_finding(result, rules) for result in wrong if result["detiene"]]
    if failed:
        raise CheckFailed(f"{len(failed)} of {len(results)} checks of {checked.day} failed. " + "; ".join(failed))
    return len(results)


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
        "entidades": list(LANDING),
        "ultimas_capas": [model.last_layer for model in LANDING.values()],
        "dias_de_los_meses": _whole_months(checked.touched),
        "relaciones_sin_datos": [relation for relation, _ in lacking],
        "entidades_sin_datos": [entity for _, entity in lacking],
    }


def _finding(result: dict[str, Any], rules: dict[str, str]) -> str:
    name = result["verificacion"]
    return f"{name}: {result['hallazgos']} found against the rule '{rules[name]}', for example {result['ejemplo']}"


def _rule(statement: str) -> str:
    """What has to be true: the first sentence of the comment that a check begins with."""
    comment = " ".join(
        line.removeprefix("-- ") for line in takewhile(lambda line: line.startswith("--"), statement.splitlines())
    )
    return comment.split(". ")[0].removesuffix(".")


def _whole_months(days: list[date]) -> list[date]:
    """All days of the months that contain one of the days."""
    months = {(day.year, day.month) for day in days}
    return [date(*month, day) for month in sorted(months) for day in range(1, monthrange(*month)[1] + 1)]
