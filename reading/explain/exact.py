"""Exact arithmetic of money: the rules by which figures are rounded and divided, told once more without SQL."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from fractions import Fraction
from typing import Any

Number = Decimal | Fraction | int


def rounded(value: Number | None, places: int) -> Decimal | None:
    """To so many decimals, halves away from zero; null of null."""
    if value is None:
        return None
    scaled = abs(Fraction(value)) * 10**places
    return _decimal(int(scaled + Fraction(1, 2)), value, places)


def ratio(part: Number | None, whole: Number | None, places: int) -> Decimal | None:
    """The part over the whole, rounded; null where either is, or there is no whole."""
    return None if part is None or not whole else rounded(Fraction(part) / Fraction(whole), places)


def added(values: Iterable[Decimal | None]) -> Decimal | None:
    """The sum of those that are known; null where none is."""
    known = [value for value in values if value is not None]
    return sum(known, Decimal(0)) if known else None


def median(values: Sequence[Decimal]) -> Decimal | None:
    """The mean of the two in the middle, in cents."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return rounded((Fraction(ordered[middle]) + Fraction(ordered[-middle - 1])) / 2, 2) if ordered else None


def share(amount: Decimal | None, holder: dict[str, Any]) -> Decimal | None:
    """What of an amount of an account is the holder's, in cents. Cents that are left over are the main holder's, who is the one
    with `otras`, the parts of the others."""
    if amount is None or holder["participacion"] == holder["de"]:
        return amount
    if holder["otras"] is None:
        return _cut(amount, holder["participacion"], holder["de"])
    others = [_cut(amount, Decimal(part), holder["de"]) for part in holder["otras"].split()]
    return amount - sum(others, Decimal(0))


def converted(amount: Decimal | None, currency: str | None, rate: Decimal | None) -> Decimal | None:
    """What an amount in a currency is worth; null where no rate is known, but nothing is worth nothing."""
    if amount is None or currency is None or amount == 0:
        return amount
    return None if rate is None else rounded(amount * rate, 2)


def quintile(smaller: int, all_of_them: int) -> int:
    """That of the first of equal ones, with so many before it, when all are dealt in order to five groups, the first ones of
    which get one more each of what is left over."""
    size, longer = divmod(all_of_them, 5)
    within_longer = longer * (size + 1)
    if smaller < within_longer:
        return smaller // (size + 1) + 1
    return longer + (smaller - within_longer) // size + 1


def _cut(amount: Decimal, part: Decimal, whole: Decimal) -> Decimal:
    return _decimal(int(abs(Fraction(amount) * Fraction(part) / Fraction(whole)) * 100), amount, 2)


def _decimal(scaled: int, like: Number, places: int) -> Decimal:
    return Decimal(scaled if like >= 0 else -scaled).scaleb(-places)
