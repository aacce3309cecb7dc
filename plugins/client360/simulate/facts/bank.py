"""The facts about what moves through accounts."""

from client360.simulate.facts.base import Facts


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
