"""Days of dispatch and delay, near and far, and what shipments cost."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.shop.depots import depots
from proof.realism.finding import SIGMAS, Finding
from proof.realism.sample import MONTHS, Sample


def deliveries(sample: Sample) -> Iterator[Finding]:
    """Days of delay near and far, in ordinary weeks and in peak weeks; what a shipment costs."""
    facts, orders = sample.facts.shop.shipping, sample.orders[sample.orders.entrega.notna()]
    orders = orders[orders.mes < MONTHS[-1]]
    km = orders.provincia_envio.map(dict(zip(sample.facts.provinces, depots().km, strict=True)))
    peak = pd.concat(
        pd.Series(calendar.shop_peaks(m), pd.date_range(calendar.month_start(m), periods=calendar.month_days(m)))
        for m in MONTHS
    )
    busy = 1 + facts.peak_delay * orders.fecha.map(peak)
    mean = (facts.delay_days + facts.delay_days_per_1000_km * km / 1000) * busy
    # whole days of an exponential time
    expected = 1 / np.expm1(1 / mean)
    delay = (orders.entrega - orders.despacho).dt.days - 1 - np.ceil(km / facts.km_per_day)
    handling = (orders.despacho - orders.fecha).dt.days - 1
    for where, there in (("near", km < 300), ("at middle distance", km.between(300, 700)), ("far", km > 700)):
        for when, then in (("", busy < 1.01), (" in peak weeks", busy > 1.2)):
            mine = there & then
            tolerance = SIGMAS * float(delay[mine].std()) / sqrt(mine.sum()) + 0.02
            yield Finding(
                f"days of delay {where}{when}", float(expected[mine].mean()), float(delay[mine].mean()), tolerance
            )
    for when, then in (("", busy < 1.01), (" in peak weeks", busy > 1.2)):
        dispatch = float((1 / np.expm1(1 / (facts.dispatch_mean_days * busy[then]))).mean())
        tolerance = SIGMAS * float(handling[then].std()) / sqrt(then.sum()) + 0.05
        yield Finding(f"days to dispatch{when}", dispatch, float(handling[then].mean()), tolerance)
    cost = (facts.base_cost + facts.cost_per_100_km * km / 100) * orders.mes.map(calendar.price_index)
    for where, there in (("near", km < 300), ("far", km > 700)):
        ratio = float((orders.costo_envio / cost)[there].mean())
        yield Finding(f"cost of shipments {where}, against the declared", 1.0, ratio, 0.001)
