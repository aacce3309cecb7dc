"""Times of day: when people buy, order, take cash and give back, and when goods leave and arrive."""

from collections.abc import Iterator

import numpy as np

from proof.realism.finding import Finding, share_finding
from proof.realism.sample import Sample

ZONE = "America/Argentina/Buenos_Aires"
PARTS = {"night": range(6), "morning": range(6, 12), "afternoon": range(12, 18), "evening": range(18, 24)}


def hours(sample: Sample) -> Iterator[Finding]:
    moved, orders = sample.movements, sample.orders
    moments = {
        "card": sample.purchases.momento,
        "cash": moved[moved.tipo_transaccion == "extraccion_cajero"].momento,
        "transfers": moved[moved.transaccion_id.str[14:16].isin(["01", "11"])].momento,
        "orders": orders[orders.canal != "local"].momento,
        "branch": orders[orders.canal == "local"].momento,
        "returns": moved[moved.rubro == "reintegro"].momento,
        "dispatch": orders.momento_despacho[orders.entrega.notna()],
        "delivery": orders.momento_entrega[orders.entrega.notna()],
    }
    for what, found in moments.items():
        weights = np.array(getattr(sample.facts.hours, what))
        hour = found.dt.tz_convert(ZONE).dt.hour
        for part, of_part in PARTS.items():
            declared, measured = float(weights[of_part].sum() / weights.sum()), float(hour.isin(list(of_part)).mean())
            yield share_finding(f"hours of {what}, share of the {part}", declared, measured, len(found))
