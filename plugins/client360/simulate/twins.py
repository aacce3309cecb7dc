"""Twins: worlds that differ from others in one declared fact, and in what follows from it.

A twin has the seed of its original, and every draw is the same in both: so whatever differs is the effect of that fact.
"""

from dataclasses import replace
from typing import TypeVar

import numpy as np

from client360.simulate import calendar
from client360.simulate.arrays import NEVER
from client360.simulate.facts import world_facts
from client360.simulate.intervention import Intervention, parse
from client360.simulate.shop.campaigns import campaigns
from client360.simulate.shop.catalog import catalog, producto_ids, unraised
from client360.simulate.world import World

AnyWorld = TypeVar("AnyWorld", bound=World)


def twin(world: AnyWorld, text: str) -> AnyWorld:
    """The twin of a world that the text asks for. Raises ValueError, in one line, for what is no intervention or would change
    nothing in this world."""
    intervention = parse(text)
    if intervention.last < world.first_day:
        raise ValueError(f"intervencion is over on {intervention.last}: the world begins on {world.first_day}")
    if intervention.kind == "campania":
        _require_campaign(world, intervention.subject)
    elif intervention.kind == "precio":
        _require_change(replace(world, intervention=intervention), intervention)
    elif intervention.kind == "deposito":
        _require_depot(intervention.subject, list(world_facts().shop.shipping.depots))
    return replace(world, intervention=intervention)


def _require_campaign(world: World, key: str) -> None:
    digits = key[1:]
    if not (key[:1] == "K" and len(key) == 6 and digits.isascii() and digits.isdecimal() and 1 <= int(key[3:5]) <= 12):
        raise ValueError(f"intervencion names the campaign {key!r}: give an id such as K26010")
    month = (2000 + int(key[1:3])) * 12 + int(key[3:5]) - 1
    known = [campaign.key for campaign in campaigns(world, month)]
    if key not in known:
        has = " and ".join(known) or "none"
        raise ValueError(
            f"intervencion names the campaign {key}: in {calendar.month_start(month):%Y-%m} this world has {has}"
        )


def _require_change(world: World, kept: Intervention) -> None:
    categories, products = list(world_facts().shop.catalog.categories), catalog(world)
    sold = producto_ids(np.arange(len(products.base))).to_pylist()
    known = [key for key, launched in zip(sold, products.launched, strict=True) if launched < NEVER]
    if kept.subject not in (*categories, *known):
        raise ValueError(
            f"intervencion names {kept.subject!r}, no product or category: give one from {known[0]} to {known[-1]}, or of "
            f"{', '.join(categories)}"
        )
    month = calendar.month_number(kept.first)
    if unraised(world, np.full(len(sold), month)).any():
        return
    hint = ""
    if kept.subject in known:
        slot = sold.index(kept.subject)
        since = month - (month - products.phase[slot]) % products.every[slot]
        days = [
            calendar.date_of(calendar.day_number(calendar.month_start(int(each))) + int(products.change_day[slot]))
            for each in (since, since + products.every[slot])
        ]
        hint = f"; it would on {days[0]} and {days[1]}, while it is on sale"
    raise ValueError(f"intervencion is {kept.text}: the price of {kept.subject} does not change then{hint}")


def _require_depot(name: str, known: list[str]) -> None:
    if name not in known:
        raise ValueError(f"intervencion names the depot {name!r}: there are {', '.join(known)}")
