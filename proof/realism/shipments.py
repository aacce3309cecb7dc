"""Days of dispatch and delay, near and far, and what shipments cost."""

from collections.abc import Iterator
from math import sqrt

import numpy as np
import pandas as pd

from client360.simulate import calendar
from client360.simulate.arrays import Codes, Floats
from client360.simulate.shop.depots import depots
from client360.simulate.shop.shelves import first_day_without, monday
from proof.realism.finding import SIGMAS, Finding
from proof.realism.sample import MONTHS, SAMPLE, Sample


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
    earliest = _day_numbers(orders.despacho) + 1 + np.ceil(km.to_numpy() / facts.km_per_day).astype(np.int64)
    expected = _expected_days(earliest, mean.to_numpy())
    delay = pd.Series(_day_numbers(orders.entrega) - earliest, orders.index)
    tomorrow = _day_numbers(orders.fecha) + 1
    handling = pd.Series(_day_numbers(orders.despacho) - tomorrow, orders.index)
    dispatch = _expected_days(tomorrow, facts.dispatch_mean_days * busy.to_numpy())
    for where, there in (("near", km < 300), ("at middle distance", km.between(300, 700)), ("far", km > 700)):
        for when, then in (("", busy < 1.01), (" in peak weeks", busy > 1.2)):
            mine = there & then
            tolerance = SIGMAS * float(delay[mine].std()) / sqrt(mine.sum()) + 0.02
            yield Finding(
                f"days of delay {where}{when}", float(expected[mine].mean()), float(delay[mine].mean()), tolerance
            )
    for when, then in (("", busy < 1.01), (" in peak weeks", busy > 1.2)):
        tolerance = SIGMAS * float(handling[then].std()) / sqrt(then.sum()) + 0.05
        declared = float(dispatch[then].mean())
        yield Finding(f"days to dispatch{when}", declared, float(handling[then].mean()), tolerance)
    cost = (facts.base_cost + facts.cost_per_100_km * km / 100) * orders.mes.map(calendar.price_index)
    for where, there in (("near", km < 300), ("far", km > 700)):
        ratio = float((orders.costo_envio / cost)[there].mean())
        yield Finding(f"cost of shipments {where}, against the declared", 1.0, ratio, 0.001)


def shelves(sample: Sample) -> Iterator[Finding]:
    """What is sold from shelves that the forecasts leave empty: nothing."""
    provinces = {name: code for code, name in enumerate(sample.facts.provinces)}
    orders = sample.orders.provincia_envio.map(provinces)
    depot = depots().nearest[orders.reindex(sample.lines.venta_id).to_numpy(int)]
    day, slot = _day_numbers(sample.lines.fecha), sample.lines.producto_id.str[1:].astype(int).to_numpy() - 1
    weeks = np.array([monday(int(each)) for each in day])
    gone = np.zeros(len(day), dtype=bool)
    for week in np.unique(weeks):
        mine = weeks == week
        gone[mine] = day[mine] >= first_day_without(SAMPLE, int(week))[slot[mine], depot[mine]]
    yield Finding("share of lines sold from empty shelves", 0.0, float(gone.mean()), 0.001)


def _day_numbers(days: pd.Series) -> Codes:
    return days.to_numpy().astype("datetime64[D]").astype(np.int64)


def _expected_days(earliest: Codes, mean: Floats) -> Floats:
    """Expected days from the earliest day to a working one, at or after it by whole days of an exponential time; (orders,)."""
    days = np.arange(60)
    reached = 1 - np.exp(-np.arange(61) / mean[:, None])
    return (np.diff(reached, axis=1) * (calendar.next_working_days(earliest[:, None] + days) - earliest[:, None])).sum(
        1
    )
