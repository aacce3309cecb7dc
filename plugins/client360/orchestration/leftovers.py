"""The command line of leftovers in Docker: `python -m client360.orchestration.leftovers [1|all]`."""

import sys

from airflow.models import DagRun
from airflow.sdk.exceptions import AirflowFailException
from airflow.utils.session import create_session
from airflow.utils.state import DagRunState
from sqlalchemy import select

from client360 import folders
from client360.orchestration.connection import warehouse
from client360.publish import leftovers
from client360.warehouse.redaction import DatabaseError


class AtWork(ValueError):
    """A run is at work, whose files may be of what the warehouse will hold."""


def require_no_run() -> None:
    """Raises AtWork. A run that starts later waits for the lock of the warehouse before it writes a file."""
    running = select(DagRun.run_id).where(DagRun.dag_id == "client360", DagRun.state == DagRunState.RUNNING).limit(1)
    with create_session() as session:
        run = session.scalar(running)
    if run:
        raise AtWork(f"the run {run} is at work: remove leftovers when it has ended")


def main(choice: str) -> int:
    """Print what is left; returns the exit code."""
    try:
        leftovers.require_choice(choice)
        with warehouse() as engine, engine.begin() as connection:
            print("\n".join(leftovers.report(connection, folders.data(), choice, require_no_run)))
    except (ValueError, AirflowFailException, DatabaseError) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2] or [""]))
