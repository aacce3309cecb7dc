"""Random access to randomness: one independent stream for each (seed, entity, block, period)."""

from functools import cache, lru_cache
from hashlib import blake2b

import numpy as np
from numpy.random.bit_generator import ISeedSequence
from numpy.typing import NDArray


@cache
def _number(text: str, words: int) -> list[int]:
    digest = blake2b(text.encode(), digest_size=8 * words).digest()
    return [int.from_bytes(digest[8 * i : 8 * i + 8], "little") for i in range(words)]


class _Key(ISeedSequence):
    """A precomputed key. With its numbers as a seed, Philox would ask the system for entropy first."""

    def __init__(self, seed: int) -> None:
        self._words = np.random.Philox(key=_number(f"semilla {seed}", 2)).state["state"]["key"]

    def generate_state(self, n_words: int, dtype: object = np.uint32) -> NDArray[np.uint64]:
        """The words of the key, which are all that Philox asks for."""
        return self._words


_key = lru_cache(_Key)


def stream(seed: int, entity: str, block: int, period: int = 0) -> np.random.Generator:
    """The stream of one entity, in one block of customers, in one period (a month, a generation).

    Philox is counter-based: the seed makes the key, the rest the upper three words of the counter, so any
    stream opens at once, without drawing those before it, and no two overlap (each holds 2**64 draws).
    """
    counter = [0, *_number(entity, 1), block, period]
    # numpy's stubs do not know that any ISeedSequence will do
    return np.random.Generator(np.random.Philox(_key(seed), counter=counter))  # type: ignore[arg-type]
