"""People who were erased, known by keyed hashes of what identified them: so they are kept out when their rows come again."""

import hmac
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import ColumnElement, Connection, Table, func, select, true
from sqlalchemy.dialects.postgresql import insert

from client360.warehouse.models import Olvidados

VARIABLE = "CLIENT360_ANONYMITY_KEY"
"""The key of these hashes, and of the ids in anonymous files."""
SHORTEST = 16
OF_THE_SHOP = ("ventas", "detalle_ventas", "envios", "devoluciones", "pagos_venta")
"""Entities whose rows stay without their customer, so that what is summed of them stays."""


STAY = {
    *OF_THE_SHOP,
    *("hecho_ventas", "hecho_pedidos", "hecho_pagos", "hecho_devoluciones", "hecho_envios"),
    *("historia_ventas", "historia_envios"),
}
"""Tables whose rows stay, of a customer whom nobody knows."""
MOVEMENTS = ("transacciones", "hecho_transacciones")
"""Tables of which rows stay that an account has."""
MARK = "olvidado:"
"""How what stands for the key of an erased person begins, in lines of files that stay: their rows have no customer."""


class NoErasureKey(ValueError):
    """The key by which erased people are known is missing, or is another one."""


@dataclass(frozen=True)
class Erased:
    """The hashes, and the columns whose values they are of: of the contract and of files."""

    key: bytes = field(repr=False)
    columns: frozenset[str]
    hashes: frozenset[str]

    def among(self, column: str, values: Iterable[str]) -> list[str]:
        """Those of the values of a column that were of somebody who is erased."""
        if column not in self.columns:
            return []
        return [value for value in values if _hash(self.key, column, value) in self.hashes]

    def mark(self, value: str) -> str:
        """What stands for a key in lines that stay: the same in all files, so that SELECTs join them."""
        return f"{MARK}{_hash(self.key, 'mark', value)[:12]}"


def stays(table: Table) -> ColumnElement[bool] | None:
    """Which rows of a customer stay without them; None where all go."""
    if table.name in MOVEMENTS:
        return table.c.cuenta_id.is_not(None)
    return true() if table.name in STAY else None


def normal(value: str) -> str:
    """A value as it is compared: without case, blanks around it, and what people write between digits."""
    text = value.strip().lower()
    digits = re.sub(r"[ .-]", "", text)
    return digits if digits.isdigit() else text


def key() -> bytes:
    """The key in the environment. Raises NoErasureKey."""
    found = os.environ.get(VARIABLE, "").encode()
    if len(found) < SHORTEST:
        raise NoErasureKey(f"erased people are known by a key in {VARIABLE}, and there is none: put it back")
    return found


def read(connection: Connection) -> Erased | None:
    """Who is erased; None where nobody is. Raises NoErasureKey."""
    rows = connection.execute(select(Olvidados.huella, Olvidados.columna, Olvidados.clave)).all()
    if not rows:
        return None
    own = key()
    if any(row.clave != _footprint(own) for row in rows):
        raise NoErasureKey(f"people were erased under another key than that in {VARIABLE}: put that one back")
    return Erased(own, frozenset(row.columna for row in rows), frozenset(row.huella for row in rows))


def add(connection: Connection, identity: Iterable[tuple[str, str]]) -> None:
    """Note what identified somebody: pairs of a column and a value. Raises NoErasureKey."""
    own = key()
    rows = [
        {"huella": _hash(own, column, value), "columna": column, "clave": _footprint(own), "momento": func.now()}
        for column, value in set(identity)
    ]
    for row in rows:
        connection.execute(insert(Olvidados).values(**row).on_conflict_do_nothing())


def copy(source: Connection, target: Connection) -> None:
    """Have another warehouse know who is erased."""
    rows = source.execute(select(Olvidados.__table__)).mappings().all()
    if rows:
        target.execute(insert(Olvidados).on_conflict_do_nothing(), [dict(row) for row in rows])


def _hash(own: bytes, column: str, value: str) -> str:
    return hmac.digest(own, f"client360 erased\0{column}\0{normal(value)}".encode(), "sha256").hex()


def _footprint(own: bytes) -> str:
    return hmac.digest(own, b"client360 erased", "sha256").hex()[:16]
