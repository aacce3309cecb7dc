"""SQL steps as tasks: the operator, and how a step is bound to its days."""

from collections.abc import Sequence
from itertools import islice
from typing import Any, cast

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

from client360.orchestration.connection import CONNECTION
from client360.orchestration.tasks import working_place
from client360.run.step_runner import run_step
from client360.run.steps import BY_NAME, Scope, Step
from client360.warehouse.statistics import refresh_statistics

DAYS = {
    "desde": "{{ pulled(ti, 'load.days')[0].first }}",
    "hasta": "{{ pulled(ti, 'load.days')[-1].last }}",
    "fecha": "{{ resolved(ti).day }}",
    "inicio": "{{ pulled(ti, 'load.days')[0].history_start }}",
    "mundo": "{{ resolved(ti).source.name }}",
    "pais": "{{ resolved(ti).source.country }}",
    "entidades": "{ {{- resolved(ti).source.entities | join(',') -}} }",
}


class WarehouseOperator(SQLExecuteQueryOperator):
    """Runs steps one after the other: of each its files of include/sql and what it needs around them, in one transaction.

    Returns their number of rows, None for views. A task that is tried again runs all of its steps again, which changes nothing
    that is right. Database errors are redacted.
    """

    def __init__(self, *, steps: Sequence[str], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.steps = steps

    def execute(self, context: Any) -> Any:
        scripts = iter([self.sql] if isinstance(self.sql, str) else self.sql)
        parameters = cast("dict[str, Any]", self.parameters or {})
        rows: list[int | None] = []
        with working_place(context["ti"]) as engine:
            for step in map(BY_NAME.__getitem__, self.steps):
                with engine.begin() as connection:
                    rows.append(run_step(connection, step, parameters, list(islice(scripts, len(step.paths)))))
                refresh_statistics(engine)
        return None if rows == [None] else sum(filter(None, rows))


def sql_task(name: str, batches: Any, *steps: Step) -> Any:
    """The task of some steps; `batches` are the days that the run works on. A step that works on each batch has its own."""
    options: dict[str, Any] = {
        "task_id": name,
        "steps": [step.name for step in steps],
        "conn_id": CONNECTION,
        "sql": [path for step in steps for path in step.paths],
    }
    if steps[0].scope is Scope.EACH_BATCH:
        label = "{{ task.parameters.desde }} to {{ task.parameters.hasta }}"
        return WarehouseOperator.partial(**options, map_index_template=label).expand(parameters=batches.map(_bound))
    return WarehouseOperator(**options, parameters=DAYS)


def _bound(batch: dict) -> dict:
    return {"desde": batch["first"], "hasta": batch["last"]}
