"""Which lines of a file are its table, as feed.yaml says: not those above a header, right below it, or at the end of the file,
no comments and, if it says so, none of nothing but delimiters."""

from collections import Counter
from collections.abc import Iterator

import numpy as np

from client360.ingest.csv_lines import Flags
from client360.ingest.csv_scanner import NO_FLAW, Records
from client360.ingest.raw_file import RawFile


def lines_of_table(batches: Iterator[Records], kind: RawFile, left_out: Counter[str]) -> Iterator[Records]:
    """The header, if there is one, and all lines below it but comments and, if they are skipped, blank ones; `left_out` counts
    these as they are read. No batch is empty."""
    prefix = (kind.comment or "").encode()
    for batch in batches:
        found = batch
        if len(found) and found.line[0] <= kind.skip:
            found = found[found.line > kind.skip]
        if prefix:
            found = _without(found, _begins_with(found, prefix), "comments", left_out)
        if kind.blank == "skip":
            found = _without(found, _without_value(found), "without a value", left_out)
        if len(found):
            yield found


def below_header(batches: Iterator[Records], first: int, left_out: Counter[str]) -> Iterator[Records]:
    """The records from this line on."""
    for batch in batches:
        found = batch
        if len(found) and found.line[0] < first:
            found = _without(found, found.line < first, "right below the header", left_out)
        yield found


def above_footer(batches: Iterator[Records], footer: int, left_out: Counter[str]) -> Iterator[Records]:
    """The records but for the last ones, of which as many are held as there may be."""
    held: list[Records] = []
    for batch in batches:
        held.append(batch)
        while sum(map(len, held[1:])) >= footer:
            yield held.pop(0)
    there = sum(map(len, held))
    left_out["at the end"] += min(there, footer)
    kept = max(there - footer, 0)
    for batch in held:
        yield batch[:kept]
        kept = max(kept - len(batch), 0)


def _without(records: Records, unwanted: Flags, what: str, left_out: Counter[str]) -> Records:
    count = int(unwanted.sum())
    left_out[what] += count
    return records[~unwanted] if count else records


def _begins_with(records: Records, prefix: bytes) -> Flags:
    bytes_ = np.frombuffer(records.data, np.uint8)
    found = records.end - records.start >= len(prefix)
    for offset, byte in enumerate(prefix):
        found[found] = bytes_[records.start[found] + offset] == byte
    return found


def _without_value(records: Records) -> Flags:
    """Whether records are nothing but delimiters, of which there is one less than values."""
    return (records.flaw == NO_FLAW) & (records.end - records.start == records.values - 1)
