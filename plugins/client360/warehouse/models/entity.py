"""What the contract requires of the rows of an entity. Each entity declares it on its model: natural key, references, bounds of
its columns and allowed words. Check constraints and the rules of the contract are derived from the same declaration."""

from dataclasses import dataclass, replace
from functools import cache
from typing import Any, ClassVar

from sqlalchemy import CheckConstraint, Column, Table

RULE = "rule"
"""Name in the info of a column or constraint under which its rule is declared."""
OR_EMPTY = "or_empty"
"""Name in the info of a column in which the warehouse holds an empty text where a feed gives no value."""
OR_REPORTING = "or_reporting"
"""Name in the info of a column of currencies that is null where it is that of the feed, also where a row names it."""


@dataclass(frozen=True)
class Rule:
    """A condition on the columns of one row. Where it is false, `column` is at fault."""

    column: str
    condition: str
    others: tuple[str, ...] = ()
    """The other columns that the condition names."""
    words: tuple[str, ...] = ()
    """The allowed words of the column, where the condition lists them."""
    constraint: bool = True
    """Whether it is also a check constraint of the table."""
    lacking: bool = False
    """Whether it is false where the column lacks a value that the row needs."""

    def on(self, column: str) -> "Rule":
        """The rule of a kind of column, on the column of that name."""
        return replace(self, column=column, condition=self.condition.format(column=column))


@dataclass(frozen=True)
class Reference:
    """A row of another entity that a row refers to: where `column` has a value, `holds` must be true, an expression over the
    columns of the row and those of include/sql/contract/conocidos_<entity>.sql."""

    entity: str
    column: str
    holds: str
    expected: str
    """The condition in words, for those who read the rejected rows."""
    needed: bool = True
    """Whether the other row has to be there."""
    accepted: str | None = None
    """Whether the other row is there, where feeds take required columns that `holds` names from it: a row that lacks them, for
    lack of the other, is rejected for that."""


class Entity:
    """A table whose rows a feed can provide."""

    __table__: Any
    __table_args__: Any
    natural_key: ClassVar[tuple[str, ...]]
    """The columns that tell its rows apart, whatever files they come from."""
    versioned: ClassVar[bool] = False
    """Whether its rows are versions, by the day on which they became known: the natural key is a key and `fecha`."""
    references: ClassVar[tuple[Reference, ...]] = ()
    """In the order in which they are judged."""

    @classmethod
    @cache
    def rules(cls) -> tuple[Rule, ...]:
        """The rules of the entity's rows, in the order in which they are judged: bounds before words, conditions on one column
        before those that compare several, then in the order of the columns."""
        table: Table = cls.__table__
        order = table.columns.keys()
        bounds = [column.info[RULE].on(column.name) for column in table.columns if RULE in column.info]
        checks = sorted((check for check in table.constraints if RULE in check.info), key=lambda check: str(check.name))
        found = sorted(
            [*bounds, *(check.info[RULE] for check in checks)],
            key=lambda rule: (bool(rule.words), len(rule.others), order.index(rule.column)),
        )
        return tuple(found)


def required(column: Column) -> bool:
    """Whether each row of a feed has to have a value in the column."""
    return not column.nullable and OR_EMPTY not in column.info


def bounded(condition: str, *others: str) -> dict[str, Any]:
    """Info of a column whose values the contract bounds, though the table does not; {column} is the name of the column."""
    return {RULE: Rule("", condition, others, constraint=False)}


def currency(*, or_reporting: bool = False) -> dict[str, Any]:
    """Info of a currency, ISO 4217; whether it is null where it is that of the feed."""
    return bounded("{column} ~ '^[A-Z][A-Z][A-Z]$'") | {OR_REPORTING: or_reporting}


def on_day(day: str) -> dict[str, Any]:
    """Info of a moment that is of the day in another column, in the time zone of the feed."""
    return bounded(f"({{column}} at time zone crudo.zona())::date = {day}", day)


def check(name: str, column: str, condition: str, *others: str) -> CheckConstraint:
    """A check constraint for which `column` is at fault; the condition also names the `others`."""
    return CheckConstraint(condition, name=name, info={RULE: Rule(column, condition, others)})


def needed(name: str, column: str, condition: str, *others: str) -> CheckConstraint:
    """A check constraint that is not true where `column` lacks a value; the condition also names the `others`."""
    rule = Rule(column, condition, others, lacking=True)
    return CheckConstraint(condition, name=name, info={RULE: rule})


def one_of(name: str, column: str, words: tuple[str, ...]) -> CheckConstraint:
    condition = f"{column} in {words}"
    return CheckConstraint(condition, name=name, info={RULE: Rule(column, condition, words=words)})


def not_negative(name: str, column: str) -> CheckConstraint:
    return check(name, column, f"{column} >= 0 and {column} < 'Infinity'")  # NaN is above infinity to PostgreSQL


def positive(name: str, column: str) -> CheckConstraint:
    return check(name, column, f"{column} > 0 and {column} < 'Infinity'")


def finite(name: str, column: str) -> CheckConstraint:
    return check(name, column, f"isfinite({column})")


def known_by_fecha(name: str, column: str) -> CheckConstraint:
    """A day on which something happened is not after the business day on which it became known."""
    return check(name, column, f"{column} <= fecha and {column} > '-infinity'", "fecha")
