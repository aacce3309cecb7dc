"""Credit cards and their statements, month by month, without the purchases behind them.

What is bought on credit in a month is a total for each number of instalments, drawn by person and month, which
purchases.py divides. So a statement needs the totals of earlier months, and none of their movements. What a holder leaves unpaid
of a statement is drawn too, as a part of its charges: a payment is the difference. All arrays have the shape (BLOCK,), amounts
are cents.
"""

from functools import lru_cache

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.arrays import Codes, Days, Flags, Floats
from client360.simulate.bank.default import default_month
from client360.simulate.bank.timing import season_factor
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts
from client360.simulate.people.books import ALWAYS, Books
from client360.simulate.world import BLOCK

TICKET_RATIO = 2
"""How much larger a purchase on credit is than one by debit: 53,000 pesos against 27,000."""
TOTAL_SIGMA = 0.3
"""Of the logarithm of a month's total around its number of purchases."""
PENSIONER_DAYS = 9
"""How much later statements of pensioners are due."""
MOST_PURCHASES = 199
"""On one card, of one number of instalments, in a month."""


@lru_cache
def number_share() -> float:
    """Share of holders' purchases that are on credit, so that their amounts have the declared share."""
    share = world_facts().credit.amount_share
    return share / (share + (1 - share) * TICKET_RATIO)


def holder(books: Books) -> Flags:
    """Who has a credit card while a customer: those who owe and earn well more often than others."""
    score = books.generation.traits["credit"]
    return score > exact.normal(np.full(BLOCK, 1 - world_facts().credit.held_by))


def odds(books: Books, share: float) -> Floats:
    """The probability of something that happens to this share of people of mean stress."""
    tilted = exact.exp(world_facts().credit.stress_strength * books.generation.traits["stress"]) * (share / (1 - share))
    return tilted / (1 + tilted)


def buys_on_credit(books: Books, month: int) -> Flags:
    """Who buys on credit in a month: holders who pay what they owe and stay beyond its end."""
    of, first = books.generation, calendar.day_number(calendar.month_start(month))
    next_month = first + calendar.month_days(month)
    inside = (of.start < next_month) & (of.left > next_month) & (month < default_month(books))
    return holder(books) & inside


def bought(books: Books, month: int) -> Codes:
    """For each number of instalments, how many purchases there are, and what one instalment of all of them comes to; shape
    (2, plans, BLOCK)."""
    return books.once("credito", month, lambda: _bought(books, month))


def _bought(books: Books, month: int) -> Codes:
    card, credit, of = world_facts().card, world_facts().credit, books.generation
    random = books.stream("credito", month)
    uniform, noise = random.random((2, len(credit.plans), BLOCK))
    first, length = calendar.day_number(calendar.month_start(month)), calendar.month_days(month)
    present = np.clip(first + length - of.start, 0, length) / length * buys_on_credit(books, month)
    season = season_factor(card.season, month) * float(calendar.day_factors(month).mean())
    number = card.per_month * number_share() * season * of.habits.purchases * present
    larger = {plan: credit.plan_ticket if plan > 1 else 1.0 for plan in credit.plans}
    mean = sum(share * larger[plan] for plan, share in credit.plans.items())
    ticket = (
        books.budget(month)
        * of.habits.ticket
        * (card.income_share * credit.amount_share)
        / (card.per_month * number_share() * of.habits.purchases * mean)
    )
    counts, parts = [], []
    for row, (plan, share) in enumerate(credit.plans.items()):
        count = np.minimum(exact.poisson(uniform[row], number * share), MOST_PURCHASES)
        total = count * ticket * larger[plan] * exact.spread(exact.normal(noise[row]), TOTAL_SIGMA)
        counts.append(count)
        parts.append(np.maximum(cents(total / plan), count * 100))
    return np.stack([np.stack(counts), np.stack(parts)])


def charges(books: Books, month: int) -> Codes:
    """The instalments of purchases outside the shop that fall into the statement of a month."""
    return books.once("cargos", month, lambda: _charges(books, month))


def _charges(books: Books, month: int) -> Codes:
    total = np.zeros(BLOCK, dtype=np.int64)
    first = calendar.month_number(books.generation.world.first_day)
    for row, plan in enumerate(world_facts().credit.plans):
        for since in range(max(first, month - plan + 1), month + 1):
            total += bought(books, since)[1][row]
    return total


def left_unpaid(books: Books, month: int) -> Codes:
    """What is left unpaid of the statement of a month, of those who pay at all."""
    return books.once("financiado", month, lambda: _left_unpaid(books, month))


def _left_unpaid(books: Books, month: int) -> Codes:
    facts = world_facts().credit
    revolves = books.stream("financia").random(BLOCK) < odds(books, facts.revolve)
    chance, share = books.stream("financia", month).random((2, BLOCK))
    least, most = facts.revolve_share
    part = (least + (most - least) * share) * (revolves & (chance < facts.revolve_months))
    return np.floor(charges(books, month) * part).astype(np.int64)


def interest(books: Books, month: int) -> Codes:
    """Charged at the end of the month on what was left unpaid of the statement before."""
    rate = world_facts().credit.monthly_rate
    return np.rint(left_unpaid(books, month - 1) * rate).astype(np.int64)


def due_day(books: Books) -> Days:
    """Day of the month, from 0, on which statements and instalments are due, of who joined as a pensioner later."""
    return books.once("vencimiento", ALWAYS, lambda: _due_day(books))


def _due_day(books: Books) -> Days:
    of, facts = books.generation, world_facts().credit
    day = books.stream("vencimiento").integers(*facts.due_days, BLOCK, endpoint=True) - 1
    return day + np.where(of.retirement <= of.start, PENSIONER_DAYS, 0)


def paid_day(books: Books, month: int) -> Days:
    """Day of the month, from 0, on which what is due in it is paid: on the day, or some days late."""
    facts = world_facts().credit
    chance, days = books.stream("atraso", month).random((2, BLOCK))
    least, most = facts.late_days
    late = np.where(chance < odds(books, facts.late), least + (days * (most - least + 1)).astype(np.int64), 0)
    return np.minimum(due_day(books) + late, calendar.month_days(month) - 1)
