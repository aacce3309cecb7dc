"""When the DAG runs: once a day, some time after the day is over."""

from datetime import datetime, timedelta, timezone
from typing import Any

from airflow.timetables.base import DagRunInfo, DataInterval, TimeRestriction
from airflow.timetables.interval import CronDataIntervalTimetable
from pendulum import DateTime


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

    def _skip_to_latest(self, earliest: DateTime | None) -> DateTime:
        """The latest day whose run is due: in the first `hours` of a day, the one before yesterday."""
        latest = super()._skip_to_latest(earliest)
        before = self._get_prev(latest)
        is_due = self._get_next(latest) + timedelta(hours=self.hours) <= datetime.now(timezone.utc)
        return latest if is_due or (earliest is not None and before < earliest) else before

    def serialize(self) -> dict[str, Any]:
        return {"hours": self.hours}

    @classmethod
    def deserialize(cls, data: dict[str, Any]) -> "DailyTimetable":
        return cls(data["hours"])
