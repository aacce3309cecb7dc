"""The whole world, block by block: the rows of every landing file for any range of days."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.arrays import NEVER
from client360.simulate.bank.accounts import cuentas, saldos, titulares_cuenta
from client360.simulate.bank.credit_rows import cuotas, prestamos, resumenes, tarjetas
from client360.simulate.bank.month import Month, Shop
from client360.simulate.bank.standing_orders import ordenes_permanentes
from client360.simulate.bank.statements import LOOK_BACK
from client360.simulate.bank.transacciones import transacciones
from client360.simulate.people import Population
from client360.simulate.shop import stock
from client360.simulate.shop.campaigns import campaigns, campanias
from client360.simulate.shop.catalog import catalog
from client360.simulate.shop.demand import Demand, draw_demand
from client360.simulate.shop.orders import concatenated
from client360.simulate.shop.payments import bought, refunded
from client360.simulate.shop.plan import Plan, draw_plan
from client360.simulate.shop.rows import contactos_campania, detalle_ventas, devoluciones, envios, pagos_venta, ventas
from client360.simulate.shop.stock import Tally
from client360.simulate.world import World

NOT_SIMULATED = ("cotizaciones",)
"""Entities of which worlds have no rows: their landing files have nothing but a header."""
MAX_PLANS = 6
"""Plans that a block keeps: those of the current month, of the four before it and of the one after it."""


@dataclass(frozen=True)
class Block:
    """The customers of one block and everything they do."""

    population: Population
    tally: Tally | None = field(default=None, compare=False)
    """Where the block adds up what it sells; None where no receipts are drawn."""

    def rows(self, first: date, last: date) -> dict[str, pa.Table]:
        """The rows of each landing file that became known from day `first` to day `last`, which lie in one month.

        Equal to the rows of those days in any longer range of the same month.
        """
        days = calendar.day_number(first), calendar.day_number(last)
        month, world = calendar.month_number(first), self.population.world
        world_first = min(month, calendar.month_number(world.first_day))
        plan = self.plan(month)
        orders = concatenated([self.plan(recent).orders for recent in range(max(month - 2, world_first), month + 1)])
        by_card = {
            recent: bought(self.plan(recent).orders, recent, "tarjeta")
            for recent in range(max(month - LOOK_BACK, world_first), month + 1)
        }
        of_shop = Shop(
            by_card,
            refunded(orders, month, "tarjeta"),
            bought(orders, month, "transferencia"),
            refunded(orders, month, "transferencia"),
        )
        bank = Month(plan.roster, of_shop)
        generations = self.population.generations(days[1])
        if self.tally:
            self.count(self.tally, *days)
        return {
            "clientes": self.population.clientes(*days),
            "cuentas": pa.concat_tables([cuentas(generation, *days) for generation in generations]),
            "titulares_cuenta": pa.concat_tables([titulares_cuenta(generation, *days) for generation in generations]),
            "saldos": saldos(bank, *days),
            "tarjetas": pa.concat_tables([tarjetas(generation, *days) for generation in generations]),
            "resumenes": resumenes(bank, *days),
            "prestamos": prestamos(bank, *days),
            "cuotas": cuotas(bank, *days),
            "ordenes_permanentes": pa.concat_tables(
                [ordenes_permanentes(generation, *days) for generation in generations]
            ),
            "transacciones": transacciones(bank, *days),
            "ventas": ventas(orders, *days),
            "detalle_ventas": detalle_ventas(orders, *days),
            "envios": envios(orders, *days),
            "devoluciones": devoluciones(orders, *days),
            "pagos_venta": pagos_venta(orders, *days),
            "contactos_campania": contactos_campania(plan, *days),
            "movimientos_stock": stock.of_orders(world, orders, *days),
        }

    def plan(self, month: int) -> Plan:
        """What the customers do in the shop in a month; the last MAX_PLANS plans are not drawn again."""
        if month not in self._plans:
            oldest = max(month - 2, min(month, calendar.month_number(self.population.world.first_day)))
            demands = [self._demand(recent) for recent in range(oldest, month + 1)]
            self._plans[month] = draw_plan(demands[-1], demands)
            _forget(self._plans)
        return self._plans[month]

    def _demand(self, month: int) -> Demand:
        """What the customers would order in a month; the last MAX_PLANS demands are not drawn again."""
        if month not in self._demands:
            self._demands[month] = draw_demand(self.population, month)
            _forget(self._demands)
        return self._demands[month]

    def count(self, tally: Tally, first: int, last: int) -> None:
        """Add to the tally what the stock from day `first` to day `last` depends on, if it is not in it."""
        block = self.population.block
        for month in stock.months(self.population.world, first, last):
            if (block, month) not in tally.counted:
                tally.add(block, month, self.plan(month).orders)

    @cached_property
    def _plans(self) -> dict[int, Plan]:
        return {}

    @cached_property
    def _demands(self) -> dict[int, Demand]:
        return {}


def _forget(drawn: dict[int, Any]) -> None:
    """Forget the oldest but MAX_PLANS."""
    if len(drawn) > MAX_PLANS:
        del drawn[next(iter(drawn))]


@dataclass(frozen=True)
class Company:
    """What belongs to no customer: the catalog, the campaigns, and the receipts and write-offs of the depots."""

    world: World
    tally: Tally = field(compare=False)

    def rows(self, first: date, last: date) -> dict[str, pa.Table]:
        """The rows of each landing file that became known from day `first` to day `last`, which lie in one month.

        Blocks that were not walked over those days are drawn again, for their totals.
        """
        days = calendar.day_number(first), calendar.day_number(last)
        for number in self.world.blocks:
            Block(Population(self.world, number)).count(self.tally, *days)
        return {
            "productos": catalog(self.world).productos(*days),
            "campanias": campanias(self.world, *days),
            "movimientos_stock": stock.of_depots(self.world, self.tally, *days),
        }


def simulate(world: World) -> Iterator[Block]:
    """The blocks of the world, in the order of their rows in a landing file."""
    for number in world.blocks:
        yield Block(Population(world, number))


def parts(world: World) -> Iterator[Block | Company]:
    """The parts whose rows make up the landing files, in their order: the blocks, then what belongs to no customer.

    While they are walked, the blocks add up the totals that the last part needs.
    """
    tally = Tally(world)
    for number in world.blocks:
        yield Block(Population(world, number), tally)
    yield Company(world, tally)


@dataclass(frozen=True)
class Effect:
    """What a campaign truly added: orders that exist because of it, and their totals in pesos."""

    orders: int
    revenue: Decimal
    kept_orders: int
    """Of those, the orders never cancelled or returned."""
    kept_revenue: Decimal


def effects(world: World, first: date, last: date) -> dict[str, Effect]:
    """The true effect of each campaign of the months from that of `first` to that of `last`, by campania_id."""
    sums: dict[str, list[int]] = {}
    months = range(calendar.month_number(first), calendar.month_number(last) + 1)
    for month in months:
        sums |= {campaign.key: [0] * 4 for campaign in campaigns(world, month)}
    for block in simulate(world):
        for month in months:
            orders = block.plan(month).orders
            for campaign in campaigns(world, month):
                mine = orders.additional & (orders.campaign == campaign.code)
                kept = mine & (orders.undone == NEVER)
                found = [int(np.sum(figure)) for rows in (mine, kept) for figure in (rows, orders.total[rows])]
                before = sums[campaign.key]
                sums[campaign.key] = [total + more for total, more in zip(before, found, strict=True)]
    return {
        key: Effect(orders, _pesos(revenue), kept_orders, _pesos(kept_revenue))
        for key, (orders, revenue, kept_orders, kept_revenue) in sums.items()
    }


def _pesos(amount: int) -> Decimal:
    return Decimal(amount).scaleb(-2)
