"""The uplift of campaigns, and the choice of contacted customers."""

from collections.abc import Iterator
from math import sqrt

import numpy as np

from proof.realism.finding import SIGMAS, Finding, share_finding
from proof.realism.sample import Sample


def uplift(sample: Sample) -> Iterator[Finding]:
    """Orders of the treated over those of the control, in all campaigns of a channel."""
    facts, campaigns = sample.facts.shop.campaigns, sample.campaigns.set_index("campania_id")
    both = sample.orders.reset_index()[["venta_id", "cliente_id", "fecha"]].merge(
        sample.contacts[["campania_id", "cliente_id", "grupo"]], on="cliente_id"
    )
    window = both.campania_id.map(campaigns.fecha_inicio), both.campania_id.map(campaigns.fecha_fin)
    inside = both[(both.fecha >= window[0]) & (both.fecha <= window[1])]
    counts = inside.groupby(["campania_id", "cliente_id"]).size().rename("pedidos")
    people = sample.contacts.join(counts, on=["campania_id", "cliente_id"]).fillna({"pedidos": 0})
    tried = people.campania_id.map(campaigns.canal).map({name: row.uplift for name, row in facts.channels.items()})
    control = people.grupo == "control"
    for what, mine in (("all that lift", tried > 0), ("A/A", tried == 0)):
        if not mine.any():
            continue
        groups = [people.pedidos[mine & (control == which)] for which in (False, True)]
        treated, base = (float(group.mean()) for group in groups)
        errors = [float(group.std()) / sqrt(len(group)) for group in groups]
        # each campaign weighs as much as it has orders of the control
        declared_uplift = float(np.average(tried[mine & control], weights=people.pedidos[mine & control] + 1e-9))
        tolerance = SIGMAS * (treated / base) * sqrt((errors[0] / treated) ** 2 + (errors[1] / base) ** 2)
        yield Finding(f"uplift of campaigns, {what}", declared_uplift, treated / base - 1, tolerance)
    assigned = len(people) / len(campaigns) / sample.customers
    yield share_finding("share assigned to a campaign", facts.assigned, assigned, len(campaigns) * sample.customers)
    yield share_finding("share of those in the control group", 0.5, float(control.mean()), len(people))
