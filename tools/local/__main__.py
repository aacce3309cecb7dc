"""What the Makefile calls: `python -m tools.local run|backfill|feed|ui|dashboard|notebook|report|psql|airflow|stop`."""

import argparse
import os
import subprocess
import sys
import tempfile
from datetime import datetime, timezone
from pathlib import Path
from typing import Any

from client360 import folders
from client360.days import DayRange, parse_day
from client360.run.parameters import STANDARD, defaults, typed
from client360.run.request import resolve
from client360.run.sources import SIMULATOR
from client360.warehouse.migrate import MigrationFailed
from tools.local import dashboard, notebook
from tools.local.migration import draft
from tools.local.run import RunFailed, run
from tools.local.server import ServerProblem, embedded, stop
from tools.local.stack import HOME, PGDATA, InUse, stack
from tools.local.ui import serve

PARAMETERS = (*STANDARD, "reemplazar")


def main() -> int:
    arguments = _arguments()
    try:
        return arguments.command(arguments) or 0
    except (ValueError, InUse, MigrationFailed, RunFailed, ServerProblem) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 2 if isinstance(error, ValueError) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.local")
    commands = parser.add_subparsers(required=True)
    for name, command, days in (("run", _run, ("fecha",)), ("backfill", _backfill, ("desde", "hasta"))):
        sub = commands.add_parser(name)
        sub.set_defaults(command=command)
        for option in (*days, *PARAMETERS):
            sub.add_argument(f"--{option}", default="")
    sub = commands.add_parser("feed")
    sub.set_defaults(command=_feed)
    for option in ("name", "entrada"):
        sub.add_argument(f"--{option}", default="")
    for name, served in (("ui", _ui), ("dashboard", _dashboard), ("notebook", _notebook)):
        sub = commands.add_parser(name)
        sub.set_defaults(command=served)
        sub.add_argument("--port", default="")
    sub = commands.add_parser("report")
    sub.set_defaults(command=_report)
    sub.add_argument("--fecha", default="")
    sub = commands.add_parser("psql")
    sub.set_defaults(command=_psql)
    sub.add_argument("--sql", default="")
    sub = commands.add_parser("airflow")
    sub.set_defaults(command=_airflow)
    sub.add_argument("arguments", nargs=argparse.REMAINDER)
    sub = commands.add_parser("migration")
    sub.set_defaults(command=_migration)
    sub.add_argument("--message", default="")
    commands.add_parser("stop").set_defaults(command=_stop)
    return parser.parse_args()


def _params(arguments: argparse.Namespace, fecha: str) -> dict[str, Any]:
    """The parameters of a run of the DAG. Raises ValueError, in one line, before any work is done."""
    given = typed({name: getattr(arguments, name) for name in PARAMETERS})
    if "entrada" in given:
        given["entrada"] = str(Path(given["entrada"]).absolute())
    asked = defaults(os.environ) | {"reemplazar": False} | given | {"fecha": fecha}
    of_files = asked["entrada"] or asked["fuente"] != SIMULATOR
    for name in ("clientes", "semilla", "suciedad"):
        if of_files and name in given:
            raise ValueError(
                f"{name} is of a simulated world, and fuente or entrada asks for files: give one of the two"
            )
    request = resolve(asked, None, datetime.now(timezone.utc))
    return asked | {"fecha": request.day.isoformat()}


def _run(arguments: argparse.Namespace) -> None:
    params = _params(arguments, arguments.fecha)
    _writable()
    run([params])


def _backfill(arguments: argparse.Namespace) -> None:
    desde, hasta = (parse_day(name, getattr(arguments, name)) for name in ("desde", "hasta"))
    if hasta < desde:
        raise ValueError(f"hasta is {hasta}, before desde, {desde}: give them in order")
    first, *later = (_params(arguments, day.isoformat()) for day in DayRange(desde, hasta).days())
    _writable()
    run([first, *(params | {"reemplazar": False} for params in later)])


def _feed(arguments: argparse.Namespace) -> None:
    from tools.feed_draft import draft_feed  # brings pandas and more, which nothing else here needs

    print("\n".join(draft_feed(arguments.name, arguments.entrada)))


def _port(arguments: argparse.Namespace, standard: int) -> int:
    return int(typed({"port": arguments.port}).get("port", standard))


def _ui(arguments: argparse.Namespace) -> int:
    return serve(_port(arguments, 8080))


def _dashboard(arguments: argparse.Namespace) -> int:
    return dashboard.serve(_port(arguments, 8501))


def _notebook(arguments: argparse.Namespace) -> int:
    return notebook.serve(_port(arguments, 8888))


def _report(arguments: argparse.Namespace) -> None:
    for path in notebook.report(arguments.fecha):
        print(path)


def _psql(arguments: argparse.Namespace) -> int:
    with embedded(PGDATA) as server:
        statement = ["--command", arguments.sql] if arguments.sql else []
        return subprocess.run([server.programs / "psql", *statement, server.url("client360")], check=False).returncode


def _airflow(arguments: argparse.Namespace) -> int:
    """Airflow's own command, in the environment of the embedded stack."""
    with stack():
        command = [Path(sys.executable).with_name("airflow"), *arguments.arguments]
        return subprocess.run(command, check=False).returncode


def _migration(arguments: argparse.Namespace) -> None:
    if not arguments.message.strip():
        raise ValueError('message is empty: say in a few words what changes, MESSAGE="..."')
    with embedded(PGDATA) as server:
        if draft(server, arguments.message) is None:
            print("client360: the models are as the newest revision leaves them: there is nothing to migrate")


def _stop(arguments: argparse.Namespace) -> None:
    stop(PGDATA)


def _writable() -> None:
    """Refuse folders that can not be written to before any work is done."""
    data = folders.data()
    for folder, variable in (
        (HOME, "CLIENT360_LOCAL"),
        (data / "raw", "CLIENT360_DATA"),
        (data / "processed", "CLIENT360_DATA"),
    ):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            tempfile.TemporaryFile(dir=folder).close()
        except OSError as error:
            raise ValueError(
                f"the folder {folder} can not be written to ({error.strerror}): mend it, or set {variable}"
            ) from None


if __name__ == "__main__":
    sys.exit(main())
