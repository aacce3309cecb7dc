"""The campaigns of the shop: one or two a month, drawn for each month."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.columns import cents, dates, ids, money, names
from client360.simulate.facts import world_facts
from client360.simulate.streams import stream
from client360.simulate.world import World

MAX_CAMPAIGNS = 2
"""Campaigns that a month has room for; they do not overlap."""
GROUPS = ["tratamiento", "control"]
"""grupo; the position is the code."""


@dataclass(frozen=True)
class Campaign:
    """A campaign, all of whose days lie in one month."""

    month: int
    number: int
    channel: str
    category: int
    first: int
    """First day, a day number."""
    last: int
    budget: float
    """Pesos of its month, for as many customers as are treated in the mean."""

    @property
    def code(self) -> int:
        """The digits of campania_id."""
        return calendar.yymm(self.month) * 10 + self.number

    @property
    def key(self) -> str:
        """campania_id."""
        return f"K{self.code:05}"

    @property
    def uplift(self) -> float:
        """Additional orders of the treated as a share of their ordinary ones."""
        return world_facts().shop.campaigns.channels[self.channel].uplift


@lru_cache
def campaigns(world: World, month: int) -> list[Campaign]:
    """The campaigns of a month, without those that would have begun before the world, and the one that a twin does not send."""
    facts = world_facts().shop.campaigns
    random = stream(world.seed, "campania", 0, month)
    count = 2 if random.random() < facts.two_share else 1
    draws = random.random((MAX_CAMPAIGNS, 4))
    room = calendar.month_days(month) // count
    month_first = calendar.day_number(calendar.month_start(month))
    channels, categories = list(facts.channels), world_facts().shop.catalog.categories
    shortest, longest = facts.days
    drawn = []
    for number, (channel, category, length, start) in enumerate(draws[:count]):
        name = channels[int(channel * len(channels))]
        days = min(shortest + int(length * (longest - shortest + 1)), room)
        first = month_first + number * room + int(start * (room - days + 1))
        cost = facts.channels[name].contact_cost * calendar.price_index(month)
        budget = cost * facts.assigned / 2 * world.customers
        drawn.append(
            Campaign(month, number, name, int(category * len(categories)), first, first + days - 1, round(budget))
        )
    unsent = world.differs_in("campania")
    return [
        campaign
        for campaign in drawn
        if campaign.first >= calendar.day_number(world.first_day) and not (unsent and campaign.key == unsent.subject)
    ]


def campanias(world: World, first: int, last: int) -> pa.Table:
    """Rows of the landing file `campanias` from day `first` to day `last`, which lie in one month."""
    month = calendar.month_number(calendar.date_of(first))
    known = [campaign for campaign in campaigns(world, month) if first <= campaign.first <= last]
    categories = list(world_facts().shop.catalog.categories)
    start = np.array([campaign.first for campaign in known], dtype=np.int64)
    channels = [campaign.channel for campaign in known]
    return pa.table(
        {
            "campania_id": ids("K", np.array([campaign.code for campaign in known], dtype=np.int64), 5),
            "fecha": dates(start),
            "nombre": pa.array(
                [f"{categories[c.category]} {c.channel} {calendar.month_start(c.month):%m/%Y}" for c in known],
                pa.string(),
            ),
            "canal": pa.array(channels, pa.string()),
            "categoria": names(np.array([campaign.category for campaign in known], dtype=np.int64), categories),
            "fecha_inicio": dates(start),
            "fecha_fin": dates(np.array([campaign.last for campaign in known], dtype=np.int64)),
            "presupuesto": money(cents(np.array([campaign.budget for campaign in known], dtype=np.float64))),
        }
    )
