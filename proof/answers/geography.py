"""Where the customers live, and where there is potential for more."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from math import floor

from client360.simulate.facts import world_facts
from proof.exact import percentage, pesos, ratio
from proof.history import YEAR, History, Row

HOME = "AR"
"""The country in which all live."""


def distribucion_geografica(history: History) -> Iterator[Row]:
    """Where the customers live, and where there is potential for more. Without orders, what they would buy is not known."""
    if not history.provides("clientes"):
        return
    provinces = world_facts().provinces
    customers = history.customers(history.day)
    living = Counter(version["provincia"] for version in customers.values())
    past_day = history.day - YEAR
    past = Counter(version["provincia"] for version in history.customers(past_day).values())
    spent: Counter[str] = Counter()
    back: Counter[str] = Counter()
    for customer, version in customers.items():
        spent[version["provincia"]] += sum(order.amount for order in history.recent_orders(customer))
    for one in history.returns:
        if one.customer in customers and history.recent(one.day):
            back[customers[one.customer]["provincia"]] += one.amount
    total, total_spent = living.total(), spent.total() - back.total()
    population = sum(province.population for province in provinces.values())
    rows: list[Row] = []
    for name, province in provinces.items():
        here, here_past = living[name], past[name] if past_day >= history.first_day else None
        here_spent = spent[name] - back[name]
        fair = Fraction(total * province.population, population)
        potential = max(0, floor(fair - here))
        each = Fraction(here_spent, here) if here else Fraction(total_spent, total) if total else 0
        rows.append(
            {
                "provincia": name,
                "pais": HOME,
                "region": province.region,
                "poblacion": province.population,
                "clientes": here,
                "clientes_por_1000_hab": ratio(here * 1000, province.population, 4),
                "clientes_hace_12m": here_past,
                "crecimiento_pct": percentage(here - here_past, here_past) if here_past else None,
                "ingresos_por_cliente": pesos(Fraction(spent[name], here)) if here and history.sells else None,
                "clientes_potenciales": potential,
                "ingresos_potenciales": pesos(potential * each) if history.sells else None,
                "motivo": _reason(few=here < fair, good=here > 0 and each >= Fraction(total_spent, total))
                if history.sells
                else None,
                "puesto": None,
                "devoluciones_por_cliente": pesos(Fraction(back[name], here))
                if here and history.returns_known
                else None,
                "ingresos_netos_por_cliente": pesos(each) if here and history.sells and history.returns_known else None,
            }
        )
    if not history.sells:
        yield from sorted(rows, key=lambda row: row["provincia"])
        return
    ranked = sorted(
        rows, key=lambda row: (-row["ingresos_potenciales"], row["clientes_por_1000_hab"], row["provincia"])
    )
    for puesto, row in enumerate(ranked, start=1):
        row["puesto"] = puesto
    yield from sorted(rows, key=lambda row: row["provincia"])


def _reason(*, few: bool, good: bool) -> str:
    if few:
        return "poca_penetracion_y_buen_gasto" if good else "poca_penetracion"
    return "buen_gasto" if good else "mercado_cubierto"
