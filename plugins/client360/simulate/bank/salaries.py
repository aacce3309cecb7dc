"""Salaries, pensions and aguinaldo."""

import numpy as np

from client360.simulate import calendar, exact
from client360.simulate.bank.movements import Movements, Window, concatenated, same_rubro
from client360.simulate.bank.roster import Roster
from client360.simulate.columns import cents
from client360.simulate.facts import world_facts


def salaries(roster: Roster, window: Window) -> Movements:
    """The income that is credited in the bank; that of the retired does not vary from month to month."""
    payroll = world_facts().payroll
    noise = exact.spread(exact.normal(roster.stream("sueldo").random(len(roster))), payroll.variation_sigma)
    salary = cents(roster.income * np.where(roster.retired, 1.0, noise))
    parts = [("haberes", roster.payday, salary)]
    bonus_day = payroll.bonus_months.get(roster.month % 12 + 1)
    if bonus_day is not None:
        business = calendar.business_days(roster.month)
        day = business[np.searchsorted(business, bonus_day - 1, side="right") - 1]
        parts.append(("aguinaldo", np.where(roster.payday >= 0, day, -1), cents(roster.income * payroll.bonus_share)))
    everybody = np.arange(len(roster))
    movements = []
    for number, (rubro, days, amount) in enumerate(parts):
        paid = np.flatnonzero(window.holds(everybody, days))  # a day of -1 is in no window
        movements.append(Movements(paid, days[paid], amount[paid], same_rubro(rubro, paid), np.full_like(paid, number)))
    return concatenated(movements)
