"""What a run has to do: which business day, of which world or files, and on which days of history it has to work."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, and_, func, not_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from client360 import folders
from client360.dirt import SoiledWorld, soiled_or_clean
from client360.feeds import declared
from client360.feeds.declared import Feed
from client360.models import LANDING, Cargas
from client360.partitions import create_partitions
from client360.world import World
from client360.worlds import hold_world, make_way

SIMULATOR = "simulador"
"""The feed of files in the shape of the contract, which the simulator writes itself where no folder is given."""

ROWS_PER_TASK = 2_000_000
"""About how many rows one mapped task generates or loads: enough to outweigh its start, few enough to share the work."""
ROWS_PER_CUSTOMER_DAY = 1.3


@dataclass(frozen=True)
class FeedSource:
    """Files that somebody else wrote: the feed that says what they are, their folder, the first day of history (None: the
    first of which they tell), and how many per cent of an entity's rows may be rejected."""

    feed: Feed
    folder: Path
    inicio: date | None
    threshold: float
    soiled: SoiledWorld | None = None
    """The world that writes the files itself, if one does."""

    @property
    def name(self) -> str:
        """What the warehouse calls their rows."""
        return self.feed.world


Source = World | FeedSource


@dataclass(frozen=True)
class Request:
    """What a person asked for: the business day, whose rows, whether to replace whatever the warehouse holds, and whether the
    files that are published must not tell who the customers are."""

    fecha: date
    source: Source
    replace: bool = False
    anonymous: bool = False

    @property
    def entities(self) -> list[str]:
        """The entities that the source provides; of others there are no rows."""
        return list(self.source.feed.mapping if isinstance(self.source, FeedSource) else LANDING)

    @property
    def country(self) -> str:
        """ISO code of the country whose holidays, and maybe provinces, the rows go by."""
        return self.source.feed.country if isinstance(self.source, FeedSource) else "AR"

    @property
    def currency(self) -> str:
        """ISO code of the currency of all amounts."""
        return self.source.feed.currency if isinstance(self.source, FeedSource) else "ARS"


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
    source = _source(params)
    if source.inicio and source.inicio > fecha:
        raise ValueError(f"inicio is {source.inicio}, after the business day {fecha}: give {fecha} or an earlier day")
    return Request(fecha, source, params["reemplazar"], params["anonimo"])


def _source(params: Mapping[str, Any]) -> Source:
    inicio = parse_day("inicio", params["inicio"]) if params["inicio"] else None
    if params["fuente"] == SIMULATOR and not params["entrada"]:
        world = soiled_or_clean(
            World(params["semilla"], params["clientes"], inicio or World.inicio), params["suciedad"]
        )
        if isinstance(world, SoiledWorld):
            return _soiled(world, params["umbral"])
        if params["umbral"] is not None:
            raise ValueError("umbral is for files that are read: give their folder too, as entrada")
        return world
    if params["suciedad"]:
        raise ValueError("suciedad is of a simulated world, and fuente or entrada asks for files: give one of the two")
    feed = declared.read(params["fuente"])
    if not params["entrada"]:
        raise ValueError(f"entrada is empty: give the folder with the files of {feed.name}")
    folder = folders.data() / params["entrada"]
    if not folder.is_dir():
        raise ValueError(f"entrada is {folder}: there is no such folder (a stack in Docker sees those below data only)")
    return FeedSource(feed, folder, inicio, feed.threshold if params["umbral"] is None else params["umbral"])


def _soiled(world: SoiledWorld, threshold: float | None) -> FeedSource:
    """The files of a world that soils them on purpose: no share of rejected rows is too large, unless one is given."""
    feed = replace(declared.read(SIMULATOR), world=world.name)
    return FeedSource(
        feed, folders.data() / world.entrada, world.inicio, 100 if threshold is None else threshold, soiled=world
    )


def chunks(days: Iterable[date]) -> list[Chunk]:
    """Runs of consecutive days, cut at month ends, in order."""
    found: list[Chunk] = []
    for day in sorted(days):
        if found and day == found[-1].hasta + timedelta(days=1) and day.day != 1:
            found[-1] = Chunk(found[-1].desde, day)
        else:
            found.append(Chunk(day, day))
    return found


def shares(work: Sequence[Chunk], rows: Callable[[date, date], float]) -> list[Share]:
    """The chunks, in order, dealt to tasks of about ROWS_PER_TASK rows each; `rows` tells how many the days from one to
    another have, both included.

    A chunk is never split. The days between those of a share count too: what is summed by month is summed over them.
    """
    dealt: list[list[Chunk]] = []
    for chunk in work:
        if not dealt or rows(dealt[-1][0].desde, chunk.hasta) > ROWS_PER_TASK:
            dealt.append([])
        dealt[-1].append(chunk)
    return [Share(part[0].desde, part[-1].hasta, part) for part in dealt]


def prepare(engine: Engine, wanted: Request) -> list[Share]:
    """Make room in the warehouse for the world or the feed and, of a world, share out what it lacks: every day from `inicio`
    to `fecha` some landing file of which has not reached its last layer, and `fecha` itself.

    Raises WorldTaken.
    """
    source = wanted.source
    with engine.begin() as connection:
        make_way(connection, source.name, replace=wanted.replace)
        if isinstance(source, FeedSource):
            return []
        days = set(Chunk(source.inicio, wanted.fecha).days())
        work = chunks(days - _arrived(connection, source.name) | {wanted.fecha})

    def expected(desde: date, hasta: date) -> float:
        return source.clientes * ROWS_PER_CUSTOMER_DAY * ((hasta - desde).days + 1)

    with engine.begin() as connection:
        create_partitions(connection, {chunk.desde.replace(day=1) for chunk in work})
    return shares(work, expected)


def delivered(engine: Engine, wanted: Request, changed: Iterable[date]) -> tuple[date, list[Share]]:
    """The first day of history of a feed, and shares of the days to work on: those on which its rows have changed, those
    that an earlier run left on their way, and `fecha` itself.

    Days of history on which the files are silent are noted as arrived, without rows. Raises ValueError where there is no
    history up to `fecha`, and WorldReplaced.
    """
    source, fecha = wanted.source, wanted.fecha
    with engine.begin() as connection:
        hold_world(connection, source.name)
        inicio = source.inicio or _first_day(connection, source.name)
        if inicio > fecha:
            raise ValueError(
                f"the history of {source.name} begins on {inicio}, after the business day {fecha}: give that day"
            )
        _note_silent_days(connection, source.name, inicio, fecha)
        on_their_way = connection.scalars(select(Cargas.fecha).where(not_(_in_last_layer())).distinct())
        work = chunks({*changed, *on_their_way, fecha})
        movements = select(Cargas.fecha, Cargas.filas).where(Cargas.entidad == "transacciones").order_by(Cargas.fecha)
        counted = connection.execute(movements).all()
    days = [row.fecha for row in counted]
    totals = [0, *accumulate(row.filas for row in counted)]

    def rows(desde: date, hasta: date) -> int:
        return totals[bisect_right(days, hasta)] - totals[bisect_left(days, desde)]

    with engine.begin() as connection:
        create_partitions(connection, {fecha.replace(day=1)})
    return inicio, shares(work, rows)


def _in_last_layer() -> ColumnElement[bool]:
    """Whether the last delivery of an entity's day, and the furthest one, have come to where its rows end."""
    last_layers = [(name, model.last_layer) for name, model in LANDING.items()]
    return and_(
        tuple_(Cargas.entidad, Cargas.capa).in_(last_layers),
        tuple_(Cargas.entidad, Cargas.capa_alcanzada).in_(last_layers),
    )


def _arrived(connection: Connection, world: str) -> set[date]:
    """Days all of whose landing files are in their last layer."""
    complete = select(Cargas.fecha).where(Cargas.mundo == world, _in_last_layer())
    return set(connection.scalars(complete.group_by(Cargas.fecha).having(func.count() == len(LANDING))))


def _first_day(connection: Connection, world: str) -> date:
    """The first day with a bank movement or an order; without any, with anything."""
    of_activity = func.min(Cargas.fecha).filter(Cargas.entidad.in_(["transacciones", "ventas"]))
    first = connection.scalar(
        select(func.coalesce(of_activity, func.min(Cargas.fecha))).where(Cargas.mundo == world, Cargas.filas > 0)
    )
    if first is None:
        raise ValueError(f"{world} has no row that the contract takes: look into control.rechazos, and at entrada")
    return first


def _note_silent_days(connection: Connection, world: str, inicio: date, fecha: date) -> None:
    days = Chunk(inicio, fecha).days()
    noted = select(Cargas.entidad, Cargas.fecha).where(Cargas.fecha.between(inicio, fecha))
    there = {(row.entidad, row.fecha) for row in connection.execute(noted)}
    empty = {"filas": 0, "suma": 0, "archivo": "", "sha256": "", "mundo": world, "corrida": ""}
    silent = [
        {"entidad": name, "fecha": day, "capa": model.last_layer, "capa_alcanzada": model.last_layer, **empty}
        for name, model in LANDING.items()
        for day in days
        if (name, day) not in there
    ]
    if silent:
        connection.execute(insert(Cargas).on_conflict_do_nothing(), silent)
