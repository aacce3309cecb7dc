"""Deliveries, and campaigns that contacted the customer."""

from itertools import groupby

from reading.explain import exact
from reading.explain.evidence import Answer, Explain, Facts, Record, unknown


def _late(facts: Facts) -> Answer:
    if not facts.provides("envios"):
        return unknown("envios")
    states = facts.rows("envios")
    steps: list[Record] = []
    for (order, depot), group in groupby(states.records, key=_shipment):
        known = list(group)
        promised = next((row["fecha_prometida"] for row in known if row["fecha_prometida"]), None)
        delivery = next(row for row in known if row["estado"] == "entregado")
        day = delivery["fecha_entrega"]
        if promised and day and facts.desde_12m <= day and facts.desde_12m <= delivery["fecha"]:
            steps.append(
                {
                    "venta_id": order,
                    "deposito": depot,
                    "fecha_prometida": promised,
                    "fecha_entrega": day,
                    "demorada": day > promised,
                }
            )
    late = sum(step["demorada"] for step in steps)
    counted = {(step["venta_id"], step["deposito"]) for step in steps}
    return Answer(
        exact.ratio(100 * late, len(steps), 2),
        "100 * demoradas / entregas",
        {"demoradas": late, "entregas": len(steps)},
        steps,
        (states.where(lambda row: _shipment(row) in counted),),
    )


def _contacts(facts: Facts) -> Answer:
    if not facts.provides("contactos_campania"):
        return unknown("contactos_campania")
    contacts = facts.rows("contactos")
    return Answer(len(contacts.records), "number of contacts", rows=(contacts,))


def _shipment(row: Record) -> tuple[str, str]:
    return row["venta_id"], row["deposito"]


COLUMNS: dict[str, Explain] = {"entregas_demoradas_pct": _late, "contactos_campania_12m": _contacts}
