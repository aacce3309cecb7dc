"""What the tasks of a run read and write: those of SQL by their steps, those of Python by what they were given.

A dataset of files is what its files have in common: the folder of an entity's landing files, the name of a kind of file of a
feed, the published file at the top. A catalog would otherwise have new ones every day.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any, cast

from client360 import folders
from client360.days import DayRange
from client360.orchestration.tasks import resolved
from client360.publish import export, formats
from client360.run import lineage
from client360.run.sources import FeedSource
from client360.run.steps import BY_NAME, RATES
from client360.warehouse.models import EXPORTED, LANDING, Rechazos, Verificaciones, columns
from client360.warehouse.models.dw import DimFecha, DimProvincia
from client360.warehouse.raw_schema import SCHEMA as RAW


class Work(lineage.Lineage):
    """Tables, as in `dw.hecho_ventas`, and datasets of files, by their absolute paths, that a task has read and written."""

    def __init__(self) -> None:
        super().__init__()
        self.files: defaultdict[str, set[str]] = defaultdict(set)
        """Of a dataset of files, the paths of those that the task has read or written, where they are known."""


def of_steps(names: Iterable[str]) -> Work:
    """What a task of SQL steps has done."""
    work = Work()
    for name in names:
        work.add(lineage.of_step(BY_NAME[name]))
    return work


def of_python(task_id: str, ti: Any, given: dict[str, Any]) -> Work:
    """What a task of Python has done with the arguments that it was given: nothing that is told, if it reads and writes no rows,
    or only removes some."""
    work = Work()
    if tell := TOLD.get(task_id):
        tell(work, ti, given)
    return work


def _landing_files(work: Work, ti: Any, given: dict[str, Any]) -> None:
    from client360.simulate.landing_files import path_of

    for entity, model in LANDING.items():
        files = [folders.data() / path_of(entity, DayRange(**days)) for days in given["batch"]["ranges"]]
        for file in files:
            work.write(f"{file.parent}", dict.fromkeys(columns(model), frozenset()))
            work.files[f"{file.parent}"].add(f"{file}")


def _corrupted_files(work: Work, ti: Any, given: dict[str, Any]) -> None:
    source = cast("FeedSource", resolved(ti).source)
    for kind in source.feed.files:
        work.write(_kind_of_file(source, kind), {})


def _staging(work: Work, ti: Any, given: dict[str, Any]) -> None:
    for file in given["files"]:
        entity, path = file["entity"], folders.data() / file["path"]
        names = columns(LANDING[entity])
        work.reads.add(f"{path.parent}")
        work.write(f"staging.{entity}", {name: frozenset({(f"{path.parent}", name)}) for name in names})
        work.files[f"{path.parent}"].add(f"{path}")


def _raw_files(work: Work, ti: Any, given: dict[str, Any]) -> None:
    source = cast("FeedSource", resolved(ti).source)
    for delivery in given["deliveries"]:
        files = _kind_of_file(source, delivery["kind"])
        work.reads.add(files)
        work.write(f"{RAW}.{delivery['kind']}", {})
        work.files[files].add(f"{source.folder / delivery['path']}")


def _kind_of_file(source: FeedSource, kind: str) -> str:
    return f"{source.folder / source.feed.files[kind].name}"


def _contract(work: Work, ti: Any, given: dict[str, Any]) -> None:
    work.add(lineage.of_mapping(cast("FeedSource", resolved(ti).source).feed))
    work.write(Rechazos.table().fullname, {})


def _days(work: Work, ti: Any, given: dict[str, Any]) -> None:
    if set(RATES.integrates) <= set(resolved(ti).source.entities):
        work.add(lineage.of_step(RATES))


def _calendar_and_provinces(work: Work, ti: Any, given: dict[str, Any]) -> None:
    work.write(DimFecha.table().fullname, {})
    if not resolved(ti).source.provides_provinces:
        work.write(DimProvincia.table().fullname, {})


def _checks(work: Work, ti: Any, given: dict[str, Any]) -> None:
    work.add(lineage.of_checks())
    work.write(Verificaciones.table().fullname, {})


def _csv_files(work: Work, ti: Any, given: dict[str, Any]) -> None:
    request = resolved(ti)
    top = export.folder(folders.data(), anonymous=request.anonymous)
    ends = {"csv_regional": formats.REGIONAL_CSV, "parquet": formats.PARQUET}
    for relation, model in EXPORTED.items():
        table = model.table()
        names = [f"{relation}{end}" for end in (formats.CSV, *(ends[each] for each in request.formats if each in ends))]
        for name in [*names, *([formats.WORKBOOK] if "excel" in request.formats else [])]:
            # the sheets of a workbook share the names of columns
            made = {} if name == formats.WORKBOOK else {each: {(table.fullname, each)} for each in columns(model)}
            work.write(f"{top / name}", {each: frozenset(made_of) for each, made_of in made.items()})
            work.files[f"{top / name}"].add(f"{top / f'fecha={request.day}' / name}")
        work.reads.add(table.fullname)


TOLD: dict[str, Callable[[Work, Any, dict[str, Any]], None]] = {
    "generate.landing_files": _landing_files,
    "generate.corrupted_files": _corrupted_files,
    "load.staging": _staging,
    "load.raw_files": _raw_files,
    "load.contract": _contract,
    "load.days": _days,
    "transform.calendar_and_provinces": _calendar_and_provinces,
    "build_view.checks": _checks,
    "export.csv_files": _csv_files,
}
"""By task, what notes its work."""
