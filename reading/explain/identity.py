"""Who the customer is, and who may be the same person."""

from collections.abc import Callable
from datetime import date
from typing import Any

from reading.explain.evidence import Answer, Explain, Facts, Record

SHARED = range(2, 6)
"""As many customers may share what identifies one; what more share stands for what is not known."""


def _column(formula: str, value: Callable[[Facts, Record], Any]) -> Explain:
    """Of the version of the day."""

    def explain(facts: Facts) -> Answer:
        versions = facts.rows("versiones")
        newest = versions.records[-1]
        return Answer(value(facts, newest), formula, rows=(versions.where(lambda row: row is newest),))

    return explain


def _name(_facts: Facts, version: Record) -> str | None:
    return " ".join(filter(None, (version["nombre"], version["apellido"]))) or None


def _months(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month - (until.day < since.day)


def _age(facts: Facts, version: Record) -> int | None:
    born = version["fecha_nacimiento"]
    return None if born is None else int(_months(born, facts.fecha) / 12)


def _province(facts: Facts) -> Answer:
    versions = facts.rows("versiones")
    newest = versions.records[-1]
    spellings = facts.rows("grafias", provincia=newest["provincia"])
    at_home = (newest["pais"] or facts.pais) == facts.pais
    meant = [row["provincia"] for row in spellings.records if at_home and row["provincia"]]
    return Answer(
        meant[0] if meant else newest["provincia"],
        "provincia, or what is meant by it",
        rows=(versions.where(lambda row: row is newest), spellings),
    )


def _duplicate(facts: Facts) -> Answer:
    alike = facts.rows("parecidos")
    own = next(row for row in alike.records if row["cliente_id"] == facts.cliente_id)
    by_document, by_address = (
        alike.where(lambda row, name=name: own[name] is not None and row[name] == own[name])  # type: ignore[misc]
        for name in ("documento", "correo")
    )
    found = set()
    if len(by_document.records) in SHARED:
        found |= {row["cliente_id"] for row in by_document.records}
    if len(by_address.records) in SHARED and own["fecha_nacimiento"] is not None:
        born = own["fecha_nacimiento"]
        found |= {row["cliente_id"] for row in by_address.records if row["fecha_nacimiento"] == born}
    first = min(found, default=facts.cliente_id)
    return Answer(
        first if first < facts.cliente_id else None,
        "the smallest cliente_id of those with the same document, or e-mail address and date of birth",
        {"mismo_documento": len(by_document.records), "mismo_correo": len(by_address.records)},
        rows=(alike.where(lambda row: row is own or row["cliente_id"] in found),),
    )


COLUMNS: dict[str, Explain] = {
    "cliente_id": _column("cliente_id", lambda _, version: version["cliente_id"]),
    "nombre": _column("nombre apellido", _name),
    "edad": _column("whole years from fecha_nacimiento to fecha_corte", _age),
    "provincia": _province,
    "pais": _column("pais, or that of the source", lambda facts, version: version["pais"] or facts.pais),
    "ocupacion": _column("ocupacion", lambda _, version: version["ocupacion"]),
    "antiguedad_meses": _column(
        "whole months from fecha_alta to fecha_corte",
        lambda facts, version: _months(version["fecha_alta"], facts.fecha),
    ),
    "fecha_corte": _column("the business day", lambda facts, _: facts.fecha),
    "posible_duplicado_de": _duplicate,
}
