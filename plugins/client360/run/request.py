"""What a run is asked for, resolved once: by the first task, for all others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import TypeAdapter

from client360.days import parse_day
from client360.run.sources import Source, resolve_source


@dataclass(frozen=True)
class RunRequest:
    """The business day, whose rows, whether to replace whatever the warehouse holds, and whether the published files must not
    tell who the customers are."""

    day: date
    source: Source
    replace: bool = False
    anonymous: bool = False

    def to_record(self) -> dict[str, Any]:
        """The request as JSON types, for other processes."""
        return RECORD.dump_python(self, mode="json")

    @staticmethod
    def from_record(record: Mapping[str, Any]) -> "RunRequest":
        return RECORD.validate_python(record)


RECORD = TypeAdapter(RunRequest)


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


def resolve(params: Mapping[str, Any], logical_date: datetime | None, run_after: datetime) -> RunRequest:
    """What a run's parameters ask for. Raises ValueError, in one line, when they do not fit together."""
    day = business_day(params["fecha"], logical_date, run_after)
    source = resolve_source(params)
    if source.first_day and source.first_day > day:
        raise ValueError(f"inicio is {source.first_day}, after the business day {day}: give {day} or an earlier day")
    return RunRequest(day, source, params["reemplazar"], params["anonimo"])
