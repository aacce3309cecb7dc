"""What is published as of a business day: from the warehouse or, without one, from the exported files.

Without PGHOST the CSV files below CLIENT360_DATA are read, or `data` of the checkout. CLIENT360_FECHA is the business day;
without it, the newest.
"""

import os
import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Protocol, cast

import pandas as pd

from reading import frames, warehouse
from reading.money import PESOS

DICTIONARY = "diccionario_de_datos.csv"
VIEW, INCOME = "cliente_360", "ingresos_mensuales"
"""A column that the dictionary describes with the currency of all amounts."""
NO_LIMIT = 0
"""A notebook may wait as long as a big relation takes."""


class NotPublished(ValueError):
    """The day, or any day, is not published; the message names the command that publishes it."""


class Source(Protocol):
    """What is published as of a business day; a relation has the same rows, columns and types in all sources."""

    @property
    def fecha(self) -> date: ...

    @property
    def origin(self) -> str:
        """Where the rows come from, in Spanish."""

    @property
    def currency(self) -> str | None:
        """That of its amounts, ISO 4217; None where it is not known."""

    def read(self, relation: str) -> pd.DataFrame:
        """The rows of a relation, in the order of its key."""


def source() -> Source:
    """The source that the environment names. Raises NotPublished."""
    wanted = os.environ.get("CLIENT360_FECHA")
    fecha = date.fromisoformat(wanted) if wanted else None
    return _warehouse(fecha) if os.environ.get("PGHOST") else files(fecha)


@dataclass(frozen=True)
class Warehouse:
    """The marts of the warehouse that libpq's variables name."""

    fecha: date
    origin = "del almacén"

    @property
    def currency(self) -> str | None:
        (currency,) = self.read("moneda")["moneda"]
        return currency

    @warehouse.again
    def read(self, relation: str) -> pd.DataFrame:
        with warehouse.connect(seconds=NO_LIMIT) as connection:
            return frames.frame(warehouse.read(connection, relation, fecha=self.fecha))


@dataclass(frozen=True)
class Files:
    """The exported CSV files of a day; `folder` holds them and their data dictionary."""

    fecha: date
    folder: Path
    origin = "de los archivos CSV exportados"

    @property
    def currency(self) -> str | None:
        dictionary = pd.read_csv(self.folder / DICTIONARY)
        (described,) = dictionary["descripcion"][
            dictionary["columna"].eq(INCOME) & dictionary["publicada_como"].eq(VIEW)
        ]
        (said,) = re.findall(r", in (\w+)", described)
        return PESOS if said == "pesos" else said

    def read(self, relation: str) -> pd.DataFrame:
        dictionary = pd.read_csv(self.folder / DICTIONARY)
        columns = dictionary[dictionary["publicada_como"] == relation]
        types = {
            column: frames.TYPES[kind.partition("(")[0]]
            for column, kind in zip(columns["columna"], columns["tipo"], strict=True)
        }
        return pd.read_csv(
            self.folder / f"{relation}.csv",
            dtype=cast("Any", {column: kind for column, kind in types.items() if kind != frames.DATE}),
            parse_dates=[column for column, kind in types.items() if kind == frames.DATE],
            true_values=["t"],
            false_values=["f"],
            keep_default_na=False,  # a product may be called "NA"
            na_values=[""],
            float_precision="round_trip",
        ).astype(cast("Any", types))


def files(fecha: date | None) -> Files:
    """The exported files of the day, or the newest. Raises NotPublished."""
    processed = data() / "processed"
    folder = processed / f"fecha={fecha}" if fecha else processed
    if not (folder / DICTIONARY).exists():  # it is written last
        raise _not_published(fecha)
    return Files(fecha or _newest(processed), folder)


def days_of_files() -> list[date]:
    """The days of which files are exported, oldest first."""
    return sorted(
        date.fromisoformat(path.parent.name.removeprefix("fecha="))
        for path in (data() / "processed").glob(f"fecha=*/{DICTIONARY}")
    )


def data() -> Path:
    """The data folder."""
    return Path(os.environ.get("CLIENT360_DATA") or Path(__file__).parents[1] / "data")


@warehouse.again
def _warehouse(fecha: date | None) -> Warehouse:
    with warehouse.connect(seconds=NO_LIMIT) as connection:
        days = [day.fecha for day in warehouse.days(connection) if day.published and fecha in (None, day.fecha)]
    if not days:
        raise _not_published(fecha)
    return Warehouse(days[0])


def _newest(processed: Path) -> date:
    """The day of the files at the top, of which some may have no rows."""
    relations = pd.read_csv(processed / DICTIONARY)["publicada_como"].dropna().unique()
    days = [
        day
        for name in relations
        for day in pd.read_csv(processed / f"{name}.csv", usecols=["fecha_corte"], nrows=1)["fecha_corte"]
    ]
    if not days:
        raise _not_published(None)
    return date.fromisoformat(days[0])


def _not_published(fecha: date | None) -> NotPublished:
    return NotPublished(
        f"{fecha} is not published: make run FECHA={fecha}" if fecha else "no day is published yet: make run"
    )
