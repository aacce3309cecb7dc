"""Exports: cliente_360 and the answers as files in `processed` in the data folder, with their data dictionary.

Anonymous files go to `processed/anonimo`, so that the two kinds are never confused.
"""

import hmac
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, text

from client360.files import atomic
from client360.publish import anonymity, csv_files
from client360.publish.formats import CSV
from client360.publish.outgoing import Outgoing, set_key
from client360.publish.published_folder import FOOTPRINT, PublishedFolder
from client360.warehouse import locks
from client360.warehouse.models import EXPORTED
from client360.warehouse.ownership import hold_warehouse

Writer = Callable[[Path, Outgoing], dict[str, int]]
"""Writes the files of a format into a folder; returns the number of rows by file."""
PUBLISHED_DAYS = text("select dia from mart.dias_publicados() as dia")


class NotChecked(ValueError):
    """The day has not passed its checks."""


class OtherKey(ValueError):
    """The existing anonymous files were made with another key."""


def export(
    engine: Engine,
    fecha: date,
    owner: str,
    data: Path,
    key: bytes | None = None,
    *,
    currency: str = "ARS",
    parameters: Mapping[str, Any] | None = None,
    formats: Collection[str] = (),
) -> dict[str, int]:
    """Write the files as of `fecha` under `fecha=<day>`, and those of the newest published day at the top of `processed` unless
    they are there: as CSV, and in the formats beside it. The dictionary names the currency; a manifest, the owner and its
    parameters.

    With a key they are anonymous, and `processed/anonimo` takes the place of `processed`. Each file is replaced as a whole or
    not at all. Returns the number of rows of each relation. Raises NotChecked, OtherKey and OwnerReplaced.
    """
    top = folder(data, anonymous=key is not None)
    writers = [csv_files.write, *_writers(formats)]
    with engine.begin() as connection:
        hold_warehouse(connection, owner)
        locks.export(connection)
        passed = set(connection.scalars(PUBLISHED_DAYS))
        if fecha not in passed:
            raise NotChecked(f"{fecha} has not passed its checks: run the day again")
        if key is not None:
            require_same_key(data, key)
            set_key(connection, key)
        newest = max(passed)

        def write(to: Path, day: date) -> dict[str, int]:
            described = PublishedFolder(to, owner, parameters or {}, day)
            described.begin()
            outgoing = Outgoing(connection, day, key is not None, currency)
            rows: dict[str, int] = {}
            for write_files in writers:
                rows |= write_files(to, outgoing)
            described.end(rows)
            return {relation: rows[f"{relation}{CSV}"] for relation in EXPORTED}

        rows = write(top / f"fecha={fecha}", fecha)
        # of the days since that anonymous file, some may have been published openly only
        if fecha == newest or key is not None or not PublishedFolder(top, owner, parameters or {}, newest).holds():
            write(top, newest)
    return rows


def _writers(formats: Collection[str]) -> list[Writer]:
    """What writes the files of each format beside CSV. Who asks for none does not load its library."""
    if not formats:
        return []
    from client360.publish import parquet_files, workbook

    writers: dict[str, Writer] = {
        "excel": workbook.write,
        "csv_regional": partial(csv_files.write, regional=True),
        "parquet": parquet_files.write,
    }
    return [writers[each] for each in formats]


def folder(data: Path, *, anonymous: bool) -> Path:
    """The folder of the files, open or anonymous."""
    return data / "processed" / "anonimo" if anonymous else data / "processed"


def require_same_key(data: Path, key: bytes) -> None:
    """Record the key's footprint beside the anonymous files. Raises OtherKey where another key's is recorded."""
    path = folder(data, anonymous=True) / FOOTPRINT
    footprint = hmac.digest(key, b"\0", "sha256").hex()[:16]  # the HMAC of a byte that is no customer key
    if not path.exists():
        with atomic(path) as file:
            file.write(f"{footprint}\n".encode())
    elif path.read_text().strip() != footprint:
        raise OtherKey(
            f"the files in {path.parent} were made with another key, so that others could not be joined to them: "
            f"move that folder away, or put the key that made them in {anonymity.VARIABLE}"
        )
