"""Drafts feed.yaml."""

import json
from collections import Counter
from collections.abc import Iterator
from textwrap import dedent

import yaml

from client360.ingest.feed_spec import CUSTOMERS
from client360.ingest.raw_file import Dialect
from tools.feed_draft.entities import orders
from tools.feed_draft.entity_columns import required_columns
from tools.feed_draft.file_kinds import FileKind

OF_VALUES = ("decimal", "nulls")
"""The keys of a dialect that say how values are written, whatever the file is."""


def feed_yaml(name: str, entrada: str, kinds: list[FileKind], together: dict[str, dict[str, str]]) -> str:
    """The text of feed.yaml, with the dialect of most kinds as the common one. `together` are the columns by which the rows of an
    entity's SELECT belong together, by kind of file."""
    of_text = [kind.table.dialect for kind in kinds if kind.table.is_text]
    common = Counter(of_text or [kind.table.dialect for kind in kinds]).most_common(1)[0][0]
    lines = dedent(
        f"""\
        # The feed {name}, drafted by make feed from the files in {entrada}. docs/feeds.md explains every key.
        country: AR  # TODO: whose provinces they are, two letters
        currency: ARS  # TODO: what amounts are in, three letters
        # threshold: 5  # per cent of an entity's rows that may be rejected before the run stops
        """
    ).splitlines()
    lines += ["dialect:", *(f"  {key}: {_yaml(value)}" for key, value in common.model_dump().items()), "files:"]
    for kind in kinds:
        lines += _file_yaml(kind, [kind, *(other for other in orders(kinds) if other.repeats(kind))], common)
    if together:
        lines.append("together:  # rows of equal values depend on no others, so that a run need not judge all of them")
    for entity, columns in together.items():
        named = (f"{_name(kind)}: [{_name(column)}]" for kind, column in columns.items())
        lines.append(f"  {entity}: {{{', '.join(named)}}}")
    return "\n".join(lines) + "\n"


def _file_yaml(kind: FileKind, provided: list[FileKind], common: Dialect) -> Iterator[str]:
    """The lines of a kind of file; `provided` is it, for each entity that is drafted from it."""
    count = f"{len(kind.paths):,} file" + ("s" if len(kind.paths) > 1 else "")
    yield f"  {_name(kind.name)}:  # {count}; " + (
        " and ".join(f"{each.entity}.sql" for each in provided)
        if kind.entity
        else "nothing in the contract was recognised"
    )
    yield f"    name: {_yaml(kind.pattern)}"
    if kind.sheet:
        yield f"    sheet: {_name(kind.sheet)}"
    own = {
        key: value
        for key, value in kind.table.dialect.model_dump().items()
        if value != getattr(common, key) and (kind.table.is_text or key in OF_VALUES)
    }
    if own:
        yield f"    dialect: {{{', '.join(f'{key}: {_yaml(value)}' for key, value in own.items())}}}"
    if kind.decimal_as:
        yield f"    # {kind.decimal_as}"
    for key, (value, what) in kind.table.line_keys().items():
        yield f"    {key}: {_name(value) if isinstance(value, str) else value}  # {what}"
    if kind.table.other_decimal:
        yield f"    # TODO: some amounts have the other decimal sign, not {kind.table.dialect.decimal!r}"
    if not kind.table.header:
        yield "    columns:  # TODO: the files seem to have no header: name the columns"
        for raw, column in zip(kind.raw, kind.table.columns, strict=True):
            yield f"      - {_name(raw)}  # {column.description}"
    needed = [
        each.raw[i]
        for each in provided
        if each.entity
        for name, i in each.found.items()
        if name in required_columns(each.entity)
    ]
    if needed:
        yield f"    required: [{', '.join(map(_name, dict.fromkeys(needed)))}]"
    if not kind.entity:
        yield "    lookup: true  # for other SELECTs to join; take this line away if its rows are to be loaded"
    if kind.to_raw_file().dated:
        yield "    missing: allow  # where there is no file of the business day: allow, wait or fail"
        if kind.entity == CUSTOMERS and kind.found.get("cliente_id") in kind.table.listed_again:
            yield "    # absent: closed  # TODO: most customers are in the next file again: has left who is missing from one?"


def _name(name: str) -> str:
    """A name in quotes where YAML would read something else, as in no and null."""
    return name if yaml.safe_load(name) == name else _yaml(name)


def _yaml(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
