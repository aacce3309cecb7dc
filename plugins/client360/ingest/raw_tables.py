"""From a feed's files to the raw tables in the schema `crudo`: by COPY, one transaction a file.

The rows of each kind of file stand in `crudo.<kind>_filas`: the line, the delivery, and all columns as text, as they stand in the
file. The view `crudo.<kind>` shows them to the mapping: `_archivo`, `_linea`, `_fecha`, then the columns, null words replaced by
null.
"""

import csv
import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from io import SEEK_END, StringIO
from itertools import chain
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
import psycopg
import pyarrow as pa
import pyarrow.compute as pc
from psycopg import sql
from sqlalchemy import Connection, Engine, delete, select, text, update
from sqlalchemy.dialects.postgresql import insert

from client360.files import BadFile
from client360.ingest.csv_scanner import ENCODING, LONG, NO_FLAW, QUOTES, SHOWN, Numbers, Records, codec, records
from client360.ingest.feed_spec import BadFeed, Dialect, Feed, RawFile
from client360.warehouse import locks
from client360.warehouse.models import Entregas, Rechazos
from client360.warehouse.ownership import OwnerReplaced, hold_warehouse
from client360.warehouse.raw_schema import SCHEMA

BOM = b"\xef\xbb\xbf"
NO_CSV = {
    b"PK\x03\x04": "a zip archive or a workbook",
    b"\xd0\xcf\x11\xe0": "a workbook",
    b"\x1f\x8b": "compressed",
    b"\xff\xfe": "UTF-16",
    b"\xfe\xff": "UTF-16",
}
"""How files begin that are something else."""
MAX_COLUMNS = 1500
"""PostgreSQL has room for 1600, some of which may belong to other files of the kind."""
TAKEN = ("ctid", "cmax", "cmin", "tableoid", "xmax", "xmin")
"""Columns that every table of PostgreSQL has."""
BATCH = 4 << 20
"""Bytes of broken lines that are held before they are written."""
# to_regclass would still say what it said before a lock was waited for
NOTED = text(
    """
    select obj_description(pg_class.oid, 'pg_class')
    from pg_class
    inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where pg_namespace.nspname = :schema and pg_class.relname = :name
    """
)
COLUMNS = text(
    """
    select pg_attribute.attname
    from pg_attribute
    inner join pg_class on pg_class.oid = pg_attribute.attrelid
    inner join pg_namespace on pg_namespace.oid = pg_class.relnamespace
    where
        pg_namespace.nspname = :schema
        and pg_class.relname = :name
        and pg_attribute.attnum > 0
        and not pg_attribute.attisdropped
    order by pg_attribute.attnum
    """
)
RECHAZOS = ("archivo", "linea", "entidad", "motivo", "detalle", "texto", "corrida")


@dataclass(frozen=True)
class Delivery:
    """A file of a feed: where it lies below the input folder, which kind it is, the date in its name, and its size."""

    archivo: str
    tabla: str
    fecha_archivo: date | None
    bytes: int


def find_deliveries(feed: Feed, folder: Path) -> list[Delivery]:
    """The files of the feed anywhere below the folder, by path; hidden and unfinished ones are none.

    Raises BadFeed where a file is of two kinds, and ValueError where there is no such folder or a file's name has no date
    although its kind has one.
    """
    if not folder.is_dir():
        raise ValueError(f"entrada is {folder}: there is no such folder")
    found = []
    for path in folder.rglob("*"):
        below = path.relative_to(folder)
        if path.suffix == ".part" or any(part.startswith(".") for part in below.parts) or not path.is_file():
            continue
        archivo = below.as_posix()
        kinds = [name for name, kind in feed.files.items() if kind.matches(archivo)]
        if len(kinds) > 1:
            raise BadFeed(
                f"feeds/{feed.name}/feed.yaml: {archivo} is a file of {' and of '.join(kinds)}: narrow the names"
            )
        if kinds:
            if not archivo.isprintable():
                raise ValueError(f"{archivo!r}: the name of the file is no readable text")
            found.append(Delivery(archivo, kinds[0], feed.files[kinds[0]].date_of(archivo), path.stat().st_size))
    return sorted(found, key=lambda delivery: delivery.archivo)


def changed_deliveries(engine: Engine, feed: Feed, folder: Path) -> list[Delivery]:
    """Those of `find` that were not read before, or with other content, or by another declaration of the feed."""
    with engine.connect() as connection:
        noted = {
            row.archivo: (row.mundo, row.tabla, row.fecha_archivo, row.lectura, row.sha256)
            for row in connection.execute(select(Entregas.__table__))
        }
    return [
        delivery
        for delivery in find_deliveries(feed, folder)
        if delivery.archivo not in noted
        or noted[delivery.archivo]
        != (
            feed.owner,
            delivery.tabla,
            delivery.fecha_archivo,
            _reading(feed.files[delivery.tabla]),
            _sha256(folder / delivery.archivo),
        )
    ]


def load_raw_file(engine: Engine, feed: Feed, folder: Path, delivery: Delivery, run: str) -> int:
    """Read a file into its raw table in place of what it delivered before; returns the number of rows.

    All or nothing: rows, control.entregas, and control.rechazos for the lines that are broken. Safe to call for several files at
    once. Raises BadFile where the file is refused whole, and OwnerReplaced.
    """
    kind = feed.files[delivery.tabla]
    archivo = delivery.archivo
    with (folder / archivo).open("rb") as file:
        digest = sha256()
        columns, rows = _opened(file, digest.update, kind, archivo)
        with engine.begin() as connection:
            hold_warehouse(connection, feed.owner)
            entrega = _replace(connection, feed, delivery, run)
            known = [*columns, *(identifier(name) for name in kind.optional)]
            _make(connection, delivery.tabla, tuple(dict.fromkeys(known)), kind.dialect.nulls)
            if kind.columns is None:
                required = [identifier(name) for name in kind.required]
                _require(archivo, columns, required or _first_header(connection, feed, delivery))
            cursor: Any = connection.connection.cursor()
            try:
                target = _Target(delivery.tabla, columns, entrega, archivo, run)
                lines, read, incomplete = _copy(cursor, rows, target, kind.dialect)
            except (psycopg.DataError, psycopg.errors.ProgramLimitExceeded) as error:
                # the context would quote the row, which may be a person's
                raise BadFile(f"{archivo}: PostgreSQL refuses a row: {error.diag.message_primary}") from None
            if incomplete and not _ends_a_line(file):
                raise BadFile(
                    f"{archivo} ends in the middle of line {incomplete}: it was cut off, deliver it whole or, if that is all "
                    "there is, with a line end"
                )
            note = {
                "tabla": delivery.tabla,
                "fecha_archivo": delivery.fecha_archivo,
                "sha256": digest.hexdigest(),
                "lectura": _reading(kind),
                "columnas": ",".join(columns),
                "lineas": lines,
                "leidas": read,
                "corrida": run,
            }
            connection.execute(update(Entregas).where(Entregas.archivo == archivo).values(note))
    return read


def identifier(name: str) -> str:
    """A name as a column of a raw table: without accents, in lower case, whatever is no letter or digit as _."""
    letters = (letter for letter in unicodedata.normalize("NFKD", name) if not unicodedata.combining(letter))
    plain = re.sub("[^a-z0-9]+", "_", "".join(letters).lower()).strip("_")
    return (plain if re.match("[a-z]", plain) and plain not in TAKEN else f"c_{plain}".rstrip("_"))[:57]


def identifiers(names: Iterable[str]) -> tuple[str, ...]:
    """The columns of a header, told apart by _2, _3... where they would have the same name; `c` is one without any."""
    columns: list[str] = []
    for name in names:
        column = plain = identifier(name)
        number = 1
        while column in columns:
            number += 1
            column = f"{plain}_{number}"
        columns.append(column)
    return tuple(columns)


def _reading(kind: RawFile) -> str:
    """What the feed declares about how a kind of file is to be read."""
    return json.dumps({"dialect": kind.dialect.model_dump(mode="json"), "columns": kind.columns}, sort_keys=True)


def _sha256(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while part := file.read(1 << 20):
            digest.update(part)
    return digest.hexdigest()


def _opened(
    file: BinaryIO, seen: Callable[[bytes], object], kind: RawFile, archivo: str
) -> tuple[tuple[str, ...], Iterator[Records]]:
    """The columns of a file and its records without the header. Raises BadFile."""
    begins = file.read(4)
    file.seek(0)
    for magic, what in NO_CSV.items():
        if begins.startswith(magic):
            raise BadFile(f"{archivo} is no CSV file: it is {what}")
    if begins.startswith(BOM):
        if codec(kind.dialect) != "utf-8":
            raise BadFile(f"{archivo} begins with the byte order mark of utf-8, the feed says {kind.dialect.encoding}")
        seen(file.read(len(BOM)))

    def read(size: int) -> bytes:
        part = file.read(size)
        seen(part)
        return part

    rows = records(read, kind.dialect)
    first = next(rows, None)
    if first is None:
        raise BadFile(f"{archivo} is empty")
    if kind.columns is not None:
        return identifiers(kind.columns), chain([first], rows)
    return _header(first, kind.dialect, archivo), chain([first[1:]], rows)


def _header(first: Records, dialect: Dialect, archivo: str) -> tuple[str, ...]:
    """The columns that the header names. What it says is not shown: it may be a row, where a header is missing."""
    line = first[:1].texts()[0]
    if b"\0" in line:
        raise BadFile(f"{archivo} is no CSV file: there is a NUL in its header")
    flaws = {
        LONG: "is too long",
        ENCODING: f"is not {dialect.encoding}",
        QUOTES: "has a quote inside a name, or one that is left open",
    }
    if flaw := flaws.get(int(first.flaw[0])):
        raise BadFile(f"{archivo}: its header {flaw}")
    said = StringIO(line.decode(codec(dialect)), newline="")
    try:
        values = next(csv.reader(said, delimiter=dialect.delimiter, quotechar=dialect.quote))
    except csv.Error:
        raise BadFile(f"{archivo}: its header has a name that is too long") from None
    names = [" ".join(name.split()) for name in values]
    if len(names) > MAX_COLUMNS:
        raise BadFile(f"{archivo}: its header has {len(names)} columns, more than {MAX_COLUMNS}")
    return identifiers(names)


def _require(archivo: str, columns: Sequence[str], required: Iterable[str]) -> None:
    """Raises BadFile where a column is missing."""
    missing = [column for column in required if column not in columns]
    if missing:
        known = [column for column in columns if column in required]
        # where no name is known it may be no header but a row
        found = f"it has {', '.join(columns)}" if known else f"none of its {len(columns)} names is known"
        raise BadFile(f"{archivo}: its header lacks the column {missing[0]}: {found}")


def _first_header(connection: Connection, feed: Feed, delivery: Delivery) -> list[str]:
    """The columns of the first file of that kind that came and was read as this one is."""
    query = (
        select(Entregas.columnas)
        .where(Entregas.mundo == feed.owner, Entregas.tabla == delivery.tabla)
        .where(Entregas.lectura == _reading(feed.files[delivery.tabla]))
        .order_by(Entregas.entrega)
        .limit(1)
    )
    first = connection.scalar(query)
    return first.split(",") if first else []


def _replace(connection: Connection, feed: Feed, delivery: Delivery, run: str) -> int:
    """Make way for a delivery: the rows and broken lines of the one before go. Returns its number.

    Whoever else reads the same file waits. Raises OwnerReplaced.
    """
    other = connection.scalar(select(Entregas.mundo).where(Entregas.mundo != feed.owner).limit(1))
    if other:
        raise OwnerReplaced(f"the warehouse now holds files of {other}, not of {feed.owner}: run again")
    note = insert(Entregas).values(
        archivo=delivery.archivo,
        tabla=delivery.tabla,
        sha256="",
        lineas=0,
        leidas=0,
        mundo=feed.owner,
        corrida=run,
    )
    locked = note.on_conflict_do_update(index_elements=[Entregas.archivo], set_={"corrida": run})
    entrega, table, digest = connection.execute(
        locked.returning(Entregas.entrega, Entregas.tabla, Entregas.sha256)
    ).one()
    if digest:  # it was here before
        if _columns(connection, table):
            _run(connection, "delete from {} where _entrega = {}", _rows(table), sql.Literal(entrega))
        ours = (Rechazos.archivo == delivery.archivo) & (Rechazos.entidad == "")
        connection.execute(delete(Rechazos).where(ours))
    return int(entrega)


def _make(connection: Connection, table: str, columns: Sequence[str], nulls: Sequence[str]) -> None:
    """See that the raw table has these columns, and that the view shows them."""
    if _is_made(connection, table, columns, nulls):
        return
    with connection.begin_nested() as attempt:
        locks.raw(connection, table)
        if _is_made(connection, table, columns, nulls):  # another file of the kind came first
            attempt.rollback()  # lets the lock go, for others who have waited
            return
        _run(
            connection,
            "create table if not exists {} (_linea bigint not null, _entrega integer not null)",
            _rows(table),
        )
        there = _columns(connection, table)
        for column in columns:
            if column not in there:
                _run(connection, "alter table {} add column {} text", _rows(table), sql.Identifier(column))
        shown = [_without(nulls, column) for column in _columns(connection, table)[2:]]
        _run(
            connection,
            """
            create or replace view {} as
            select entregas.archivo as _archivo, filas._linea, entregas.fecha_archivo as _fecha, {}
            from {} as filas
            inner join control.entregas as entregas on filas._entrega = entregas.entrega
            """,
            sql.Identifier(SCHEMA, table),
            sql.SQL(", ").join(shown),
            _rows(table),
        )
        _run(connection, "comment on view {} is {}", sql.Identifier(SCHEMA, table), sql.Literal(_nulls_as_noted(nulls)))


def _is_made(connection: Connection, table: str, columns: Sequence[str], nulls: Sequence[str]) -> bool:
    noted = connection.scalar(NOTED, {"schema": SCHEMA, "name": table})
    return noted == _nulls_as_noted(nulls) and set(columns) <= set(_columns(connection, table))


def _nulls_as_noted(nulls: Sequence[str]) -> str:
    return f"null words: {json.dumps(nulls)}"


def _columns(connection: Connection, table: str) -> list[str]:
    """The columns of a raw table, in order; none where there is no such table."""
    return list(connection.scalars(COLUMNS, {"schema": SCHEMA, "name": f"{table}_filas"}))


def _without(nulls: Sequence[str], column: str) -> sql.Composable:
    value: sql.Composable = sql.SQL("filas.{}").format(sql.Identifier(column))
    for word in nulls:
        value = sql.SQL("nullif({}, {})").format(value, sql.Literal(word))
    return sql.SQL("{} as {}").format(value, sql.Identifier(column))


def _rows(table: str) -> sql.Identifier:
    return sql.Identifier(SCHEMA, f"{table}_filas")


def _run(connection: Connection, statement: Any, *parts: sql.Composable) -> None:
    connection.connection.cursor().execute(sql.SQL(statement).format(*parts))


@dataclass(frozen=True)
class _Target:
    """Where rows and broken lines go, and under which names."""

    table: str
    columns: tuple[str, ...]
    entrega: int
    archivo: str
    run: str


@dataclass(frozen=True)
class _Part:
    """A part of a file, ready to be written."""

    good: bytes
    """What COPY takes."""
    rows: int
    broken: list[tuple]
    """As rows of control.rechazos."""
    plain: bool
    """Whether there is neither quote nor backslash in what is good."""
    incomplete: int | None
    """The line of its last record, if there is less of it than there should be."""

    @classmethod
    def of(cls, found: Records, target: _Target, dialect: Dialect) -> "_Part":
        good = (found.flaw == NO_FLAW) & (found.values == len(target.columns))
        if good.all():
            stream, broken = _stream(found, target.entrega, dialect), []
        else:
            stream = _stream(found[good], target.entrega, dialect)
            broken = list(_rejected(found[~good], target, dialect))
        plain = b"\\" not in stream and dialect.quote.encode() not in stream
        incomplete = None
        if len(found):
            flaw, values = found.flaw[-1], found.values[-1]
            if flaw == QUOTES or (flaw == NO_FLAW and values < len(target.columns)):
                incomplete = int(found.line[-1])
        return cls(stream, int(good.sum()), broken, plain, incomplete)


def _copy(cursor: Any, rows: Iterator[Records], target: _Target, dialect: Dialect) -> tuple[int, int, int | None]:
    """Copy the good records into the raw table, the broken ones into control.rechazos; returns how many in all, how many good
    ones, and the line of the last record if there is less of it than there should be."""
    lines = read = 0
    incomplete = None
    parts = (_Part.of(found, target, dialect) for found in rows)
    part = next(parts, None)
    while part is not None:
        plain, held = part.plain, 0
        broken: list[tuple] = []
        with cursor.copy(_statement(target, dialect, plain=plain)) as copy:
            while part is not None and part.plain == plain and held < BATCH:
                copy.write(part.good)
                incomplete = part.incomplete
                lines, read = lines + part.rows + len(part.broken), read + part.rows
                broken += part.broken
                held += sum(len(row[5]) + 100 for row in part.broken)
                part = next(parts, None)
        if broken:
            with cursor.copy(
                sql.SQL("copy control.rechazos ({}) from stdin").format(
                    sql.SQL(", ").join(map(sql.Identifier, RECHAZOS))
                )
            ) as copy:
                for row in broken:
                    copy.write_row(row)
    return lines, read, incomplete


def _ends_a_line(file: BinaryIO) -> bool:
    file.seek(-1, SEEK_END)
    return file.read() in (b"\n", b"\r")


def _statement(target: _Target, dialect: Dialect, *, plain: bool) -> sql.Composed:
    """The COPY of records: the format csv keeps quotes and backslashes apart from values, text is faster where there are none."""
    columns = sql.SQL(", ").join(map(sql.Identifier, target.columns))
    # an empty value is no null, which in the format text is a word with a backslash
    form = "format text" if plain else "format csv, quote {quote}, force_not_null ({columns})"
    statement = (
        "copy {table} ({columns}, _linea, _entrega) from stdin with (delimiter {delimiter}, encoding 'UTF8', %s)"
    )
    return sql.SQL(statement % form).format(
        table=_rows(target.table),
        columns=columns,
        delimiter=sql.Literal(dialect.delimiter),
        quote=sql.Literal(dialect.quote),
    )


def _stream(found: Records, entrega: int, dialect: Dialect) -> bytes:
    """Records as COPY takes them, each with its line and its delivery as its last values."""
    # every other piece of the data is a record; what lies between them is line ends and what is not wanted
    bounds = np.empty(2 * len(found) + 1, np.int32)
    bounds[:-1:2], bounds[1::2], bounds[-1] = found.start, found.end, len(found.data)
    contents = _pieces(found.data, bounds).take(_integers(np.arange(0, 2 * len(found), 2)))
    lines = _integers(found.line).cast(pa.string()).cast(pa.binary())
    rows = pc.binary_join_element_wise(
        contents, lines, _constant(b"%d\n" % entrega), _constant(dialect.delimiter.encode())
    )
    _, ends, joined = rows.buffers()
    stream = bytes(memoryview(joined)[: np.frombuffer(ends, np.int32)[len(rows)]])
    return stream if codec(dialect) == "utf-8" else stream.decode(codec(dialect)).encode()


# pa.array and pa.scalar would import pandas, which takes as long as reading half a million rows


def _pieces(data: bytes, bounds: npt.NDArray[np.int32]) -> pa.Array:
    return pa.Array.from_buffers(pa.binary(), len(bounds) - 1, [None, pa.py_buffer(bounds), pa.py_buffer(data)])


def _constant(value: bytes) -> pa.Scalar:
    return _pieces(value, np.array([0, len(value)], np.int32))[0]


def _integers(numbers: Numbers) -> pa.Array:
    return pa.Array.from_buffers(pa.int64(), len(numbers), [None, pa.py_buffer(np.ascontiguousarray(numbers))])


def _rejected(found: Records, target: _Target, dialect: Dialect) -> Iterator[tuple]:
    """Broken records as rows of control.rechazos."""
    expected = len(target.columns)
    lines, flaws, counts = found.line.tolist(), found.flaw.tolist(), found.values.tolist()
    for line, flaw, values, content in zip(lines, flaws, counts, found.texts(), strict=True):
        shown = content
        if flaw == LONG:
            motivo, detalle, shown = "linea_larga", f"only its first {SHOWN} bytes are kept", content[:SHOWN]
        elif flaw == ENCODING:
            motivo, detalle = "codificacion", "no NUL" if b"\0" in content else dialect.encoding
        elif flaw == QUOTES:
            motivo, detalle = "comillas", "quotes around whole values, two for one inside"
        else:
            motivo = "columnas_de_menos" if values < expected else "columnas_de_mas"
            detalle = f"{expected} columns, {values} found"
        texto = shown.decode(codec(dialect), "backslashreplace").replace("\0", "\\x00")
        yield target.archivo, line, "", motivo, detalle, texto, target.run
