"""What tasks in SQL run on."""

from typing import Any

from airflow.providers.common.sql.operators.sql import SQLExecuteQueryOperator

from client360.discretion import discreet


class WarehouseOperator(SQLExecuteQueryOperator):
    """Runs a file of include/sql; where the database refuses it, no value of a row is told."""

    def execute(self, context: Any) -> Any:
        with discreet():
            return super().execute(context)
