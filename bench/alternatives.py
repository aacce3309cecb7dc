"""What people use instead to bring CSV files into typed tables of PostgreSQL: dlt and pandas, each in a schema of its own.

None of these judges a value: they stop at the first one of another type. pandera, beside pandas, also finds values that are
missing and keys that occur twice, within as many rows as pandas reads at once.
"""

import multiprocessing
import os
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import dlt
import pandas as pd
import pandera.pandas as pandera
import pyarrow as pa
from dlt.sources.filesystem import filesystem, read_csv
from pyarrow import csv
from sqlalchemy import Date, DateTime, Integer, Numeric, create_engine, text

from bench.report import seconds
from client360.warehouse.models import LANDING
from client360.warehouse.models.entity import required

BATCH = 64 << 20
"""Bytes that pyarrow reads at once."""
VALUES = 65_535
"""PostgreSQL takes no more in one statement, so that pandas reads, and sends in one insert, as many rows as have these."""


def taken(by: Callable[[str, Path], None], url: str, folder: Path) -> float:
    """Seconds in which one of these brings the landing files of a folder into a server's database, in a new process."""
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as pool:
        return pool.submit(_take, by, url, folder).result()


def _take(by: Callable[[str, Path], None], url: str, folder: Path) -> float:
    return seconds(lambda: by(url, folder))


def dlt_and_pyarrow(url: str, folder: Path) -> None:
    """dlt's filesystem source, read by pyarrow and copied through ADBC, which is the fastest way dlt has."""

    @dlt.transformer
    def read_arrow(items: list[Any], entity: str) -> Iterator[pa.Table]:
        options = csv.ConvertOptions(column_types=_arrow_types(entity), strings_can_be_null=True)
        for item in items:
            with csv.open_csv(
                item.local_file_path, csv.ReadOptions(block_size=BATCH), convert_options=options
            ) as batches:
                yield from (pa.Table.from_batches([batch]) for batch in batches)

    _run_dlt(url, "dlt_pyarrow", {entity: _files(folder, entity) | read_arrow(entity) for entity in LANDING})


def dlt_alone(url: str, folder: Path) -> None:
    """dlt's filesystem source with its own reader of CSV files."""
    _run_dlt(url, "dlt_alone", {entity: _files(folder, entity) | read_csv() for entity in LANDING})


def pandas(url: str, folder: Path) -> None:
    """`to_sql` with method multi."""
    _run_pandas(url, folder, "pandas", lambda _, frame: frame)


def pandas_and_pandera(url: str, folder: Path) -> None:
    """The same, with a look for what is missing and what occurs twice."""
    schemas = {entity: _schema(entity) for entity in LANDING}
    _run_pandas(url, folder, "pandera", lambda entity, frame: schemas[entity].validate(frame, lazy=True))


def _files(folder: Path, entity: str) -> Any:
    return filesystem((folder / "raw" / entity).as_uri(), file_glob="*.csv")


def _run_dlt(url: str, schema: str, sources: dict[str, Any]) -> None:
    os.environ["RUNTIME__DLTHUB_TELEMETRY"] = "false"
    # dlt asks for a host and a password, neither of which a socket needs
    destination = dlt.destinations.postgres(url.replace("postgres@/", "postgres:unused@localhost/"))
    with tempfile.TemporaryDirectory() as work:
        pipeline = dlt.pipeline(schema, destination=destination, dataset_name=schema, pipelines_dir=work)
        resources = [source.with_name(entity) for entity, source in sources.items()]
        pipeline.run(resources, loader_file_format="parquet" if schema == "dlt_pyarrow" else None)


def _run_pandas(url: str, folder: Path, schema: str, validated: Callable[[str, pd.DataFrame], pd.DataFrame]) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as connection:
        connection.execute(text(f"create schema if not exists {schema}"))
    for entity, model in LANDING.items():
        table = model.table()
        days = [column.name for column in table.columns if isinstance(column.type, Date | DateTime)]
        words = {name: "str" for name, kind in _arrow_types(entity).items() if kind == pa.string()}
        for path in sorted((folder / "raw" / entity).glob("*.csv")):
            for frame in pd.read_csv(path, dtype=words, parse_dates=days, chunksize=VALUES // len(table.columns)):
                validated(entity, frame).to_sql(
                    entity, engine, schema=schema, if_exists="append", index=False, method="multi"
                )


def _schema(entity: str) -> pandera.DataFrameSchema:
    model = LANDING[entity]
    columns = {column.name: pandera.Column(nullable=not required(column)) for column in model.table().columns}
    return pandera.DataFrameSchema(columns, unique=list(model.natural_key))


def _arrow_types(entity: str) -> dict[str, pa.DataType]:
    """Of the columns of a landing file."""
    types = {}
    for column in LANDING[entity].table().columns:
        if isinstance(column.type, Date):
            types[column.name] = pa.date32()
        elif isinstance(column.type, DateTime):
            types[column.name] = pa.timestamp("us", tz="UTC")
        elif isinstance(column.type, Integer):
            types[column.name] = pa.int64()
        elif isinstance(column.type, Numeric):
            types[column.name] = pa.decimal128(column.type.precision or 38, column.type.scale or 0)
        else:
            types[column.name] = pa.string()
    return types


FASTEST = "dlt, read by pyarrow"
WAYS = {
    FASTEST: dlt_and_pyarrow,
    "dlt": dlt_alone,
    "pandas": pandas,
    "pandas and pandera": pandas_and_pandera,
}
