"""The request of a run. The first task resolves it; all others read its record."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import TypeAdapter

from client360.days import MONTHS, parse_day, require_known
from client360.publish import formats
from client360.run.parameters import judged
from client360.run.sources import Source, resolve_source
from client360.simulate import EARLIEST


@dataclass(frozen=True)
class RunRequest:
    """The business day, the source, whether to replace the owner of the warehouse, whether to publish anonymous files, whether to
    judge the rows of all files anew though nothing has changed, for how many months published days are kept daily (0: all are
    kept), whether landing files go once they are loaded, and the formats to publish beside CSV."""

    day: date
    source: Source
    replace: bool = False
    anonymous: bool = False
    rebuild: bool = False
    daily_months: int = 0
    clear_landing: bool = False
    formats: tuple[str, ...] = ()

    def to_record(self) -> dict[str, Any]:
        """The request as JSON types, for XCom."""
        return RECORD.dump_python(self, mode="json")

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> "RunRequest":
        return RECORD.validate_python(record)


RECORD = TypeAdapter(RunRequest)


def last_complete_day(run_after: datetime, zone: str) -> date:
    """The last day that was over, in a time zone, when the run was due."""
    return run_after.astimezone(ZoneInfo(zone)).date() - timedelta(days=1)


def business_day(fecha: str | None, logical_date: datetime | None, run_after: datetime, zone: str) -> date:
    """The business day: the given one, else that of the logical date, a label in UTC, but no later than the last complete day
    in the time zone of the source.

    Raises ValueError, with a day to give instead, for a malformed day and for one that is not over yet.
    """
    last = last_complete_day(run_after, zone)
    if not fecha:
        return require_known("the logical date", min(logical_date.date(), last) if logical_date else last)
    day = parse_day("fecha", fecha)
    if day > last:
        raise ValueError(f"fecha is {day}, which is not over yet: give {last} or an earlier day")
    return day


def resolve(params: Mapping[str, Any], logical_date: datetime | None, run_after: datetime) -> RunRequest:
    """The request that the parameters make. Raises ValueError, in one line, where one is unknown or out of its bounds, or where
    they contradict each other."""
    params = judged(params)
    source = resolve_source(params)
    day = business_day(params["fecha"], logical_date, run_after, source.timezone)
    if source.fictitious and day < EARLIEST:
        raise ValueError(f"fecha is {day}: a simulated world has no day before {EARLIEST}")
    if source.first_day and source.first_day > day:
        raise ValueError(f"inicio is {source.first_day}, after the business day {day}: give {day} or an earlier day")
    if params["recalcular"] and not source.reads_files:
        raise ValueError("recalcular is for files that are read: give their folder too, as entrada")
    if not 0 <= params["conservar"] <= MONTHS:
        raise ValueError(
            f"conservar is {params['conservar']}: give a number of months up to {MONTHS}, or 0, which keeps every day"
        )
    return RunRequest(
        day,
        source,
        params["reemplazar"],
        params["anonimo"],
        params["recalcular"],
        params["conservar"],
        params["limpiar"],
        tuple(formats.require_known(params["formatos"] or ())),
    )
