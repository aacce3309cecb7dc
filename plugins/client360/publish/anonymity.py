"""Keys of customers that say nothing of who they are: HMAC-SHA256 under a key that only the owner of the data has.

Equal keys give equal ids, over days and files, so that these can be joined; under another key all ids are others.
"""

import os
from dataclasses import dataclass, field
from hashlib import sha256

VARIABLE = "CLIENT360_ANONYMITY_KEY"
SHORTEST = 16
BLOCK = 64
"""Bytes that SHA-256 works on at a time, to which HMAC pads its key."""


class NoKey(ValueError):
    """There is no key, or one that can be guessed; the message says what to do."""


@dataclass(frozen=True)
class Pads:
    """The two paddings of a key that HMAC (RFC 2104) hashes: sha256(outer || sha256(inner || message))."""

    inner: bytes = field(repr=False)
    outer: bytes = field(repr=False)


def key() -> bytes:
    """The key that the environment holds, as it is written there. Raises NoKey."""
    found = os.environ.get(VARIABLE, "").encode()
    if len(found) < SHORTEST:
        raise NoKey(
            f"anonimo needs a key in {VARIABLE}, and there is {'a short one' if found else 'none'}: give a random one of "
            f"{SHORTEST} characters or more, and keep it"
        )
    return found


def pads(key: bytes) -> Pads:
    block = (sha256(key).digest() if len(key) > BLOCK else key).ljust(BLOCK, b"\0")
    return Pads(bytes(byte ^ 0x36 for byte in block), bytes(byte ^ 0x5C for byte in block))
