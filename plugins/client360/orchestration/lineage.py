"""What OpenLineage is told of a task that has succeeded: the files and tables that it read and wrote, and their columns.

Only where lineage is switched on, Airflow's provider for OpenLineage loads this module, which its setting `extractors` names. The
provider makes and sends the events, also those of tasks that start or fail, which name no datasets. No event has a value of a
row.
"""

from functools import cache
from pathlib import Path
from typing import Any

from airflow.providers.openlineage.extractors.base import BaseExtractor, OperatorLineage
from airflow.providers.postgres.hooks.postgres import PostgresHook
from openlineage.client.event_v2 import InputDataset, OutputDataset
from openlineage.client.facet_v2 import base_subset_dataset, column_lineage_dataset, schema_dataset

from client360.orchestration.connection import CONNECTION
from client360.orchestration.sql_operator import WarehouseOperator
from client360.orchestration.tasks import Deliveries
from client360.orchestration.work import Work, of_python, of_steps
from client360.warehouse.models import EXPORTED, tables

FILES = "file"
"""The namespace of files; tables have that of their server."""


class TaskLineage(BaseExtractor):
    """The datasets of a task, once it has succeeded: none of a task of another DAG."""

    @classmethod
    def get_operator_classnames(cls) -> list[str]:
        return [
            WarehouseOperator.__name__,
            Deliveries.__name__,
            "_PythonDecoratedOperator",
            "_BranchPythonDecoratedOperator",
        ]

    def _execute_extraction(self) -> OperatorLineage:
        return OperatorLineage()

    def extract_on_complete(self, task_instance: Any) -> OperatorLineage:
        task = self.operator
        if isinstance(task, WarehouseOperator):
            work = of_steps(task.steps)
        else:
            work = of_python(task.task_id, task_instance, getattr(task, "op_kwargs", {}))
        return _Told(work).datasets() if work.reads or work.writes else OperatorLineage()

    def extract_on_failure(self, task_instance: Any) -> OperatorLineage:
        return OperatorLineage()


class _Told:
    """The work of a task as OpenLineage has it."""

    def __init__(self, work: Work) -> None:
        self.work = work
        hook = PostgresHook(CONNECTION)
        server = hook.get_openlineage_database_info(hook.get_connection(CONNECTION))
        self.server = f"{server.scheme}://{server.authority}"
        # also where the run builds a replacement, which takes the name of the warehouse
        self.database = server.database

    def datasets(self) -> OperatorLineage:
        return OperatorLineage(
            inputs=[
                InputDataset(**self._name(each), facets=self._schema(each), inputFacets=self._input_files(each))
                for each in sorted(self.work.reads)
            ],
            outputs=[
                OutputDataset(
                    **self._name(each),
                    facets=self._schema(each) | self._lineage(each),
                    outputFacets=self._output_files(each),
                )
                for each in sorted(self.work.writes)
            ],
        )

    def _name(self, dataset: str) -> dict[str, Any]:
        """Its namespace and its name there."""
        if Path(dataset).is_absolute():
            return {"namespace": FILES, "name": dataset}
        return {"namespace": self.server, "name": f"{self.database}.{dataset}"}

    def _schema(self, dataset: str) -> dict[str, Any]:
        """Its columns: those that its model declares, else those that the task has read or written."""
        made_of = [each for origins in self.work.writes.values() for origin in origins.values() for each in origin]
        used = dict.fromkeys(
            [*self.work.writes.get(dataset, ()), *sorted(column for table, column in made_of if table == dataset)]
        )
        fields = _declared().get(dataset) or [schema_dataset.SchemaDatasetFacetFields(name=each) for each in used]
        return {"schema": schema_dataset.SchemaDatasetFacet(fields=fields)} if fields else {}

    def _lineage(self, dataset: str) -> dict[str, Any]:
        """What its columns are made of. A constant and a number of rows are made of none."""
        fields = {
            column: column_lineage_dataset.Fields(
                [column_lineage_dataset.InputField(**self._name(table), field=each) for table, each in sorted(made_of)]
            )
            for column, made_of in self.work.writes[dataset].items()
            if made_of
        }
        return {"columnLineage": column_lineage_dataset.ColumnLineageDatasetFacet(fields=fields)} if fields else {}

    def _input_files(self, dataset: str) -> dict[str, Any]:
        facet = base_subset_dataset.InputSubsetInputDatasetFacet
        return {"subset": facet(self._locations(dataset))} if dataset in self.work.files else {}

    def _output_files(self, dataset: str) -> dict[str, Any]:
        facet = base_subset_dataset.OutputSubsetOutputDatasetFacet
        return {"subset": facet(self._locations(dataset))} if dataset in self.work.files else {}

    def _locations(self, dataset: str) -> base_subset_dataset.LocationSubsetCondition:
        return base_subset_dataset.LocationSubsetCondition(locations=sorted(self.work.files[dataset]))


@cache
def _declared() -> dict[str, list[schema_dataset.SchemaDatasetFacetFields]]:
    """The columns of tables, and of the views that repeat them, by name."""
    fields = {
        table.fullname: [
            schema_dataset.SchemaDatasetFacetFields(
                name=column.name, type=str(column.type).split(" COLLATE")[0].lower(), description=column.comment
            )
            for column in table.columns
        ]
        for table in tables()
    }
    return fields | {f"mart.{name}": fields[model.table().fullname] for name, model in EXPORTED.items()}
