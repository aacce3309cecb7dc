"""What client360 adds to Airflow: its timetable, the end of runs in the future, and a page in the navigation and on each run."""

from typing import Any, ClassVar

from airflow.plugins_manager import AirflowPlugin

# imported for the DAG files: the processes that tasks are forked from have imported this plugin, and the modules with it
from client360.orchestration import form, future_runs, housekeeping, sql_operator, tasks  # noqa: F401
from client360.orchestration.timetable import DailyTimetable

ADDRESS = "client360"
"""Relative, as are all links of the page, since Airflow may be served below a path."""


class Client360Plugin(AirflowPlugin):
    name = "client360"
    timetables: ClassVar = [DailyTimetable]
    listeners: ClassVar = [future_runs]
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
        """The page. Imported only here: every process of Airflow imports this plugin, and only the API server needs FastAPI."""
        from client360.page.app import app

        return [{"app": app, "url_prefix": f"/{ADDRESS}", "name": "Client 360"}]

    @property
    def fastapi_root_middlewares(self) -> list[dict[str, Any]]:
        """What stands before all that the API server serves."""
        from client360.page.login_limit import LoginLimit

        return [{"middleware": LoginLimit, "name": "Client 360: failed logins"}]
