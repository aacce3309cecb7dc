"""Lines that feed.yaml leaves out: above and below a header, at the end, comments, and those of nothing but delimiters."""

import gzip
import logging
from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest
from school import counts, feed, people, rejected
from sqlalchemy import Engine

from client360.ingest.csv_scanner import READ_SIZE, scan_records
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.row_selection import above_footer

REPORT = b"""People of 2025;;

id;name;city
-----;-----;-----
1;Ana;Salta
;;
# a comment; with "quotes
2;Eva;Lima

3;;
2 people
# end
"""
KEYS: dict = {"skip": 1, "skip_below": 1, "footer": 1, "comment": "#", "blank": "skip"}


def declared(name: str = "people*", **keys: object) -> Feed:
    return feed(people=RawFile(name=name, dialect=Dialect(delimiter=";"), **keys))


@pytest.mark.parametrize(
    "pack", [lambda content: content, gzip.compress, lambda content: content.replace(b"\n", b"\r\n")]
)
def test_lines_that_are_no_rows_are_not_read_and_said(
    warehouse: Engine, deliver: Callable[..., int], pack: Callable, caplog: pytest.LogCaptureFixture
) -> None:
    content = pack(REPORT)
    name = "people.csv.gz" if content.startswith(b"\x1f\x8b") else "people.csv"
    with caplog.at_level(logging.INFO):
        assert deliver(content, name, to=declared(**KEYS)) == 3
    assert people(warehouse) == [(5, "1", "Ana", "Salta"), (8, "2", "Eva", "Lima"), (10, "3", None, None)]
    assert rejected(warehouse) == []
    assert counts(warehouse) == {name: (3, 3)}
    assert (
        f"Of {name}, these lines are no rows, as feed.yaml says: 2 comments, 1 without a value, 1 right below the header, "
        "1 at the end."
    ) in caplog.messages


@pytest.mark.parametrize(
    ("key", "accepted", "refused"),
    [
        ("skip_below", (4, "-----"), None),
        ("blank", (6, None), None),
        ("comment", None, (7, "comillas")),
        ("footer", None, (11, "columnas_de_menos")),
    ],
)
def test_without_its_key_a_line_is_a_row_or_rejected(
    warehouse: Engine, deliver: Callable[..., int], key: str, accepted: tuple | None, refused: tuple | None
) -> None:
    deliver(REPORT, to=declared(**{name: value for name, value in KEYS.items() if name != key}))
    assert accepted is None or accepted in people(warehouse, "_linea, id")
    assert refused is None or refused in rejected(warehouse, "linea, motivo")


def test_a_line_cut_off_in_a_footer_does_no_harm_and_one_in_a_row_is_refused(deliver: Callable[..., int]) -> None:
    assert deliver(b"id;name;city\n1;Ana;Salta\nEnd of re", to=declared(footer=1)) == 1


def test_a_footer_longer_than_the_file_leaves_no_rows(warehouse: Engine, deliver: Callable[..., int]) -> None:
    assert deliver(b"id;name;city\n1;a;b\n2;c;d\n", to=declared(footer=5)) == 0
    assert counts(warehouse) == {"people.csv": (0, 0)}


@pytest.mark.parametrize("footer", [1, 2, 3, 99, 100, 101, 1000])
@pytest.mark.parametrize("size", [1, 7, 64, READ_SIZE])
def test_a_footer_is_the_last_lines_wherever_the_file_is_read_in_two(footer: int, size: int) -> None:
    content = b"".join(b"%d,x\n" % number for number in range(100))
    blocks = [content[at : at + size] for at in range(0, len(content), size)]
    records = scan_records(lambda _: blocks.pop(0) if blocks else b"", Dialect())
    left_out: Counter[str] = Counter()
    lines = [batch.line for batch in above_footer(records, footer, left_out)]
    assert np.concatenate(lines).tolist() == list(range(1, max(0, 100 - footer) + 1))
    assert left_out["at the end"] == min(footer, 100)


def test_a_header_is_found_below_comments_and_blank_rows(warehouse: Engine, deliver: Callable[..., int]) -> None:
    content = b";;\n-- a\n;;\n-- b\nid;name;city\n1;Ana;Salta\n--2;no;row\n"
    assert deliver(content, to=declared(comment="--", blank="skip")) == 1
    assert people(warehouse) == [(6, "1", "Ana", "Salta")]


def test_keys_that_contradict_each_other_or_say_nothing_are_refused() -> None:
    with pytest.raises(ValueError, match="skip_below is for files with a header: without one, skip says"):
        declared(columns=("id",), skip_below=1)
    with pytest.raises(ValueError, match="give the ASCII characters with which such lines begin"):
        declared(comment="§")
    with pytest.raises(ValueError, match="at least 1 character"):
        declared(comment="")


def test_a_kind_that_says_nothing_of_lines_is_read_as_before() -> None:
    plain = RawFile(name="x.csv", dialect=Dialect())
    assert "skip" not in plain.read_settings()
    assert plain.model_copy(update={"footer": 1}).read_settings() != plain.read_settings()
