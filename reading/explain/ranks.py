"""Segments: the place of a figure among those of all customers of the day. The figures themselves are other columns."""

from reading.explain import exact
from reading.explain.evidence import Answer, Explain, Facts, Record, unknown
from reading.explain.purchases import ORDERS

RFM = ("ultima_compra", "compras_12m", "monto_neto_12m")


def _places(facts: Facts, names: tuple[str, ...]) -> list[Record]:
    """For each figure that the customer has: how many customers have one, a smaller one, and the same, and its fifth."""
    table = facts.table("puestos")
    found = {row[0]: dict(zip(table.columns, row, strict=True)) for row in table.rows}
    return [
        {
            "cifra": name,
            "valor": str(_value(facts, name)),
            **{column: found[name][column] for column in ("clientes", "menores", "iguales")},
            "quinto": exact.quintile(found[name]["menores"], found[name]["clientes"]),
        }
        for name in names
        if name in found
    ]


def _value(facts: Facts, name: str) -> object:
    """The figure or, where returns are not known, that of what was bought."""
    value = facts.published[name]
    return facts.published["monto_compras_12m"] if value is None and name == "monto_neto_12m" else value


def _income(facts: Facts) -> Answer:
    steps = _places(facts, ("ingresos_mensuales",))
    value = steps[0]["quinto"] if steps else None
    return Answer(value, "fifth of the first of equal ones, by ingresos_mensuales", steps=steps)


def _rfm(facts: Facts) -> Answer:
    if not facts.provides(*ORDERS):
        return unknown(*ORDERS)
    steps = _places(facts, RFM)
    value = "".join(str(step["quinto"]) for step in steps) or None
    return Answer(value, "fifths of the first of equal ones, one after the other", steps=steps)


COLUMNS: dict[str, Explain] = {"segmento_ingresos": _income, "segmento_rfm": _rfm}
