"""Rows a second of generated landing files, beside the per-row way: a Faker call for each value, then pandas."""

import random
import time
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow as pa
from faker import Faker

from bench.report import Line, alternate
from client360.days import DayRange, day_ranges
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files

WORLD = World(customers=3_000)
MONTHS = day_ranges(DayRange(date(2025, 1, 1), date(2025, 12, 31)).days())
PER_ROW = 20_000


def measure(folder: Path) -> list[Line]:
    pa.set_cpu_count(1)
    rows = sum(file.rows for file in write_landing_files(WORLD, MONTHS, folder))
    works = (lambda: write_landing_files(WORLD, MONTHS, folder), lambda: per_row(folder))
    ours, theirs = alternate(*works, rounds=5)
    speed, other = rows / ours, PER_ROW / theirs
    ours_busy, theirs_busy = alternate(*works, rounds=5, clock=time.process_time)
    return [
        Line(
            f"{rows:,} rows, {WORLD.customers:,} customers x {len(MONTHS)} months, with CSV, one core",
            f"{speed:,.0f} rows/s",
            f"one Faker call a value, pandas, {PER_ROW:,} rows",
            f"{other:,.0f} rows/s",
            f"{speed / other:.0f}",
            ">= 1,000,000 rows/s",
        ),
        Line(
            "the same in CPU seconds of that core",
            f"{rows / ours_busy:,.0f} rows/s",
            "",
            f"{PER_ROW / theirs_busy:,.0f} rows/s",
            f"{theirs_busy / PER_ROW * rows / ours_busy:.0f}",
        ),
    ]


def per_row(folder: Path) -> None:
    """Write a file of transactions as many simulators do, one Faker call for each value."""
    fake = Faker("es_AR")
    kinds = ["compra_tarjeta", "transferencia", "debito_automatico", "extraccion_cajero", "pago_servicio"]
    frame = pd.DataFrame(
        {
            "transaccion_id": fake.uuid4(),
            "fecha": fake.date_between(date(2025, 1, 1), date(2025, 12, 31)),
            "cliente_id": random.randint(1, WORLD.customers),  # noqa: S311
            "tipo_transaccion": fake.random_element(kinds),
            "monto": fake.pyfloat(min_value=100, max_value=100_000, right_digits=2),
            "rubro": fake.word(),
            "venta_id": "",
        }
        for _ in range(PER_ROW)
    )
    frame.to_csv(folder / "per_row.csv", index=False)
