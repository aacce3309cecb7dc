"""Corrupted files graded: what must become of every row by the contract, and what became of it in the warehouse."""
