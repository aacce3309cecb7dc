"""Bills: services and automatic debits."""

import numpy as np

from client360.simulate.bank.movements import Movements, Window, concatenated, same_rubro
from client360.simulate.bank.roster import Roster
from client360.simulate.bank.timing import next_business_day, season_factor
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts


def bills(roster: Roster, window: Window, kind: str) -> Movements:
    """Bills of a kind (`pago_servicio` or `debito_automatico`), paid on business days.

    Which bills a person has, and their share of income, are the person's and stay the same.
    """
    table = world_facts()
    business_day = next_business_day(roster.month)
    everybody = np.arange(len(roster))
    parts = []
    for code, (name, bill) in enumerate(table.bills.items()):
        if bill.kind != kind:
            continue
        random = roster.stream(f"cuenta {name}")
        skipped = random.random(len(roster)) < table.bill_skipped
        delay = random.integers(*table.bill_delay_days, len(roster), endpoint=True)
        due, share = roster.bill_due[code], roster.bill_share[code]
        day = due if kind == "debito_automatico" else np.maximum(due + delay, 0)
        day = business_day[np.minimum(day, len(business_day) - 1)]
        paid = np.flatnonzero((share > 0) & ~skipped & window.holds(everybody, day))
        amount = roster.income[paid] * share[paid] * (season_factor(bill.season, roster.month) if bill.season else 1)
        rubro = same_rubro(name, paid)
        parts.append(Movements(paid, day[paid], np.maximum(cents(amount), 100), rubro, np.full_like(paid, code)))
    return concatenated(parts)
