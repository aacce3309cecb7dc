"""The facts about the shop."""

from client360.simulate.facts.base import Facts


class ProductCategory(Facts):
    """A category of products: demand, price, margin, and words for names."""

    share: float
    price: float
    margin: float
    returned: float
    season: list[float]
    kinds: list[str]


class CatalogFacts(Facts):
    """How many products there are, and how their prices change."""

    slots: int
    products: int
    sold_from_start: float
    past_days: int
    launch_days: int
    ramp_days: int
    life_days: float
    popularity_sigma: float
    price_sigma: float
    margin_sigma: float
    tier_slope: float
    elasticity: float
    elasticity_sigma: float
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
    typical_income: float
    income_elasticity: float
    taste_sigma: float
    active: float
    quiet: float
    spell_months: int
    fading: float
    sensitivity_sigma: float
    largest_response: float
    offered: float
    offered_on_special_days: float
    discounts: list[float]
    weekday_factors: list[float]
    further_lines: float
    same_category: float
    units: dict[int, float]
    payment_methods: dict[str, float]
    split: float
    second_part: tuple[float, float]
    rejected: dict[str, float]
    instalments: dict[int, float]
    own_instalments: dict[int, float]
    anonymous: float
    cancelled: float
    cancel_days: tuple[int, int]
    late_returns: float
    late_loss: float
    late_days: int
    patience_slope: float
    return_days: tuple[int, int]
    partly_returned: float
    amount_only: float
    amount_share: float
    channels: dict[str, float]
    digital_slope: float
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
    response_sigma: float
    response_by_age: dict[int, float]
    channels: dict[str, Channel]


class StockFacts(Facts):
    """Stock that is held beyond demand, and how wrong forecasts of it are."""

    safety_weeks: float
    forecast_sigma: float


class ShopFacts(Facts):
    """Everything about the shop."""

    catalog: CatalogFacts
    orders: OrderFacts
    shipping: ShippingFacts
    campaigns: CampaignFacts
    stock: StockFacts
