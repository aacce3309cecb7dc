"""A month of a block in the bank, drawn whole: what is fixed first, then what closes the month."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import Codes
from client360.simulate.bank.bills import bills
from client360.simulate.bank.closing import closing
from client360.simulate.bank.income import receipts, salaries
from client360.simulate.bank.loans import MAX_LOANS, instalments, loans, of_roster, owed
from client360.simulate.bank.movements import Kind, Movements, Payments, Window
from client360.simulate.bank.purchases import by_credit
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.statements import Statements, card_movements, in_shop, paid_day
from client360.simulate.bank.transfers import transfers
from client360.simulate.facts import world_facts
from client360.simulate.hours import draw_times, second_of_day


@dataclass(frozen=True)
class Shop:
    """What the bank sees of the shop in a month."""

    by_card: Mapping[int, Payments]
    """Payments by the bank's card, by month, of the current one and of the three before it."""
    card_refunds: Payments
    by_transfer: Payments
    transfer_refunds: Payments


@dataclass(frozen=True)
class Month:
    """The current month of the persons of a roster."""

    roster: Roster
    shop: Shop

    @cached_property
    def window(self) -> Window:
        return Window(self.roster.since, self.roster.until)

    @cached_property
    def statements(self) -> Statements:
        return Statements(self.roster, self.shop.by_card)

    @cached_property
    def opening(self) -> Codes:
        """Balances before the first movement of the month, cents; shape (persons,)."""
        return self.roster.of_each(lambda generation, rows: generation.books.balance(self.roster.month - 1)[rows])

    @cached_property
    def balance(self) -> Codes:
        """Balances at the end of the month, nothing of who has left; cents, shape (persons,)."""
        kept = self.roster.of_each(lambda generation, rows: generation.books.balance(self.roster.month)[rows])
        return np.where(self.statements.stays, kept, 0)

    @cached_property
    def movements(self) -> list[Movements]:
        """All movements of the month."""
        roster, window, shop = self.roster, self.window, self.shop
        fixed = [
            *salaries(roster, window),
            *receipts(roster, window),
            *bills(roster, window),
            *transfers(roster, window),
            *card_movements(self.statements, window),
            *_loan_movements(roster, window, self.statements),
            in_shop(roster, shop.by_card[roster.month], Kind.SHOP_PURCHASE, "tienda", refund=False),
            in_shop(roster, shop.card_refunds, Kind.SHOP_REFUND, "reintegro", refund=True),
            in_shop(roster, shop.by_transfer, Kind.SHOP_TRANSFER, "enviada", refund=False),
            in_shop(roster, shop.transfer_refunds, Kind.SHOP_TRANSFER_REFUND, "recibida", refund=True),
        ]
        return [*fixed, *by_credit(roster, window), *closing(roster, window, fixed, self.opening, self.balance)]


def _loan_movements(roster: Roster, window: Window, statements: Statements) -> list[Movements]:
    """Loans granted in the month, most of which is spent at once, and their instalments, nothing by who pays no more.

    The bank to which somebody goes takes over what is left of their loans.
    """
    month, pays = roster.month, statements.default_month > roster.month
    of = of_roster(roster)
    granted = np.where(of.month == month, of.cents, 0)
    due = roster.of_each(lambda generation, rows: instalments(loans(generation.books), month)[:, rows])
    nth, person = np.nonzero(granted)
    days, lent = of.day[nth, person] - calendar.day_number(calendar.month_start(month)), granted[nth, person]
    spent = np.floor(lent * world_facts().loans.spent).astype(np.int64)
    second = second_of_day("branch", draw_times(roster.stream("hora prestamo"), len(roster))[person])
    loan, payer = np.nonzero(due * pays)
    left = owed(of, pays & ~statements.stays, month)
    rest, leaver = np.nonzero(left)
    last, amount = window.until[leaver], left[rest, leaver]
    return [
        Movements(Kind.LOAN_GRANTED, person, days, lent, nth, party="Banco"),
        Movements(Kind.LOAN_SPENT, person, days, spent, nth, "enviada", second, party="Procesadora de pagos"),
        Movements(Kind.LOAN_INSTALMENT, payer, paid_day(roster, window)[payer], due[loan, payer], loan, party="Banco"),
        Movements(Kind.LOAN_INSTALMENT, leaver, last, amount, MAX_LOANS + rest, party="Banco"),
        Movements(Kind.TAKEN_OVER, leaver, last, amount, rest, "recibida", party="Cuenta propia en otro banco"),
    ]
