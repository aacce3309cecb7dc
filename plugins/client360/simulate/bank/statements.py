"""Statements of cards, and what is paid on them and on loans in a month, of the persons of a roster.

Amounts are cents, arrays have the shape (persons,).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import Codes, Days, Flags
from client360.simulate.bank import credit
from client360.simulate.bank.default import default_month
from client360.simulate.bank.movements import Kind, Movements, Payments, Window, summed
from client360.simulate.bank.roster import Roster
from client360.simulate.facts import world_facts
from client360.simulate.people.books import Books

LOOK_BACK = 3
"""Months before the current one whose orders a payment depends on: the shop sells in three instalments at most."""


@dataclass(frozen=True)
class Statements:
    """The statements of the cards of a roster."""

    roster: Roster
    by_card: Mapping[int, Payments]
    """What orders pay by the bank's card, by month, of the current one and of LOOK_BACK before it."""

    def total(self, month: int) -> Codes:
        """What is owed at the end of the month, of the current one or of that before it; 0 where there is no statement."""
        in_default = self._carried_in_default(month) + self.interest(month) + self._charges(month)
        total = np.where(self.default_month == month, in_default, self._usual(month))
        return np.where(self.default_month >= month, total, 0)

    def interest(self, month: int) -> Codes:
        """Charged at the end of the month on what is left unpaid of the statement before."""
        on_all = np.rint(self._carried_in_default(month) * world_facts().credit.monthly_rate).astype(np.int64)
        interest = np.where(self.default_month == month, on_all, self._of(credit.interest, month))
        return np.where(self.default_month >= month, interest, 0)

    def _usual(self, month: int) -> Codes:
        """What is owed at the end of the month by who pays."""
        return self._of(credit.left_unpaid, month - 1) + self._of(credit.interest, month) + self._charges(month)

    def _carried_in_default(self, month: int) -> Codes:
        """All of the statement before, of who pays nothing of it; 0 of the others."""
        stops = self.default_month == month
        return np.where(stops, self._usual(month - 1), 0) if stops.any() else np.zeros(len(stops), dtype=np.int64)

    def _charges(self, month: int) -> Codes:
        """The instalments, of purchases in and outside the shop, that fall into the statement of the month."""
        return self._of(credit.charges, month) + self._in_shop(month)

    @cached_property
    def closing(self) -> Codes:
        """What is owed at the end of the current month, of who stays a customer."""
        return np.where(self.stays, self.total(self.roster.month), 0)

    @cached_property
    def stays(self) -> Flags:
        """Who is a customer beyond the end of the month."""
        first = calendar.day_number(calendar.month_start(self.roster.month + 1))
        return self.roster.left > first

    @cached_property
    def owed(self) -> Codes:
        """What was owed at the end of the month before, of who was a customer then."""
        first = calendar.day_number(calendar.month_start(self.roster.month))
        of_before = self.roster.of_each(lambda generation, rows: generation.start[rows]) < first
        return np.where(of_before, self.total(self.roster.month - 1), 0)

    @cached_property
    def paid(self) -> Codes:
        """What is paid of it in the current month: all by who leaves, nothing by who does not pay any more."""
        kept = np.where(self.stays, self._of(credit.left_unpaid, self.roster.month - 1), 0)
        return np.where(self.default_month > self.roster.month, self.owed - kept, 0)

    @cached_property
    def default_month(self) -> Codes:
        return self.roster.of_each(lambda generation, rows: default_month(generation.books)[rows])

    def _in_shop(self, month: int) -> Codes:
        """The instalments of orders of the shop that fall into the statement of a month."""
        total = np.zeros(len(self.roster), dtype=np.int64)
        for since in range(LOOK_BACK):
            payments = self.by_card.get(month - since)
            if payments is not None:
                person, here = _rows(self.roster, payments)
                plan, paid = payments.instalments[here], payments.cents[here]
                part = paid // np.maximum(plan, 1)
                due = np.where(since < plan, part if since else paid - part * (plan - 1), 0)
                total += summed(person, np.where(plan > 0, due, 0), len(self.roster))
        return total

    def _of(self, what: Callable[[Books, int], Codes], month: int) -> Codes:
        return self.roster.of_each(lambda generation, rows: what(generation.books, month)[rows])


def minimum(totals: Codes) -> Codes:
    """The least amount to pay of statements."""
    return np.floor(totals * world_facts().credit.minimum).astype(np.int64)


def due_day(roster: Roster) -> Days:
    """Day of the month, from 0, on which statements and instalments are due."""
    return roster.of_each(lambda generation, rows: credit.due_day(generation.books)[rows])


def paid_day(roster: Roster, window: Window) -> Days:
    """Day of the current month, from 0, on which what is due in it is paid."""
    day = roster.of_each(lambda generation, rows: credit.paid_day(generation.books, roster.month)[rows])
    return np.clip(day, window.since, window.until)


def card_movements(statements: Statements, window: Window) -> list[Movements]:
    """Payments of statements, and the interest that is charged to cards on the last day."""
    roster = statements.roster
    paid = np.flatnonzero(statements.paid > 0)
    charged = np.flatnonzero((statements.interest(roster.month) > 0) & (statements.closing > 0))
    last = np.full_like(charged, calendar.month_days(roster.month) - 1)
    return [
        Movements(
            Kind.CARD_PAYMENT,
            paid,
            paid_day(roster, window)[paid],
            statements.paid[paid],
            np.zeros_like(paid),
            party="Banco",
        ),
        Movements(
            Kind.CARD_INTEREST,
            charged,
            last,
            statements.interest(roster.month)[charged],
            np.zeros_like(charged),
            instalments=np.ones_like(charged),
        ),
    ]


def in_shop(roster: Roster, payments: Payments, kind: Kind, rubro: str, refund: bool) -> Movements:
    """Payments of orders or refunds, numbered as their orders; those of orders of earlier months are of the next kinds."""
    person, here = _rows(roster, payments)
    order = payments.order[here]
    year, month = np.divmod(order // 1000 % 10**4, 100)
    since = (roster.month - (year * 12 + month - 1)) % 1200
    return Movements(
        kind,
        person,
        payments.day[here],
        payments.cents[here],
        since * 1000 + order % 1000,
        rubro,
        payments.second[here],
        order,
        instalments=np.zeros_like(order) if refund else payments.instalments[here],
    )


def _rows(roster: Roster, payments: Payments) -> tuple[Codes, Codes]:
    """Row of the roster of the customer of each payment whose customer is on it, and the rows of these payments."""
    person = np.minimum(np.searchsorted(roster.numbers, payments.customer), len(roster) - 1)
    here = np.flatnonzero(roster.numbers[person] == payments.customer)
    return person[here], here
