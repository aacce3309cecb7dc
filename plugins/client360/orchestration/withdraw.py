"""The command behind `make withdraw`, on the warehouse of Airflow's connection."""

import sys

from airflow.sdk.exceptions import AirflowFailException

from client360.ingest.withdrawal import withdraw
from client360.orchestration.connection import warehouse
from client360.warehouse.redaction import DatabaseError


def main(path: str) -> int:
    """Withdraw a file; prints what becomes of its rows, or why it stays, and returns the exit code."""
    try:
        with warehouse() as engine:
            withdrawn = withdraw(engine, path)
    except (AirflowFailException, DatabaseError) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    print(
        f"{withdrawn.path} is withdrawn: the next run of {withdrawn.owner} removes what came of its {withdrawn.lines:,} lines"
    )
    if withdrawn.copies:
        print(f"One of its copies counts from then on: {', '.join(withdrawn.copies)}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
