"""Records of a CSV file as the bytes that COPY reads, without a Python object for each record."""

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from client360.ingest.csv_lines import Numbers
from client360.ingest.csv_scanner import Records, codec
from client360.ingest.raw_file import Dialect


def copy_stream(records: Records, delivery: int, dialect: Dialect) -> bytes:
    """The records in UTF-8, each on a line, with its line number and the number of its delivery as its last values."""
    # data alternates between records and what lies between them: line ends, and records that are not wanted
    bounds = np.empty(2 * len(records) + 1, np.int32)
    bounds[:-1:2], bounds[1::2], bounds[-1] = records.start, records.end, len(records.data)
    contents = _pieces(records.data, bounds).take(_integers(np.arange(0, 2 * len(records), 2)))
    lines = _integers(records.line).cast(pa.string()).cast(pa.binary())
    rows = pc.binary_join_element_wise(
        contents, lines, _constant(b"%d\n" % delivery), _constant(dialect.delimiter.encode())
    )
    _, ends, joined = rows.buffers()
    stream = bytes(memoryview(joined)[: np.frombuffer(ends, np.int32)[len(rows)]])
    return stream if codec(dialect) == "utf-8" else stream.decode(codec(dialect)).encode()


# pa.array and pa.scalar would import pandas, which takes as long as reading half a million rows


def _pieces(data: bytes, bounds: npt.NDArray[np.int32]) -> pa.Array:
    """`data` cut at `bounds`: n bounds, ascending, make n - 1 pieces."""
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(data)])


def _constant(value: bytes) -> pa.Scalar:
    return _pieces(value, np.array([0, len(value)], np.int32))[0]


def _integers(numbers: Numbers) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(np.ascontiguousarray(numbers))])
