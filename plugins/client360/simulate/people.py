"""Who the customers are: one place in the bank after another, each held by one person at a time.

The customer base is a number of places (the size of the world). A person holds a place from `alta` to `baja`; after a
short gap the next one does: its second, third... *generation*. So the base keeps its size for ever, customers join
and leave, and each place is drawn without looking at any other.
"""

from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from unicodedata import normalize

import numpy as np
import pyarrow as pa
from faker.providers.person.es_AR import Provider as Names
from numpy.typing import NDArray

from client360.simulate import calendar
from client360.simulate.columns import cents, dates, dates_or_null, ids, money, names
from client360.simulate.facts import world_facts
from client360.simulate.streams import stream
from client360.simulate.world import BLOCK, World

Days = NDArray[np.int64]
Floats = NDArray[np.floating]
Codes = NDArray[np.int64]

NEVER = 10**6
"""A day number after every day."""
CHANGES = 8
"""Moves, and job changes, that a life has room for (a dozen lives in a million need more and then stay put)."""
YEAR = 365.2425
ADULT = 18
PLACES = 10**7
DNI_RANGE = 2_000_000
"""Numbers given out in about three years."""


@dataclass(frozen=True)
class Situation:
    """Where and how persons live on given days; every array has the shape of the question."""

    province: Codes
    city: Codes
    occupation: Codes
    declared_income: Floats
    """What the bank was last told, in pesos."""


@dataclass(frozen=True)
class Habits:
    """What stays the same about a person's spending through the bank, whatever the month."""

    purchases: Floats
    """Purchases relative to the mean customer, shape (BLOCK,)."""
    ticket: Floats
    """Share of income spent on a purchase relative to the mean customer, shape (BLOCK,)."""
    bill_share: Floats
    """Cost of each bill as a share of income, 0 for a bill the person does not have; shape (bills, BLOCK)."""
    bill_due: Days
    """Day of the month, from 0, on which each bill is due; shape (bills, BLOCK)."""
    salary_day: Days
    """Business day of the month, from 1, on which a salary is paid; shape (BLOCK,)."""


@dataclass(frozen=True)
class Generation:
    """The persons who are the n-th to hold the places of one block; every array has BLOCK rows."""

    world: World
    block: int
    number: int
    alta: Days
    baja: Days

    @property
    def places(self) -> Codes:
        """Number of each place in the world, from 1."""
        return np.arange(self.block * BLOCK, (self.block + 1) * BLOCK) + 1

    @property
    def numbers(self) -> Codes:
        """The digits of cliente_id."""
        return self.number * PLACES + self.places

    @property
    def start(self) -> Days:
        """First day in the history: the day they joined, or the first day of the world."""
        return np.maximum(self.alta, calendar.day_number(self.world.first_day))

    def _stream(self, entity: str) -> np.random.Generator:
        return stream(self.world.seed, entity, self.block, self.number)

    @cached_property
    def birth(self) -> Days:
        """Day of birth: the declared ages are those on the first day of the world, or of who joins later, on joining."""
        quantiles = world_facts().people.age_quantiles
        age = np.interp(self._stream("edad").random(BLOCK), list(quantiles), list(quantiles.values()))
        reference = calendar.day_number(self.world.first_day) if self.number == 0 else self.alta
        return np.floor(reference - age * YEAR).astype(np.int64)

    @cached_property
    def dni(self) -> Codes:
        """National identity number: in the range given out around the year of birth, and within it by place and
        generation, so that no two persons share one in worlds of up to half a million customers."""
        anchors = world_facts().people.dni_by_birth_year
        about = np.interp(1970 + self.birth / YEAR, list(anchors), list(anchors.values())) * 1e6
        return about.astype(np.int64) // DNI_RANGE * DNI_RANGE + (self.places * 4 + self.number % 4) % DNI_RANGE

    @cached_property
    def person_income(self) -> Floats:
        """Standing of the person among those of the same occupation, a standard normal."""
        return self._stream("ingreso").standard_normal(BLOCK)

    @cached_property
    def move_days(self) -> Days:
        """Days on which the address changes; shape (BLOCK, CHANGES), ascending."""
        return self._change_days("mudanza", world_facts().people.moves_per_year)

    @cached_property
    def job_days(self) -> Days:
        """Days on which the occupation changes; shape (BLOCK, CHANGES), ascending."""
        return self._change_days("empleo", world_facts().people.job_changes_per_year)

    def _change_days(self, entity: str, per_year: float) -> Days:
        gaps = self._stream(entity).exponential(YEAR / per_year, (BLOCK, CHANGES))
        return self.start[:, None] + np.ceil(np.cumsum(np.maximum(gaps, 1.0), axis=1)).astype(np.int64)

    @cached_property
    def retirement(self) -> Days:
        """Day of retirement."""
        ages = self._stream("jubilacion").uniform(*world_facts().people.retirement_ages, BLOCK)
        return (self.birth + ages * YEAR).astype(np.int64)

    @cached_property
    def addresses(self) -> tuple[Floats, Floats]:
        """Uniform draws of the province and of the city after each number of moves; both of shape (BLOCK, CHANGES + 1)."""
        draws = self._stream("domicilio").random((3, BLOCK, CHANGES + 1))
        away = draws[0] < world_facts().people.moves_to_other_province
        away[:, 0] = True
        # the last column at or before this one in which the province was drawn anew
        last = np.maximum.accumulate(np.where(away, np.arange(CHANGES + 1), 0), axis=1)
        return np.take_along_axis(draws[1], last, axis=1), draws[2]

    def _address(self, persons: Codes, days: Days) -> tuple[Codes, Floats]:
        """Province on each day, and the uniform draw of the city in it."""
        moves = (self.move_days[persons] <= days[:, None]).sum(axis=1)
        province, city = (draws[persons, moves] for draws in self.addresses)
        return np.searchsorted(places().province_bounds, province, side="right"), city

    @cached_property
    def jobs(self) -> tuple[Floats, Floats]:
        """Uniform draws of the occupation after each number of job changes, shape (BLOCK, CHANGES + 1); and how lucky the
        person then is with the income, a standard normal, in the last column retired, shape (BLOCK, CHANGES + 2)."""
        random = self._stream("ocupacion")
        return random.random((BLOCK, CHANGES + 1)), random.standard_normal((BLOCK, CHANGES + 2))

    @cached_property
    def raise_phase(self) -> Codes:
        """Which of the months between two raises is the person's."""
        return self._stream("paritaria").integers(0, world_facts().payroll.raise_every_months, BLOCK)

    @cached_property
    def declaration(self) -> tuple[Days, Days, Floats]:
        """Income declarations to the bank: first day, days between, and a uniform draw; each of shape (BLOCK,)."""
        random = self._stream("declaracion")
        months = random.integers(*world_facts().people.declaration_months, BLOCK, endpoint=True)
        every = np.rint(months * YEAR / 12).astype(np.int64)
        first = self.start + 1 + (random.random(BLOCK) * every).astype(np.int64)
        return first, every, random.random(BLOCK)

    def _declaration_day(self, persons: Codes, days: Days) -> Days:
        """Day of the last regular declaration at or before each day; before the first one, the start."""
        first, every, _ = self.declaration
        since = days - first[persons]
        return np.where(since >= 0, days - since % every[persons], self.start[persons])

    def _job(self, persons: Codes, days: Days) -> tuple[Codes, Days]:
        """Column of `jobs` in force on each day, and the day since when."""
        changes = (self.job_days[persons] <= days[:, None]).sum(axis=1)
        since = np.where(changes > 0, self.job_days[persons, np.maximum(changes, 1) - 1], self.start[persons])
        retired = days >= self.retirement[persons]
        retired_since = np.maximum(self.retirement[persons], self.start[persons])
        return np.where(retired, CHANGES + 1, changes), np.where(retired, retired_since, since)

    def _occupation(self, persons: Codes, job: Codes) -> Codes:
        """Occupation in a column of `jobs`, among those that suit the age at which it begins."""
        begins = np.where(job > 0, self.job_days[persons, np.clip(job, 1, CHANGES) - 1], self.start[persons])
        age = (begins - self.birth[persons]) / YEAR
        bounds = jobs().bounds[np.searchsorted(jobs().ages, age, side="right")]
        draw = self.jobs[0][persons, np.minimum(job, CHANGES)] * bounds[:, -1]
        return np.where(job > CHANGES, jobs().retired, (draw[:, None] >= bounds).sum(axis=1))

    def _income(self, persons: Codes, job: Codes, occupation: Codes, days: Days) -> Floats:
        """Income in pesos of the day: it follows prices, with the last raise up to the month before it."""
        persistent = world_facts().people.income_person_share
        luck = self.jobs[1][persons, job]
        standing = np.sqrt(persistent) * self.person_income[persons] + np.sqrt(1 - persistent) * luck
        base = jobs().income[occupation] * np.exp(jobs().sigma[occupation] * standing)
        every = world_facts().payroll.raise_every_months
        month = calendar.month_of_days(days)
        raised = month - (month - self.raise_phase[persons]) % every
        return base * calendar.price_indices(raised - 1)

    def provinces(self, persons: Codes, days: Days) -> Codes:
        """Where the given persons (rows of this generation) live on the given days (one day for each)."""
        return self._address(persons, days)[0]

    def work(self, persons: Codes, days: Days) -> tuple[Codes, Floats]:
        """Occupation and monthly income, in pesos of the month, of the given persons on the given days."""
        job, _ = self._job(persons, days)
        occupation = self._occupation(persons, job)
        return occupation, self._income(persons, job, occupation, days)

    def situation(self, persons: Codes, days: Days) -> Situation:
        """How the given persons (rows of this generation) live on the given days (one day for each)."""
        province, city = self._address(persons, days)
        job, job_since = self._job(persons, days)
        told = np.maximum(self._declaration_day(persons, days), job_since)
        told_job, _ = self._job(persons, told)
        told_occupation = self._occupation(persons, told_job)
        amount = np.rint(self._income(persons, told_job, told_occupation, told) / 1000) * 1000
        declares_none = self.declaration[2][persons] < jobs().declares_none[told_occupation]
        return Situation(
            province=province,
            city=np.searchsorted(places().city_bounds, province + city, side="right"),
            occupation=self._occupation(persons, job),
            declared_income=np.where(declares_none, 0.0, amount),
        )

    def versions(self, first: int, last: int) -> tuple[Codes, Days]:
        """Person and day of every version of a customer that became known from day `first` to day `last`."""
        regular, every, _ = self.declaration
        count = max(0, (last - int(regular.min())) // int(every.min()) + 1)
        days = np.concatenate(
            [
                self.start[:, None],
                self.move_days,
                np.where(self.job_days < self.retirement[:, None], self.job_days, NEVER),
                self.retirement[:, None],
                regular[:, None] + every[:, None] * np.arange(count),
            ],
            axis=1,
        )
        since, until = np.maximum(self.start, first), np.minimum(self.baja - 1, last)
        person, column = np.nonzero((days >= since[:, None]) & (days <= until[:, None]))
        left = np.flatnonzero((self.baja > self.start) & (self.baja >= first) & (self.baja <= last))
        days = np.concatenate([days[person, column], self.baja[left]])
        day, person = np.divmod(np.unique(days * BLOCK + np.concatenate([person, left])), BLOCK)
        return person, day

    @cached_property
    def habits(self) -> Habits:
        card, bills, payroll = world_facts().card, world_facts().bills, world_facts().payroll
        normal = self._stream("tarjeta").standard_normal((2, BLOCK))
        bill_share, bill_due = [], []
        for name, bill in bills.items():
            random = self._stream(f"cuenta {name}")
            held = random.random(BLOCK) < bill.held_by
            bill_share.append(held * bill.income_share * spread(random.standard_normal(BLOCK), bill.sigma))
            bill_due.append(random.integers(0, 28, BLOCK))
        days = np.array(list(payroll.business_day_weights))
        which = np.searchsorted(
            _bounds(list(payroll.business_day_weights.values())),
            self._stream("dia de cobro").random(BLOCK),
            side="right",
        )
        return Habits(
            purchases=spread(normal[0], card.person_sigma),
            ticket=spread(normal[1], card.propensity_sigma),
            bill_share=np.stack(bill_share),
            bill_due=np.stack(bill_due),
            salary_day=days[which],
        )

    @cached_property
    def orders(self) -> Floats:
        """Orders in the shop relative to the mean customer."""
        return spread(self._stream("tienda").standard_normal(BLOCK), world_facts().shop.orders.person_sigma)

    @cached_property
    def cliente_id(self) -> pa.Array:
        return ids("C", self.numbers, 9)

    @cached_property
    def _names(self) -> Floats:
        """Uniform draws of sex, first name, surname and e-mail domain; shape (4, BLOCK)."""
        return self._stream("nombre").random((4, BLOCK))

    def identity(self, persons: Codes) -> tuple[pa.Array, pa.Array, pa.Array]:
        """First name, surname and e-mail of the given persons, from Faker's es_AR vocabulary."""
        draws = self._names.take(persons, axis=1)
        female, male = vocabulary("first_names_female"), vocabulary("first_names_male")
        first = np.where(draws[0] < 0.5, female.pick(draws[1]), male.pick(draws[1]))
        last = vocabulary("last_names").pick(draws[2])
        domains = world_facts().people.email_domains
        domain = (draws[3] * len(domains)).astype(np.int64)
        emails = [
            f"{_plain(name)}.{_plain(surname)}.{number}@{domains[which]}"
            for name, surname, number, which in zip(first, last, self.numbers[persons], domain, strict=True)
        ]
        return tuple(pa.array(texts, pa.string()) for texts in (first, last, emails))

    def rows(self, first: int, last: int) -> pa.Table:
        """Rows of the landing file `clientes` that became known from day `first` to day `last`."""
        persons, days = self.versions(first, last)
        inside = self.places[persons] <= self.world.customers
        persons, days = persons[inside], days[inside]
        situation = self.situation(persons, days)
        nombre, apellido, email = self.identity(persons)
        baja = self.baja[persons]
        return pa.table(
            {
                "cliente_id": self.cliente_id.take(pa.array(persons)),
                "fecha": dates(days),
                "dni": pa.array(self.dni[persons]).cast(pa.string()),
                "nombre": nombre,
                "apellido": apellido,
                "email": email,
                "fecha_nacimiento": dates(self.birth[persons]),
                "provincia": names(situation.province, places().provinces),
                "ciudad": names(situation.city, places().cities),
                "ocupacion": names(situation.occupation, jobs().names),
                "ingresos_mensuales": money(cents(situation.declared_income)),
                "fecha_alta": dates(self.alta[persons]),
                "fecha_baja": dates_or_null(baja, baja <= days),
            }
        )


def spread(normal: Floats, sigma: float) -> Floats:
    """Log-normal factors of mean 1."""
    return np.exp(sigma * normal - sigma**2 / 2)


@cache
def _plain(name: str) -> str:
    return normalize("NFKD", name).encode("ascii", "ignore").decode().lower().replace(" ", "")


@dataclass(frozen=True)
class Population:
    """The customers of one block of places, drawn as far as they are asked for."""

    world: World
    block: int

    @cached_property
    def _drawn(self) -> list[Generation]:
        return []

    def generations(self, last: int) -> list[Generation]:
        """The generations of which some person has joined by day `last`, first to last."""
        while not self._drawn or int(self._drawn[-1].alta.min()) <= last:
            self._drawn.append(self._next())
        return [generation for generation in self._drawn if int(generation.alta.min()) <= last]

    def _next(self) -> Generation:
        people = world_facts().people
        number = len(self._drawn)
        random = stream(self.world.seed, "permanencia", self.block, number)
        stay = np.ceil(random.exponential(people.mean_stay_years * YEAR, BLOCK)).astype(np.int64)
        inicio = calendar.day_number(self.world.first_day)
        if number:
            gap = np.ceil(random.exponential(people.mean_gap_days, BLOCK)).astype(np.int64)
            alta = self._drawn[-1].baja + gap
        else:
            alta = inicio - np.ceil(random.exponential(people.mean_past_years * YEAR, BLOCK)).astype(np.int64)
        person = Generation(self.world, self.block, number, alta, np.maximum(alta, inicio) + stay)
        grown, oldest = (np.ceil(person.birth + age * YEAR).astype(np.int64) for age in (ADULT, people.oldest))
        return replace(
            person, alta=np.maximum(alta, grown) if number == 0 else alta, baja=np.minimum(person.baja, oldest)
        )

    def provinces(self, numbers: Codes, days: Days) -> Codes:
        """Where persons live on the given days (one day for each), given the digits of their cliente_id."""
        number, place = np.divmod(numbers, PLACES)
        province = np.zeros_like(numbers)
        for generation in np.unique(number):
            rows = np.flatnonzero(number == generation)
            persons = place[rows] - 1 - self.block * BLOCK
            province[rows] = self._drawn[generation].provinces(persons, days[rows])
        return province

    def clientes(self, first: int, last: int) -> pa.Table:
        """Rows of the landing file `clientes` that became known from day `first` to day `last`."""
        return pa.concat_tables([generation.rows(first, last) for generation in self.generations(last)])


@dataclass(frozen=True)
class Vocabulary:
    words: NDArray[np.object_]
    bounds: Floats

    def pick(self, draws: Floats) -> NDArray[np.object_]:
        """One word for each uniform draw, by weight."""
        return self.words[np.searchsorted(self.bounds, draws, side="right")]


@lru_cache
def vocabulary(kind: str) -> Vocabulary:
    """Faker's Argentine names of a kind, with their weights."""
    weighted: dict[str, float] = getattr(Names, kind)
    words = sorted(weighted)
    return Vocabulary(np.array(words, dtype=object), _bounds([weighted[word] for word in words]))


def _bounds(weights: list[float]) -> Floats:
    """Upper bounds in [0, 1] of intervals as long as the weights, the last exactly 1."""
    total = np.cumsum(weights)
    return total / total[-1]


@dataclass(frozen=True)
class Places:
    provinces: list[str]
    province_bounds: Floats
    cities: list[str]
    city_bounds: Floats
    """Bounds of the cities, those of province p within [p, p + 1]."""


@lru_cache
def places() -> Places:
    """Provinces weighted by population, and their cities."""
    provinces = world_facts().provinces
    return Places(
        provinces=list(provinces),
        province_bounds=_bounds([province.population for province in provinces.values()]),
        cities=[city for province in provinces.values() for city in province.cities],
        city_bounds=np.concatenate(
            [i + _bounds(list(province.cities.values())) for i, province in enumerate(provinces.values())]
        ),
    )


@dataclass(frozen=True)
class Jobs:
    """The declared occupations, one row each; the last but one dimension of what is asked of them."""

    names: list[str]
    income: Floats
    sigma: Floats
    payroll: NDArray[np.bool_]
    declares_none: Floats
    retired: int
    ages: Floats
    """Ages at which some occupation begins or ends to suit."""
    bounds: Floats
    """Upper bounds of the shares of those that suit before the first of those ages, from it to the next one...; shape
    (ages + 1, occupations)."""


@lru_cache
def jobs() -> Jobs:
    table = world_facts().occupations
    rows = list(table.values())
    ages = np.unique([[row.min_age, row.max_age] for row in rows]).astype(np.float64)
    since = np.concatenate([[-np.inf], ages])
    shares = [np.where((since >= row.min_age) & (since < row.max_age), row.share, 0.0) for row in rows]
    return Jobs(
        names=list(table),
        income=np.array([row.income for row in rows]),
        sigma=np.array([row.sigma for row in rows]),
        payroll=np.array([row.payroll for row in rows]),
        declares_none=np.array([row.declares_none for row in rows]),
        retired=list(table).index("jubilado"),
        ages=ages,
        bounds=np.cumsum(np.stack(shares, axis=1), axis=1),
    )
