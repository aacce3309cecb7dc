"""The example feeds with the largest and smallest amounts that a line may have: no sum and no quotient of them stops a run."""

import re
from collections.abc import Callable
from datetime import date
from itertools import cycle
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360 import folders

FILES = folders.ROOT / "docs" / "examples"
FEEDS = [f"{folder.name}_ejemplo" for folder in sorted(FILES.iterdir()) if folder.is_dir()]
FECHA = date(2025, 6, 30)
AMOUNT = re.compile(rb"(?<=[;,|\t])(?:\d{1,3}(?:\.\d{3})+|\d+)([,.])\d\d(?=[;,|\t\r\n])")
LARGEST, SMALLEST = b"999999999999%b99", b"0%b01"
LARGE_MEANS = "select count(*) from mart.cliente_360_historico where gasto_mensual_promedio > 999999999999.99"


@pytest.fixture
def folder(data: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the files are that a run reads."""
    monkeypatch.setenv("CLIENT360_FOLDERS", str(data))
    (data / "mine").mkdir()
    return data / "mine"


@pytest.mark.parametrize("extremes", [[LARGEST], [LARGEST, SMALLEST, SMALLEST, LARGEST, LARGEST]])
@pytest.mark.parametrize("feed", FEEDS)
def test_a_run_succeeds(
    feed: str, extremes: list[bytes], folder: Path, run: Callable[..., str], warehouse: Engine
) -> None:
    changed = 0
    for file in sorted((FILES / feed.removesuffix("_ejemplo")).glob("*.csv")):
        extreme = cycle(extremes)
        after = AMOUNT.sub(lambda found, extreme=extreme: next(extreme) % found[1], file.read_bytes())
        changed += after != file.read_bytes()
        (folder / file.name).write_bytes(after)
    assert changed
    # what is not a share, or orders whose lines come to more than an amount may be, are rejected
    assert run(FECHA, fuente=feed, entrada=str(folder), umbral=100) == "success"
    if feed == "banco_ejemplo" and LARGEST in extremes:
        with warehouse.connect() as connection:
            assert connection.scalar(text(LARGE_MEANS)) > 0
