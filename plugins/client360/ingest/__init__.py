"""Reads files from other systems and brings them to the landing contract; every row is accounted for."""
