"""Planning: the days that a run works on, in batches for mapped tasks."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import accumulate

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, not_, select, tuple_
from sqlalchemy.dialects.postgresql import insert

from client360.days import DayRange, day_ranges
from client360.run.request import RunRequest
from client360.run.sources import FeedSource, Source
from client360.run.step_runner import run_step
from client360.run.steps import RATES
from client360.warehouse.models import LANDING, Cargas, Fuentes
from client360.warehouse.ownership import claim_warehouse, hold_warehouse
from client360.warehouse.partitions import AHEAD, create_partitions

ROWS_PER_TASK = 250_000
"""Rows that one mapped task generates or loads, roughly: enough to outweigh its start, few enough to run in parallel."""
ROWS_PER_CUSTOMER_DAY = 1.3


@dataclass(frozen=True)
class Batch:
    """The days that one mapped task works on: ranges between `first` and `last`. All batches of a run share `history_start`."""

    history_start: date
    first: date
    last: date
    ranges: list[DayRange]

    def parameters(self) -> dict[str, date]:
        """The bound parameters of a SQL step that runs over days."""
        return {"desde": self.first, "hasta": self.last}


def batches(history_start: date, work: Sequence[DayRange], rows: Callable[[date, date], float]) -> list[Batch]:
    """Batches of about ROWS_PER_TASK rows; `rows(first, last)` estimates the rows of those days, both included.

    A range is never split. Days between the ranges of a batch count too, since months are summed whole.
    """
    dealt: list[list[DayRange]] = []
    for days in work:
        if not dealt or rows(dealt[-1][0].first, days.last) > ROWS_PER_TASK:
            dealt.append([])
        dealt[-1].append(days)
    return [Batch(history_start, part[0].first, part[-1].last, part) for part in dealt]


def claim(engine: Engine, request: RunRequest) -> RunRequest:
    """Claim the warehouse for the source of a run; returns the request, which replaces only what is there to be replaced.

    Raises OwnedByAnother.
    """
    with engine.begin() as connection:
        return replace(request, replace=claim_warehouse(connection, request.source.name, replace=request.replace))


def note_source(engine: Engine, source: Source) -> None:
    """Record the time zone and the currency of the source that holds the warehouse, for those who read it. Raises
    OwnerReplaced."""
    noted = {"mundo": source.name, "zona": source.timezone, "moneda": source.currency}
    with engine.begin() as connection:
        hold_warehouse(connection, source.name)
        connection.execute(delete(Fuentes).where(Fuentes.mundo != source.name))
        connection.execute(
            insert(Fuentes).values(noted).on_conflict_do_update(index_elements=[Fuentes.mundo], set_=noted)
        )


def plan_generation(engine: Engine, request: RunRequest) -> list[Batch]:
    """Plan the days to generate of a simulated world: every day of history with a landing file that has not reached its last
    layer, and the business day itself. None for a feed.

    Raises OwnerReplaced.
    """
    source, day = request.source, request.day
    if isinstance(source, FeedSource):
        return []
    with engine.begin() as connection:
        hold_warehouse(connection, source.name)
        history = DayRange(source.first_day, day)
        work = day_ranges(days_to_generate(connection, source.name, history))
    with engine.begin() as connection:
        create_partitions(connection, {days.first.replace(day=1) for days in work}, AHEAD)

    def expected(first: date, last: date) -> float:
        return source.world.customers * ROWS_PER_CUSTOMER_DAY * ((last - first).days + 1)

    return batches(source.first_day, work, expected)


def days_to_generate(connection: Connection, owner: str, history: DayRange, *, replace: bool = False) -> set[date]:
    """The days with a landing file that has not reached its last layer, and the last one of history; with `replace` all."""
    arrived = set() if replace else loaded_days(connection, owner)
    return set(history.days()) - arrived | {history.last}


def move_rates_on(engine: Engine, request: RunRequest) -> None:
    """Move the rates that wait in staging on to the star, and convert again what is there already. Comes before the days are
    planned: those of converted movements are to be summed again. Raises OwnerReplaced."""
    of_rates = Cargas.entidad == "cotizaciones", Cargas.capa == "staging"
    with engine.begin() as connection:
        hold_warehouse(connection, request.source.name)
        first = connection.scalar(select(func.min(Cargas.fecha)).where(*of_rates))
        if first is not None:
            last = connection.scalar(select(func.max(Cargas.fecha)))
            run_step(connection, RATES, {"desde": first, "hasta": last})


def plan_transform(engine: Engine, request: RunRequest, changed: Iterable[date]) -> list[Batch]:
    """Plan the days to transform for a feed: changed ones, those that an earlier run left half loaded, and the business day.

    Days of history without rows are recorded as loaded. Raises ValueError without history up to the business day, and
    OwnerReplaced.
    """
    source, day = request.source, request.day
    with engine.begin() as connection:
        hold_warehouse(connection, source.name)
        first = _first_day(
            connection, source.name
        )  # also where the first day is given: without a row there is nothing to publish
        start = source.first_day or first
        if start > day:
            raise ValueError(
                f"the history of {source.name} begins on {start}, after the business day {day}: give that day"
            )
        _note_silent_days(connection, source.name, DayRange(start, day))
        half_loaded = connection.scalars(select(Cargas.fecha).where(not_(_in_last_layer())).distinct())
        work = day_ranges({*changed, *half_loaded, day})
        movements = select(Cargas.fecha, Cargas.filas).where(Cargas.entidad == "transacciones").order_by(Cargas.fecha)
        counted = connection.execute(movements).all()
        create_partitions(connection, {day.replace(day=1)}, AHEAD)
    days = [row.fecha for row in counted]
    totals = [0, *accumulate(row.filas for row in counted)]

    def rows(first: date, last: date) -> int:
        return totals[bisect_right(days, last)] - totals[bisect_left(days, first)]

    return batches(start, work, rows)


def _in_last_layer() -> ColumnElement[bool]:
    """Whether the last delivery of an entity's day, and the furthest one, have reached the last layer of its rows."""
    last_layers = [(name, model.last_layer) for name, model in LANDING.items()]
    return and_(
        tuple_(Cargas.entidad, Cargas.capa).in_(last_layers),
        tuple_(Cargas.entidad, Cargas.capa_alcanzada).in_(last_layers),
    )


def loaded_days(connection: Connection, owner: str) -> set[date]:
    """Days with all landing files in their last layer."""
    complete = select(Cargas.fecha).where(Cargas.mundo == owner, _in_last_layer())
    return set(connection.scalars(complete.group_by(Cargas.fecha).having(func.count() == len(LANDING))))


def _first_day(connection: Connection, owner: str) -> date:
    """The first day with a bank movement or an order; without any, the first with any row but a rate, which may be old."""
    of_activity = func.min(Cargas.fecha).filter(Cargas.entidad.in_(["transacciones", "ventas"]))
    first = connection.scalar(
        select(func.coalesce(of_activity, func.min(Cargas.fecha))).where(
            Cargas.mundo == owner, Cargas.filas > 0, Cargas.entidad != "cotizaciones"
        )
    )
    if first is None:
        raise ValueError(f"{owner} has no row that the contract takes: look into control.rechazos, and at entrada")
    return first


def _note_silent_days(connection: Connection, owner: str, history: DayRange) -> None:
    days = history.days()
    noted = select(Cargas.entidad, Cargas.fecha).where(Cargas.fecha.between(history.first, history.last))
    there = {(row.entidad, row.fecha) for row in connection.execute(noted)}
    empty = {"filas": 0, "suma": 0, "archivo": "", "sha256": "", "mundo": owner, "corrida": ""}
    silent = [
        {"entidad": name, "fecha": day, "capa": model.last_layer, "capa_alcanzada": model.last_layer, **empty}
        for name, model in LANDING.items()
        for day in days
        if (name, day) not in there
    ]
    if silent:
        connection.execute(insert(Cargas).on_conflict_do_nothing(), silent)
