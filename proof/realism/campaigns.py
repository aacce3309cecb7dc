"""The uplift of campaigns, and the choice of contacted customers."""

from collections.abc import Iterator
from math import sqrt

import pandas as pd

from client360.simulate import exact
from client360.simulate.shop.buyers import response_at
from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.orders import usual_orders
from proof.realism.sample import Sample


def uplift(sample: Sample) -> Iterator[Finding]:
    """What campaigns add to the orders of the treated, by trait and by age; that an A/A one adds nothing."""
    facts, people = sample.facts.shop.campaigns, sample.shoppers
    found = treated(sample)
    lifts = found.factor > 0
    for what, mine in (
        ("all that lift", lifts),
        ("A/A", ~lifts),
        ("those who respond least", lifts & (found.rasgo < -0.43)),
        ("those who respond most", lifts & (found.rasgo > 0.43)),
        ("the young", lifts & (found.edad < 35)),
        ("the old", lifts & (found.edad >= 50)),
    ):
        if not mine.any():
            continue
        base = found.usual[mine].sum()
        declared = float((found.usual * found.factor)[mine].sum() / base)
        # likings of the category differ among the few who order it much
        tolerance = SIGMAS * 1.5 * sqrt(max(declared, 1 / base) / base) + 0.05 * declared
        yield Finding(f"uplift of campaigns, {what}", declared, float(found.added[mine].sum() / base), tolerance)
    control = sample.contacts.grupo == "control"
    here = sum(int(people.here[:, people.days == start].sum()) for start in sample.campaigns.fecha_inicio)
    yield share_finding("share assigned to a campaign", facts.assigned, len(control) / here, here)
    yield share_finding("share of those in the control group", 0.5, float(control.mean()), len(control))


def treated(sample: Sample) -> pd.DataFrame:
    """Of each customer of a campaign: row, age, trait, usual orders then, declared uplift, and orders that it added."""
    facts, people = sample.facts.shop.campaigns, sample.shoppers
    treated = sample.contacts[sample.contacts.grupo == "tratamiento"]
    usual = usual_orders(sample)
    usual *= people.counts(sample.ordinary).sum() / usual.sum()
    response = exact.spread(people.traits["response"], facts.response_sigma)[:, None] * response_at(people.ages)
    rows = []
    for campaign in sample.campaigns.to_dict("records"):
        days = (people.days >= campaign["fecha_inicio"]) & (people.days <= campaign["fecha_fin"])
        persons = people.rows(treated.cliente_id[treated.campania_id == campaign["campania_id"]])
        month = people.month_of_day[days][0]
        added = sample.orders[sample.orders.adicional & (sample.orders.campania_id == campaign["campania_id"])]
        columns = {
            "persona": persons,
            "edad": people.ages[persons, month],
            "rasgo": people.traits["response"][persons],
            "usual": usual[persons][:, days].sum(axis=1),
            "factor": facts.channels[campaign["canal"]].uplift * response[persons, month],
            "added": people.counts(added)[persons].sum(axis=1),
        }
        rows.append(pd.DataFrame(columns))
    return pd.concat(rows, ignore_index=True)
