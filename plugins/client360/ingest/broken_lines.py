"""Quarantine rows for records that cannot be read."""

from collections.abc import Iterator
from typing import NamedTuple

from client360.ingest.csv_scanner import ENCODING, LONG, LONG_KEPT, QUOTES, Records, codec
from client360.ingest.raw_file import Dialect


class Rechazo(NamedTuple):
    """A row of control.rechazos for a record that could not be read; `entidad` is empty."""

    archivo: str
    linea: int
    entidad: str
    motivo: str
    detalle: str
    texto: str
    corrida: str


def broken_lines(records: Records, path: str, expected: int, dialect: Dialect, run: str) -> Iterator[Rechazo]:
    """A row of the quarantine for each of the records, all of which have a flaw or not `expected` values."""
    lines, flaws, counts = records.line.tolist(), records.flaw.tolist(), records.values.tolist()
    for line, flaw, values, content in zip(lines, flaws, counts, records.texts(), strict=True):
        kept = content
        if flaw == LONG:
            reason, detail, kept = "linea_larga", f"only its first {LONG_KEPT} bytes are kept", content[:LONG_KEPT]
        elif flaw == ENCODING:
            reason, detail = "codificacion", "no NUL" if b"\0" in content else dialect.encoding
        elif flaw == QUOTES:
            reason, detail = "comillas", "quotes around whole values, two for one inside"
        else:
            reason = "columnas_de_menos" if values < expected else "columnas_de_mas"
            detail = f"{expected} columns, {values} found"
        text = kept.decode(codec(dialect), "backslashreplace").replace("\0", "\\x00")
        yield Rechazo(path, line, "", reason, detail, text, run)
