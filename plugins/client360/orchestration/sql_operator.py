"""SQL steps as tasks: the operator, and how a step is bound to its days."""

from typing import Any, cast

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

from client360.orchestration.connection import CONNECTION
from client360.orchestration.tasks import working_place
from client360.run.step_runner import run_step
from client360.run.steps import BY_NAME, Scope, Step
from client360.warehouse.statistics import refresh_statistics

TOUCHED_DAYS = {
    "desde": "{{ pulled(ti, 'load.days')[0].first }}",
    "hasta": "{{ pulled(ti, 'load.days')[-1].last }}",
}
BUSINESS_DAY = {
    "fecha": "{{ resolved(ti).day }}",
    "inicio": "{{ pulled(ti, 'load.days')[0].history_start }}",
    "mundo": "{{ resolved(ti).source.name }}",
    "pais": "{{ resolved(ti).source.country }}",
    "entidades": "{ {{- resolved(ti).source.entities | join(',') -}} }",
}


class WarehouseOperator(SQLExecuteQueryOperator):
    """Runs a step, its files of include/sql and what it needs around them, in one transaction; returns the number of rows.

    Database errors are redacted.
    """

    def __init__(self, *, step: str, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = step

    def execute(self, context: Any) -> Any:
        scripts = [self.sql] if isinstance(self.sql, str) else self.sql
        with working_place(context["ti"]) as engine:
            with engine.begin() as connection:
                parameters = cast("dict[str, Any]", self.parameters or {})
                rows = run_step(connection, BY_NAME[self.step], parameters, scripts)
            refresh_statistics(engine)
        return rows


def sql_task(step: Step, batches: Any) -> Any:
    """The task of a step; `batches` are the days that the run works on."""
    files: dict[str, Any] = {"task_id": step.task, "step": step.name, "conn_id": CONNECTION, "sql": step.paths}
    match step.scope:
        case Scope.EACH_BATCH:
            label = "{{ task.parameters.desde }} to {{ task.parameters.hasta }}"
            each = WarehouseOperator.partial(**files, map_index_template=label)
            return each.expand(parameters=batches.map(_bound))
        case Scope.TOUCHED_DAYS:
            return WarehouseOperator(**files, parameters=TOUCHED_DAYS)
        case Scope.BUSINESS_DAY:
            return WarehouseOperator(**files, parameters=BUSINESS_DAY)
        case Scope.ONCE:
            return WarehouseOperator(**files)


def _bound(batch: dict) -> dict:
    return {"desde": batch["first"], "hasta": batch["last"]}
