"""Corrupts the lines of a finished landing file.

Which rows, and how, is drawn from a random stream of the file's own, by seed, entity and days: the order in which files are
corrupted does not matter. Clean files hold no quote, every line of them ends, and every byte is ASCII.
"""

from collections.abc import Iterator
from typing import IO

import numpy as np

from client360.simulate import calendar
from client360.simulate.corrupt.corrupted_world import CorruptedWorld
from client360.simulate.corrupt.defects import defects
from client360.simulate.corrupt.kinds import KINDS, Corrupted, Row
from client360.simulate.corrupt.ledger import CorruptedRow
from client360.simulate.landing_files import LandingFile
from client360.simulate.streams import stream


def corrupt_lines(
    world: CorruptedWorld, file: LandingFile, name: str, clean: IO[bytes], corrupted: IO[bytes]
) -> list[CorruptedRow]:
    """Copy the clean file, header and `file.rows` rows, with the world's share of rows corrupted.

    Returns the ledger, in the order of its lines, in which the file is called `name`.
    """
    days = calendar.day_number(file.first), calendar.day_number(file.last)
    rng = stream(world.seed, f"suciedad {file.entity}", *days)
    chosen = rng.random(file.rows) < world.share
    header = clean.readline()
    corrupted.write(header)
    columns = header.decode().rstrip("\n").split(",")
    ledger: list[CorruptedRow] = []
    number, last, sound = 1, b"", False
    for line, broken in zip(clean, chosen.tolist(), strict=True):
        corrupted.write(last)
        lines: tuple[bytes, ...] = (line,)
        sound = not broken
        if broken:
            row = Row(file.entity, dict(zip(columns, line.decode().rstrip("\n").split(","), strict=True)), rng)
            kind, (lines, column) = _corrupt_row(row)
            ledger.append(CorruptedRow(name, number + len(lines), file.entity, kind, column))
        number += len(lines)
        corrupted.writelines(lines[:-1])
        last = lines[-1]
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
