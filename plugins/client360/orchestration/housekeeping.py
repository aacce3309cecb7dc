"""The DAG of housekeeping: its form, and a task for each thing that piles up. Without `aplicar` they only say what they would
remove."""

import logging
import os
import shlex
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from airflow.configuration import conf
from airflow.sdk import Param, task
from airflow.sdk.exceptions import AirflowFailException, AirflowSkipException
from airflow.sdk.timezone import utcnow

from client360 import folders
from client360.housekeeping import metadata as airflow_rows
from client360.housekeeping import settings
from client360.housekeeping import task_logs as airflow_logs
from client360.orchestration.connection import warehouse
from client360.orchestration.form import between
from client360.run import planning
from client360.warehouse.ownership import owners
from reading.language import _

log = logging.getLogger(__name__)


def form() -> dict[str, Param]:
    """The parameters of the DAG. Raises ValueError, in one line, for an invalid default in the environment."""
    defaults = settings.defaults(os.environ)

    def days(name: str, title: str, description: str) -> Param:
        allowed = between(0, settings.MOST_DAYS)
        section = _("Antigüedad")
        return Param(
            defaults[name], type="integer", allOf=allowed, title=title, description=description, section=section
        )

    return {
        "aplicar": Param(
            defaults["aplicar"],
            type="boolean",
            title=_("Quitar, y no solo decir qué se quitaría"),
            description=_("No: el registro de cada tarea dice qué se quitaría. Sí: se quita."),
        ),
        "dias_metadatos": days(
            "dias_metadatos",
            _("Días de corridas, tareas y eventos en la base de datos de Airflow"),
            _("La última corrida programada de cada DAG queda. 0: quedan todos."),
        ),
        "dias_logs": days(
            "dias_logs",
            _("Días de registros"),
            _(
                "Los de tareas, por corrida, y los del procesador de DAGs, por día, desde la última línea. 0: quedan todos."
            ),
        ),
        "dias_landing": days(
            "dias_landing",
            _("Días de archivos de entrada"),
            _("Los del mundo simulado del almacén, una vez cargados, desde que se escribieron. 0: quedan todos."),
        ),
    }


@task
def metadata(params: Any = None) -> int:
    """Remove old rows of Airflow's database, where the task may use it; returns how many it found."""
    before, apply = _asked(params, "dias_metadatos")
    address = os.environ.get(airflow_rows.ADDRESS)
    if not address:
        command = shlex.join(["airflow", *airflow_rows.arguments(before, apply=apply)])
        raise AirflowSkipException(
            f"{airflow_rows.ADDRESS} is empty: tasks may not use Airflow's database here. Run where the scheduler runs: {command}"
        )
    rows = airflow_rows.clean(address, before, apply=apply)
    for table, count in rows.items():
        _say(apply, f"{table}: {count:,} rows")
    log.info("In Airflow's database, %s rows are from before %s.", f"{sum(rows.values()):,}", before)
    return sum(rows.values())


@task
def task_logs(params: Any = None) -> int:
    """Remove old logs; returns how many files it found."""
    before, apply = _asked(params, "dias_logs")
    place = Path(conf.get("logging", "base_log_folder"))
    found = airflow_logs.older(place, before)
    count, size = sum(len(logs.files) for logs in found), sum(logs.size for logs in found)
    if found:
        oldest, newest = min(logs.oldest for logs in found), max(logs.newest for logs in found)
        runs = f"{len(found):,} runs and days, {count:,} files, {size:,} bytes"
        if apply:
            airflow_logs.remove(found)
        _say(apply, f"{place}: {oldest:%Y-%m-%d} to {newest:%Y-%m-%d}, {runs}")
    else:
        log.info("No log in %s is from before %s.", place, before)
    return count


@task
def landing_files(params: Any = None) -> None:
    """Remove old landing files of the source that the warehouse holds, by the rule of `limpiar` but for the age."""
    from client360.publish.retention import remove_landing_files

    before, apply = _asked(params, "dias_landing")
    with warehouse() as engine:
        with engine.connect() as connection:
            held = {owner: planning.loaded_days(connection, owner) for owner in owners(connection)}
        for owner, loaded in held.items():
            remove_landing_files(engine, owner, folders.data(), loaded, utcnow() - before, apply=apply)
    if not held:
        log.info("The warehouse holds nothing, so no landing file is known to be loaded.")


def _asked(params: Mapping[str, Any], age: str) -> tuple[datetime, bool]:
    """Before which moment things go, and whether they are removed. Fails the task for what is no parameter, and skips it where
    all stay."""
    try:
        asked = settings.judged(params)
    except ValueError as error:
        raise AirflowFailException(str(error)) from None
    if not asked[age]:
        raise AirflowSkipException(f"{age} is 0: all stay.")
    return utcnow() - timedelta(days=asked[age]), asked["aplicar"]


def _say(apply: bool, what: str) -> None:
    log.warning("%s: %s", "removed" if apply else "would be removed", what)
