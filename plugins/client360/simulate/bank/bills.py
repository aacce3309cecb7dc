"""Bills: services and automatic debits."""

import numpy as np

from client360.simulate.bank.movements import Kind, Movements, Window
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.timing import next_business_day, season_factor
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts

KINDS = {"pago_servicio": Kind.BILL, "debito_automatico": Kind.DIRECT_DEBIT}


def bills(roster: Roster, window: Window) -> list[Movements]:
    """The bills of a month, paid on business days.

    Which bills a person has is the person's and stays the same. What they cost follows prices from when contracts were made, not
    the income of the month.
    """
    table = world_facts()
    business_day = next_business_day(roster.month)
    everybody = np.arange(len(roster))
    found = []
    for code, (name, bill) in enumerate(table.bills.items()):
        kind = KINDS[bill.kind]
        random = roster.stream(f"cuenta {name}")
        skipped = random.random(len(roster)) < table.bill_skipped
        delay = random.integers(*table.bill_delay_days, len(roster), endpoint=True)
        due, share = roster.bill_due[code], roster.bill_share[code]
        day = due if kind is Kind.DIRECT_DEBIT else np.maximum(due + delay, 0)
        day = business_day[np.minimum(day, len(business_day) - 1)]
        paid = np.flatnonzero((share > 0) & ~skipped & window.holds(everybody, day))
        amount = roster.contract_income[paid] * share[paid]
        if bill.season:
            amount = amount * season_factor(bill.season, roster.month)
        numbers = np.full_like(paid, code)
        found.append(Movements(kind, paid, day[paid], np.maximum(cents(amount), 100), numbers, name))
    return found
