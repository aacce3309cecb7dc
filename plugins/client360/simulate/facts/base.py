"""What all sections of world.yaml have in common: prices, days and hours."""

from pydantic import BaseModel, ConfigDict


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
