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


class Receipts(Facts):
    """How those without salary or pension get their income: as what, in how many pieces, and how it varies."""

    kind: str
    party: str
    per_month: float
    sigma: float
    variation: float


class CardCategory(Facts):
    """A category of card purchases."""

    share: float
    ticket: float
    december: float
    merchants: list[str]


class CardFacts(Facts):
    """Purchases by card: how many, when, where, and for how much."""

    per_month: float
    person_sigma: float
    income_share: float
    ticket_sigma: float
    propensity_sigma: float
    weekday_factors: list[float]
    payday_lift: float
    payday_decay_days: float
    season: list[float]
    channels: dict[str, float]
    nationwide: float
    categories: dict[str, CardCategory]


class CreditFacts(Facts):
    """Credit cards: who has one, what is bought with it, and how it is paid."""

    held_by: float
    amount_share: float
    plans: dict[int, float]
    plan_ticket: float
    limit_incomes: float
    limit_every_months: int
    due_days: tuple[int, int]
    minimum: float
    revolve: float
    revolve_months: float
    revolve_share: tuple[float, float]
    late: float
    late_days: tuple[int, int]
    monthly_rate: float
    stress_strength: float


class LoanFacts(Facts):
    """Personal loans: how often, how large, for how long, and at what rate."""

    every_years: float
    incomes: tuple[float, float]
    terms: list[int]
    yearly_rate: float
    spent: float


class DefaultFacts(Facts):
    """How often people stop paying what they owe."""

    per_year: float
    unemployed: float
    stress_strength: float
    written_off_months: int


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
    digital_strength: float


class Transfer(Facts):
    """Transfers in one direction."""

    per_month: float
    income_share: float
    sigma: float


class TransferFacts(Facts):
    """Transfers to and from others, customers or not."""

    enviada: Transfer
    recibida: Transfer
    within: float
    most: float
    round_from: dict[int, int]


class BalanceFacts(Facts):
    """What people keep in their accounts, and what they put aside."""

    kept: float
    until_payday: float
    thrift: float
    thrift_sigma: float
    month_sigma: float
    more_spent: float
    least_spent: float
    saved_from: float
    contract_months: int
    dollars: float
    dollars_per_inflation: float
    help_multiple: int
