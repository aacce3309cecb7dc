"""What `make run` makes of how a run of the DAG ended."""

from datetime import datetime, timezone
from pathlib import Path

import pytest
from rich.console import Console
from rich.status import Status

from client360 import folders
from tools.local.run import PUBLISHES, RunFailed, require_success


def test_a_run_of_which_no_task_ran_is_a_success_to_airflow_only(airflow_database: Path) -> None:
    from airflow.dag_processing.dagbag import DagBag

    from tools.local.progress import Progress

    dag = DagBag(str(folders.ROOT / "dags")).dags["client360"]
    assert PUBLISHES in dag.task_ids
    for task in dag.tasks:
        task.start_date = datetime(2100, 1, 1, tzinfo=timezone.utc)
    state = dag.test(logical_date=datetime(2024, 12, 31, tzinfo=timezone.utc), run_conf={}).state
    assert state == "success"
    progress = Progress(Console(), Status(""))
    with pytest.raises(
        RunFailed, match=r"^2024-12-31: nothing was published, though .* a success: 0 tasks ran; see x\.log$"
    ):
        require_success("2024-12-31", state, progress, Path("x.log"))
    progress.done.add(PUBLISHES)
    require_success("2024-12-31", state, progress, Path("x.log"))
