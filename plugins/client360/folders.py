"""Paths: the checkout, the SQL files, the data folder."""

import os
from pathlib import Path

ROOT = Path(__file__).parents[2]
SQL = ROOT / "include" / "sql"


def data() -> Path:
    """The data folder, with `raw` (landing files) and `processed` (exports): CLIENT360_DATA, or `data` in the checkout."""
    return Path(os.environ.get("CLIENT360_DATA") or ROOT / "data")
