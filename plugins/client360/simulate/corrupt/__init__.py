"""Dirt with an answer key: a world soils its own landing files, and says what became of every row of them.

It lies beside `world`, whose files make a world's name: a world that is not soiled is the same with and without it.
"""

from client360.simulate.corrupt.world import MAX_SHARE, CorruptedWorld, corrupted_or_clean

__all__ = ["MAX_SHARE", "CorruptedWorld", "corrupted_or_clean"]
