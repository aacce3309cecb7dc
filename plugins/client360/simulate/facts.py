"""The declared facts of the world: `world.yaml`, read once and checked. Units and sources stand in the file."""

from functools import lru_cache
from math import inf
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

WORLD_YAML = Path(__file__).with_name("world.yaml")


class Facts(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Prices(Facts):
    base_month: str
    monthly: dict[str, float]
    otherwise: float

    def variation(self, month: str) -> float:
        """Change of prices in the month "YYYY-MM" against the month before, as a fraction."""
        return self.monthly.get(month, self.otherwise)


class Position(Facts):
    latitude: float
    longitude: float


class Province(Facts):
    population: int
    region: str
    capital: Position
    cities: dict[str, int]


class Occupation(Facts):
    share: float
    income: float
    sigma: float
    payroll: bool
    declares_none: float = 0.0
    min_age: float = 0
    max_age: float = inf


class People(Facts):
    age_quantiles: dict[float, int]
    dni_by_birth_year: dict[int, float]
    mean_past_years: float
    mean_stay_years: float
    mean_gap_days: float
    moves_per_year: float
    moves_to_other_province: float
    job_changes_per_year: float
    retirement_ages: tuple[float, float]
    oldest: float
    income_person_share: float
    declaration_months: tuple[int, int]
    email_domains: list[str]


class Payroll(Facts):
    raise_every_months: int
    variation_sigma: float
    business_day_weights: dict[int, float]
    pension_first_business_day: int
    bonus_months: dict[int, int]
    bonus_share: float


class CardCategory(Facts):
    share: float
    ticket: float
    december: float


class Card(Facts):
    per_month: float
    person_sigma: float
    income_share: float
    ticket_sigma: float
    propensity_sigma: float
    weekday_factors: list[float]
    payday_lift: float
    payday_decay_days: float
    season: list[float]
    categories: dict[str, CardCategory]


class SpecialDay(Facts):
    month: int
    day: int | None = None
    weekday: int | None = None
    nth: int = 1
    shift: int = 0
    days: int = 1
    factor: float
    shop_factor: float


class Bill(Facts):
    kind: str
    held_by: float
    income_share: float
    sigma: float
    season: list[float] | None = None


class Cash(Facts):
    per_month: float
    income_share: float
    sigma: float
    multiple_of: int


class Transfer(Facts):
    per_month: float
    income_share: float
    sigma: float


class ProductCategory(Facts):
    share: float
    price: float
    margin: float
    season: list[float]
    kinds: list[str]


class Catalog(Facts):
    slots: int
    products: int
    sold_from_start: float
    past_days: int
    launch_days: int
    popularity_sigma: float
    price_sigma: float
    margin_sigma: float
    change_months: tuple[int, int]
    change_sigma: float
    multiple_of: int
    brands: list[str]
    categories: dict[str, ProductCategory]


class Orders(Facts):
    per_month: float
    person_sigma: float
    weekday_factors: list[float]
    lines: dict[int, float]
    units: dict[int, float]
    payment_methods: dict[str, float]
    discounted: float
    discounts: list[float]
    cancelled: float
    cancel_days: tuple[int, int]
    returned: float
    return_days: tuple[int, int]


class Shipping(Facts):
    depots: dict[str, str]
    local_km: float
    km_per_day: float
    dispatch_mean_days: float
    dispatch_most_days: int
    promised_dispatch_days: int
    delay_days: float
    delay_days_per_1000_km: float
    delay_most_days: int
    peak_delay: float
    base_cost: float
    cost_per_100_km: float


class Channel(Facts):
    uplift: float
    contact_cost: float


class Campaigns(Facts):
    two_share: float
    days: tuple[int, int]
    assigned: float
    attributed: float
    channels: dict[str, Channel]


class Stock(Facts):
    safety_weeks: float


class Shop(Facts):
    catalog: Catalog
    orders: Orders
    shipping: Shipping
    campaigns: Campaigns
    stock: Stock


class WorldFacts(Facts):
    prices: Prices
    provinces: dict[str, Province]
    occupations: dict[str, Occupation]
    people: People
    payroll: Payroll
    card: Card
    special_days: dict[str, SpecialDay]
    bills: dict[str, Bill]
    bill_skipped: float
    bill_delay_days: tuple[int, int]
    cash: Cash
    transfers: dict[str, Transfer]
    shop: Shop


@lru_cache
def world_facts() -> WorldFacts:
    """The content of world.yaml. pydantic.ValidationError names a key that is missing, unknown or of the wrong type."""
    return WorldFacts.model_validate(yaml.safe_load(WORLD_YAML.read_text(encoding="utf-8")))
