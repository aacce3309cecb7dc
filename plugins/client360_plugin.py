"""What client360 adds to Airflow: its timetable, and a page in the navigation and on each DAG run."""

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

# what is not used here the DAG file needs: tasks are forked from processes that have read this file, and find it in place
from client360.orchestration import form, tasks  # noqa: F401
from client360.orchestration.timetable import DailyTimetable
from client360.run import steps  # noqa: F401

ADDRESS = "client360"
"""Relative to Airflow's own, as are all links of the page: Airflow may be served below a path."""


class Client360Plugin(AirflowPlugin):
    name = "client360"
    timetables: ClassVar = [DailyTimetable]
    external_views: ClassVar = [
        {"name": "Client 360", "href": f"{ADDRESS}/", "url_route": "client360", "nav_top_level": True},
        {
            "name": "Client 360",
            "href": f"{ADDRESS}/?dag_id={{DAG_ID}}&run_id={{RUN_ID}}",
            "url_route": "client360_run",
            "destination": "dag_run",
        },
    ]

    @property
    def fastapi_apps(self) -> list[dict[str, Any]]:
        """The page. Only the API server asks for it, and every process of Airflow reads this file: it has not to wait for
        FastAPI."""
        from client360.page.app import app

        return [{"app": app, "url_prefix": f"/{ADDRESS}", "name": "Client 360"}]
