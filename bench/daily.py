"""The cost of a day on a long history, beside the same day on a short one."""

from datetime import date, timedelta
from pathlib import Path
from statistics import median

from bench.report import Line
from bench.whole import Stack

CUSTOMERS = 10_000
LAST = date(2026, 10, 20)
HISTORIES = {3: date(2026, 7, 20), 24: date(2024, 10, 20)}
DAYS = 3
SCANNED = """
select coalesce(sum(seq_tup_read), 0) from pg_stat_user_tables where
(schemaname in ('dw', 'mart') and relname ~ '_20[0-9]{4}' and right(relname, 6) < '202508')
or relname in ('historia_ventas', 'historia_envios')
""".replace("\n", " ").strip()
"""Scans of old partitions, and of the two tables that hold the whole history in one piece."""


def measure(folder: Path) -> list[Line]:
    stacks = {months: Stack(folder / str(months)) for months in HISTORIES}
    for months, inicio in HISTORIES.items():
        stacks[months].run(FECHA=LAST, CLIENTES=CUSTOMERS, INICIO=inicio)
    stacks[24].sql("select pg_stat_reset()")
    taken: dict[int, list[dict[str, float]]] = {months: [] for months in HISTORIES}
    for day in range(1, DAYS + 1):
        for months, inicio in HISTORIES.items():
            result = stacks[months].run(FECHA=LAST + timedelta(days=day), CLIENTES=CUSTOMERS, INICIO=inicio)
            taken[months].append(result.steps)
    short, long = (median(sum(steps.values()) for steps in taken[months]) for months in HISTORIES)
    lines = [
        Line(
            f"a day of {CUSTOMERS:,} customers, all tasks, on 24 months",
            f"{long:.1f} s",
            "the same on 3 months",
            f"{short:.1f} s",
            f"{long / short:.2f}",
            "<= 1.2",
        ),
        Line(
            "rows of the star and the summaries older than 14 months that those days scanned",
            stacks[24].sql(SCANNED),
            goal="0",
        ),
    ]
    for step in taken[3][0]:
        few, many = (median(steps[step] for steps in taken[months]) for months in HISTORIES)
        lines.append(Line(f"  {step}", f"{many:.2f} s", "", f"{few:.2f} s"))
    return lines
