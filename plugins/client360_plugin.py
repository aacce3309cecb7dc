"""What client360 adds to Airflow: its timetable."""

from typing import ClassVar

from airflow.plugins_manager import AirflowPlugin

from client360.timetable import DailyTimetable


class Client360Plugin(AirflowPlugin):
    name = "client360"
    timetables: ClassVar = [DailyTimetable]
