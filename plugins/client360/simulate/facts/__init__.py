"""The facts of the world that `world.yaml` declares, read once and checked."""

from functools import lru_cache
from pathlib import Path

import yaml

from client360.simulate.facts.bank import (
    BalanceFacts,
    Bill,
    CardFacts,
    CashFacts,
    CreditFacts,
    DefaultFacts,
    LoanFacts,
    PayrollFacts,
    Receipts,
    TransferFacts,
)
from client360.simulate.facts.base import Facts, HourFacts, PriceFacts, SpecialDay
from client360.simulate.facts.people import NameFacts, Occupation, PeopleFacts, Province
from client360.simulate.facts.shop import ShopFacts

WORLD_YAML = Path(__file__).parent.with_name("world.yaml")
HOME = "AR"
"""The country whose provinces and special days world.yaml holds, ISO 3166-1."""


class WorldFacts(Facts):
    """The content of world.yaml."""

    prices: PriceFacts
    provinces: dict[str, Province]
    occupations: dict[str, Occupation]
    people: PeopleFacts
    names: NameFacts
    traits: dict[str, dict[str, float]]
    payroll: PayrollFacts
    receipts: dict[str, Receipts]
    card: CardFacts
    credit: CreditFacts
    loans: LoanFacts
    default: DefaultFacts
    special_days: dict[str, SpecialDay]
    bills: dict[str, Bill]
    bill_most: float
    bill_skipped: float
    bill_delay_days: tuple[int, int]
    cash: CashFacts
    transfers: TransferFacts
    balances: BalanceFacts
    hours: HourFacts
    shop: ShopFacts


@lru_cache
def world_facts() -> WorldFacts:
    """The content of world.yaml. pydantic.ValidationError names a key that is missing, unknown or of the wrong type."""
    return WorldFacts.model_validate(yaml.safe_load(WORLD_YAML.read_text(encoding="utf-8")))
