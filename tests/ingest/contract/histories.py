"""Random histories of the files of a feed: they come, are corrected, split, copied and withdrawn.

There are few keys, so that rows clash, parents come late and go, and an order has several states and many lines. Most rows refer
to parents as they mostly are, and some have a value that is none.
"""

from collections.abc import Callable, Collection, Mapping
from random import Random
from typing import NamedTuple

from raw_feed import HEADERS

from client360.ingest.raw_file import RawFile

DAYS = [f"2025-01-0{day}" for day in range(1, 6)]
ORDERS = {"V1": ("C1", DAYS[1]), "V2": ("C2", DAYS[2]), "V3": ("", DAYS[2])}
"""Customer and day, as they mostly are."""
STATES = {"ventas": ["completada", "completada", "completada", "cancelada"], "envios": ["preparacion", "entregado"]}
VALUES = {
    "campania_id": ["K1", "K1", "K2"],
    "canal": ["email", "email", "sms"],
    "cantidad": ["1", "1", "2"],
    "descuento": ["0", "0", "0", "1"],
    "devolucion_id": ["D1", "D2", "D3"],
    "fecha_alta": [*DAYS[:1] * 6, DAYS[2]],
    "fecha_baja": [*[""] * 6, DAYS[3]],
    "fecha_despacho": ["", DAYS[0]],
    "fecha_entrega": [DAYS[0], DAYS[0], ""],
    "fecha_fin": [DAYS[4]],
    "fecha_inicio": [DAYS[0]],
    "fecha_nacimiento": ["1980-02-29"],
    "fecha_prometida": [DAYS[4]],
    "grupo": ["control", "tratamiento"],
    "linea": ["1", "2"],
    "metodo_pago": ["tarjeta"],
    "movimiento_id": ["M1", "M2"],
    "poblacion": ["10", "20"],
    "producto_id": ["P1", "P1", "P2"],
    "provincia": ["Salta", "Salta", "Salta", "Salta", "Jujuy", "Atlantis"],
    "provincia_envio": ["Salta", "Salta", "Avalon"],
    "region": ["NOA", "Mar"],
    "tipo": ["recepcion"],
    "tipo_transaccion": ["transferencia"],
    "transaccion_id": ["T1", "T2", "T3"],
}
USUAL = ["1"] * 30 + ["2.50"]
SPOILT = ["", "x", "2", "2025-1-3", "99999999999999999999", *DAYS]
ZONES = ["provincia", "region"]
KINDS = (
    *(
        "clientes",
        "clientes",
        "productos",
        "campanias",
        "ventas",
        "ventas",
        "ventas",
        "detalle_ventas",
        "detalle_ventas",
    ),
    *("envios", "envios", "devoluciones", "transacciones", "transacciones", "contactos_campania", "movimientos_stock"),
    "zonas",
)
FIRST = (
    "clientes",
    "productos",
    "campanias",
    "zonas",
    "ventas",
    "detalle_ventas",
    "envios",
    "devoluciones",
    "transacciones",
    "movimientos_stock",
)
ALL_ALLOWED = 100.0


class File(NamedTuple):
    lines: tuple[tuple[str, ...], ...]
    unreadable: int = 0
    """Lines beside these."""


class Step(NamedTuple):
    """What comes before a run, and how it runs."""

    files: dict[str, File | None]
    """By name; None where it is withdrawn."""
    threshold: float = ALL_ALLOWED
    stops_after: int | None = None
    """Statements after which a first run breaks off."""
    published: bool = False


def kind_of(name: str) -> str:
    return name.rsplit("_", 2)[0]


def header_of(kind: str) -> list[str]:
    return ZONES if kind == "zonas" else HEADERS[kind]


def history(chance: Random, kinds: Mapping[str, RawFile], steps: int) -> list[Step]:
    """The steps; the first one brings files of most kinds."""
    inbox = _Inbox(chance, kinds)
    found = []
    for number in range(steps):
        if number:
            for _ in range(chance.choice([0, 1, 1, 1, 2, 3])):
                chance.choice(CHANGES)(inbox)
        else:
            for kind in FIRST:
                inbox.add(kind, 5)
        threshold = chance.choice([ALL_ALLOWED] * 8 + [30.0])
        stops_after = chance.randrange(250) if chance.random() < 0.08 else None
        found.append(Step(inbox.taken(), threshold, stops_after, published=chance.random() < 0.5))
    return found


class _Inbox:
    """The files as they are."""

    def __init__(self, chance: Random, kinds: Mapping[str, RawFile]) -> None:
        self.chance = chance
        self.dated = {kind for kind, file in kinds.items() if file.dated}
        self.kinds = [kind for kind in KINDS if kind in kinds]
        self.files: dict[str, File] = {}
        self.touched: set[str] = set()
        self.last: list[str] = []

    def taken(self) -> dict[str, File | None]:
        """What has been touched since, in any order."""
        names = sorted(self.touched)
        self.chance.shuffle(names)
        self.touched.clear()
        self.last = names
        return {name: self.files.get(name) for name in names}

    def put(self, name: str, lines: Collection[tuple[str, ...]], unreadable: int = 0) -> None:
        self.files[name] = File(tuple(lines), unreadable)
        self.touched.add(name)

    def add(self, kind: str | None = None, rows: int | None = None) -> None:
        kind = kind or self.chance.choice(self.kinds)
        if kind in self.kinds:
            self.put(
                self._new_name(kind), [self._row(kind) for _ in range(rows or self.chance.choice([1, 2, 2, 3, 4]))]
            )

    def correct(self) -> None:
        """Another value in a line, or none or some value that it can not be."""
        name, lines = self._any_lines()
        if lines:
            which, other = self.chance.randrange(len(lines)), list(self._row(kind_of(name)))
            column = self.chance.randrange(len(other))
            lines[which] = (*lines[which][:column], other[column], *lines[which][column + 1 :])
            self.put(name, lines)

    def replace(self) -> None:
        name, lines = self._any_lines()
        if lines:
            lines[self.chance.randrange(len(lines))] = self._row(kind_of(name))
            self.put(name, lines)

    def gain(self) -> None:
        """A line, which may be one that is there."""
        name, lines = self._any_lines()
        if name:
            row = self.chance.choice(lines) if lines and self.chance.random() < 0.3 else self._row(kind_of(name))
            lines.insert(self.chance.randint(0, len(lines)), row)
            self.put(name, lines)

    def lose(self) -> None:
        name, lines = self._any_lines()
        if lines:
            lines.pop(self.chance.randrange(len(lines)))
            self.put(name, lines)

    def shuffle(self) -> None:
        name, lines = self._any_lines()
        if lines:
            self.chance.shuffle(lines)
            self.put(name, lines)

    def move(self) -> None:
        """Some lines, to another file or a new one."""
        name, lines = self._any_lines()
        if lines:
            others = [other for other in self.files if other != name and kind_of(other) == kind_of(name)]
            to = self.chance.choice([*others, self._new_name(kind_of(name))])
            which = self.chance.randrange(len(lines))
            there = self.files.get(to, File(()))
            self.put(to, [*there.lines, *lines[which:]], there.unreadable)
            self.put(name, lines[:which], self.files[name].unreadable)

    def copy(self) -> None:
        name, lines = self._any_lines()
        if name:
            self.put(f"{kind_of(name)}_{self.chance.choice('abc')}_{name.rsplit('_')[-1]}", lines)

    def read_again(self) -> None:
        name, _ = self._any_lines()
        self.touched |= {name} - {""}

    def spoil(self) -> None:
        """A file with lines that can not be read."""
        name, lines = self._any_lines()
        if name:
            self.put(name, lines, self.chance.randint(0, 2))

    def withdraw(self) -> None:
        self._withdraw(list(self.files))

    def regret(self) -> None:
        """Withdraw what came last, of which too many rows may have been rejected."""
        self._withdraw([name for name in self.last if name in self.files])

    def part_copies(self) -> None:
        """Withdraw a file that has a copy, or is one."""
        there = list(self.files.values())
        self._withdraw([name for name, file in self.files.items() if there.count(file) > 1])

    def _withdraw(self, of: list[str]) -> None:
        if of:
            name = self.chance.choice(of)
            del self.files[name]
            self.touched.add(name)

    def _any_lines(self) -> tuple[str, list[tuple[str, ...]]]:
        if not self.files:
            return "", []
        name = self.chance.choice(sorted(self.files))
        return name, list(self.files[name].lines)

    def _new_name(self, kind: str) -> str:
        days = DAYS if kind in self.dated else [*DAYS[:2], "x"]
        return f"{kind}_{self.chance.choice('abc')}_{self.chance.choice(days)}.csv"

    def _row(self, kind: str) -> tuple[str, ...]:
        order = self._any(["V1", "V1", "V2", "V3"])
        customer, day = ORDERS[order]
        if self.chance.random() < 0.15:
            customer, day = self._any([customer, "C1", "C2", "C3"]), self._any([day, *DAYS[:4]])
        state = self._any(STATES.get(kind, [""]))
        later = day if kind in ("ventas", "detalle_ventas") and state != "cancelada" else self._any([day, *DAYS[2:]])
        known = {"venta_id": order, "estado": state, "cliente_id": customer, "fecha_venta": day, "fecha": later}
        if kind == "ventas":
            known["campania_id"] = self._any(["", "", "K1", "K2"])
        elif kind == "transacciones":
            known["venta_id"] = self._any(["", order, order])
        elif kind == "devoluciones":
            known |= {
                "cliente_id": self._any([customer, customer, ""]),
                "venta_id": self._any([order, order, "V9", ""]),
            }
        elif "venta_id" not in header_of(kind):  # they come before
            known |= {
                "cliente_id": self._any(["C1", "C1", "C2", "C3"]),
                "fecha": self._any([*DAYS[:2], *DAYS[:2], *DAYS]),
            }
        row = [known.get(name, self._any(VALUES.get(name, USUAL))) for name in header_of(kind)]
        if self.chance.random() < 0.05:
            row[self.chance.randrange(len(row))] = self._any(SPOILT)
        return tuple(row)

    def _any(self, of: list[str]) -> str:
        return self.chance.choice(of)


CHANGES: list[Callable[[_Inbox], None]] = [
    *[_Inbox.add] * 6, *[_Inbox.correct] * 4, *[_Inbox.withdraw] * 2, _Inbox.regret, *[_Inbox.lose] * 2,
    *[_Inbox.move] * 2, *[_Inbox.gain] * 2, *[_Inbox.replace] * 2, *[_Inbox.copy] * 2, _Inbox.part_copies, _Inbox.shuffle,
    _Inbox.spoil, _Inbox.read_again,
]  # fmt: skip
"""Those that happen more often are there more often."""
