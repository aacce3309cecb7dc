"""The records of a CSV file, once its beginning shows that it is one."""

from collections.abc import Iterator

from client360.files import BadFile
from client360.ingest.content import Content
from client360.ingest.csv_scanner import Records, codec, scan_records
from client360.ingest.raw_file import Dialect

BOM = b"\xef\xbb\xbf"
OTHER_FORMATS = {
    b"PK\x03\x04": "a zip archive or a workbook: name it so, as .zip or .xlsx",
    b"\xd0\xcf\x11\xe0": "a workbook: name it so, as .xls",
    b"\x1f\x8b": "compressed: name it so, as .gz",
    b"PAR1": "Parquet: name it so, as .parquet",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""The first bytes of files that are no CSV."""


def read_csv(content: Content, dialect: Dialect, path: str) -> Iterator[Records]:
    """All records, the header included, to be read once. Raises BadFile if the file is no CSV."""
    begins = content.read(4)
    for magic, what in OTHER_FORMATS.items():
        if begins.startswith(magic):
            raise BadFile(f"{path} is no CSV file: it is {what}")
    if begins.startswith(BOM):
        if codec(dialect) != "utf-8":
            raise BadFile(f"{path} begins with the byte order mark of utf-8, the feed says {dialect.encoding}")
        begins = begins[len(BOM) :]
    first = [begins]

    def read(size: int) -> bytes:
        return (first.pop() if first else b"") + content.read(size)

    return scan_records(read, dialect)
