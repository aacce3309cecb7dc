"""Draft a feed from its files, for a person to complete: `make feed NAME=x ENTRADA=folder`."""

import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from textwrap import dedent
from typing import Any

from client360.ingest import feed_spec
from client360.ingest.feed_spec import ENTITIES, IDENTIFIER, BadFeed, Dialect
from tools.feed_draft.kinds import Kind, kinds
from tools.feed_draft.mapping import mapping
from tools.feed_draft.recognise import contract, recognise, required


def draft_feed(name: str, entrada: str, feeds: Path = feed_spec.FEEDS) -> list[str]:
    """Write feed.yaml and the SELECTs of a feed for the files in a folder; return the lines of a report.

    Raises BadFeed, in one line, and then writes nothing. It never overwrites a feed.
    """
    if not re.fullmatch(IDENTIFIER, name):
        raise BadFeed(f"name is {name!r}: begin with a lower-case letter and use letters without accents, digits and _")
    if (feeds / name).exists():
        raise BadFeed(f"name is {name}: include/sql/feeds/{name} is there already; choose another name, or remove it")
    if not entrada:
        raise BadFeed("entrada is empty: name the folder that holds the files")
    folder = Path(entrada)
    if not folder.is_dir():
        raise BadFeed(f"entrada is {entrada!r}: there is no such folder")
    found, left_out = kinds(folder)
    if not found:
        raise BadFeed(f"entrada is {entrada!r}: there is no CSV file in it" + "".join(f"; {text}" for text in left_out))
    recognise(found)
    with tempfile.TemporaryDirectory(dir=feeds, prefix=".") as temporary:
        draft = Path(temporary) / name
        draft.mkdir()
        draft.joinpath("feed.yaml").write_text(_feed_yaml(name, entrada, found), encoding="utf-8")
        for entity in ENTITIES:
            if any(kind.entity == entity for kind in found):
                draft.joinpath(f"{entity}.sql").write_text(mapping(entity, found), encoding="utf-8")
        feed_spec.read_feed(name, draft)
        shutil.move(draft, feeds / name)
    return list(_report(name, entrada, feeds / name, found, left_out))


def _feed_yaml(name: str, entrada: str, kinds: list[Kind]) -> str:
    common = Counter(kind.table.dialect for kind in kinds).most_common(1)[0][0]
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
        lines += _file_yaml(kind, common)
    return "\n".join(lines) + "\n"


def _file_yaml(kind: Kind, common: Dialect) -> Iterator[str]:
    count = f"{len(kind.paths):,} file" + ("s" if len(kind.paths) > 1 else "")
    yield f"  {kind.name}:  # {count}; " + (
        f"{kind.entity}.sql" if kind.entity else "nothing in the contract was recognised"
    )
    yield f"    name: {_yaml(kind.pattern)}"
    own = {key: value for key, value in kind.table.dialect.model_dump().items() if value != getattr(common, key)}
    if own:
        yield f"    dialect: {{{', '.join(f'{key}: {_yaml(value)}' for key, value in own.items())}}}"
    if kind.table.other_decimal:
        yield f"    # TODO: some amounts have the other decimal sign, not {kind.table.dialect.decimal!r}"
    if not kind.table.header:
        yield "    columns:  # TODO: the files seem to have no header: name the columns"
        for raw, column in zip(kind.raw, kind.table.columns, strict=True):
            yield f"      - {raw}  # {column.holds}"
    if kind.entity:
        needed = [kind.raw[i] for name, i in kind.found.items() if name in required(kind.entity)]
        if needed:
            yield f"    required: [{', '.join(dict.fromkeys(needed))}]"
    if not kind.entity:
        yield "    lookup: true  # for other SELECTs to join; take this line away if its rows are to be loaded"
    if kind.declares().dated:
        yield "    missing: allow  # where there is no file of the business day: allow, wait or fail"


def _yaml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)


def _report(name: str, entrada: str, folder: Path, kinds: list[Kind], left_out: list[str]) -> Iterator[str]:
    where = f"include/sql/feeds/{name}"
    yield f"client360: {where} is drafted from {sum(len(kind.paths) for kind in kinds):,} files in {entrada}"
    for kind in kinds:
        dialect = kind.table.dialect
        found = (
            f"{len(kind.found)} of {len(contract(kind.entity))} columns of {kind.entity}" if kind.entity else "lookup"
        )
        yield f"  {kind.pattern}: {dialect.encoding}, delimiter {dialect.delimiter!r}, decimal {dialect.decimal!r}: {found}"
        if sum(not column.header for column in kind.table.columns) > 1:
            yield "    its first line names few of its columns: if it is a title, remove it"
        if kind.table.odd_rows:
            yield f"    {kind.table.odd_rows:,} of the lines seen have more or fewer columns than the others"
    yield from (f"  {text}" for text in left_out)
    drafted = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    required_columns, guesses = drafted.count("TODO required"), drafted.count("TODO:")
    yield f"Next, complete what says TODO (required columns: {required_columns}, guesses: {guesses}):"
    yield f"  grep -n -e 'TODO required' -e 'TODO:' {where}/*"
    yield f"  make run FUENTE={name} ENTRADA={entrada}"
