"""The rows of a Parquet file, as records of values as text."""

from collections.abc import Iterator
from decimal import Decimal
from typing import IO

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import types

from client360.files import BadFile
from client360.ingest.csv_scanner import Records, joined_records
from client360.ingest.raw_file import Dialect

ROWS = 10_000
"""Rows that are written as text at a time."""
UNREADABLE = (pa.ArrowException, OSError, UnicodeDecodeError)
SINGLE_VALUES = (
    types.is_null,
    types.is_string,
    types.is_large_string,
    types.is_binary,
    types.is_large_binary,
    types.is_boolean,
    types.is_integer,
    types.is_floating,
    types.is_decimal,
    types.is_date,
    types.is_time,
    types.is_timestamp,
)
"""What a type may be that has one text for each value."""


def open_parquet(file: IO[bytes], dialect: Dialect, path: str) -> tuple[list[str], Iterator[Records]]:
    """The names of the columns, and the rows, numbered from 1 and written in a dialect, to be read once.

    Raises BadFile if it is no Parquet file, or has a column of values that are no single ones.
    """
    try:
        opened = pq.ParquetFile(file, page_checksum_verification=True)
        names, kinds = opened.schema_arrow.names, opened.schema_arrow.types
    except UNREADABLE:
        raise BadFile(f"{path} is no Parquet file without a password, or was cut off: deliver it again") from None
    for name, held in zip(names, kinds, strict=True):
        if not any(is_of(held) for is_of in SINGLE_VALUES) and not types.is_dictionary(held):
            raise BadFile(
                f"{path}: its column {name} holds {held}, for which there is no text: leave it out, or make it columns of text, "
                "numbers or days"
            )
    return names, _records(opened, dialect, path)


def _records(opened: pq.ParquetFile, dialect: Dialect, path: str) -> Iterator[Records]:
    above = 0
    try:
        for batch in opened.iter_batches(ROWS):
            if batch.num_rows:
                yield _written(batch, above, dialect)
            above += batch.num_rows
    except UNREADABLE:
        raise BadFile(f"{path} can not be read below row {above:,}: deliver it again") from None


def _written(batch: pa.RecordBatch, above: int, dialect: Dialect) -> Records:
    """Rows as records; so many rows are above them."""
    texts = [pc.fill_null(_quoted(_text(column, dialect), dialect), "") for column in batch.columns]
    rows = pc.binary_join_element_wise(*texts, dialect.delimiter)
    count = len(rows)
    _, ends, data = rows.buffers()
    end = np.frombuffer(ends, np.int32)[1 : count + 1].astype(np.int64)
    content = bytes(memoryview(data)[: end[-1]]) if data else b""
    return joined_records(content, end, np.arange(above + 1, above + count + 1), np.full(count, batch.num_columns))


def _text(values: pa.Array, dialect: Dialect) -> pa.Array:
    """Each value as text, exactly: numbers without an exponent, days and times as ISO has them."""
    if types.is_dictionary(values.type):
        values = values.dictionary_decode()
    if types.is_floating(values.type):
        if types.is_float16(values.type):
            values = values.cast(pa.float32())
        known = pc.if_else(pc.is_nan(values), None, values)  # a missing number, as pandas writes it
        return _number(pc.replace_substring_regex(known.cast(pa.string()), r"\.0$", ""), dialect)
    if types.is_decimal(values.type):
        return _number(values.cast(pa.string()), dialect)
    if types.is_timestamp(values.type):
        moment = _without_empty_fraction(pc.strftime(values, "%Y-%m-%dT%H:%M:%S"))
        if values.type.tz is None:
            return moment
        zone = pc.replace_substring_regex(pc.strftime(values, "%z"), r"(\d\d)$", r":\1")
        return pc.binary_join_element_wise(moment, zone, "")
    text = values.cast(pa.string(), safe=False)  # bytes that are no UTF-8 are those of a broken row
    return _without_empty_fraction(text) if types.is_time(values.type) else text


def _number(text: pa.Array, dialect: Dialect) -> pa.Array:
    if pc.any(pc.match_substring(text, "e", ignore_case=True)).as_py():
        written = [each if each is None else format(Decimal(each), "f") for each in text.to_pylist()]
        text = pa.array(written, pa.string())
    return text if dialect.decimal == "." else pc.replace_substring(text, ".", dialect.decimal)


def _without_empty_fraction(text: pa.Array) -> pa.Array:
    return pc.replace_substring_regex(text, r"\.0+$", "")


def _quoted(text: pa.Array, dialect: Dialect) -> pa.Array:
    """Values in quotes where they hold a sign of the dialect, or a line break."""
    found = pc.find_substring(text, dialect.delimiter)
    for sign in (dialect.quote, "\n", "\r"):
        found = pc.max_element_wise(found, pc.find_substring(text, sign))
    if (pc.max(found).as_py() or 0) < 0:
        return text
    doubled = pc.replace_substring(text, dialect.quote, 2 * dialect.quote)
    quoted = pc.binary_join_element_wise(dialect.quote, doubled, dialect.quote, "")
    return pc.if_else(pc.greater_equal(found, 0), quoted, text)
