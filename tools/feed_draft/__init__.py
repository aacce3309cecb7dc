"""A feed drafted from the files themselves, for a person to complete: `make feed NAME=x ENTRADA=folder`."""

import re
import shlex
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from client360.ingest import feed_spec
from client360.ingest.feed_spec import ENTITIES, LEFT_OUT, BadFeed
from client360.ingest.raw_file import IDENTIFIER
from tools.feed_draft.entities import assign_entities, orders
from tools.feed_draft.entity_columns import contract_columns
from tools.feed_draft.feed_yaml import feed_yaml
from tools.feed_draft.file_kinds import FileKind, group_files
from tools.feed_draft.groups import belonging_together
from tools.feed_draft.left_out import draft_left_out
from tools.feed_draft.orders_by_total import orders_by_total
from tools.feed_draft.select_draft import draft_select
from tools.feed_draft.skeletons import SKELETONS, draft_skeletons, has_skeleton


def draft_feed(name: str, entrada: str, feeds: Path = feed_spec.FEEDS) -> list[str]:
    """Write feed.yaml and the SELECTs of a feed for the files in a folder; returns the lines of a report.

    Raises BadFeed with a message of one line, and then writes nothing. Never overwrites a feed.
    """
    if not re.fullmatch(IDENTIFIER, name):
        raise BadFeed(f"name is {name!r}: begin with a lower-case letter and use letters without accents, digits and _")
    if (feeds / name).exists():
        raise BadFeed(f"name is {name}: include/sql/feeds/{name} is there already; choose another name, or remove it")
    if not entrada:
        raise BadFeed("entrada is empty: name the folder that holds the files")
    if not entrada.isprintable():
        raise BadFeed(f"entrada is {entrada!r}: that is no readable text")
    folder = Path(entrada)
    if folder.is_file():
        raise BadFeed(f"entrada is {entrada!r}: it is a file; name the folder that holds it")
    if not folder.is_dir():
        raise BadFeed(f"entrada is {entrada!r}: there is no such folder")
    found, left_out = group_files(folder)
    if not found:
        raise BadFeed(f"entrada is {entrada!r}: there is no CSV file in it" + "".join(f"; {text}" for text in left_out))
    assign_entities(found)
    with tempfile.TemporaryDirectory(dir=feeds, prefix=".") as temporary:
        draft = Path(temporary) / name
        draft.mkdir()
        selects = {entity: text for entity in ENTITIES if (text := draft_select(entity, found)) is not None}
        declared = feed_yaml(name, entrada, found, belonging_together(found, selects))
        draft.joinpath("feed.yaml").write_text(declared, encoding="utf-8")
        for entity, text in selects.items():
            draft.joinpath(f"{entity}.sql").write_text(text, encoding="utf-8")
        if (left_out_rows := draft_left_out(found)) is not None:
            draft.joinpath(f"{LEFT_OUT}.sql").write_text(left_out_rows, encoding="utf-8")
        if skeletons := draft_skeletons(found):
            draft.joinpath(SKELETONS).write_text(skeletons, encoding="utf-8")
        feed_spec.read_feed(name, draft)
        shutil.move(draft, feeds / name)
    return list(_report(name, entrada, feeds / name, found, left_out))


def _report(name: str, entrada: str, folder: Path, kinds: list[FileKind], left_out: list[str]) -> Iterator[str]:
    where = f"include/sql/feeds/{name}"
    yield f"client360: {where} is drafted from {sum(len(kind.paths) for kind in kinds):,} files in {entrada}"
    for kind in kinds:
        dialect = kind.table.dialect
        found = (
            f"{len(kind.found)} of {len(contract_columns(kind.entity))} columns of {kind.entity}"
            if kind.entity
            else "lookup, unless one of its drafts in " + SKELETONS + " fits"
            if has_skeleton(kind)
            else "lookup"
        )
        if any(other.repeats(kind) for other in orders(kinds)):
            found += ", and the orders that these repeat: ventas.sql"
        written = f"{dialect.encoding}, delimiter {dialect.delimiter!r}, " if kind.table.is_text else ""
        sheet = f"sheet {kind.sheet}, " if kind.sheet else ""
        yield f"  {kind.pattern}: {sheet}{written}decimal {dialect.decimal!r}: {found}"
        if kind.table.skip:
            yield f"    its header is in line {kind.table.skip + 1}: feed.yaml has skip: {kind.table.skip}"
        if sum(not column.header for column in kind.table.columns) > 1:
            yield "    its first line names few of its columns: if it is a title, set skip in feed.yaml"
        for key, (value, what) in kind.table.line_keys().items():
            if key != "skip":
                yield f"    feed.yaml has {key}: {value}, for {what.removeprefix('TODO: ')}"
        for count, what in (
            (kind.table.headers_again, "are the header once more"),
            (kind.table.lone_values, "hold one value alone"),
            (kind.table.units, "name units under a header, or rule it off"),
            (kind.table.totals, "seem to be totals"),
        ):
            left = f"; {LEFT_OUT}.sql leaves them out" if kind.entity else ""
            if count:
                yield f"    {count:,} of the lines seen {what}{left}"
        if kind is orders_by_total(kinds):
            yield "    most of its orders have no line: detalle_ventas.sql and productos.sql count those by their total"
        if kind.table.odd_rows:
            yield f"    {kind.table.odd_rows:,} of the lines seen have more or fewer columns than the others: a run rejects them"
    yield from (f"  {text}" for text in left_out)
    if folder.joinpath(SKELETONS).exists():
        yield f"  {where}/{SKELETONS}: the SELECTs of what else files could be, or hold too"
    drafted = "".join(path.read_text(encoding="utf-8") for path in folder.iterdir())
    required_columns, guesses = drafted.count("TODO required"), drafted.count("TODO:")
    yield f"Next, complete what says TODO (required columns: {required_columns}, guesses: {guesses}):"
    yield f"  grep -n -e 'TODO required' -e 'TODO:' {where}/*"
    yield f"  make run FUENTE={name} ENTRADA={shlex.quote(entrada)}"
