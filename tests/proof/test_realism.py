"""The realism check passes on the world as it is, and notices each curve that the generator ignores."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import yaml

from client360.simulate.facts import WORLD_YAML
from proof import realism


def test_the_world_is_as_declared() -> None:
    findings = realism.compare(realism.generate())
    assert len(findings) > 100
    assert [finding for finding in findings if not finding.holds] == []


DEAD = {
    "provinces": (
        lambda f: [p.update(population=1) for p in f["provinces"].values()],
        "share of customers in Buenos Aires",
    ),
    "occupational income": (
        lambda f: [o.update(income=600_000) for o in f["occupations"].values()],
        "median income of profesional",
    ),
    "spread of income": (lambda f: [o.update(sigma=0.05) for o in f["occupations"].values()], "spread of income of"),
    "payday": (lambda f: f["card"].update(payday_lift=0), "purchases just after payday"),
    "weekdays": (lambda f: f["card"].update(weekday_factors=[1] * 7), "purchases on a Saturday"),
    "season": (lambda f: f["card"].update(season=[1] * 12), "purchases in month 12"),
    "special days": (lambda f: f.update(special_days={}), "purchases around hot_sale"),
    "prices": (lambda f: f["prices"].update(monthly={}, otherwise=0), "salaries, December to January"),
    "heavy tail": (lambda f: f["card"].update(ticket_sigma=0.3), "spread of tickets"),
    "churn": (lambda f: f["people"].update(mean_stay_years=100), "customers leaving a year"),
    "bills": (lambda f: f["bills"]["gas"].update(season=[1] * 12), "gas, July to January"),
    "card share": (lambda f: f["card"].update(income_share=0.2), "card tickets, share of income"),
    "cash share": (lambda f: f["cash"].update(income_share=0.28), "extraccion_cajero, share of income"),
    "transfers": (lambda f: f["transfers"]["enviada"].update(income_share=0.3), "enviada, share of income"),
    "spread of transfers": (lambda f: f["transfers"]["recibida"].update(sigma=0.01), "spread of recibida"),
    "bill size": (lambda f: f["bills"]["alquiler"].update(income_share=0.8), "alquiler, share of income"),
    "bill spread": (lambda f: f["bills"]["seguro"].update(sigma=0.01), "spread of seguro"),
    "bonus": (lambda f: f["payroll"].update(bonus_share=1.0), "aguinaldo over salary"),
    "salary days": (lambda f: f["payroll"].update(business_day_weights={1: 1.0}), "salaries on business day 4"),
    "salary variation": (lambda f: f["payroll"].update(variation_sigma=0.0), "months with another salary"),
    "cities": (
        lambda f: f["provinces"]["Buenos Aires"].update(cities={"La Plata": 1}),
        "share of San Justo in Buenos Aires",
    ),
    "orders": (lambda f: f["shop"]["orders"].update(per_month=0.45), "orders a month"),
    "heavy tail of orders": (
        lambda f: f["shop"]["orders"].update(person_sigma=0.2),
        "share without an order",
    ),
    "lines": (lambda f: f["shop"]["orders"].update(lines={1: 1.0}), "lines an order"),
    "weekdays of the shop": (lambda f: f["shop"]["orders"].update(weekday_factors=[1] * 7), "orders on a Saturday"),
    "special days of the shop": (lambda f: f.update(special_days={}), "orders around cyber_monday"),
    "payment": (
        lambda f: f["shop"]["orders"]["payment_methods"].update(tarjeta=0.4),
        "share of orders paid by tarjeta",
    ),
    "cancellations": (lambda f: f["shop"]["orders"].update(cancelled=0.0), "share of orders cancelled"),
    "returns": (lambda f: f["shop"]["orders"].update(returned=0.0), "share of orders returned"),
    "toys": (
        lambda f: f["shop"]["catalog"]["categories"]["juguetes"].update(season=[1] * 12),
        "share of juguetes in August",
    ),
    "popularity": (lambda f: f["shop"]["catalog"].update(popularity_sigma=0.1), "spread of popularity"),
    "margins": (lambda f: [c.update(margin=0.3) for c in f["shop"]["catalog"]["categories"].values()], "margin of"),
    "prices of the shop": (lambda f: f["prices"].update(monthly={}, otherwise=0), "growth of prices in the shop"),
    "distance": (lambda f: f["shop"]["shipping"].update(delay_days_per_1000_km=0.0), "days of delay far"),
    "peak weeks": (lambda f: f["shop"]["shipping"].update(peak_delay=0.0), "days to dispatch in peak weeks"),
    "cost of distance": (lambda f: f["shop"]["shipping"].update(cost_per_100_km=0), "cost of shipments far"),
    "uplift": (
        lambda f: [c.update(uplift=0) for c in f["shop"]["campaigns"]["channels"].values()],
        "uplift of campaigns, all that lift",
    ),
    "cash": (lambda f: f["cash"].update(per_month=2), "extraccion_cajero a month"),
    **{
        f"hours of {what}": (
            lambda f, what=what: f["hours"].update({what: [1] * 24}),
            f"hours of {what}, share of the night",
        )
        for what in ("card", "cash", "transfers", "orders", "branch", "returns", "dispatch", "delivery")
    },
}


@pytest.fixture(scope="module")
def noticed(altered_facts: Callable[[], AbstractContextManager[Callable[[dict], None]]]) -> list[str]:
    """The findings that differ when each of these curves is dead in the generator, and as declared in world.yaml."""
    facts = yaml.safe_load(WORLD_YAML.read_text(encoding="utf-8"))
    for alter, _ in DEAD.values():
        alter(facts)
    with altered_facts() as use:
        use(facts)
        sample = realism.generate()
    return [finding.what for finding in realism.compare(sample) if not finding.holds]


@pytest.mark.parametrize("curve", DEAD)
def test_a_dead_curve_is_noticed(curve: str, noticed: list[str]) -> None:
    _, finding = DEAD[curve]
    assert [what for what in noticed if what.startswith(finding)]
