"""SQL steps as tasks: the operator, and how a step is bound to its days."""

from typing import Any

from airflow.providers.common.sql.hooks.handlers import fetch_one_handler
from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

from client360.warehouse.redaction import redacted

CONNECTION = "client360"


class WarehouseOperator(SQLExecuteQueryOperator):
    """Runs a file of include/sql in one transaction and returns what its last statement does, the number of rows.

    Database errors are redacted.
    """

    def execute(self, context: Any) -> Any:
        with redacted():
            return super().execute(context)


def by_batch(step: str, batches: Any) -> Any:
    """The step, run once for each batch of days."""
    label = "{{ task.parameters.desde }} to {{ task.parameters.hasta }}"
    return WarehouseOperator.partial(**_file(step), map_index_template=label).expand(parameters=batches.map(_bound))


def over_touched_days(step: str) -> WarehouseOperator:
    """The step, run once over all days that the run touches."""
    days = {
        "desde": "{{ ti.xcom_pull('load.days')[0].first }}",
        "hasta": "{{ ti.xcom_pull('load.days')[-1].last }}",
    }
    return WarehouseOperator(**_file(step), parameters=days)


def as_of(step: str) -> WarehouseOperator:
    """The step, run as of the business day."""
    day = {
        "fecha": "{{ resolved(ti).day }}",
        "inicio": "{{ ti.xcom_pull('load.days')[0].history_start }}",
        "mundo": "{{ resolved(ti).source.name }}",
        "entidades": "{ {{- resolved(ti).source.entities | join(',') -}} }",
    }
    return WarehouseOperator(**_file(step), parameters=day)


def once(step: str) -> WarehouseOperator:
    """The step, which takes no day."""
    return WarehouseOperator(**_file(step))


def _bound(batch: dict) -> dict:
    return {"desde": batch["first"], "hasta": batch["last"]}


def _file(step: str) -> dict[str, Any]:
    return {
        "task_id": step.split("/")[1],
        "conn_id": CONNECTION,
        "sql": f"{step}.sql",
        "split_statements": True,
        "handler": fetch_one_handler,
    }
