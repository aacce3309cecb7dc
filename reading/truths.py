"""What is true in a simulated world, as `make truth` wrote it, beside the days of the same world that are published."""

import json
from dataclasses import dataclass
from datetime import date, timedelta

import pandas as pd

from reading import published

FOLDER = "verdad"
"""Below the data folder."""


@dataclass(frozen=True)
class Around:
    """The published day of which the truth is written, and those a horizon before and after it, or the next ones beyond that."""

    before: published.Files
    now: published.Files
    after: published.Files


def read(name: str) -> pd.DataFrame:
    """One of the files of docs/truths.md, its days as timestamps."""
    rows = pd.read_csv(published.data() / FOLDER / f"{name}.csv")
    days = [column for column in rows if column in ("desde", "hasta", "en_mora_desde", "fecha", "retirado", "mes")]
    return rows.assign(**{column: pd.to_datetime(rows[column]) for column in days})


def around(horizon: int) -> Around:
    """The published days around that of the truth, `horizon` days apart at least. Raises NotPublished where one is missing."""
    try:
        made = json.loads((published.data() / FOLDER / "mundo.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise published.NotPublished("there is no truth of a simulated world yet: make truth FECHA=...") from None
    now, apart = date.fromisoformat(made["fecha"]), timedelta(days=horizon)
    days = [day for day in published.days_of_files() if _world(day) == made["nombre"]]
    earlier, later = [day for day in days if day <= now - apart], [day for day in days if day >= now + apart]
    for found, wanted in ((earlier, now - apart), ([now] if now in days else [], now), (later, now + apart)):
        if not found:
            raise published.NotPublished(
                f"{wanted} is not published of the world of the truth: make run FECHA={wanted}"
            )
    return Around(*(published.files(day) for day in (earlier[-1], now, later[0])))


def _world(day: date) -> str:
    manifest = published.data() / "processed" / f"fecha={day}" / "manifiesto.json"
    return str(json.loads(manifest.read_text(encoding="utf-8"))["fuente"])
