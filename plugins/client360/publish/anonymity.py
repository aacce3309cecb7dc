"""Pseudonymous customer keys: HMAC-SHA256 of `cliente_id` under a secret key.

The same key gives the same ids across days and files, so they can be joined; another key gives other ids.
"""

import os
from dataclasses import dataclass, field
from hashlib import sha256

from client360.warehouse import erased

VARIABLE = erased.VARIABLE
SHORTEST = erased.SHORTEST
BLOCK = 64
"""Block size of SHA-256 in bytes, to which HMAC pads its key."""


class NoKey(ValueError):
    """The key is missing or too short. The message names the remedy."""


@dataclass(frozen=True)
class Pads:
    """The two padded keys of HMAC (RFC 2104): sha256(outer || sha256(inner || message))."""

    inner: bytes = field(repr=False)
    outer: bytes = field(repr=False)


def key() -> bytes:
    """The key in the environment, byte for byte. Raises NoKey."""
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
