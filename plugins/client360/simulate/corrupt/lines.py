"""Corrupts the lines of a landing file, one by one.

Which rows, and how, is drawn from a random stream of the file's own, by seed, entity and days: the order in which files are
corrupted does not matter. Clean files hold no quote, every line of them ends, and every byte is ASCII.
"""

from collections.abc import Iterable, Iterator
from typing import IO

import numpy as np

from client360.simulate import calendar
from client360.simulate.corrupt.corrupted_world import CorruptedWorld
from client360.simulate.corrupt.defects import defects
from client360.simulate.corrupt.kinds import KINDS, Corrupted, Row
from client360.simulate.corrupt.ledger import CorruptedRow
from client360.simulate.landing_files import LandingFile
from client360.simulate.streams import stream
from client360.warehouse.models import LANDING, columns


def corrupt_lines(
    world: CorruptedWorld,
    file: LandingFile,
    name: str,
    lines: Iterable[bytes],
    corrupted: IO[bytes],
) -> list[CorruptedRow]:
    """Copy the lines of a file, whose header has been written, with the world's share of them corrupted.

    Returns the ledger, in the order of its lines, in which the file is called `name`.
    """
    days = calendar.day_number(file.first), calendar.day_number(file.last)
    rng = stream(world.seed, f"suciedad {file.entity}", *days)
    header = columns(LANDING[file.entity])
    ledger: list[CorruptedRow] = []
    number, last, sound = 1, b"", False
    for line in lines:
        corrupted.write(last)
        written: tuple[bytes, ...] = (line,)
        sound = rng.random() >= world.share
        if not sound:
            row = Row(file.entity, dict(zip(header, line.decode().rstrip("\n").split(","), strict=True)), rng)
            kind, (written, column) = _corrupt_row(row)
            ledger.append(CorruptedRow(name, number + len(written), file.entity, kind, column))
        number += len(written)
        corrupted.writelines(written[:-1])
        last = written[-1]
    if sound and rng.random() < defects().cut:
        last = last[: int(rng.integers(1, len(last) - 1))] + b"\n"  # without a line end the whole file is refused
        ledger.append(CorruptedRow(name, number, file.entity, "linea_cortada", ""))
    corrupted.write(last)
    return ledger


def _corrupt_row(row: Row) -> tuple[str, Corrupted]:
    """The row, corrupted in the first way that it allows, in an order drawn by weight."""
    return next((kind, corrupted) for kind in _by_weight(row.rng) if (corrupted := KINDS[kind](row)))


def _by_weight(rng: np.random.Generator) -> Iterator[str]:
    weights = np.array([defects().kinds[kind].weight for kind in KINDS])
    names = list(KINDS)
    yield from (names[i] for i in np.argsort(rng.exponential(size=len(names)) / weights))
