"""All that a check finds on a day, of which a run keeps how much it is and one example.

The examples are those of the checks: they name no customer.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, Engine, func, select, text

from client360.folders import SQL
from client360.publish.checks import CheckedRun, parameters_of, rule_of
from client360.warehouse.models import Cargas, Cortes

ONE, ALL = "\n    min(", "\n    array_agg("
"""How the last SELECT of a check gives one example, and how it gives them all."""


@dataclass(frozen=True)
class Findings:
    """What a check finds of all days of the history up to a computed one."""

    checked: CheckedRun
    rule: str
    number: int
    examples: list[str]

    def lines(self) -> Iterator[str]:
        """In words; what several are alike in stands once."""
        days = f"{self.checked.history_start} to {self.checked.day}"
        yield f"{self.number or 'nothing'} found from {days} against the rule '{self.rule}'"
        for example, times in sorted(Counter(self.examples).items()):
            yield f"  {example}" + (f" ({times} times)" if times > 1 else "")


def find_all(engine: Engine, check: str, day: date | None) -> Findings:
    """Run a check as of a day, or of the newest computed one, without writing anything. Raises ValueError."""
    files = {file.stem: file for file in (SQL / "check").glob("*/*.sql")}
    if check not in files:
        raise ValueError(f"check is {check!r}: give CHECK, one of {', '.join(sorted(files))}")
    statement = files[check].read_text(encoding="utf-8")
    before, last_select, after = statement.rpartition("\nselect\n")
    of_all = before + last_select + after.replace(ONE[1:], ALL[1:], 1)
    with engine.begin() as connection:
        connection.execute(text("set transaction read only"))
        checked, entities = _computed(connection, day)
        cursor = connection.connection.cursor()
        found = [cursor.execute(of_all, bound).fetchone() for bound in parameters_of(statement, checked, entities)]
    examples = [each for _, said in found for each in (said if isinstance(said, list) else [said]) if each is not None]
    return Findings(checked, rule_of(statement), sum(number for number, _ in found), examples)


def _computed(connection: Connection, day: date | None) -> tuple[CheckedRun, list[str]]:
    """With what a day was computed, or the newest one: which days its run touched is not kept, so they are all days up to it."""
    newest = select(Cortes.fecha_corte, Cortes.inicio, Cortes.entidades).order_by(Cortes.fecha_corte.desc()).limit(1)
    computed = connection.execute(newest if day is None else newest.where(Cortes.fecha_corte == day)).one_or_none()
    if computed is None:
        raise ValueError(f"fecha is {day}: that day was not computed" if day else "no day is computed yet: make run")
    loaded = select(Cargas.fecha).where(Cargas.fecha.between(computed.inicio, computed.fecha_corte))
    touched = list(connection.scalars(loaded.distinct().order_by(Cargas.fecha)))
    owner = connection.scalar(select(func.min(Cargas.mundo))) or ""
    return CheckedRun(computed.fecha_corte, computed.inicio, owner, "", touched), list(computed.entidades)
