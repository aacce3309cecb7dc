"""The Parquet files of a day, for programs: one for each relation, with the types of the models. Equal rows make equal bytes."""

from pathlib import Path

import pyarrow as pa
from pyarrow import parquet
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric, Text

from client360.files import atomic
from client360.publish.formats import PARQUET
from client360.publish.outgoing import Outgoing
from client360.warehouse.models import EXPORTED

TYPES = {
    Text: pa.string(),
    Integer: pa.int32(),
    BigInteger: pa.int64(),
    Date: pa.date32(),
    Boolean: pa.bool_(),
    Numeric: pa.decimal128(38, 3),  # without digits of its own: sums of quantities
}


def write(to: Path, outgoing: Outgoing) -> dict[str, int]:
    """Write a file for each relation; returns the number of rows by name."""
    rows = {}
    for relation, model in EXPORTED.items():
        name = f"{relation}{PARQUET}"
        schema = pa.schema([_field(column) for column in model.table().columns])
        rows[name] = 0
        with atomic(to / name) as file, parquet.ParquetWriter(file, schema) as writer:
            for batch in outgoing.batches(relation):
                columns = zip(*batch, strict=True)
                arrays = [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)]
                writer.write_batch(pa.record_batch(arrays, schema=schema))
                rows[name] += len(batch)
    return rows


def _field(column: Column) -> pa.Field:
    kind = column.type
    if isinstance(kind, Numeric) and kind.precision:
        return pa.field(column.name, pa.decimal128(kind.precision, kind.scale), nullable=column.nullable)
    return pa.field(column.name, TYPES[type(kind)], nullable=column.nullable)
