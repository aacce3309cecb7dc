"""What a soiled world breaks is what its ledger says, and nothing else."""

from collections import Counter, defaultdict
from datetime import date
from io import BytesIO
from math import sqrt
from pathlib import Path

import pytest

from client360.simulate import World, landing_files
from client360.simulate.corrupt import CorruptedWorld, corrupted_or_clean, corruption, files
from client360.simulate.corrupt.corruption import Injected
from client360.simulate.corrupt.defects import REPEATED, defects
from client360.warehouse.models import LANDING
from proof.corruption import verdicts

CLEAN = World(seed=3, customers=150, first_day=date(2025, 1, 10))
HASTA = date(2025, 3, 12)


def soiled(suciedad: float = 0.05, world: World = CLEAN) -> CorruptedWorld:
    return CorruptedWorld(world.seed, world.customers, world.first_day, suciedad)


def delivered(folder: Path, world: CorruptedWorld) -> Path:
    files.write_files(world, HASTA, folder)
    return folder / world.folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")}


def by_file(ledger: list[Injected]) -> dict[str, list[Injected]]:
    found = defaultdict(list)
    for line in ledger:
        found[line.archivo].append(line)
    return found


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files that the world would have without dirt."""
    folder = tmp_path_factory.mktemp("clean")
    landing_files.write_landing_files(CLEAN, files.months(soiled(), HASTA), folder)
    return folder / "raw"


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return delivered(tmp_path_factory.mktemp("dirty"), soiled())


@pytest.mark.parametrize("suciedad", [0.01, 0.2, 0.5])
def test_the_share_of_rows_that_is_asked_for_is_broken(suciedad: float, clean: Path, tmp_path: Path) -> None:
    ledger = files.read_ledgers(delivered(tmp_path, soiled(suciedad)))
    broken = sum(line.defecto != "linea_cortada" for line in ledger)
    rows = sum(content.count(b"\n") - 1 for content in contents(clean).values())
    assert rows > 15_000
    assert broken == pytest.approx(rows * suciedad, abs=4 * sqrt(rows * suciedad))


def test_each_line_of_the_ledger_is_broken_and_every_other_one_is_as_it_was(clean: Path, dirty: Path) -> None:
    before, after = contents(clean), contents(dirty / "entrada")
    ledger = by_file(list(files.read_ledgers(dirty)))
    assert before.keys() == after.keys() >= ledger.keys()
    for archivo, content in after.items():
        sound, found = before[archivo].splitlines(keepends=True), content.splitlines(keepends=True)
        broken = {line.linea: line for line in ledger[archivo]}
        for number, line in enumerate(found, start=1):
            match broken.pop(number, None):
                case None:
                    assert line == sound.pop(0)
                case Injected(defecto="repetida"):
                    assert line == found[number - 2]
                case Injected(defecto="clave_repetida", columna=column):
                    assert _columns_that_differ(found[0], line, found[number - 2]) == [column]
                case Injected(defecto="linea_cortada"):
                    assert number == len(found)
                    assert 1 < len(line) < len(sound[0])
                    assert sound.pop(0).startswith(line.rstrip(b"\n"))
                case Injected(columna=""):
                    assert line != sound.pop(0)
                case Injected(columna=column):
                    assert _columns_that_differ(found[0], line, sound.pop(0)) == [column]
        assert not sound
        assert not broken


def _columns_that_differ(header: bytes, line: bytes, other: bytes) -> list[str]:
    columns, values, others = (row.rstrip(b"\n").split(b",") for row in (header, line, other))
    differ = [a != b for a, b in zip(values, others, strict=True)]
    return [column.decode() for column, different in zip(columns, differ, strict=True) if different]


def test_equal_worlds_are_soiled_alike_whatever_months_are_written_first(dirty: Path, tmp_path: Path) -> None:
    world = soiled()
    files.write_files(world, world.first_day, tmp_path / "by month")
    by_month = delivered(tmp_path / "by month", world)
    assert contents(by_month) == contents(dirty)

    clean = tmp_path / "last first"
    for file in reversed(landing_files.write_landing_files(world, files.months(world, HASTA), clean)):
        files.write_file(world, file, clean, tmp_path / "reversed")
    assert contents(tmp_path / "reversed") == contents(dirty)


def test_any_day_of_a_month_is_delivered_with_the_files_of_the_whole_month(dirty: Path, tmp_path: Path) -> None:
    for day in (1, 31):
        files.write_files(soiled(), date(2025, 3, day), tmp_path / str(day))
        assert contents(tmp_path / str(day) / soiled().folder) == contents(dirty)
    assert files.write_files(soiled(), date(2025, 3, 20), tmp_path / "1") == 0


def test_another_share_and_another_seed_are_broken_elsewhere(dirty: Path, tmp_path: Path) -> None:
    other = World(4, CLEAN.customers, CLEAN.first_day)
    ledgers = [
        list(files.read_ledgers(folder))
        for folder in (dirty, delivered(tmp_path, soiled(0.06)), delivered(tmp_path, soiled(world=other)))
    ]
    assert ledgers[0] != ledgers[1]
    assert ledgers[0] != ledgers[2]


def test_every_kind_of_defect_is_found_in_some_file_and_every_entity_is_soiled(tmp_path: Path) -> None:
    ledger = list(files.read_ledgers(delivered(tmp_path, soiled(0.5))))
    assert {line.defecto for line in ledger} == defects().kinds.keys() == {*corruption.KINDS, "linea_cortada"}
    assert {line.entidad for line in ledger} == LANDING.keys()


def test_kinds_are_as_frequent_as_their_weights_where_all_can_be(tmp_path: Path) -> None:
    ledger = files.read_ledgers(delivered(tmp_path, soiled(0.5)))
    found = Counter(line.defecto for line in ledger if line.entidad == "transacciones")
    del found["linea_cortada"]
    weights = {kind: facts.weight for kind, facts in defects().kinds.items() if facts.weight}
    for kind, weight in weights.items():
        expected = found.total() * weight / sum(weights.values())
        assert found[kind] == pytest.approx(expected, abs=4 * sqrt(expected)), kind


@pytest.mark.parametrize(("seed", "suciedad"), [(1, 0.02), (2, 0.05), (3, 0.5)])
def test_what_each_kind_must_lead_to_is_what_the_rules_of_the_contract_say(
    seed: int, suciedad: float, tmp_path: Path
) -> None:
    folder = delivered(tmp_path, soiled(suciedad, World(seed, CLEAN.customers, CLEAN.first_day)))
    said = verdicts.judge(folder / "entrada")
    for line in files.read_ledgers(folder):
        place = line.archivo, line.linea
        motivo = REPEATED if place in said.repeated else said.rejected[place].motivo if place in said.rejected else ""
        assert motivo == (defects().kinds[line.defecto].motivo or motivo), line
        if line.defecto == "huerfana":
            assert motivo in ("padre_desconocido", "padre_rechazado"), line
        if line.defecto in ("tipo", "nulo"):
            assert said.rejected[place].columna == line.columna, line


def test_a_file_without_rows_is_left_as_it_is() -> None:
    file = landing_files.LandingFile("ventas", CLEAN.first_day, HASTA, "raw/ventas/ventas.csv", 0)
    after = BytesIO()
    assert corruption.corrupt(soiled(0.5), file, "ventas/ventas.csv", BytesIO(b"venta_id,fecha\n"), after) == []
    assert after.getvalue() == b"venta_id,fecha\n"


def test_a_soiled_world_has_a_name_of_its_own_and_the_clean_one_keeps_its_name() -> None:
    assert corrupted_or_clean(CLEAN, 0) is CLEAN
    assert corrupted_or_clean(CLEAN, 0.05) == soiled(0.05)
    names = [CLEAN.name, soiled(0.05).name, soiled(0.06).name]
    assert len(set(names)) == 3
    assert all(name.startswith(f"{CLEAN.name} suciedad=0.0") for name in names[1:])


@pytest.mark.parametrize("suciedad", [-0.1, 0.51, 1, float("nan")])
def test_a_share_out_of_bounds_is_refused_in_one_line(suciedad: float) -> None:
    with pytest.raises(ValueError, match=r"suciedad is .*: give the share of rows to soil, from 0 to 0.5"):
        corrupted_or_clean(CLEAN, suciedad)
