"""Erasing a person: afterwards none of their values is in any table, or in any file that runs have made."""

import csv
import io
import re
import shutil
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360 import folders
from client360.orchestration.erase import main

DAY = date(2025, 6, 30)
KEY = "a key that is long enough"
TOTALS = ("ventas_por_canal", "rentabilidad_mensual", "productos_mas_vendidos", "medios_de_pago", "demoras_logisticas")
"""Answers that are sums of what was sold."""
TABLES = """
    select format('%I.%I', relnamespace::regnamespace, relname) from pg_class
    where relkind in ('r', 'p', 'm') and not relispartition
    and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast')
"""


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT360_ANONYMITY_KEY", KEY)


def in_tables(warehouse: Engine, words: list[str]) -> list[str]:
    """The tables of which a row has one of the words."""
    pattern = "|".join(rf"(^|[^[:alnum:]]){re.escape(word)}([^[:alnum:]]|$)" for word in words)
    with warehouse.connect() as connection:
        return [
            table
            for table in connection.scalars(text(TABLES)).all()
            if connection.scalar(
                text(f"select count(*) from {table} as t where t::text ~* :pattern"), {"pattern": pattern}
            )
        ]


def in_files(data: Path, words: list[str]) -> list[str]:
    """The files below the data folder that have one of the words, workbooks and Parquet files included."""
    found = []
    for path in sorted(path for path in data.rglob("*") if path.is_file()):
        if path.suffix == ".xlsx":
            from python_calamine import CalamineWorkbook

            book = CalamineWorkbook.from_path(path)
            content = "\n".join(str(book.get_sheet_by_name(name).to_python()) for name in book.sheet_names)
        elif path.suffix == ".parquet":
            from pyarrow import parquet

            content = str(parquet.read_table(path).to_pydict())
        else:
            content = path.read_bytes().decode("utf-8", "replace")
        if any(re.search(rf"(?<!\w){re.escape(word)}(?!\w)", content, re.IGNORECASE) for word in words):
            found.append(str(path.relative_to(data)))
    return found


def published(data: Path, day: date, names: tuple[str, ...] = TOTALS) -> dict[str, bytes]:
    return {name: (data / "processed" / f"fecha={day}" / f"{name}.csv").read_bytes() for name in names}


def customers(data: Path, day: date) -> set[str]:
    with (data / "processed" / f"fecha={day}" / "cliente_360.csv").open(encoding="utf-8-sig", newline="") as file:
        return {row["cliente_id"] for row in csv.DictReader(file)}


BROKEN = "30.111.222"
"""The document of somebody as it stands in a line that is broken."""
EXAMPLES = {
    "tienda_ejemplo": ("tienda", "1", ["30111222", BROKEN, "sofia.gimenez@correo.example", "Sofía Giménez", "Giménez"]),
    "banco_ejemplo": ("banco", "101", ["Quiroga", "María Belén Quiroga"]),
    "cooperativa_ejemplo": ("cooperativa", "1", ["Ana Ruiz"]),
}


@pytest.fixture(params=EXAMPLES)
def example(request: pytest.FixtureRequest, data: Path, dag: object) -> Iterator[tuple[str, Path, str, list[str]]]:
    """A feed, the folder of its files, and somebody in them."""
    folder, who, words = EXAMPLES[request.param]
    place = data / "input"
    shutil.copytree(folders.ROOT / "docs" / "examples" / folder, place)
    if BROKEN in words:
        with (place / "Usuarios.csv").open("ab") as file:
            file.write(f"{BROKEN};and nothing else\n".encode())
    return request.param, place, who, words


def test_a_person_of_a_feed_is_in_no_table_and_no_file_and_stays_out_when_the_files_come_again(
    example: tuple[str, Path, str, list[str]],
    run: Callable[..., str],
    warehouse: Engine,
    data: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    feed, place, who, words = example
    conf = {"fuente": feed, "entrada": str(place), "umbral": 30}
    assert run(DAY - timedelta(days=1), **conf) == "success"
    assert run(DAY, formatos=["excel", "csv_regional", "parquet"], anonimo=False, **conf) == "success"
    assert run(DAY, anonimo=True, **conf) == "success"
    before, totals = customers(data, DAY), published(data, DAY)
    assert who in before
    assert {"dw.dim_cliente", "mart.cliente_360_historico"} <= set(in_tables(warehouse, words))

    away = place.rename(data.parent / f"{data.name}_input")  # these are the owner's
    assert in_files(data, words)
    assert main([who]) == 0
    certificate = capsys.readouterr().out
    assert in_tables(warehouse, words) == []
    with warehouse.connect() as connection:  # accounts of theirs may be examples of checks
        assert connection.scalar(text("select count(ejemplo) from control.verificaciones")) == 0
    assert in_files(data, words) == []
    assert "rows removed: dw.dim_cliente, " in certificate
    assert "lines of your own files" in certificate
    assert not any(word in certificate for word in words)
    assert customers(data, DAY) == before - {who}
    assert published(data, DAY) == totals

    away.rename(place)
    for file in place.iterdir():
        if file.suffix == ".csv":
            file.write_bytes(file.read_bytes().rstrip(b"\r\n") + b"\n")  # comes again as another file
            with file.open("ab") as changed:
                changed.write(b"\n")
    assert run(DAY, **conf) == "success"
    assert run(DAY, recalcular=True, **conf) == "success"
    assert in_tables(warehouse, words) == []
    assert customers(data, DAY) == before - {who}
    assert published(data, DAY) == totals
    place.rename(data.parent / f"{data.name}_again")
    assert in_files(data, words) == []


def test_a_person_of_a_simulated_world_is_drawn_again_and_kept_out(
    run: Callable[..., str], warehouse: Engine, data: Path
) -> None:
    world = {"clientes": 30, "inicio": "2025-05-01"}
    assert run(DAY, **world) == "success"
    who = sorted(customers(data, DAY))[3]
    with warehouse.connect() as connection:
        found = text("select dni, email, nombre || ' ' || apellido from dw.dim_cliente where cliente_id = :who")
        words = [who, *connection.execute(found, {"who": who}).one()]
    totals = published(data, DAY)
    assert main([who]) == 0
    assert in_tables(warehouse, words) == []
    assert in_files(data, words) == []
    assert published(data, DAY) == totals

    assert run(DAY, **world) == "success"
    assert run(DAY + timedelta(days=1), **world) == "success"
    assert in_tables(warehouse, words) == []
    assert in_files(data / "processed", words) == []
    assert published(data, DAY) == totals
    assert who not in customers(data, DAY + timedelta(days=1))

    assert run(DAY, reemplazar=True, semilla=7, **world) == "success"
    assert in_tables(warehouse, [who]) == []  # the new warehouse knows who is erased


def test_nobody_is_erased_without_a_name_or_under_another_key(
    run: Callable[..., str],
    warehouse: Engine,
    data: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main([]) == 1
    assert main(["nobody"]) == 1
    error = capsys.readouterr().err
    assert "cliente is empty" in error
    assert "the warehouse has nobody of that cliente_id" in error
    assert run(DAY, clientes=5, inicio="2025-06-25") == "success"
    first, second, *_ = sorted(customers(data, DAY))
    assert main(io.StringIO(f"\ufeff{first}\r\nnobody\n\nnor they")) == 1
    refused = capsys.readouterr()
    assert (refused.out, refused.err.count("'nobody', 'nor they'")) == ("", 1)
    assert first in customers(data, DAY)
    assert main(io.StringIO(f"\ufeff{first}\r\n\n")) == 0
    assert first not in customers(data, DAY)
    assert main([first]) == 0  # again, for files that an interrupted one left
    monkeypatch.setenv("CLIENT360_ANONYMITY_KEY", "another key, which is long")
    assert main([second]) == 1
    assert run(DAY, clientes=5, inicio="2025-06-25") == "failed"
