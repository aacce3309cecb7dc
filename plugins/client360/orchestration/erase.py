"""The command behind `make erase`: `python -m client360.orchestration.erase [cliente_id]`; without one, it reads one a line."""

import hmac
import sys
from collections.abc import Iterable, Iterator, Mapping

from airflow.sdk.exceptions import AirflowFailException

from client360 import folders
from client360.ingest.feed_spec import OWNER, read_feed
from client360.orchestration.connection import warehouse
from client360.publish import anonymity
from client360.publish.without_person import rewrite
from client360.run.erasure import Erasure, NotErased, erase
from client360.run.sources import SIMULATOR
from client360.warehouse import erased
from client360.warehouse.ownership import owners
from client360.warehouse.redaction import DatabaseError


def main(given: Iterable[str]) -> int:
    """Erase the people of these keys, one after the other, and print a certificate; returns the exit code."""
    keys = [key.strip() for key in given if key.strip()]
    try:
        if not keys:
            raise NotErased("cliente is empty: give a cliente_id, or a LISTA of them, one a line")
        for number, key in enumerate(keys, 1):
            print("\n".join([f"Person {number} of {len(keys)}", *_erase(key)]))
    except (ValueError, AirflowFailException, DatabaseError) as error:
        print(f"client360: {error}", file=sys.stderr)
        return 1
    return 0


def _erase(key: str) -> Iterator[str]:
    with warehouse() as engine:
        with engine.begin() as connection:
            held = owners(connection)
            who = erased.read(connection)
            known = who is not None and who.among("cliente_id", [key]) != []
            try:
                done = erase(connection, key)
            except NotErased:
                if not known:
                    raise
                done = Erasure()  # in files something may be left, where the command was interrupted
        owner = held[0] if held else SIMULATOR
        currency = read_feed(owner.removeprefix(OWNER) if owner.startswith(OWNER) else SIMULATOR).currency
        anonymous = hmac.digest(anonymity.key(), key.encode(), "sha256").hex()
        days, files = rewrite(engine, folders.data(), owner, (key, anonymous), currency)
    yield from _listed("rows removed", done.removed)
    yield from _listed("rows kept, without the person", done.kept_without)
    yield f"  days published anew: {days:,}; files removed: {files:,}"
    yield from _listed("lines of your own files, which stay as they are: remove them there", done.in_files)
    if done.others:
        yield f"  others with the same document or e-mail address: {done.others:,}; if they are the same person, erase them too"
    yield "  The next run brings its counts in line."


def _listed(what: str, counts: Mapping[str, int]) -> Iterator[str]:
    for place, number in sorted(counts.items()):
        if number:
            yield f"  {what}: {place}, {number:,}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or sys.stdin))
