"""Files of all entities at once: clean ones of the simulator, and arbitrary ones."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from raw_feed import HEADERS, Raw
from sqlalchemy import Engine, text

from client360.days import DayRange
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.simulate.simulation import NOT_SIMULATED
from client360.warehouse.models import LANDING


def test_what_the_simulator_writes_is_accepted_whole(raw: Raw, data: Path) -> None:
    january, february = DayRange(date(2026, 1, 1), date(2026, 1, 31)), DayRange(date(2026, 2, 1), date(2026, 2, 28))
    files = write_landing_files(World(seed=3, customers=150, first_day=january.first), [january, february], data)
    written: dict[str, list[str]] = {name: [] for name in LANDING}
    for file in files:
        header, *lines = (data / file.path).read_text(encoding="utf-8").splitlines(keepends=True)
        raw.deliver(file.entity, header.strip(), "".join(lines), name=Path(file.path).name)
        written[file.entity] += lines
    raw.apply_contract(0)
    assert raw.rejected() == []
    for name, lines in written.items():
        copied = "copy (select * from staging." + name + ") to stdout (format csv)"
        with raw.engine.connect() as connection, connection.connection.cursor().copy(copied) as copy:
            # the warehouse has six decimals of a price, and three of a quantity
            text_of_rows = re.sub(r"(\.\d\d)0000(?=[,\n])|\.000(?=[,\n])", r"\1", b"".join(copy).decode())
            text_of_rows = re.sub(r"(:\d\d)\+00(?=[,\n])", r"\1Z", text_of_rows)
            text_of_rows = text_of_rows.replace('""', "")  # nobody
        staged = text_of_rows.splitlines(keepends=True)
        unchanged = sum(counts[4] for counts in raw.reading(name).values())
        assert set(staged) <= set(lines), name
        assert len(staged) == len(lines) - unchanged, name
        assert bool(staged) == (name not in NOT_SIMULATED), name
    assert 0 < sum(counts[4] for counts in raw.reading("clientes").values()) < 30  # new versions without a change


DIRTY = {
    "cliente_id": ["C1", "C2", "C3", ""],
    "fecha": ["2025-01-01", "2025-01-02", "2025-01-03", "2025-1-3", "infinity", "2100-01-01", ""],
    "fecha_alta": ["2025-01-01", "2025-01-02", "tomorrow"],
    "fecha_venta": ["2025-01-01", "2025-01-02", "2025-01-03"],
    "fecha_baja": ["", "", "2025-01-02", "-infinity"],
    "fecha_prometida": ["2025-01-02", "epoch"],
    "fecha_despacho": ["", "2025-01-01"],
    "fecha_entrega": ["", "2025-01-02"],
    "fecha_inicio": ["2025-01-01"],
    "fecha_fin": ["2025-01-02", "2024-12-31"],
    "fecha_nacimiento": ["", "1980-02-29", "1981-02-29"],
    "venta_id": ["V1", "V2", ""],
    "campania_id": ["K1", "K2", ""],
    "producto_id": ["P1", "P2"],
    "transaccion_id": ["T1", "T2", "T3", "T4"],
    "movimiento_id": ["M1", "M2", "M3"],
    "provincia": ["Salta", "Atlantis", ""],
    "provincia_envio": ["Salta", "Avalon"],
    "estado": ["completada", "cancelada", "preparacion", "entregado", "x"],
    "metodo_pago": ["tarjeta", "oro"],
    "tipo_transaccion": ["transferencia", "x"],
    "tipo": ["recepcion", "venta"],
    "grupo": ["control", "x"],
    "cantidad": ["1", "-1", "1.0", "99999999999"],
    "linea": ["1", "2", "x"],
}

MONEY = ["1", "2.50", "-1", "1e3", "NaN", "1_0", "99999999999999999999", ""]

TEXTS = ["a", "b", "", "=1+1", "ñ", "'", '"', "%s", "{x}", "\\N"]


@st.composite
def dirty_files(draw: Callable[[st.SearchStrategy], Any]) -> list[tuple[str, str, list[list[str]]]]:
    files = []
    for table in LANDING:
        header = HEADERS[table]
        money = {column.name for column in LANDING[table].table().columns if "NUMERIC" in str(column.type)}
        row = st.tuples(*(st.sampled_from(DIRTY.get(name, MONEY if name in money else TEXTS)) for name in header))
        for day in range(draw(st.integers(0, 2))):
            files.append((f"{table}_2025-01-0{day + 1}.csv", table, draw(st.lists(row, max_size=6))))
    return files


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(files=dirty_files())
def test_whatever_the_values_every_row_is_accounted_for(warehouse: Engine, files: list) -> None:
    raw = Raw(warehouse)
    with warehouse.begin() as connection:
        connection.execute(text("drop schema if exists crudo cascade"))
        tables = [f"staging.{name}" for name in LANDING] + [
            f"control.{name}" for name in ("cargas", "entregas", "lecturas", "rechazos")
        ]
        connection.execute(text(f"truncate {', '.join(tables)}"))
    for name, table, rows in files:
        lines = io.StringIO()
        csv.writer(lines).writerows(rows)
        raw.deliver(table, ",".join(HEADERS[table]), lines.getvalue(), name=name)
    raw.apply_contract()
    for name, table, rows in files:
        counts = raw.reading(table).get(name, (0, 0, 0, 0, 0, 0))
        assert counts[0] == len(rows) == sum(counts[1:])
        assert raw.query(f"select count(*) from control.rechazos where archivo = '{name}'") == [(counts[5],)]
    for table in LANDING:
        accepted = sum(counts[1] for counts in raw.reading(table).values())
        assert raw.query(f"select count(*) from staging.{table}") == [(accepted,)]
        assert raw.query(f"select coalesce(sum(filas), 0) from control.cargas where entidad = '{table}'") == [
            (accepted,)
        ]
    assert raw.apply_contract() == []
