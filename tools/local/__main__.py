"""The command line behind the Makefile: `python -m tools.local run|backfill|feed|ui|...`."""

import argparse
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, NamedTuple

from sqlalchemy import create_engine
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.days import DayRange, parse_day
from client360.publish import leftovers
from client360.run.parameters import EXCEPTIONAL, STANDARD, defaults, typed
from client360.run.request import resolve
from client360.run.sources import SIMULATOR, SimulatedSource
from client360.warehouse.migrate import MigrationFailed
from tools.local import backup, dashboard, notebook, server, truth, ui, web
from tools.local.migration import draft
from tools.local.places import ServerError
from tools.local.run import RunFailed, run
from tools.local.server import embedded
from tools.local.stack import HOME, PGDATA, InUse, exclusive, stack

PARAMETERS = (*STANDARD, *EXCEPTIONAL)
"""The parameters of a run, but for its day."""


class Command(NamedTuple):
    """What a command calls, and the options that it takes, each a text that may be empty."""

    call: Callable[[argparse.Namespace], int | None]
    options: tuple[str, ...] = ()


def main() -> int:
    arguments = _parse_arguments()
    try:
        return arguments.call(arguments) or 0
    except (ValueError, InUse, MigrationFailed, RunFailed, ServerError) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 2 if isinstance(error, ValueError) else 1
    except KeyboardInterrupt:
        print("client360: interrupted", file=sys.stderr)
        return 128 + signal.SIGINT


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="tools.local")
    commands = parser.add_subparsers(required=True)
    for name, command in COMMANDS.items():
        sub = commands.add_parser(name)
        sub.set_defaults(call=command.call)
        for option in command.options:
            sub.add_argument(f"--{option}", default="")
    return parser.parse_args()


def _run(arguments: argparse.Namespace) -> None:
    parameters = _run_parameters(arguments, arguments.fecha)
    _check_folders()
    run([parameters])


def _backfill(arguments: argparse.Namespace) -> None:
    desde, hasta = (parse_day(name, getattr(arguments, name)) for name in ("desde", "hasta"))
    if hasta < desde:
        raise ValueError(f"hasta is {hasta}, before desde, {desde}: give them in order")
    first, *later = (_run_parameters(arguments, day.isoformat()) for day in DayRange(desde, hasta).days())
    _check_folders()
    run([first, *(parameters | dict.fromkeys(EXCEPTIONAL, False) for parameters in later)])


def _run_parameters(arguments: argparse.Namespace, fecha: str) -> dict[str, Any]:
    """The parameters of a run of the DAG. Raises ValueError, in one line, before any work is done."""
    web.check_language()  # of the form, without which there is no DAG
    given = typed({name: getattr(arguments, name) for name in PARAMETERS})
    if "entrada" in given:
        given["entrada"] = str(Path(given["entrada"]).absolute())
    parameters = defaults(os.environ) | dict.fromkeys(EXCEPTIONAL, False) | given | {"fecha": fecha or None}
    if parameters["entrada"]:
        # who types a folder here, or sets it, may read it anyway
        _allow(folders.data() / parameters["entrada"])
    reads_files = parameters["entrada"] or parameters["fuente"] != SIMULATOR
    for name in ("clientes", "semilla", "intervencion", "suciedad"):
        if reads_files and name in given:
            raise ValueError(
                f"{name} is of a simulated world, and fuente or entrada asks for files: give one of the two"
            )
    request = resolve(parameters, None, datetime.now(timezone.utc))
    return parameters | {"fecha": request.day.isoformat()}


def _truth(arguments: argparse.Namespace) -> None:
    parameters = _run_parameters(arguments, arguments.fecha)
    request = resolve(parameters, None, datetime.now(timezone.utc))
    if not isinstance(request.source, SimulatedSource):
        raise ValueError("only a simulated world has a truth: leave out fuente, entrada and suciedad")
    _check_folders()
    print(f"client360: the truth of {request.source.describe()} is in {truth.write(request.source.world, request.day)}")


def _allow(folder: Path) -> None:
    """Have the run take its input from a folder that lies elsewhere than below the data folder."""
    allowed = dict.fromkeys([*folders.of_input(), folder])  # once, though a backfill asks for each day
    os.environ[folders.INPUT_FOLDERS] = "".join(f"{each}\n" for each in allowed)  # a path may hold a :


def _check_folders() -> None:
    """Raise ValueError, before any work is done, where a folder can not be written to."""
    folders.require_writable(HOME, "CLIENT360_LOCAL")
    folders.prepare_data()


def _feed(arguments: argparse.Namespace) -> None:
    from tools.feed_draft import draft_feed  # imports pandas and clevercsv, which no other command needs

    print("\n".join(draft_feed(arguments.name, arguments.entrada)))


def _ui(arguments: argparse.Namespace) -> int:
    return ui.serve(_port(arguments, 8080))


def _dashboard(arguments: argparse.Namespace) -> int:
    return dashboard.serve(_port(arguments, 8501))


def _notebook(arguments: argparse.Namespace) -> int:
    return notebook.serve(_port(arguments, 8888))


def _port(arguments: argparse.Namespace, default: int) -> int:
    return int(typed({"port": arguments.port}).get("port", default))


def _report(arguments: argparse.Namespace) -> None:
    day = parse_day("fecha", arguments.fecha) if arguments.fecha else None
    for path in notebook.report(day):
        print(path)


def _psql(arguments: argparse.Namespace) -> int:
    with embedded(PGDATA) as running:
        statement = ["--command", arguments.sql] if arguments.sql else []
        return subprocess.run([running.programs / "psql", *statement, running.url("client360")], check=False).returncode


def _explain(arguments: argparse.Namespace) -> int:
    asked = [f"--{name}={getattr(arguments, name)}" for name in ("cliente", "columna", "fecha", "csv")]
    with web.reader() as connection:
        command = [sys.executable, "-m", "reading.explain", *asked]
        return subprocess.run(command, env=os.environ | connection, check=False).returncode


def _check(arguments: argparse.Namespace) -> int:
    return _orchestration("check", arguments.check, arguments.fecha)


def _withdraw(arguments: argparse.Namespace) -> int:
    return _orchestration("withdraw", arguments.file)


def _alert(_arguments: argparse.Namespace) -> int:
    return _orchestration("alerts")


def _erase(arguments: argparse.Namespace) -> int:
    if bool(arguments.cliente) == bool(arguments.lista):
        raise ValueError("give CLIENTE, or LISTA, a file with one a line")
    try:
        people = arguments.cliente or Path(arguments.lista).read_text(encoding="utf-8")
    except OSError as error:
        raise ValueError(f"lista is {arguments.lista!r}: that file can not be read ({error.strerror})") from None
    return _orchestration("erase", given=people)


def _orchestration(module: str, *arguments: str, given: str | None = None) -> int:
    """The exit code of a command that works by Airflow's connection and settings, and reads what is given."""
    with stack():
        # Airflow warns of what its own packages deprecate
        command = [sys.executable, "-W", "ignore::DeprecationWarning", "-m", f"client360.orchestration.{module}"]
        return subprocess.run([*command, *arguments], input=given, text=True, check=False).returncode


def _airflow(arguments: argparse.Namespace) -> int:
    try:
        words = shlex.split(arguments.args)
    except ValueError as error:
        raise ValueError(f"args is {arguments.args!r}: close what is quoted in it ({error})") from None
    with stack():
        return subprocess.run([sys.executable, "-m", "airflow", *words], check=False).returncode


def _leftovers(arguments: argparse.Namespace) -> None:
    leftovers.require_choice(arguments.remove)
    with exclusive("make leftovers"), stack() as running:
        engine = create_engine(running.url("client360", "postgresql+psycopg"), poolclass=NullPool)
        with engine.begin() as connection:
            print("\n".join(leftovers.report(connection, folders.data(), arguments.remove)))


def _backup(arguments: argparse.Namespace) -> int:
    return backup.backup(arguments.backup)


def _restore(arguments: argparse.Namespace) -> int:
    if not arguments.backup:
        raise ValueError("backup is empty: name the folder of a backup, BACKUP=backups/...")
    return backup.restore(arguments.backup, overwrite=typed({"overwrite": arguments.overwrite}).get("overwrite", False))


def _migration(arguments: argparse.Namespace) -> None:
    if not arguments.message.strip():
        raise ValueError('message is empty: give in a few words what changes, MESSAGE="..."')
    with embedded(PGDATA) as running:
        if draft(running, arguments.message) is None:
            print("client360: the models agree with the newest revision: there is nothing to migrate")


def _clean(_arguments: argparse.Namespace) -> None:
    server.remove(PGDATA)


COMMANDS = {
    "run": Command(_run, ("fecha", *PARAMETERS)),
    "backfill": Command(_backfill, ("desde", "hasta", *PARAMETERS)),
    "truth": Command(_truth, ("fecha", *PARAMETERS)),
    "feed": Command(_feed, ("name", "entrada")),
    "ui": Command(_ui, ("port",)),
    "dashboard": Command(_dashboard, ("port",)),
    "notebook": Command(_notebook, ("port",)),
    "report": Command(_report, ("fecha",)),
    "psql": Command(_psql, ("sql",)),
    "explain": Command(_explain, ("cliente", "columna", "fecha", "csv")),
    "check": Command(_check, ("check", "fecha")),
    "withdraw": Command(_withdraw, ("file",)),
    "alert": Command(_alert),
    "airflow": Command(_airflow, ("args",)),
    "leftovers": Command(_leftovers, ("remove",)),
    "erase": Command(_erase, ("cliente", "lista")),
    "backup": Command(_backup, ("backup",)),
    "restore": Command(_restore, ("backup", "overwrite")),
    "migration": Command(_migration, ("message",)),
    "clean": Command(_clean),
}


if __name__ == "__main__":
    sys.exit(main())
