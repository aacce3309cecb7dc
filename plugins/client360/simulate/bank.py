"""What moves through the customers' accounts: a month's plan for a block of customers, drawn whole.

Each kind of movement has a stream of its own and numbers its movements within (customer, month, kind), so a new kind
or column changes no row of another. A day, or any range of days, is a slice of the plan.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from client360.simulate import calendar
from client360.simulate.columns import cents, dates, ids, ids_or_null, money, names
from client360.simulate.facts import world_facts
from client360.simulate.people import Codes, Days, Floats, Generation, Population, jobs, spread
from client360.simulate.streams import stream

KINDS = [
    "compra_tarjeta",
    "transferencia",
    "debito_automatico",
    "extraccion_cajero",
    "pago_servicio",
    "ingreso_sueldo",
    "compra_tarjeta",
    "transferencia",
    "transferencia",
    "transferencia",
]
"""tipo_transaccion; the position is the digit in transaccion_id. The last four are the shop's: purchases, and refunds of
orders of the same month, of the month before and of the one before that."""
MOST = 1000
"""Movements of one kind that a customer can have in a month."""
STEPS = 256
"""Steps to a whole in which a number is looked up; most of them lie between two bounds."""


@lru_cache
def rubros() -> list[str | None]:
    """All values of rubro; the position is the code."""
    table = world_facts()
    return [
        None,
        "haberes",
        "aguinaldo",
        "enviada",
        "recibida",
        *table.card.categories,
        *table.bills,
        "tienda",
        "reintegro",
    ]


@dataclass(frozen=True)
class Movements:
    """Movements of one kind in a month; all arrays of the same length.

    `person` is a row of the roster, `day` counts from the first of the month, `number` tells a person's movements apart.
    """

    person: Codes
    day: Days
    cents: Codes
    rubro: Codes
    number: Codes
    order: Codes | None = None
    """The digits of venta_id, of movements in the shop."""

    def __len__(self) -> int:
        return len(self.person)


@dataclass(frozen=True)
class Payments:
    """What the bank's card pays in the shop, or gets back from it, on some days of a month; all arrays of the same length."""

    customer: Codes
    """The digits of cliente_id."""
    day: Days
    """Counted from the first of the month."""
    cents: Codes
    order: Codes
    """The digits of venta_id; the last three tell a customer's orders of a month apart."""


@dataclass(frozen=True)
class Roster:
    """Everybody in a block who is a customer on some day of a month, and what their movements depend on.

    A function of the world and the month alone; all arrays have one row (`bill_*`: one column) for each person. What only
    the bank's movements depend on is not drawn before it is asked for: the months before one in hand need the orders alone.
    """

    population: Population
    month: int
    persons: list[tuple[Generation, Codes]]
    """The rows of each generation that are on the roster, one generation after another."""
    numbers: Codes
    baja: Days
    """First day, a day number, on which the person no longer is a customer."""
    since: Days
    """First day of the month, from 0, on which the person is a customer."""
    until: Days
    """Last such day."""
    shown: NDArray[np.bool_]
    """Whether the world is large enough to hold the person; the plan is drawn for the whole block all the same."""

    def stream(self, entity: str) -> np.random.Generator:
        """The stream of one kind of movement in this block and month."""
        return stream(self.population.world.seed, entity, self.population.block, self.month)

    def __len__(self) -> int:
        return len(self.numbers)

    @cached_property
    def cliente_id(self) -> pa.Array:
        return ids("C", self.numbers, 9)

    @cached_property
    def income(self) -> Floats:
        return self._work[1]

    @cached_property
    def retired(self) -> NDArray[np.bool_]:
        return self._work[0] == jobs().retired

    @cached_property
    def payday(self) -> Days:
        """Day of the month, from 0, on which the salary or pension comes; -1 without one."""
        salary_day = self._of_each(lambda generation, rows: generation.habits.salary_day[rows])
        dni = self._of_each(lambda generation, rows: generation.dni[rows])
        return _paydays(self.month, self._work[0], salary_day, dni)

    @cached_property
    def purchases(self) -> Floats:
        return self._of_each(lambda generation, rows: generation.habits.purchases[rows])

    @cached_property
    def ticket(self) -> Floats:
        return self._of_each(lambda generation, rows: generation.habits.ticket[rows])

    @cached_property
    def bill_share(self) -> Floats:
        return self._of_each(lambda generation, rows: generation.habits.bill_share.take(rows, axis=1))

    @cached_property
    def bill_due(self) -> Days:
        return self._of_each(lambda generation, rows: generation.habits.bill_due.take(rows, axis=1))

    @cached_property
    def orders(self) -> Floats:
        return self._of_each(lambda generation, rows: generation.orders[rows])

    @cached_property
    def _work(self) -> tuple[Codes, Floats]:
        """Occupation and income in the month."""
        first = calendar.day_number(calendar.month_start(self.month))
        found = [generation.work(rows, np.maximum(generation.start[rows], first)) for generation, rows in self.persons]
        occupation, income = zip(*found, strict=True)
        return np.concatenate(occupation), np.concatenate(income)

    def _of_each(self, values: Callable[[Generation, Codes], NDArray]) -> NDArray:
        """Values of the persons of each generation, put together."""
        return np.concatenate([values(generation, rows) for generation, rows in self.persons], axis=-1)


@dataclass(frozen=True)
class Window:
    """The days of a month that are asked for: of each person of the roster the first and the last one, from 0."""

    since: Days
    until: Days

    def holds(self, person: Codes, day: Days) -> NDArray[np.bool_]:
        """Whether each movement is among what is asked for."""
        return (day >= self.since[person]) & (day <= self.until[person])


@dataclass(frozen=True)
class Bounds:
    """Ascending upper bounds of intervals, and in which interval each step of 1 / STEPS begins.

    To go on from there takes a fraction of the time of a binary search for each of many numbers that come in no order.
    """

    bounds: Floats
    begins: Codes

    @classmethod
    def of(cls, bounds: Floats) -> "Bounds":
        """Those bounds, the last of which is a whole number; what is to be found lies from 0 up to it."""
        steps = np.arange(round(bounds[-1]) * STEPS + 1) / STEPS
        return cls(np.append(bounds, np.inf), np.searchsorted(bounds, steps, side="right"))

    def find(self, numbers: Floats) -> Codes:
        """The interval of each number."""
        found = self.begins[(numbers * STEPS).astype(np.int64)]
        while (beyond := self.bounds[found] <= numbers).any():
            found += beyond
        return found


def roster(population: Population, month: int) -> Roster:
    first = calendar.day_number(calendar.month_start(month))
    length = calendar.month_days(month)
    persons = [
        (generation, np.flatnonzero((generation.start < first + length) & (generation.baja > first)))
        for generation in population.generations(first + length - 1)
    ]
    numbers, start, baja, places = (
        np.concatenate([getattr(generation, name)[rows] for generation, rows in persons])
        for name in ("numbers", "start", "baja", "places")
    )
    return Roster(
        population=population,
        month=month,
        persons=persons,
        numbers=numbers,
        baja=baja,
        since=np.maximum(start - first, 0),
        until=np.minimum(baja - first, length) - 1,
        shown=places <= population.world.customers,
    )


def _paydays(month: int, occupation: Codes, salary_day: Days, dni: Codes) -> Days:
    business = calendar.business_days(month)
    pension_day = world_facts().payroll.pension_first_business_day + dni % 10
    nth = np.where(occupation == jobs().retired, pension_day, salary_day)
    return np.where(jobs().payroll[occupation], business[np.minimum(nth, len(business)) - 1], -1)


def each(counts: Codes) -> tuple[Codes, Codes]:
    """Owner, and number within the owner, of counts[0] + counts[1] + ... movements."""
    counts = np.minimum(counts, MOST - 1)
    owner = np.repeat(np.arange(len(counts)), counts)
    return owner, np.arange(len(owner)) - (np.cumsum(counts) - counts)[owner]


def _season(factors: list[float], month: int) -> float:
    return factors[month % 12] * 12 / sum(factors)


@lru_cache
def _purchase_days(month: int) -> Bounds:
    """Cumulative share of a month's purchases by day, for one payday after another (the last: without one), those of
    each shifted by its number."""
    card = world_facts().card
    length = calendar.month_days(month)
    day = np.arange(length)
    since = (day[None, :] - np.arange(length)[:, None]) % length  # before payday the lift of the last one fades out
    lift = 1 + card.payday_lift * np.exp(-since / card.payday_decay_days)
    weights = np.vstack([lift, np.ones(length)]) * calendar.day_factors(month)
    bounds = np.cumsum(weights, axis=1)
    bounds /= bounds[:, -1:]
    return Bounds.of((bounds + np.arange(length + 1)[:, None]).ravel())


def _purchase_day(month: int, payday: Days, draw: Floats) -> Days:
    """Day of the month of each purchase, given the buyer's payday and a uniform draw."""
    length = calendar.month_days(month)
    row = np.where(payday < 0, length, payday)
    return _purchase_days(month).find(row + draw) - row * length


@lru_cache
def _next_business_day(month: int) -> Days:
    """The next business day at or after each day, or the last one of the month."""
    business = calendar.business_days(month)
    return business[np.minimum(np.searchsorted(business, np.arange(calendar.month_days(month))), len(business) - 1)]


def _salaries(of: Roster, window: Window) -> Movements:
    payroll = world_facts().payroll
    noise = spread(of.stream("sueldo").standard_normal(len(of)), payroll.variation_sigma)
    salary = cents(of.income * np.where(of.retired, 1.0, noise))
    parts = [("haberes", of.payday, salary)]
    bonus_day = payroll.bonus_months.get(of.month % 12 + 1)
    if bonus_day is not None:
        business = calendar.business_days(of.month)
        day = business[np.searchsorted(business, bonus_day - 1, side="right") - 1]
        parts.append(("aguinaldo", np.where(of.payday >= 0, day, -1), cents(of.income * payroll.bonus_share)))
    everybody = np.arange(len(of))
    movements = []
    for number, (rubro, days, amount) in enumerate(parts):
        paid = np.flatnonzero(window.holds(everybody, days))  # a day of -1 is in no window
        movements.append(Movements(paid, days[paid], amount[paid], _same(rubro, paid), np.full_like(paid, number)))
    return _join(movements)


def _same(rubro: str | None, rows: Codes) -> Codes:
    return np.full(len(rows), rubros().index(rubro))


def _join(parts: list[Movements]) -> Movements:
    columns = ("person", "day", "cents", "rubro", "number")
    return Movements(*(np.concatenate([getattr(part, column) for part in parts]) for column in columns))


def _purchases(of: Roster, window: Window, shop: Payments) -> Movements:
    """Purchases outside the shop. Those in the shop stand in their place, while there are any."""
    card = world_facts().card
    random = of.stream("compra_tarjeta")
    mean = card.per_month * _season(card.season, of.month) * calendar.day_factors(of.month).mean()
    owner, number = each(random.poisson(mean * of.purchases))
    which, noise = random.random(len(owner)), random.standard_normal(len(owner))
    day = _purchase_day(of.month, of.payday[owner], random.random(len(owner)))
    inside = (day >= of.since[owner]) & (day <= of.until[owner])
    nth: Codes = np.cumsum(inside) - inside
    nth -= nth[np.arange(len(owner)) - number]  # less those of the owners before
    in_shop = np.bincount(_rows(of, shop), minlength=len(of))
    kept = np.flatnonzero((nth >= in_shop[owner]) & window.holds(owner, day))
    person = owner[kept]
    category = _category_bounds(of.month).find(which[kept])
    ticket = (of.income * of.ticket * card.income_share / card.per_month)[person] * _category_tickets()[category]
    return Movements(
        person,
        day[kept],
        np.maximum(cents(ticket * spread(noise[kept], card.ticket_sigma)), 100),
        category + rubros().index(next(iter(card.categories))),
        number[kept],
    )


def _rows(of: Roster, shop: Payments) -> Codes:
    """Row of the roster of each payment's customer."""
    return np.searchsorted(of.numbers, shop.customer)


def _in_shop(of: Roster, window: Window, shop: Payments, rubro: str) -> Movements:
    """Purchases or refunds, numbered as their orders, refunds by thousands for each month since the order."""
    person = _rows(of, shop)
    kept = np.flatnonzero(window.holds(person, shop.day))
    person, order = person[kept], shop.order[kept]
    year, month = np.divmod(order // MOST % 10**4, 100)
    since = (of.month - (year * 12 + month - 1)) % 1200
    return Movements(person, shop.day[kept], shop.cents[kept], _same(rubro, person), since * MOST + order % MOST, order)


@lru_cache
def _category_bounds(month: int) -> Bounds:
    categories = world_facts().card.categories.values()
    share = np.cumsum([row.share * (row.december if month % 12 == 11 else 1) for row in categories])
    return Bounds.of(share / share[-1])


@lru_cache
def _category_tickets() -> Floats:
    """Ticket of each category relative to the mean one."""
    categories = list(world_facts().card.categories.values())
    share = np.array([row.share for row in categories])
    ticket = np.array([row.ticket for row in categories])
    return ticket * share.sum() / (share * ticket).sum()


def _bills(of: Roster, window: Window, kind: str) -> Movements:
    """Bills of a kind. Who has which, and its share of income, stays; what falls on a holiday moves."""
    table = world_facts()
    next_business_day = _next_business_day(of.month)
    everybody = np.arange(len(of))
    parts = []
    for code, (name, bill) in enumerate(table.bills.items()):
        if bill.kind != kind:
            continue
        random = of.stream(f"cuenta {name}")
        skipped = random.random(len(of)) < table.bill_skipped
        delay = random.integers(*table.bill_delay_days, len(of), endpoint=True)
        due, share = of.bill_due[code], of.bill_share[code]
        day = due if kind == "debito_automatico" else np.maximum(due + delay, 0)
        day = next_business_day[np.minimum(day, len(next_business_day) - 1)]
        paid = np.flatnonzero((share > 0) & ~skipped & window.holds(everybody, day))
        amount = of.income[paid] * share[paid] * (_season(bill.season, of.month) if bill.season else 1)
        parts.append(
            Movements(paid, day[paid], np.maximum(cents(amount), 100), _same(name, paid), np.full_like(paid, code))
        )
    return _join(parts)


def _withdrawals(of: Roster, window: Window) -> Movements:
    cash = world_facts().cash
    random = of.stream("extraccion_cajero")
    owner, number = each(random.poisson(cash.per_month, len(of)))
    noise = random.standard_normal(len(owner))
    day = _purchase_day(of.month, of.payday[owner], random.random(len(owner)))
    kept = np.flatnonzero(window.holds(owner, day))
    person = owner[kept]
    mean = of.income[person] * cash.income_share / cash.per_month
    notes = np.rint(mean * spread(noise[kept], cash.sigma) / cash.multiple_of).astype(np.int64)
    amount = np.maximum(notes, 1) * cash.multiple_of * 100
    return Movements(person, day[kept], amount, _same(None, person), number[kept])


def _transfers(of: Roster, window: Window) -> Movements:
    transfers = world_facts().transfers
    room = MOST // len(transfers)
    parts = []
    for nth, (direction, transfer) in enumerate(transfers.items()):
        random = of.stream(f"transferencia {direction}")
        owner, number = each(np.minimum(random.poisson(transfer.per_month, len(of)), room))
        noise = random.standard_normal(len(owner))
        day = random.integers(0, calendar.month_days(of.month), len(owner))
        kept = np.flatnonzero(window.holds(owner, day))
        person = owner[kept]
        mean = of.income[person] * transfer.income_share / transfer.per_month
        amount = np.maximum(cents(mean * spread(noise[kept], transfer.sigma)), 100)
        parts.append(Movements(person, day[kept], amount, _same(direction, person), number[kept] + nth * room))
    return _join(parts)


def _plan(of: Roster, window: Window, bought: Payments, refunded: Payments) -> list[Movements]:
    """The movements of a window of the month, one entry for each of KINDS."""
    return [
        _purchases(of, window, bought),
        _transfers(of, window),
        _bills(of, window, "debito_automatico"),
        _withdrawals(of, window),
        _bills(of, window, "pago_servicio"),
        _salaries(of, window),
        _in_shop(of, window, bought, "tienda"),
        _in_shop(of, window, refunded, "reintegro"),
    ]


def _split(numbers: Codes, divisor: int) -> tuple[Codes, Codes]:
    """Quotients and remainders, faster than numpy's divmod."""
    quotients = numbers // divisor
    return quotients, numbers - quotients * divisor


def transacciones(of: Roster, bought: Payments, refunded: Payments, first: int, last: int) -> pa.Table:
    """Rows of the landing file `transacciones` of a block, from day `first` to day `last`, which lie in its month.

    `bought` and `refunded` are the card's payments in the shop and what it got back, of the whole month.
    Ordered by customer, day, kind and number within the kind: the order of the fact's key, in which it loads fastest.
    """
    month_first = calendar.day_number(calendar.month_start(of.month))
    if not month_first <= first <= last < month_first + calendar.month_days(of.month):
        raise ValueError(f"{calendar.date_of(first)} and {calendar.date_of(last)} are not in one month")
    until = np.where(of.shown, np.minimum(of.until, last - month_first), -1)
    plan = _plan(of, Window(np.maximum(of.since, first - month_first), until), bought, refunded)
    kind = np.repeat(np.arange(len(plan)), [len(movements) for movements in plan])
    sold = np.concatenate([np.full(len(m), -1) if m.order is None else m.order for m in plan])
    rows = _join(plan)
    key = ((rows.person * 32 + rows.day) * len(KINDS) + kind) * MOST + rows.number
    # numbers are sorted several times as fast as their order is found, so each takes its row with it
    key, sort = _split(np.sort(key * len(key) + np.arange(len(key))), max(len(key), 1))
    place, within = _split(key, len(KINDS) * MOST)
    person, day = _split(place, 32)
    first_id = (of.numbers * 10**4 + calendar.yymm(of.month)) * 10**4
    return pa.table(
        {
            "transaccion_id": ids("T", first_id[person] + within, 17),
            "fecha": dates(month_first + day),
            "cliente_id": of.cliente_id.take(pa.array(person)),
            "tipo_transaccion": names(within // MOST, KINDS),
            "monto": money(rows.cents[sort]),
            "rubro": names(rows.rubro[sort], rubros()),
            "venta_id": ids_or_null("V", sold[sort], 16),
        }
    )
