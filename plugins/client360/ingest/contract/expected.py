"""What the contract expects of a value, in words for those who read rejected rows."""

import re

from sqlalchemy import Column, Date, Integer, Numeric

from client360.warehouse.models.entity import Rule

PLAIN = (
    (r"(\w+) (>=|>) 0 and \1 < 'Infinity'", r"\1 \2 0"),
    (r"(\w+) <= (\w+) and \1 > '-infinity'", r"\1 <= \2"),
    (r"\((\w+) - interval '(\d+) years'\)::date", r"\2 years before \1"),
    (r"date '([\d-]+)'", r"\1"),
    (r"octet_length\((\w+)\) <= (\d+)", r"at most \2 bytes"),
    (r"isfinite\((\w+)\)", r"\1 is a day"),
    (r"\((\w+) at time zone crudo\.zona\(\)\)::date = (\w+)", r"\2 = the day of \1 in the timezone of the feed"),
    (r"\((.*)\) <= \((.*)\)", r"\2 where \1"),
)
"""How conditions read without what only PostgreSQL needs of them."""


def condition(rule: Rule, column: Column) -> str:
    """What must hold of a row for a value in this column."""
    text = rule.condition
    for pattern, plain in PLAIN:
        text = re.sub(pattern, plain, text)
    # 0.001 is above 0 where it was delivered
    return f"{text}, once rounded to {column.type.scale} decimals" if isinstance(column.type, Numeric) else text


def time(column: Column) -> str:
    """What a text must be for this column of days or moments."""
    if isinstance(column.type, Date):
        return "YYYY-MM-DD"
    return "YYYY-MM-DDTHH:MM:SS, with an offset or Z, or without one in the timezone of the feed"


def number(column: Column) -> str:
    """What a text must be for this column."""
    return (
        "a whole number"
        if isinstance(column.type, Integer)
        else "a number in the decimal sign of the feed, no signs around it"
    )


def size(column: Column) -> str:
    """What fits into this column."""
    if isinstance(column.type, Numeric):
        return f"at most {(column.type.precision or 0) - (column.type.scale or 0)} digits before the decimal sign"
    return "from -2147483648 to 2147483647"
