"""Whether a world looks like what world.yaml declares: `make realism`.

Every declared curve is measured again on the rows of a generated year and compared within a stated tolerance, four standard
errors where one is known. A curve that the generator ignores shows up as a finding that does not hold.
"""

from proof.realism.bank import amounts, bills, movement_counts, payroll, prices
from proof.realism.campaigns import uplift
from proof.realism.card import card_categories, paydays, seasons, special_days, tickets, weekdays
from proof.realism.causes import order_causes, prices_and_orders, tastes, tiers_and_channels
from proof.realism.credit import cards, dependence, payments, savings
from proof.realism.finding import Finding
from proof.realism.hours import hours
from proof.realism.orders import order_counts, order_days, order_lines, order_shares
from proof.realism.people import ages, cities, comings_and_goings, incomes, joining_ages, provinces
from proof.realism.products import product_categories, products
from proof.realism.sample import Sample, generate
from proof.realism.shipments import deliveries, shelves

__all__ = ["Finding", "Sample", "compare", "generate"]

TOPICS = (
    provinces,
    ages,
    joining_ages,
    incomes,
    comings_and_goings,
    movement_counts,
    weekdays,
    paydays,
    seasons,
    special_days,
    card_categories,
    tickets,
    prices,
    bills,
    amounts,
    payroll,
    cards,
    payments,
    savings,
    dependence,
    cities,
    order_counts,
    order_lines,
    order_days,
    order_shares,
    order_causes,
    tastes,
    prices_and_orders,
    tiers_and_channels,
    product_categories,
    products,
    deliveries,
    shelves,
    uplift,
    hours,
)
"""What is measured: each yields the findings of one topic."""


def compare(sample: Sample) -> list[Finding]:
    """Everything measured on the sample, against world.yaml as it is now."""
    return [finding for topic in TOPICS for finding in topic(sample)]
