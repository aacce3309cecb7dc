"""Writes published files anew that show an erased person, and removes what is left of them in files that runs make."""

import csv
from collections.abc import Collection
from pathlib import Path

from sqlalchemy import Engine

from client360 import manifest
from client360.publish import anonymity, formats
from client360.publish.export import PUBLISHED_DAYS, export, folder
from client360.publish.formats import CSV
from client360.publish.made_files import MadeFiles, corrupted, landed, published, remove

KEYS = ("cliente_id", "posible_duplicado_de")
"""Columns of CSV files that name a customer. Files of other formats have the same rows as the CSV files beside them."""


def rewrite(engine: Engine, data: Path, owner: str, keys: Collection[str], currency: str) -> tuple[int, int]:
    """Write the published files with one of these keys anew, of the owner's days that the warehouse still has, and remove all
    others that runs have made; returns how many days and how many files that were. Raises as export does, and CannotRemove."""
    with engine.connect() as connection:
        days = set(connection.scalars(PUBLISHED_DAYS))
    written = 0
    for each in published(data):
        if each.owner == owner and each.range and each.range.first in days and _shows(each, keys):
            anonymous = each.place == folder(data, anonymous=True).relative_to(data).as_posix()
            made = manifest.read(each.files[0].parent / manifest.NAME)
            export(
                engine,
                each.range.first,
                owner,
                data,
                anonymity.key() if anonymous else None,
                currency=currency,
                parameters=made.parametros if made else {},
                formats=_formats(each),
            )
            written += 1
    left = [
        each for found in (published(data), landed(data), corrupted(data, [])) for each in found if _shows(each, keys)
    ]
    remove(left)
    return written, sum(len(each.files) for each in left)


def _shows(made: MadeFiles, keys: Collection[str]) -> bool:
    return any(_has(file, keys) for file in made.files if file.suffix == CSV)


def _has(file: Path, keys: Collection[str]) -> bool:
    """Whether a CSV file, with , or ; between its cells, has one of the keys of a customer."""
    with file.open(encoding="utf-8-sig", errors="replace", newline="") as text:
        header = text.readline()
        rows = csv.reader(text, delimiter=";" if ";" in header else ",")
        names = header.strip().split(";" if ";" in header else ",")
        places = [place for place, name in enumerate(names) if name in KEYS]
        return bool(places) and any(row[place] in keys for row in rows for place in places if place < len(row))


def _formats(made: MadeFiles) -> list[str]:
    """The formats of a day's files beside CSV."""
    names = {file.name for file in made.files}
    ends = {"csv_regional": formats.REGIONAL_CSV, "parquet": formats.PARQUET}
    there = {name for name, end in ends.items() if any(file.endswith(end) for file in names)}
    return formats.require_known([*there, *(["excel"] if formats.WORKBOOK in names else [])])
