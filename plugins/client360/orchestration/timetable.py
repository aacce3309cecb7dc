"""The schedule: one run a day, some hours after the business day is over."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from airflow.sdk import timezone
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable
from pendulum import DateTime

PATIENCE = timedelta(minutes=5)
"""How far the clock of who triggers a run may be ahead."""


class DailyTimetable(CronDataIntervalTimetable):
    """A run for each day, at `hours` of the next day in the time zone `zone`.

    Data intervals, which label the runs, are whole days in UTC. A cron timetable at 06:00 would make intervals from 06:00 to
    06:00, and `airflow backfill create --to-date D`, whose dates are midnights in UTC, would leave out D.
    """

    def __init__(self, hours: int, zone: str) -> None:
        super().__init__("0 0 * * *", timezone="UTC")
        self.hours, self.zone = hours, zone
        self.description = f"Every day at {hours:02}:00 in {zone}, for the day before"

    @property
    def summary(self) -> str:
        return f"daily, {self.hours:02}:00 {self.zone}"

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        info = super().next_dagrun_info(
            last_automated_data_interval=last_automated_data_interval, restriction=restriction
        )
        if info is None or info.data_interval is None:
            return info
        return info._replace(run_after=self._due(info.data_interval.start))

    def infer_manual_data_interval(self, *, run_after: DateTime) -> DataInterval:
        """The interval of a run that somebody triggers, for the logical date that they gave.

        Raises ValueError, which refuses the trigger, where that is in the future: the scheduler would leave the run "running"
        until then.
        """
        if run_after > timezone.utcnow() + PATIENCE:
            raise ValueError(
                f"the logical date {run_after.to_datetime_string()} is in the future: leave it empty, and give the day to "
                "process as fecha"
            )
        return super().infer_manual_data_interval(run_after=run_after)

    def _skip_to_latest(self, earliest: DateTime | None) -> DateTime:
        """The newest day whose run is due; east of Greenwich that may be today's in UTC."""
        now = timezone.coerce_datetime(timezone.utcnow())
        newest = self._align_to_prev(now)
        while self._due(newest) > now:
            newest = self._get_prev(newest)
        return newest if earliest is None else max(newest, self._align_to_next(earliest))

    def _due(self, day: DateTime) -> DateTime:
        """When the run is due of the day that begins then in UTC."""
        morning = datetime(day.year, day.month, day.day, self.hours, tzinfo=ZoneInfo(self.zone)) + timedelta(days=1)
        return timezone.coerce_datetime(morning.astimezone(timezone.utc))

    def serialize(self) -> dict[str, Any]:
        return {"hours": self.hours, "zone": self.zone}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "DailyTimetable":
        return cls(data["hours"], data.get("zone", "UTC"))  # versions before stored none
