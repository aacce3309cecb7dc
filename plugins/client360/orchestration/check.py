"""The command behind `make check`, on the warehouse of Airflow's connection, in which it only reads."""

import sys

from airflow.sdk.exceptions import AirflowFailException

from client360.days import parse_day
from client360.orchestration.connection import warehouse
from client360.publish.found import find_all
from client360.warehouse.redaction import DatabaseError


def main(check: str, fecha: str) -> int:
    """Print all that a check finds; returns the exit code."""
    try:
        day = parse_day("fecha", fecha) if fecha else None
        with warehouse() as engine:
            print("\n".join(find_all(engine, check, day).lines()))
    except (ValueError, AirflowFailException, DatabaseError) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
