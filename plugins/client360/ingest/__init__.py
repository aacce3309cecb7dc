"""Files that somebody else wrote: from any CSV to the landing contract, row by row accounted for."""
