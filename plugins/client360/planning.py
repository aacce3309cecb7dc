"""What a run has to do: which business day, which world, and which days of history the warehouse still lacks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, func, select, tuple_

from client360.models import LANDING, Cargas
from client360.partitions import create_partitions
from client360.world import World
from client360.worlds import make_way

ROWS_PER_TASK = 2_000_000
"""About how many rows one mapped task generates or loads: enough to outweigh its start, few enough to share the work."""
ROWS_PER_CUSTOMER_DAY = 1.3


@dataclass(frozen=True)
class Request:
    """What a person asked for: the business day, the world, whether to replace whatever the warehouse holds, and whether the
    files that are published must not tell who the customers are."""

    fecha: date
    world: World
    replace: bool = False
    anonymous: bool = False


@dataclass(frozen=True)
class Chunk:
    """Consecutive days, both ends included. Within one month it is the unit that is generated and loaded as a whole."""

    desde: date
    hasta: date

    def days(self) -> list[date]:
        return [self.desde + timedelta(days=i) for i in range((self.hasta - self.desde).days + 1)]


@dataclass(frozen=True)
class Share:
    """The chunks, from first to last day, that one mapped task works on."""

    desde: date
    hasta: date
    chunks: list[Chunk]


def last_complete_day(run_after: datetime) -> date:
    """The last day that was over, in UTC, when a run was due."""
    return run_after.date() - timedelta(days=1)


def business_day(fecha: str | None, logical_date: datetime | None, run_after: datetime) -> date:
    """The business day of a run: the day asked for or, without one, that of the logical date, but no later than the last
    complete day.

    Raises ValueError, saying what to give instead, when the day asked for is malformed or not over yet.
    """
    last = last_complete_day(run_after)
    if not fecha:
        return min(logical_date.date(), last) if logical_date else last
    day = parse_day("fecha", fecha)
    if day > last:
        raise ValueError(f"fecha is {day}, which is not over yet: give {last} or an earlier day")
    return day


def parse_day(name: str, value: str) -> date:
    """The day that YYYY-MM-DD names. Raises ValueError, which says so with the parameter's name."""
    try:
        day = date.fromisoformat(value)
    except ValueError:
        day = None
    if day is None or day.isoformat() != value:
        raise ValueError(f"{name} is {value!r}: give a day that exists, as YYYY-MM-DD")
    return day


def request(params: Mapping[str, Any], logical_date: datetime | None, run_after: datetime) -> Request:
    """What a run's parameters ask for. Raises ValueError, in one line, when they do not fit together."""
    fecha = business_day(params["fecha"], logical_date, run_after)
    world = World(params["semilla"], params["clientes"], parse_day("inicio", params["inicio"]))
    if world.inicio > fecha:
        raise ValueError(f"inicio is {world.inicio}, after the business day {fecha}: give {fecha} or an earlier day")
    return Request(fecha, world, params["reemplazar"], params["anonimo"])


def chunks(days: Sequence[date]) -> list[Chunk]:
    """Runs of consecutive days, cut at month ends, in order."""
    found: list[Chunk] = []
    for day in sorted(days):
        if found and day == found[-1].hasta + timedelta(days=1) and day.day != 1:
            found[-1] = Chunk(found[-1].desde, day)
        else:
            found.append(Chunk(day, day))
    return found


def shares(work: Sequence[Chunk], clientes: int) -> list[Share]:
    """The chunks, in order, dealt to tasks of about ROWS_PER_TASK rows each.

    A chunk is never split, and the days of a share have no hole, so that nothing in between is worked on.
    """
    dealt: list[list[Chunk]] = []
    rows = 0.0
    for chunk in work:
        expected = clientes * ROWS_PER_CUSTOMER_DAY * len(chunk.days())
        if not dealt or rows + expected > ROWS_PER_TASK or chunk.desde > dealt[-1][-1].hasta + timedelta(days=1):
            dealt.append([])
            rows = 0.0
        dealt[-1].append(chunk)
        rows += expected
    return [Share(part[0].desde, part[-1].hasta, part) for part in dealt]


def prepare(engine: Engine, wanted: Request) -> list[Share]:
    """Make room for the world in the warehouse and share out what it lacks: every day from `inicio` to `fecha` some landing
    file of which has not reached its last layer, and `fecha` itself.

    Raises WorldTaken.
    """
    with engine.begin() as connection:
        make_way(connection, wanted.world.name, replace=wanted.replace)
        work = chunks(_lacking(connection, wanted))
    with engine.begin() as connection:
        create_partitions(connection, {day.replace(day=1) for chunk in work for day in (chunk.desde, chunk.hasta)})
    return shares(work, wanted.world.clientes)


def _lacking(connection: Connection, wanted: Request) -> list[date]:
    last_layers = [(name, model.last_layer) for name, model in LANDING.items()]
    complete = (
        select(Cargas.fecha)
        .where(Cargas.mundo == wanted.world.name)
        .where(tuple_(Cargas.entidad, Cargas.capa).in_(last_layers))
        .where(tuple_(Cargas.entidad, Cargas.capa_alcanzada).in_(last_layers))
        .group_by(Cargas.fecha)
        .having(func.count() == len(LANDING))
    )
    done = set(connection.scalars(complete)) - {wanted.fecha}
    return [day for day in Chunk(wanted.world.inicio, wanted.fecha).days() if day not in done]
