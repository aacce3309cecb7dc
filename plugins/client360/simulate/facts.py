"""The facts of the world that `world.yaml` declares, read once and checked."""

from functools import lru_cache
from math import inf
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict

WORLD_YAML = Path(__file__).with_name("world.yaml")
HOME = "AR"
"""The country whose provinces and special days world.yaml holds, ISO 3166-1."""


class Facts(BaseModel):
    """A section of world.yaml, or an entry of one: unknown keys are refused. Units and sources are in the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class PriceFacts(Facts):
    """Consumer prices, month by month."""

    base_month: str
    monthly: dict[str, float]
    otherwise: float

    def variation(self, month: str) -> float:
        """Change of prices in the month "YYYY-MM" against the month before, as a fraction."""
        return self.monthly.get(month, self.otherwise)


class Position(Facts):
    """A place on the Earth, in decimal degrees."""

    latitude: float
    longitude: float


class Province(Facts):
    """A province: inhabitants, region, capital, relative weights of its cities, and what else people write for its name."""

    population: int
    region: str
    capital: Position
    cities: dict[str, int]
    spellings: list[str] = []


class Occupation(Facts):
    """An occupation: share of customers, income, and the ages at which it is possible."""

    share: float
    income: float
    sigma: float
    payroll: bool
    declares_none: float = 0.0
    min_age: float = 0
    max_age: float = inf


class PeopleFacts(Facts):
    """Ages, moves, changes of occupation, and how long customers stay."""

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


class PayrollFacts(Facts):
    """When salaries, pensions and aguinaldo are paid, and how they vary."""

    raise_every_months: int
    variation_sigma: float
    business_day_weights: dict[int, float]
    pension_first_business_day: int
    bonus_months: dict[int, int]
    bonus_share: float


class CardCategory(Facts):
    """A category of card purchases."""

    share: float
    ticket: float
    december: float


class CardFacts(Facts):
    """Purchases by card: how many, when, and for how much."""

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
    """A rule for days on which more is bought: a day of the month, or the nth weekday of it, shifted and for some days."""

    month: int
    day: int | None = None
    weekday: int | None = None
    nth: int = 1
    shift: int = 0
    days: int = 1
    factor: float
    shop_factor: float


class Bill(Facts):
    """A kind of bill: how it is paid, who has it, and what it costs."""

    kind: str
    held_by: float
    income_share: float
    sigma: float
    season: list[float] | None = None


class CashFacts(Facts):
    """Withdrawals of cash."""

    per_month: float
    income_share: float
    sigma: float
    multiple_of: int


class Transfer(Facts):
    """Transfers in one direction."""

    per_month: float
    income_share: float
    sigma: float


class HourFacts(Facts):
    """Relative weights of the 24 hours of a day, by what happens in them."""

    card: list[float]
    cash: list[float]
    transfers: list[float]
    orders: list[float]
    branch: list[float]
    returns: list[float]
    dispatch: list[float]
    delivery: list[float]


class ProductCategory(Facts):
    """A category of products: demand, price, margin, and words for names."""

    share: float
    price: float
    margin: float
    season: list[float]
    kinds: list[str]


class CatalogFacts(Facts):
    """How many products there are, and how their prices change."""

    slots: int
    products: int
    sold_from_start: float
    past_days: int
    launch_days: int
    popularity_sigma: float
    price_sigma: float
    margin_sigma: float
    without_category: float
    without_cost: float
    change_months: tuple[int, int]
    change_sigma: float
    multiple_of: int
    brands: list[str]
    categories: dict[str, ProductCategory]


class OrderFacts(Facts):
    """Orders of the shop: how many, of what size, and what becomes of them."""

    per_month: float
    person_sigma: float
    weekday_factors: list[float]
    lines: dict[int, float]
    units: dict[int, float]
    payment_methods: dict[str, float]
    split: float
    second_part: tuple[float, float]
    rejected: dict[str, float]
    instalments: dict[int, float]
    anonymous: float
    discounted: float
    discounts: list[float]
    cancelled: float
    cancel_days: tuple[int, int]
    returned: float
    return_days: tuple[int, int]
    partly_returned: float
    amount_only: float
    amount_share: float
    channels: dict[str, float]
    sellers: int
    approval_days: tuple[int, int]


class ShippingFacts(Facts):
    """Depots, distances, delays and the cost of shipments."""

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
    charged_share: float
    free_from: float


class Channel(Facts):
    """A channel of campaigns: its true uplift, and the cost of a contact."""

    uplift: float
    contact_cost: float


class CampaignFacts(Facts):
    """How often campaigns run, for how long, and whom they contact."""

    two_share: float
    days: tuple[int, int]
    assigned: float
    attributed: float
    channels: dict[str, Channel]


class StockFacts(Facts):
    """Stock that is held beyond demand."""

    safety_weeks: float


class ShopFacts(Facts):
    """Everything about the shop."""

    catalog: CatalogFacts
    orders: OrderFacts
    shipping: ShippingFacts
    campaigns: CampaignFacts
    stock: StockFacts


class WorldFacts(Facts):
    """The content of world.yaml."""

    prices: PriceFacts
    provinces: dict[str, Province]
    occupations: dict[str, Occupation]
    people: PeopleFacts
    payroll: PayrollFacts
    card: CardFacts
    special_days: dict[str, SpecialDay]
    bills: dict[str, Bill]
    bill_skipped: float
    bill_delay_days: tuple[int, int]
    cash: CashFacts
    transfers: dict[str, Transfer]
    hours: HourFacts
    shop: ShopFacts


@lru_cache
def world_facts() -> WorldFacts:
    """The content of world.yaml. pydantic.ValidationError names a key that is missing, unknown or of the wrong type."""
    return WorldFacts.model_validate(yaml.safe_load(WORLD_YAML.read_text(encoding="utf-8")))
