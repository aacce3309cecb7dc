"""Corruption with an answer key: a world corrupts its own landing files, and records in a ledger what it corrupted."""

from client360.simulate.corrupt.corrupted_world import MAX_SHARE, CorruptedWorld

__all__ = ["MAX_SHARE", "CorruptedWorld"]
