"""What the Makefile calls: `python -m client360.local run|backfill|ui|psql|stop`."""

import argparse
import subprocess
import sys
import tempfile
from datetime import datetime, timezone

from client360 import folders
from client360.local.run import RunFailed, run
from client360.local.server import ServerProblem, embedded, stop
from client360.local.stack import PGDATA
from client360.local.ui import serve
from client360.planning import Chunk, Request, parse_day, request
from client360.world import World

STANDARD = World()


def main() -> int:
    arguments = _arguments()
    try:
        return arguments.command(arguments) or 0
    except (ValueError, RunFailed, ServerProblem) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 2 if isinstance(error, ValueError) else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="client360.local")
    commands = parser.add_subparsers(required=True)
    for name, command, days in (("run", _run, ("fecha",)), ("backfill", _backfill, ("desde", "hasta"))):
        sub = commands.add_parser(name)
        sub.set_defaults(command=command)
        for option in (*days, "clientes", "inicio", "semilla", "reemplazar"):
            sub.add_argument(f"--{option}", default="")
    sub = commands.add_parser("ui")
    sub.set_defaults(command=_ui)
    sub.add_argument("--port", default="")
    sub = commands.add_parser("psql")
    sub.set_defaults(command=_psql)
    sub.add_argument("--sql", default="")
    commands.add_parser("stop").set_defaults(command=_stop)
    return parser.parse_args()


def _number(name: str, value: str, standard: int) -> int:
    try:
        return int(value) if value else standard
    except ValueError:
        raise ValueError(f"{name} is {value!r}: give a whole number") from None


def _request(arguments: argparse.Namespace, fecha: str) -> Request:
    return request(
        {
            "fecha": fecha,
            "clientes": _number("clientes", arguments.clientes, STANDARD.clientes),
            "inicio": arguments.inicio or STANDARD.inicio.isoformat(),
            "semilla": _number("semilla", arguments.semilla, STANDARD.semilla),
            "reemplazar": bool(_number("reemplazar", arguments.reemplazar, 0)),
        },
        None,
        datetime.now(timezone.utc),
    )


def _run(arguments: argparse.Namespace) -> None:
    wanted = _request(arguments, arguments.fecha)
    _writable()
    run([wanted])


def _backfill(arguments: argparse.Namespace) -> None:
    desde, hasta = (parse_day(name, getattr(arguments, name)) for name in ("desde", "hasta"))
    if hasta < desde:
        raise ValueError(f"hasta is {hasta}, before desde, {desde}: give them in order")
    wanted = [_request(arguments, day.isoformat()) for day in Chunk(desde, hasta).days()]
    _writable()
    run(wanted)


def _ui(arguments: argparse.Namespace) -> int:
    return serve(_number("port", arguments.port, 8080))


def _psql(arguments: argparse.Namespace) -> int:
    with embedded(PGDATA) as server:
        statement = ["--command", arguments.sql] if arguments.sql else []
        return subprocess.run([server.programs / "psql", *statement, server.url("client360")], check=False).returncode


def _stop(arguments: argparse.Namespace) -> None:
    stop(PGDATA)


def _writable() -> None:
    """Refuse a data folder that can not be written to before any work is done."""
    data = folders.data()
    try:
        data.mkdir(parents=True, exist_ok=True)
        tempfile.TemporaryFile(dir=data).close()
    except OSError as error:
        raise ValueError(
            f"the data folder {data} can not be written to ({error.strerror}): mend it, or set CLIENT360_DATA"
        ) from None


if __name__ == "__main__":
    sys.exit(main())
