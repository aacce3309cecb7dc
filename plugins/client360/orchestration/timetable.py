"""The schedule: one run a day, some hours after the business day is over."""

from datetime import timedelta
from typing import Any

from airflow.sdk import timezone
from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable
from pendulum import DateTime

PATIENCE = timedelta(minutes=5)
"""How far the clock of who triggers a run may be ahead."""


class DailyTimetable(CronDataIntervalTimetable):
    """Whole UTC days as data intervals, each run `hours` after its day is over.

    A cron timetable at 06:00 would make intervals from 06:00 to 06:00, and `airflow backfill create --to-date D`, whose
    dates are midnights, would leave out D.
    """

    def __init__(self, hours: int) -> None:
        super().__init__("0 0 * * *", timezone="UTC")
        self.hours = hours
        self.description = f"Every day at {hours:02}:00 UTC, for the day before"

    @property
    def summary(self) -> str:
        return f"daily, {self.hours:02}:00 UTC"

    def next_dagrun_info(
        self, *, last_automated_data_interval: DataInterval | None, restriction: TimeRestriction
    ) -> DagRunInfo | None:
        info = super().next_dagrun_info(
            last_automated_data_interval=last_automated_data_interval, restriction=restriction
        )
        return info and info._replace(run_after=info.run_after + timedelta(hours=self.hours))

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
        """The newest day whose run is due: before `hours` that is not yesterday, but the day before."""
        due = self._align_to_prev(timezone.coerce_datetime(timezone.utcnow()) - timedelta(hours=self.hours))
        newest = self._get_prev(due)
        return newest if earliest is None else max(newest, self._align_to_next(earliest))

    def serialize(self) -> dict[str, Any]:
        return {"hours": self.hours}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "DailyTimetable":
        return cls(data["hours"])
