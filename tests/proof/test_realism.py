"""The realism check passes on the world as it is, and notices each curve that the generator ignores."""

from collections.abc import Callable
from contextlib import AbstractContextManager

import pytest
import yaml

from client360.simulate.facts import WORLD_YAML
from proof import realism

pytestmark = pytest.mark.long


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
    "spread of income": (lambda f: [o.update(sigma=0.2) for o in f["occupations"].values()], "spread of income of"),
    "payday": (lambda f: f["card"].update(payday_lift=0), "purchases just after payday"),
    "weekdays": (lambda f: f["card"].update(weekday_factors=[1] * 7), "purchases on a Saturday"),
    "season": (lambda f: f["card"].update(season=[1] * 12), "purchases in month 12"),
    "special days": (lambda f: f.update(special_days={}), "purchases around hot_sale"),
    "prices": (lambda f: f["prices"].update(monthly={}, otherwise=0), "salaries, December to January"),
    "heavy tail": (lambda f: f["card"].update(ticket_sigma=0.3), "spread of tickets"),
    "churn": (lambda f: f["people"].update(mean_stay_years=100), "customers leaving a year"),
    "bills": (lambda f: f["bills"]["gas"].update(season=[1] * 12), "gas, July to January"),
    "cash": (lambda f: f["cash"].update(per_month=1), "withdrawals a month"),
    "digital people": (lambda f: f["cash"].update(digital_strength=0.0), "screens against cash"),
    "transfers": (lambda f: f["transfers"]["enviada"].update(per_month=5), "transfers sent a month"),
    "transfers between customers": (lambda f: f["transfers"].update(within=0.05), "transfers between customers"),
    "spread of transfers": (lambda f: f["transfers"]["recibida"].update(sigma=0.01), "spread of transfers received"),
    "cards": (lambda f: f["credit"].update(held_by=0.5), "share of customers with a credit card"),
    "instalments": (lambda f: f["credit"].update(plans={1: 0.5, 3: 0.2, 6: 0.2, 12: 0.1}), "share of purchases in 1"),
    "late payers": (lambda f: f["credit"].update(late=0.02), "share of statements paid late"),
    "stress": (lambda f: f["credit"].update(stress_strength=0.0), "stress on paying late"),
    "revolving": (lambda f: f["credit"].update(revolve=0.9), "share of statements paid in part"),
    "dollars": (lambda f: f["balances"].update(dollars_per_inflation=0), "savings in dollars in month 3"),
    "income of provinces": (lambda f: [p.update(income=1.0) for p in f["provinces"].values()], "income in the capital"),
    "income by age": (lambda f: f["people"].update(income_by_age={18: 1.0}), "income at 40 to 50"),
    "least pension": (lambda f: f["occupations"]["jubilado"].update(floor=1.0), "share of jubilado with the least"),
    "bill size": (lambda f: f["bills"]["alquiler"].update(income_share=0.8), "alquiler, share of income"),
    "bill spread": (lambda f: f["bills"]["seguro"].update(sigma=1.2), "spread of seguro"),
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
    "lines": (lambda f: f["shop"]["orders"].update(further_lines=0.2), "lines an order"),
    "income": (lambda f: f["shop"]["orders"].update(income_elasticity=0), "orders of the richest third"),
    "dear products": (lambda f: f["shop"]["catalog"].update(tier_slope=0), "how much dearer the richest third buys"),
    "spells": (lambda f: f["shop"]["orders"].update(quiet=1), "orders in active months"),
    "bursts": (lambda f: f["shop"]["orders"].update(spell_months=1), "orders again within a month"),
    "fading": (lambda f: f["shop"]["orders"].update(fading=1), "orders of who is about to leave"),
    "lateness": (lambda f: f["shop"]["orders"].update(late_loss=0), "orders of the impatient after a late delivery"),
    "lateness and returns": (
        lambda f: f["shop"]["orders"].update(late_returns=0.5),
        "share of orders returned, delivered late",
    ),
    "tastes": (lambda f: f["shop"]["orders"].update(taste_sigma=0.05), "orders of a category by those who like it"),
    "baskets": (lambda f: f["shop"]["orders"].update(same_category=0), "second lines of the category of the first"),
    "elasticity": (lambda f: f["shop"]["catalog"].update(elasticity=0.1), "lines of cheap products, of all"),
    "offers": (lambda f: f["shop"]["orders"].update(offered=0.02), "share of lines on offer"),
    "branches": (lambda f: f["shop"]["orders"].update(digital_slope=0), "orders in the branch by the most digital"),
    "weekdays of the shop": (lambda f: f["shop"]["orders"].update(weekday_factors=[1] * 7), "orders on a Saturday"),
    "special days of the shop": (lambda f: f.update(special_days={}), "orders around cyber_monday"),
    "payment": (
        lambda f: f["shop"]["orders"]["payment_methods"].update(tarjeta=0.4),
        "share of orders paid by tarjeta",
    ),
    "cancellations": (lambda f: f["shop"]["orders"].update(cancelled=0.0), "share of orders cancelled"),
    "returns": (
        lambda f: [c.update(returned=0.01) for c in f["shop"]["catalog"]["categories"].values()],
        "share of orders returned, of categories with many returns",
    ),
    "toys": (
        lambda f: f["shop"]["catalog"]["categories"]["juguetes"].update(season=[1] * 12),
        "share of juguetes in August",
    ),
    "popularity": (lambda f: f["shop"]["catalog"].update(popularity_sigma=0.1), "spread of popularity"),
    "margins": (lambda f: [c.update(margin=0.3) for c in f["shop"]["catalog"]["categories"].values()], "margin of"),
    "prices of the shop": (lambda f: f["prices"].update(monthly={}, otherwise=0), "growth of prices in the shop"),
    "distance": (lambda f: f["shop"]["shipping"].update(delay_days_per_1000_km=0.0), "days of delay far"),
    "peak weeks": (lambda f: f["shop"]["shipping"].update(peak_delay=0.0), "days to dispatch in peak weeks"),
    "forecasts": (lambda f: f["shop"]["stock"].update(forecast_sigma=0.001), "share of lines sold from empty shelves"),
    "cost of distance": (lambda f: f["shop"]["shipping"].update(cost_per_100_km=0), "cost of shipments far"),
    "uplift": (
        lambda f: [c.update(uplift=0) for c in f["shop"]["campaigns"]["channels"].values()],
        "uplift of campaigns, all that lift",
    ),
    "response": (
        lambda f: f["shop"]["campaigns"].update(response_sigma=0.01),
        "uplift of campaigns, those who respond most",
    ),
    "response by age": (
        lambda f: f["shop"]["campaigns"].update(response_by_age={18: 1}),
        "uplift of campaigns, the young",
    ),
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
