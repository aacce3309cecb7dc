"""A corrupted world corrupts what its ledger lists, and nothing else."""

from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from math import sqrt
from pathlib import Path

import pytest

from client360.simulate import World, landing_files
from client360.simulate.corrupt import CorruptedWorld, days, files
from client360.simulate.corrupt.defects import REPEATED, defects
from client360.simulate.corrupt.kinds import KINDS
from client360.simulate.corrupt.ledger import CorruptedRow, read_ledgers
from client360.simulate.corrupt.lines import corrupt_lines
from client360.simulate.simulation import NOT_SIMULATED
from client360.warehouse.models import LANDING
from proof.corruption import verdicts

pytestmark = pytest.mark.long

CLEAN = World(seed=3, customers=150, first_day=date(2025, 1, 10))
HASTA = date(2025, 3, 12)


def corrupted(suciedad: float = 0.05, world: World = CLEAN) -> CorruptedWorld:
    return CorruptedWorld(world.seed, world.customers, world.first_day, suciedad)


def delivered(folder: Path, world: CorruptedWorld) -> Path:
    files.write_files(world, HASTA, folder)
    return folder / world.folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*.csv")}


def by_file(ledger: list[CorruptedRow]) -> dict[str, list[CorruptedRow]]:
    found = defaultdict(list)
    for line in ledger:
        found[line.file].append(line)
    return found


@pytest.fixture(scope="module")
def clean(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of the world before their lines are corrupted one by one."""
    folder = tmp_path_factory.mktemp("clean")
    for file in landing_files.write_landing_files(CLEAN, files.months(corrupted(), HASTA), folder):
        header, *lines = (folder / file.path).read_bytes().splitlines(keepends=True)
        drawn = days.drawn_days(corrupted(), file)
        after = days.corrupt_days(file.entity, drawn, lines)
        (folder / file.path).write_bytes(header + b"".join(after))
    return folder / "raw"


@pytest.fixture(scope="module")
def corrupt(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return delivered(tmp_path_factory.mktemp("corrupt"), corrupted())


@pytest.mark.parametrize("suciedad", [0.01, 0.2, 0.5])
def test_the_share_of_rows_that_is_asked_for_is_corrupted(suciedad: float, clean: Path, tmp_path: Path) -> None:
    ledger = read_ledgers(delivered(tmp_path, corrupted(suciedad)))
    broken = sum(line.defect != "linea_cortada" for line in ledger)
    rows = sum(content.count(b"\n") - 1 for content in contents(clean).values())
    assert rows > 15_000
    assert broken == pytest.approx(rows * suciedad, abs=4 * sqrt(rows * suciedad))


def test_each_line_of_the_ledger_is_corrupted_and_every_other_line_is_unchanged(clean: Path, corrupt: Path) -> None:
    before, after = contents(clean), contents(corrupt / "entrada")
    ledger = by_file(list(read_ledgers(corrupt)))
    assert before.keys() == after.keys() >= ledger.keys()
    for file, content in after.items():
        sound, found = before[file].splitlines(keepends=True), content.splitlines(keepends=True)
        broken = {line.line: line for line in ledger[file]}
        for number, line in enumerate(found, start=1):
            match broken.pop(number, None):
                case None:
                    assert line == sound.pop(0)
                case CorruptedRow(defect="repetida"):
                    assert line == found[number - 2]
                case CorruptedRow(defect="clave_repetida", column=column):
                    assert _columns_that_differ(found[0], line, found[number - 2]) == [column]
                case CorruptedRow(defect="linea_cortada"):
                    assert number == len(found)
                    assert 1 < len(line) < len(sound[0])
                    assert sound.pop(0).startswith(line.rstrip(b"\n"))
                case CorruptedRow(column=""):
                    assert line != sound.pop(0)
                case CorruptedRow(column=column):
                    assert _columns_that_differ(found[0], line, sound.pop(0)) == [column]
        assert not sound
        assert not broken


def _columns_that_differ(header: bytes, line: bytes, other: bytes) -> list[str]:
    columns, values, others = (row.rstrip(b"\n").split(b",") for row in (header, line, other))
    differ = [a != b for a, b in zip(values, others, strict=True)]
    return [column.decode() for column, different in zip(columns, differ, strict=True) if different]


def test_equal_worlds_are_corrupted_alike_whatever_months_are_written_first(corrupt: Path, tmp_path: Path) -> None:
    world = corrupted()
    files.write_files(world, world.first_day, tmp_path / "by month")
    by_month = delivered(tmp_path / "by month", world)
    assert contents(by_month) == contents(corrupt)

    clean = tmp_path / "last first"
    for file in reversed(landing_files.write_landing_files(world, files.months(world, HASTA), clean)):
        files.write_file(world, file, clean, tmp_path / "reversed")
    assert contents(tmp_path / "reversed") == contents(corrupt)


def test_any_day_of_a_month_is_delivered_with_the_files_of_the_whole_month(corrupt: Path, tmp_path: Path) -> None:
    for day in (1, 31):
        files.write_files(corrupted(), date(2025, 3, day), tmp_path / str(day))
        assert contents(tmp_path / str(day) / corrupted().folder) == contents(corrupt)
    assert files.write_files(corrupted(), date(2025, 3, 20), tmp_path / "1") == 0


def test_another_share_and_another_seed_corrupt_other_rows(corrupt: Path, tmp_path: Path) -> None:
    other = World(4, CLEAN.customers, CLEAN.first_day)
    ledgers = [
        list(read_ledgers(folder))
        for folder in (corrupt, delivered(tmp_path, corrupted(0.06)), delivered(tmp_path, corrupted(world=other)))
    ]
    assert ledgers[0] != ledgers[1]
    assert ledgers[0] != ledgers[2]


def test_every_kind_of_defect_is_found_in_some_file_and_every_entity_is_corrupted(tmp_path: Path) -> None:
    ledger = list(read_ledgers(delivered(tmp_path, corrupted(0.5))))
    assert {line.defect for line in ledger} == defects().kinds.keys() == {*KINDS, "linea_cortada"}
    assert {line.entity for line in ledger} == LANDING.keys() - set(NOT_SIMULATED)


def test_kinds_are_as_frequent_as_their_weights_where_all_can_be(tmp_path: Path) -> None:
    ledger = read_ledgers(delivered(tmp_path, corrupted(0.5)))
    found = Counter(line.defect for line in ledger if line.entity == "transacciones")
    del found["linea_cortada"]
    weights = {kind: facts.weight for kind, facts in defects().kinds.items() if facts.weight}
    for kind, weight in weights.items():
        expected = found.total() * weight / sum(weights.values())
        assert found[kind] == pytest.approx(expected, abs=4 * sqrt(expected)), kind


@pytest.mark.parametrize(("seed", "suciedad"), [(1, 0.02), (2, 0.05), (3, 0.5)])
def test_what_each_kind_must_lead_to_is_what_the_rules_of_the_contract_say(
    seed: int, suciedad: float, tmp_path: Path
) -> None:
    folder = delivered(tmp_path, corrupted(suciedad, World(seed, CLEAN.customers, CLEAN.first_day)))
    judged = verdicts.judge(folder / "entrada")
    for line in read_ledgers(folder):
        place = line.file, line.line
        rejected = judged.rejected[place].reason if place in judged.rejected else ""
        reason = REPEATED if place in judged.repeated else rejected
        if line.defect == "nulo" and reason in ("padre_desconocido", "padre_rechazado"):
            # what its order would have given it is missing, as is the order
            assert line.entity in ("detalle_ventas", "envios", "pagos_venta"), line
            assert line.column in ("cliente_id", "fecha"), line
            continue
        assert reason == (defects().kinds[line.defect].reason or reason), line
        if line.defect == "huerfana":
            assert reason in ("padre_desconocido", "padre_rechazado"), line
        if line.defect in ("tipo", "nulo"):
            assert judged.rejected[place].column == line.column, line


def test_each_day_of_the_ledger_is_corrupted_and_no_other(tmp_path: Path) -> None:
    world, last = corrupted(0.0001, World(7, 20, date(2024, 1, 1))), date(2025, 12, 31)
    files.write_files(world, last, tmp_path)
    found = {(day.entity, day.day): day.defect for day in days.read_ledgers(tmp_path / world.folder)}
    assert set(found.values()) == defects().days.kinds.keys() == days.KINDS.keys()
    drawable = len({entity for entity, _ in found}) * 731
    assert len(found) == pytest.approx(drawable * defects().days.share, abs=4 * sqrt(drawable * defects().days.share))
    drawn_again = set()
    for file in landing_files.write_landing_files(world, files.months(world, last), tmp_path / "clean"):
        header, *lines = (tmp_path / "clean" / file.path).read_bytes().splitlines(keepends=True)
        columns = header.decode().rstrip("\n").split(",")
        drawn = days.drawn_days(world, file)
        drawn_again |= {(file.entity, day) for day in drawn}
        before = [_row(columns, line) for line in lines]
        after = [_row(columns, line) for line in days.corrupt_days(file.entity, drawn, lines)]
        moved = {f"{date.fromisoformat(day) + timedelta(1)}" for day in drawn if drawn[day].kind == "dia_corrido"}
        others = {row["fecha"] for row in before} - drawn.keys() - moved
        assert [row for row in after if row["fecha"] in others] == [row for row in before if row["fecha"] in others]
        for day, defect in drawn.items():
            rows, there = ([row for row in of if row["fecha"] == day] for of in (before, after))
            changed = [(row.pop(defect.column), row) for row in rows if defect.column]
            value_there = [(row.pop(defect.column), row) for row in there if defect.column]
            match defect.kind:
                case "dia_ausente" | "dia_corrido":
                    assert there == []
                case "dia_repetido":
                    assert value_there == [(f"{again}{key}", row) for key, row in changed for again in ("", "R")]
                case "dia_en_centavos":
                    cents = [(value and f"{Decimal(value) * 100:.2f}", row) for value, row in changed]
                    assert value_there == cents
                case "centinelas":
                    assert [row for _, row in value_there] == [row for _, row in changed]
                    assert {value for value, _ in value_there} <= {value for value, _ in changed} | set(
                        days.PLACEHOLDERS.values()
                    )
                case "otra_grafia":
                    assert [(value.lower(), row) for value, row in value_there] == [
                        (value.lower(), row) for value, row in changed
                    ]
    assert drawn_again == found.keys()


def _row(columns: list[str], line: bytes) -> dict[str, str]:
    return dict(zip(columns, line.decode().rstrip("\n").split(","), strict=True))


def test_a_file_without_rows_is_left_as_it_is() -> None:
    file = landing_files.LandingFile("ventas", CLEAN.first_day, HASTA, "raw/ventas/ventas.csv", 0)
    after = BytesIO()
    assert corrupt_lines(corrupted(0.5), file, "ventas/ventas.csv", [], after) == []
    assert after.getvalue() == b""


def test_a_corrupted_world_has_a_name_of_its_own_and_the_clean_one_keeps_its_name() -> None:
    names = [CLEAN.name, corrupted(0.05).name, corrupted(0.06).name]
    assert len(set(names)) == 3
    assert all(name.startswith(f"{CLEAN.name} suciedad=0.0") for name in names[1:])


@pytest.mark.parametrize("suciedad", [-0.1, 0.51, 1, float("nan")])
def test_a_share_out_of_bounds_is_refused_in_one_line(suciedad: float) -> None:
    with pytest.raises(ValueError, match=r"suciedad is .*: give the share of rows to corrupt, from 0 to 0.5"):
        corrupted(suciedad)
