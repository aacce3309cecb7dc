"""The formats in which a day is published, and the names of their files: CSV always, others for runs that ask for them."""

from collections.abc import Collection
from typing import Any

from client360.warehouse.models import EXPORTED

CHOICES = ("excel", "csv_regional", "parquet")
"""What a run may ask for beside CSV."""
DICTIONARY = "diccionario_de_datos"
CSV, REGIONAL_CSV, PARQUET = ".csv", "_regional.csv", ".parquet"
"""How the names of files of a relation end."""
WORKBOOK = "cliente_360.xlsx"
"""One file for all relations."""
CSV_NAMES = tuple(f"{name}{CSV}" for name in (*EXPORTED, DICTIONARY))
NAMES = (
    *CSV_NAMES,
    WORKBOOK,
    *(f"{name}{REGIONAL_CSV}" for name in (*EXPORTED, DICTIONARY)),
    *(f"{name}{PARQUET}" for name in EXPORTED),
)
"""The names of all files that a day can have."""


def require_known(names: Collection[Any]) -> list[str]:
    """The formats that are named, each once, in the order of CHOICES. Raises ValueError, in one line."""
    for name in names:
        if name not in CHOICES:
            raise ValueError(
                f"formatos has {name!r}: give any of {', '.join(CHOICES)}, with spaces between them; CSV files are always "
                "written"
            )
    return [name for name in CHOICES if name in names]
