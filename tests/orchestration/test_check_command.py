"""The command line of checks, on the warehouse of Airflow's connection."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import Engine

from client360 import folders
from client360.orchestration.check import main

FILES = folders.ROOT / "docs" / "examples"
FECHA = date(2025, 6, 30)


def test_all_that_a_check_finds_in_files_is_printed(
    run: Callable[..., str], warehouse: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CLIENT360_FOLDERS", str(FILES))
    assert run(FECHA, fuente="cooperativa_ejemplo", entrada=str(FILES / "cooperativa")) == "success"
    capsys.readouterr()
    for fecha in ("", str(FECHA)):
        assert main("saldo_cuadra", fecha) == 0
        first, *found = capsys.readouterr().out.splitlines()
        assert first.startswith(
            "2 found from 2025-04-01 to 2025-06-30 against the rule 'A balance that is delivered for a day"
        )
        assert found == [
            "  account A2 on 2025-05-31, -100.00 more than its movements come to",
            "  account A2 on 2025-06-30, -100.00 more than its movements come to",
        ]


@pytest.mark.usefixtures("warehouse", "airflow_database")
@pytest.mark.parametrize(
    ("check", "fecha", "said"),
    [
        ("", "", "check is '': give CHECK, one of anulacion_cuadra, "),
        ("saldo_cuadra", "", "no day is computed yet: make run"),
        ("saldo_cuadra", "2025-06-30", "fecha is 2025-06-30: that day was not computed"),
        ("saldo_cuadra", "june", "fecha"),
    ],
)
def test_refusals_take_one_line(capsys: pytest.CaptureFixture[str], check: str, fecha: str, said: str) -> None:
    assert main(check, fecha) == 1
    error = capsys.readouterr().err
    assert error.startswith(f"client360: {said}")
    assert error.count("\n") == 1
