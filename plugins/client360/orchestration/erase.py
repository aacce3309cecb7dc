"""The command behind `make erase`: `python -m client360.orchestration.erase`, which reads a cliente_id a line."""

import hmac
import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timezone

from airflow.sdk.exceptions import AirflowFailException
from sqlalchemy import Engine

from client360 import folders
from client360.ingest.feed_spec import OWNER, read_feed
from client360.orchestration.connection import warehouse
from client360.publish import anonymity
from client360.publish.without_person import rewrite
from client360.run.erasure import Erasure, NotErased, erase, require_known
from client360.run.sources import SIMULATOR
from client360.warehouse.ownership import owners
from client360.warehouse.redaction import DatabaseError


def main(given: Iterable[str]) -> int:
    """Erase the people of these keys, one after the other, and print a certificate; returns the exit code."""
    lines = [line.removeprefix("\ufeff").strip() for line in given]  # which some editors write before the first
    keys = list(dict.fromkeys(line for line in lines if line))
    try:
        if not keys:
            raise NotErased("cliente is empty: give a cliente_id, or a LISTA of them, one a line")
        with warehouse() as engine:
            with engine.connect() as connection:
                require_known(connection, keys)
                held = ", ".join(owners(connection)) or "nothing"
            print(f"Erased at {datetime.now(timezone.utc):%Y-%m-%d %H:%M} UTC from a warehouse that holds {held}")
            for number, key in enumerate(keys, 1):
                print("\n".join([f"Person {number} of {len(keys)}", *_in_tables(engine, key)]), flush=True)
            print("\n".join(["All files that runs make", *_in_files(engine, keys)]))
            print("The next run brings its counts in line.")
    except (ValueError, AirflowFailException, DatabaseError) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    return 0


def _in_tables(engine: Engine, key: str) -> Iterator[str]:
    with engine.begin() as connection:
        try:
            done = erase(connection, key)
        except NotErased:  # before; in files something may be left, where the command was interrupted
            done = Erasure()
    yield from _listed("rows removed", done.removed)
    yield from _listed("rows kept, without the person", done.kept_without)
    yield from _listed("lines of your own files, which stay as they are: remove them there", done.in_files)
    if done.others:
        yield f"  others with the same document or e-mail address: {done.others:,}; if they are the same person, erase them too"


def _in_files(engine: Engine, keys: Collection[str]) -> Iterator[str]:
    with engine.connect() as connection:
        owner = next(iter(owners(connection)), SIMULATOR)
    currency = read_feed(owner.removeprefix(OWNER) if owner.startswith(OWNER) else SIMULATOR).currency
    anonymous = {hmac.digest(anonymity.key(), key.encode(), "sha256").hex() for key in keys}
    days, files = rewrite(engine, folders.data(), owner, {*keys, *anonymous}, currency)
    yield f"  days published anew: {days:,}; files removed: {files:,}"


def _listed(what: str, counts: Mapping[str, int]) -> Iterator[str]:
    for place, number in sorted(counts.items()):
        if number:
            yield f"  {what}: {place}, {number:,}"


if __name__ == "__main__":
    sys.exit(main(sys.stdin))
