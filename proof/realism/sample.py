"""The year of a world on which everything is measured."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from client360.simulate import calendar
from client360.simulate.bank.default import default_day, losses
from client360.simulate.facts import WorldFacts, world_facts
from client360.simulate.people import Population
from client360.simulate.shop.catalog import catalog
from client360.simulate.shop.draws import ORDINARY
from client360.simulate.simulation import Block, parts
from client360.simulate.world import World
from proof.realism.shoppers import Shoppers, shoppers

YEAR = 2025
SAMPLE = World(seed=1, customers=3000, first_day=date(YEAR, 1, 1))
OF_ORDERS = ("ventas", "detalle_ventas", "envios", "devoluciones")
MONTHS = range(YEAR * 12, YEAR * 12 + 12)
"""The months of the year, as month numbers."""


@dataclass(frozen=True)
class Sample:
    """A generated year; unless a docstring names other rows, those of customers who stayed all year."""

    versions: pd.DataFrame
    """The rows of `clientes`; `mes` is the month number, amounts are floats."""
    movements: pd.DataFrame
    """The rows of `transacciones` of those who were customers all year; `mes` is the month number, `dia` counts from 0,
    `semana` is the weekday."""
    payday: pd.Series
    """Day of the month, from 0, of each salary or pension, by (cliente_id, mes)."""
    cards: pd.DataFrame
    """The rows of `tarjetas` of those customers."""
    statements: pd.DataFrame
    """The rows of `resumenes` of those customers, amounts are floats."""
    orders: pd.DataFrame
    """The orders of the shop of all customers, one row each; `cancelada` and `devuelta` are the days on which they were,
    `prometida`, `despacho` and `entrega` those of the shipment, `momento_despacho` and `momento_entrega` when that was;
    `adicional` marks those that a campaign added."""
    lines: pd.DataFrame
    """The rows of `detalle_ventas` of those orders."""
    returns: pd.DataFrame
    """The rows of `devoluciones` of those orders."""
    contacts: pd.DataFrame
    """The rows of `contactos_campania`."""
    campaigns: pd.DataFrame
    """The rows of `campanias`."""
    shoppers: Shoppers
    """What all customers are like in the shop."""
    lost: pd.DataFrame
    """The lines that no depot had left to sell: `customer` (the digits of cliente_id), `day` (from 0), `product`."""
    payers: pd.DataFrame
    """All customers who lose no job: `stopped`, whether they stopped paying what they owe, `years` until then, or until
    they left or the year ended, and their `stress`."""
    world: World
    products: pd.DataFrame
    """The rows of `productos`; `categoria` is that of the catalog, `anotada` whether the rows have it, amounts are floats."""

    @property
    def facts(self) -> WorldFacts:
        return world_facts()

    @property
    def first(self) -> pd.DataFrame:
        """The customers on the first day."""
        return self.versions[self.versions.fecha == pd.Timestamp(self.world.first_day)]

    @property
    def card(self) -> pd.DataFrame:
        """All purchases by card."""
        return self.movements[self.movements.tipo_transaccion == "compra_tarjeta"]

    @property
    def purchases(self) -> pd.DataFrame:
        """Purchases outside the shop."""
        return self.card[self.card.rubro != "tienda"]

    @property
    def ordinary(self) -> pd.DataFrame:
        """Orders that no campaign added."""
        return self.orders[~self.orders.adicional]

    @property
    def unpaid_purchases(self) -> pd.DataFrame:
        """Purchases of those who never have a payday."""
        paid = self.payday.index.get_level_values("cliente_id").unique()
        return self.purchases[~self.purchases.cliente_id.isin(paid)]

    @property
    def customers(self) -> int:
        """Number of those who were customers all year."""
        return int(self.movements.cliente_id.nunique())


def generate(world: World = SAMPLE) -> Sample:
    """The year of the world."""
    found: dict[str, list[pa.Table]] = {}
    lost: list[pd.DataFrame] = []
    payers: list[pd.DataFrame] = []
    for part in parts(world):
        if isinstance(part, Block):
            payers.append(_payers(part.population))
        for month in MONTHS:
            first = calendar.month_start(month)
            for entity, table in part.rows(first, first.replace(day=calendar.month_days(month))).items():
                found.setdefault(entity, []).append(table)
            if isinstance(part, Block):
                of = part.plan(month).lost
                lost.append(pd.DataFrame({"customer": of.customer, "day": of.day, "product": of.product}))
    frames = {
        entity: pa.concat_tables(tables).to_pandas(date_as_object=False)
        for entity, tables in found.items()
        if entity != "movimientos_stock"
    }
    known = frames["clientes"]
    known["ingresos_mensuales"] = known.ingresos_mensuales.astype(float)
    stayed = set(known[known.fecha == pd.Timestamp(world.first_day)].cliente_id) - set(
        known[known.fecha_baja.notna()].cliente_id
    )
    for entity in OF_ORDERS:  # also of orders that name no customer: the digits of venta_id do
        frames[entity]["cliente_id"] = "C" + frames[entity].venta_id.str[1:10]
    for entity in ("transacciones", "tarjetas", "resumenes"):
        frames[entity] = frames[entity][frames[entity].cliente_id.isin(stayed)]
    moved = frames["transacciones"]
    moved["monto"] = moved.monto.astype(float)
    statements = frames["resumenes"]
    statements[["total", "pagado"]] = statements[["total", "pagado"]].astype(float)
    moved["mes"] = moved.fecha.dt.year * 12 + moved.fecha.dt.month - 1
    moved["dia"] = moved.fecha.dt.day - 1
    moved["semana"] = moved.fecha.dt.day_of_week
    payday = moved[moved.rubro == "haberes"].groupby(["cliente_id", "mes"]).dia.first()
    products = frames["productos"]
    products["anotada"] = products.categoria.notna()
    categories = np.array(list(world_facts().shop.catalog.categories))
    products["categoria"] = categories[catalog(world).category[products.producto_id.str[1:].astype(int) - 1]]
    products[["precio", "costo"]] = products[["precio", "costo"]].astype(float)
    return Sample(
        known,
        moved,
        payday,
        cards=frames["tarjetas"],
        statements=statements,
        orders=_joined_orders(frames["ventas"], frames["envios"]),
        lines=frames["detalle_ventas"],
        returns=frames["devoluciones"],
        contacts=frames["contactos_campania"],
        campaigns=frames["campanias"],
        shoppers=shoppers(world, MONTHS),
        lost=pd.concat(lost).assign(day=lambda lines: lines.day - calendar.day_number(world.first_day)),
        payers=pd.concat(payers),
        world=world,
        products=products,
    )


def _payers(population: Population) -> pd.DataFrame:
    last = calendar.day_number(calendar.month_start(MONTHS[-1] + 1))
    frames = []
    for generation in population.generations(last):
        stops, leaves = default_day(generation.books), np.minimum(generation.left, last)
        end = np.minimum(stops, leaves)
        mine = (generation.start < end) & (generation.slots <= population.world.customers)
        mine &= ~losses(generation.books).any(axis=1)
        columns = {
            "stopped": stops < leaves,
            "years": (end - generation.start) / 365.2425,
            "stress": generation.traits["stress"],
        }
        frames.append(pd.DataFrame(columns)[mine])
    return pd.concat(frames)


def _joined_orders(states: pd.DataFrame, shipments: pd.DataFrame) -> pd.DataFrame:
    orders = states[states.estado.isin(["completada", "creada"])].set_index("venta_id")
    for state in ("cancelada", "devuelta"):
        orders[state] = states[states.estado == state].set_index("venta_id").fecha
    delivered = shipments[shipments.estado == "entregado"].set_index("venta_id")
    orders["despacho"], orders["entrega"] = delivered.fecha_despacho, delivered.fecha_entrega
    orders["momento_despacho"], orders["momento_entrega"] = delivered.momento_despacho, delivered.momento_entrega
    orders["prometida"] = shipments.drop_duplicates("venta_id").set_index("venta_id").fecha_prometida
    orders["costo_envio"] = shipments.drop_duplicates("venta_id").set_index("venta_id").costo_envio.astype(float)
    orders["mes"] = orders.fecha.dt.year * 12 + orders.fecha.dt.month - 1
    orders["semana"] = orders.fecha.dt.day_of_week
    orders["adicional"] = orders.index.str[-3:].astype(int) >= ORDINARY
    return orders
