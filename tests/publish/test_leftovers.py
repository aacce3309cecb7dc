"""Leftovers: files of other sources go on request, and nothing else does."""

import json
from datetime import date, datetime, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from client360 import manifest
from client360.days import DayRange
from client360.publish.leftovers import NothingHeld, leftovers, report, require_choice
from client360.publish.made_files import listed
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld
from client360.simulate.corrupt.files import write_files
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import Cargas, Entradas

DAY = date(2026, 9, 20)
HELD, OTHER = "feed held", "feed other"


@pytest.fixture
def held(warehouse: Engine) -> Engine:
    with warehouse.begin() as connection:
        values = {"fecha": DAY, "entidad": "clientes", "mundo": HELD, "filas": 1, "corrida": "x", "capa": "mart"}
        values |= {"capa_alcanzada": "mart", "archivo": "x"}
        columns = Cargas.__table__.columns
        least = {int: 0, str: "x", date: DAY}
        required = {
            column.name: least.get(column.type.python_type, 0)
            for column in columns
            if not column.nullable and column.server_default is None
        }
        connection.execute(insert(Cargas), {k: v for k, v in (required | values).items() if k in columns})
    return warehouse


def published(folder: Path, owner: str | None, text: str = "x\n") -> Path:
    folder.mkdir(parents=True)
    for name in ("cliente_360.csv", "diccionario_de_datos.csv"):
        (folder / name).write_text(text)
    if owner:
        made = manifest.describe(folder, owner, {}, DayRange(DAY, DAY), {"cliente_360.csv": 1})
        manifest.write(folder / manifest.NAME, made)
    return folder


def run(engine: Engine, data: Path, choice: str) -> str:
    with engine.begin() as connection:
        return "\n".join(report(connection, data, choice))


def tree(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir())


def test_days_of_other_sources_are_listed_and_go_on_request(held: Engine, data: Path) -> None:
    own = published(data / "processed" / f"fecha={DAY}", HELD)
    other = published(data / "processed" / "fecha=2026-09-19", OTHER)
    anonymous = published(data / "processed" / "anonimo" / "fecha=2026-09-19", OTHER)
    said = run(held, data, "")
    assert f"processed: {OTHER}, 2026-09-19 to 2026-09-19, 3 files, " in said
    assert f"processed/anonimo: {OTHER}" in said
    assert HELD not in said
    assert other.exists()
    assert anonymous.exists()
    assert "removed: processed: feed other" in run(held, data, "1")
    assert not other.exists()
    assert not anonymous.exists()
    assert len(tree(own)) == 3
    assert run(held, data, "1") == f"nothing is left of other sources than {HELD}"


@pytest.mark.parametrize("text", [None, "{", "[]", '{"fuente": "feed other"}', '{"fuente": 1}', "\x00"])
def test_files_that_no_manifest_names_stay_unless_all_is_chosen(held: Engine, data: Path, text: str | None) -> None:
    folder = published(data / "processed" / "fecha=2026-09-19", None)
    if text is not None:
        (folder / manifest.NAME).write_text(text)
    assert "unknown origin" in run(held, data, "1")
    assert (folder / "cliente_360.csv").exists()
    assert "removed: processed: unknown origin" in run(held, data, "all")
    assert not folder.exists()


def test_an_edited_manifest_leads_nowhere(held: Engine, data: Path) -> None:
    folder = published(data / "processed" / "fecha=2026-09-19", OTHER)
    mine = data / "mine.csv"
    mine.write_text("x")
    (folder / "notes.txt").write_text("x")
    record = json.loads((folder / manifest.NAME).read_text())
    record["archivos"] = [
        {"archivo": name, "bytes": 1, "filas": 1, "sha256": ""} for name in ("../../mine.csv", str(mine), "notes.txt")
    ]
    (folder / manifest.NAME).write_text(json.dumps(record))
    run(held, data, "all")
    assert mine.exists()
    assert tree(folder) == ["notes.txt"]


def test_links_are_neither_followed_nor_removed(
    held: Engine, data: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = published(tmp_path_factory.mktemp("else where") / "day", OTHER)
    (data / "processed").mkdir()
    (data / "processed" / "fecha=2026-09-19").symlink_to(elsewhere)
    (data / "raw").symlink_to(elsewhere)
    folder = published(data / "processed" / "fecha=2026-09-18", OTHER)
    (folder / "rentabilidad_mensual.csv").symlink_to(elsewhere / "cliente_360.csv")
    run(held, data, "all")
    assert len(tree(elsewhere)) == 3
    assert tree(folder) == ["rentabilidad_mensual.csv"]


def test_folders_of_other_names_are_nobodys(held: Engine, data: Path) -> None:
    for name in ("fecha=2026-09-19 (copy)", "mine", "fecha="):
        published(data / "processed" / name, OTHER)
    before = tree(data)
    run(held, data, "all")
    assert tree(data) == before


def test_landing_files_of_another_world_go_by_their_range_of_days(held: Engine, data: Path) -> None:
    month, day = DayRange(date(2026, 9, 1), date(2026, 9, 30)), DayRange(DAY, DAY)
    world = World(customers=5, first_day=date(2026, 9, 1))
    write_landing_files(world, [month, day], data)
    found = leftovers(data, [HELD])
    assert [(each.place, each.owner, each.days) for each in found] == [
        ("raw", world.name, "2026-09-01_2026-09-30"),
        ("raw", world.name, "2026-09-20"),
    ]
    assert leftovers(data, [world.name]) == []
    assert f"raw: {world.name}, 2026-09-01 to 2026-09-30" in "".join(listed(found))
    run(held, data, "1")
    assert tree(data) == []


def test_files_of_a_corrupted_world_are_its_own(held: Engine, data: Path) -> None:
    world = CorruptedWorld(customers=5, first_day=date(2026, 9, 1), share=0.1)
    write_files(world, DAY, data)
    assert leftovers(data, [world.name]) == []
    assert f"suciedad/{world.folder.name}: {world.name}" in run(held, data, "1")
    assert tree(data) == []


def test_a_warehouse_that_holds_nothing_tells_nothing(warehouse: Engine, data: Path) -> None:
    folder = published(data / "processed" / "fecha=2026-09-19", OTHER)
    with pytest.raises(NothingHeld, match="holds nothing"):
        run(warehouse, data, "all")
    assert folder.exists()


def test_a_data_folder_that_is_not_there_has_no_leftovers(held: Engine, data: Path) -> None:
    assert run(held, data / "missing", "1").startswith("nothing is left")


def test_any_other_choice_is_refused() -> None:
    with pytest.raises(ValueError, match="give 1, or all"):
        require_choice("yes")


def test_what_the_source_reads_is_never_left_over(held: Engine, data: Path) -> None:
    write_landing_files(World(1, 5, DAY), [DayRange(DAY, DAY)], data)
    before = tree(data)
    assert "raw: simulador" in run(held, data, "")
    noted = {
        "fecha_corte": DAY,
        "momento": datetime(2026, 9, 21, tzinfo=timezone.utc),
        "archivos": 1,
        "nuevos": 1,
        "sin_leer": 0,
    }
    with held.begin() as connection:
        connection.execute(insert(Entradas).values(corrida="x", mundo=HELD, carpeta=str(data / "raw"), **noted))
    assert "nothing is left" in run(held, data, "all")
    assert tree(data) == before
