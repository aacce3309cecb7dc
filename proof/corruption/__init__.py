"""Corrupted files graded: what must become of every row, and what became of it."""
