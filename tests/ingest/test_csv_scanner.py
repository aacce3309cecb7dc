"""The records of arbitrary bytes, against a model that reads them one character at a time."""

import csv
import re
from io import BytesIO, StringIO

from hypothesis import example, given, settings
from hypothesis import strategies as st

from client360.ingest.csv_scanner import ENCODING, LONG, MAX_RECORD, NO_FLAW, QUOTES, scan_records
from client360.ingest.raw_file import Dialect

Found = tuple[int, bytes, int, int | None]
"""Line, text, flaw, and the number of values where there is no flaw."""


STEPS = {
    ("before", "quote"): "within",
    ("before", "delimiter"): "before",
    ("before", "other"): "plain",
    ("plain", "delimiter"): "before",
    ("plain", "other"): "plain",
    ("within", "quote"): "after",
    ("within", "delimiter"): "within",
    ("within", "other"): "within",
    ("after", "quote"): "within",
    ("after", "delimiter"): "before",
}
"""Where one is after a character: before a value, in a plain or within a quoted one, or after a quote that may have closed it."""


def found(data: bytes, dialect: Dialect, size: int = 1 << 18, limit: int = MAX_RECORD) -> list[Found]:
    return [
        (line, text, flaw, None if flaw else values)
        for chunk in scan_records(BytesIO(data).read, dialect, size, limit)
        for line, text, flaw, values in zip(
            chunk.line.tolist(), chunk.texts(), chunk.flaw.tolist(), chunk.values.tolist(), strict=True
        )
    ]


def modelled(data: bytes, dialect: Dialect, limit: int = MAX_RECORD) -> list[Found]:
    """What the module's docstring says, in the plainest way."""
    lines = re.findall(rb"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z", data)
    expected: list[Found] = []
    at = 0
    while at < len(lines):
        most = len(lines) if dialect.multiline else at + 1
        count, values = parsed(lines[at:most], dialect, limit)
        text = re.sub(rb"(\r\n|\r|\n)\Z", b"", b"".join(lines[at : at + count]))
        flaw = QUOTES if values is None else NO_FLAW
        if b"\0" in text or not decodable(text, dialect.encoding):
            flaw = ENCODING
        if len(text) > limit:
            flaw = LONG
        if text:
            expected.append((at + 1, text, flaw, None if flaw else values))
        at += count
    return expected


def parsed(lines: list[bytes], dialect: Dialect, limit: int) -> tuple[int, int | None]:
    """How many lines the record takes that begins them, and how many values it has; None for a line that can not be read."""
    delimiter, quote = ord(dialect.delimiter), ord(dialect.quote)
    state, values, length = "before", 1, 0
    for number, line in enumerate(lines, start=1):
        for character in line:
            if state != "within" and character in b"\r\n":
                return (1, None) if length + len(line.rstrip(b"\r\n")) > limit else (number, values)
            state = STEPS.get((state, {delimiter: "delimiter", quote: "quote"}.get(character, "other")), "wrong")
            if state == "wrong":
                return 1, None
            values += state == "before"
        length += len(line)
    return (1, None) if state == "within" or length > limit else (len(lines), values)


def decodable(text: bytes, encoding: str) -> bool:
    try:
        text.decode("utf-8" if encoding == "utf-8-sig" else encoding)
    except UnicodeDecodeError:
        return False
    return True


dialects = st.builds(
    Dialect,
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "latin-1", "cp1252"]),
    delimiter=st.sampled_from([",", ";", "\t"]),
    quote=st.sampled_from(['"', "'"]),
    multiline=st.booleans(),
)
csv_like = st.lists(
    st.sampled_from([b'"', b'"', b"'", b",", b";", b"\t", b"\n", b"\r", b"\r\n", b"a", b"1", b" ", b"\0", b"\\."])
    | st.sampled_from(
        ["é".encode(), "ñ".encode("latin-1"), b"\x81", b"\xed\xa0\x80", b"\xf0\x9f\x98\x80", b"\xff", b"\xc3"]
    )
    | st.sampled_from([b'"a"', b'"",', b'"\n"', b"a,b\n", b'"a,b"\r\n', b'"x""y",\n']),
    max_size=60,
).map(b"".join)


@settings(max_examples=1500, deadline=None)
@given(csv_like | st.binary(max_size=200), dialects, st.integers(1, 40), st.sampled_from([3, 10, MAX_RECORD]))
@example(b'a,"b\r\nc"\r\nd\r', Dialect(multiline=True), 1, MAX_RECORD)
@example(b"abcdefghijklmnop\rb\n", Dialect(), 4, 3)
@example(b"\na\rb", Dialect(), 40, MAX_RECORD)
@example(b'"abc\nabc",d\n', Dialect(multiline=True), 40, 3)
@example(b'"abcd\nefg"\r\n', Dialect(multiline=True), 11, 10)
def test_the_records_of_any_bytes_are_those_of_the_model_however_they_are_read(
    data: bytes, dialect: Dialect, size: int, limit: int
) -> None:
    shown = [
        (line, text[:limit] if flaw == LONG else text, flaw, values)
        for line, text, flaw, values in found(data, dialect, size, limit)
    ]
    expected = [
        (line, text[:limit] if flaw == LONG else text, flaw, values)
        for line, text, flaw, values in modelled(data, dialect, limit)
    ]
    assert shown == expected


@settings(max_examples=300, deadline=None)
@given(csv_like, dialects)
def test_a_good_record_has_the_values_that_a_csv_reader_sees(data: bytes, dialect: Dialect) -> None:
    for _, text, flaw, values in found(data, dialect):
        if flaw == NO_FLAW:
            said = StringIO(text.decode("latin-1"), newline="")
            rows = list(csv.reader(said, delimiter=dialect.delimiter, quotechar=dialect.quote, strict=True))
            assert [len(row) for row in rows] == [values]
