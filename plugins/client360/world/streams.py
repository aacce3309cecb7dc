"""Random access to randomness: one independent stream for each (seed, entity, block, period)."""

from hashlib import blake2b

import numpy as np


def _number(text: str, words: int) -> list[int]:
    digest = blake2b(text.encode(), digest_size=8 * words).digest()
    return [int.from_bytes(digest[8 * i : 8 * i + 8], "little") for i in range(words)]


def stream(seed: int, entity: str, block: int, period: int = 0) -> np.random.Generator:
    """The stream of one entity, in one block of customers, in one period (a month, a generation).

    Philox is counter-based: the seed makes the key, the rest the upper three words of the counter, so any
    stream opens at once, without drawing those before it, and no two overlap (each holds 2**64 draws).
    """
    counter = [0, *_number(entity, 1), block, period]
    return np.random.Generator(np.random.Philox(key=_number(f"semilla {seed}", 2), counter=counter))
