"""`make truth` writes what is true in a world beside what is published, and nothing for files."""

import json
import os
import subprocess
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq
import pytest

from client360 import folders
from client360.simulate import World
from client360.simulate.truths import OF_COMPANY, OF_CUSTOMERS
from client360.simulate.twins import twin
from tools.local import truth

DAY = date(2025, 3, 31)


def test_the_truth_of_a_world_is_written_as_csv_and_as_parquet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path))
    other = twin(World(4, 1100), "demoras")
    for world in (World(3, 50), other):  # the second one replaces the first, and has two blocks
        folder = truth.write(world, DAY)
    assert folder == tmp_path / "verdad"
    names = {*OF_CUSTOMERS, *OF_COMPANY}
    ends = (".csv", ".parquet")
    assert {path.name for path in folder.iterdir()} == {
        *(f"{name}{end}" for name in names for end in ends),
        *("mundo.json", "mundo.yaml"),
    }
    for name in names:
        text, typed = pd.read_csv(folder / f"{name}.csv"), pq.read_table(folder / f"{name}.parquet").to_pandas()
        assert list(text) == list(typed)
        assert len(text) == len(typed) > 0
    assert pd.read_csv(folder / "clientes.csv").cliente_id.nunique() > 1000
    assert json.loads((folder / "mundo.json").read_text())["nombre"] == other.name
    assert "elasticity" in (folder / "mundo.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("given", ["--suciedad=0.1", "--fuente=banco_ejemplo"])
def test_files_have_no_truth(given: str, tmp_path: Path) -> None:
    environment = os.environ | {"CLIENT360_DATA": str(tmp_path), "PYTHONPATH": f"{folders.ROOT / 'plugins'}:."}
    options = ["fecha", "clientes", "inicio", "semilla", "reemplazar", "anonimo", "fuente", "entrada", "umbral"]
    command = [sys.executable, "-m", "tools.local", "truth", *(f"--{option}=" for option in options), given]
    done = subprocess.run(command, cwd=folders.ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("client360: ")
    assert not (tmp_path / "verdad").exists()
