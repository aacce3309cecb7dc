"""The version in the name of a world changes if and only if its rows do."""

from datetime import date
from hashlib import sha256
from pathlib import Path

from client360.days import DayRange, day_ranges
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld, corrupted_world
from client360.simulate.corrupt.files import write_files
from client360.simulate.landing_files import write_landing_files
from client360.simulate.world import LIBRARIES, VERSION

WORLDS = {
    World(42, 200, date(2025, 1, 1)): date(2026, 3, 31),
    World(7, 1100, date(2025, 11, 1)): date(2025, 12, 31),
    World(3, 30, date(2015, 1, 1)): date(2015, 2, 28),
}
"""Worlds, and the last days for which they are drawn: raises, campaigns and returns of a year, two blocks, an early history."""


def digest(folder: Path) -> str:
    """SHA-256 of the names and bytes of all files below a folder."""
    found = sha256()
    for path in sorted(folder.rglob("*.csv")):
        found.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def test_the_version_of_the_generator_changes_with_its_rows(tmp_path: Path) -> None:
    for world, last in WORLDS.items():
        days = DayRange(world.first_day, last).days()
        write_landing_files(world, day_ranges(days), tmp_path / f"{world.seed}")
    assert (VERSION, digest(tmp_path)) == (
        "e046b8d7f671",
        "e046b8d7f6718a6732740d0c603e94501d0021a90ab35b248f49120023589a42",
    ), "rows changed: give World another VERSION, and record both here"


def test_the_version_of_the_corruption_changes_with_its_rows(tmp_path: Path) -> None:
    world = CorruptedWorld(42, 200, date(2025, 1, 1), 0.1)
    write_files(world, date(2025, 3, 31), tmp_path)
    (folder,) = tmp_path.glob("suciedad/*")
    assert (corrupted_world.VERSION, digest(folder)) == (
        "3af257d38125",
        "3af257d38125fbe06517980916772182671ad176d6b75b1ce4e68d5990c50601",
    ), "corrupted rows changed: give CorruptedWorld another VERSION, and record both here"


def test_other_libraries_make_another_version(monkeypatch) -> None:
    from client360.simulate import world as module

    known = World().name
    monkeypatch.setitem(LIBRARIES, "numpy", "0.0")
    module._version.cache_clear()
    assert World().name != known
    module._version.cache_clear()
