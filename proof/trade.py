"""What the shop sells, ships, takes back and is paid, as the answer key counts it. Amounts are cents."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True)
class Line:
    """A line of an order; amounts are cents."""

    product: str
    """producto_id."""
    category: str | None
    """None where the shop has not noted it."""
    units: int
    amount: int
    """Less the discount."""
    cost: int | None
    """None where the shop does not know it."""


@dataclass(frozen=True)
class Return:
    """What came back, or was given back; it counts unless its order is annulled as a whole. Amounts are cents."""

    customer: str | None
    """cliente_id."""
    order: str | None
    """venta_id."""
    day: date
    product: str | None
    category: str | None
    units: int
    amount: int
    cost: int | None
    """0 where only an amount is given back; None where it is not known."""


@dataclass(frozen=True)
class Order:
    """A valid order: known, and neither cancelled nor returned by then."""

    number: str
    """venta_id."""
    customer: str | None
    """cliente_id; None where nobody is known."""
    day: date
    lines: list[Line]
    place: tuple[str, str, str]
    """Channel, branch and seller."""
    charge: int | None
    """For its shipment, beside its amount; None where that is not known."""

    @property
    def amount(self) -> int:
        """Cents."""
        return sum(line.amount for line in self.lines)


@dataclass(frozen=True)
class Delivery:
    """A shipment known as delivered."""

    customer: str
    """cliente_id."""
    province: str
    depot: str
    day: date
    beyond: int | None
    """Days after the promised day, negative before it; None where none was promised."""
    taken: Decimal | None
    """Days since the order; None where that is not known."""


@dataclass(frozen=True)
class Payment:
    """What became of a payment on a day."""

    customer: str | None
    """cliente_id."""
    order: str
    """venta_id."""
    day: date
    method: str
    instalments: int | None
    amount: int
    """Cents."""
    state: str

    @property
    def net(self) -> int:
        """Cents that the shop keeps of it: negative of a refund."""
        return {"aprobado": self.amount, "reembolsado": -self.amount}.get(self.state, 0)
