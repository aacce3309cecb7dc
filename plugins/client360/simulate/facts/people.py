"""The facts about people: where they live, what they work as, and how their lives change."""

from math import inf

from client360.simulate.facts.base import Facts


class Position(Facts):
    """A place on the Earth, in decimal degrees."""

    latitude: float
    longitude: float


class Province(Facts):
    """A province: inhabitants, incomes, region, capital, relative weights of its cities, and other spellings of its name."""

    population: int
    income: float
    region: str
    capital: Position
    cities: dict[str, int]
    spellings: tuple[str, ...] = ()


class Occupation(Facts):
    """An occupation: share of customers, income, and the ages at which it is possible."""

    share: float
    income: float
    sigma: float
    payroll: bool
    declares_none: float = 0.0
    floor: float = 0.0
    min_age: float = 0
    max_age: float = inf


class PeopleFacts(Facts):
    """Ages, moves, changes of occupation, and how long customers stay."""

    age_quantiles: dict[float, int]
    dni_by_birth_year: dict[int, float]
    mean_past_years: float
    mean_stay_years: float
    restlessness_sigma: float
    fading_days: float
    mean_gap_days: float
    moves_per_year: float
    moves_to_other_province: float
    job_changes_per_year: float
    retirement_ages: tuple[float, float]
    oldest: float
    income_person_share: float
    income_by_age: dict[float, float]
    declaration_months: tuple[int, int]
    email_domains: list[str]


class NameFacts(Facts):
    """First names by the first year of birth of those who have them, and surnames that are written with an accent."""

    fashion_years: float
    female: dict[int, list[str]]
    male: dict[int, list[str]]
    accented_surnames: list[str]
