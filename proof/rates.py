"""What amounts in other currencies are worth, as the answer key counts it. Amounts are cents."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from fractions import Fraction
from typing import Any

from proof.exact import rounded


class Rates:
    """What a unit of each currency is worth, by the rows of the landing file `cotizaciones`."""

    def __init__(self, rows: Iterable[dict[str, Any]]) -> None:
        self._of: dict[str, list[tuple[date, Fraction]]] = defaultdict(list)
        for row in sorted(rows, key=lambda row: row["fecha"]):
            self._of[row["moneda"]].append((row["fecha"], Fraction(row["cotizacion"])))

    def days(self, currency: str | None) -> set[date]:
        """The first day of each rate."""
        return {since for since, _ in self._of.get(currency or "", [])}

    def worth(self, amount: int | None, currency: str | None, day: date) -> int | None:
        """An amount, by the newest rate of the day or before; itself where no currency is named, None without a rate."""
        if amount is None or amount == 0 or currency is None:
            return amount
        rates = [rate for since, rate in self._of.get(currency, []) if since <= day]
        return int(rounded(amount * rates[-1], 0)) if rates else None
