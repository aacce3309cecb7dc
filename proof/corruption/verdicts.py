"""What must become of each row of corrupted files: the landing contract in plain Python.

It reads the files themselves, and shares nothing with what corrupted them, with the SQL or with the models.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from proof.corruption.lines import Values, split_line, typed
from proof.corruption.parents import PARENTS, Known, Order, Parents
from proof.corruption.rules import ENTITIES, KEYS, REFERRED, STATES, VERSIONED, broken_rule


class Verdict(NamedTuple):
    """A row that must be rejected."""

    file: str
    """Path relative to the folder that is judged."""
    line: int
    """Line of the file, from 1; the header is line 1."""
    entity: str
    """Empty where the line cannot be read."""
    column: str
    """Empty where the reason is in no single column."""
    reason: str


@dataclass(frozen=True)
class Verdicts:
    """What must become of all rows."""

    rejected: dict[tuple[str, int], Verdict]
    """By file and line."""
    counts: dict[str, Counter[str]]
    """By file, as control.lecturas counts: filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas."""
    repeated: set[tuple[str, int]]
    """Files and lines of exact duplicates of an earlier row."""


class _Row(NamedTuple):
    file: str
    line: int
    values: Values


class _Holder(NamedTuple):
    """The row that holds a key; its values are kept only for versions, and for entities that others refer to."""

    file: str
    line: int
    content: int
    """Hash of its values."""
    orphan: tuple[str, str] | None
    values: Values | None


def judge(folder: Path) -> Verdicts:
    """The verdict on each row of the files `<entity>/<entity>_*.csv` below a folder."""
    judging = _Judging(folder)
    for entity in ENTITIES:
        judging.judge(entity)
    return Verdicts(judging.rejected, judging.counts, judging.repeated)


class _Judging:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.rejected: dict[tuple[str, int], Verdict] = {}
        self.counts: dict[str, Counter[str]] = defaultdict(Counter)
        self.repeated: set[tuple[str, int]] = set()
        self.parents = Parents()

    def judge(self, entity: str) -> None:
        holders: dict[tuple, _Holder] = {}
        for row in self._rows(entity):
            broken = self._without_order(entity, row.values, broken_rule(entity, row.values))
            if broken:
                self._reject(entity, row, row.values[KEYS[entity][0]], *broken)
            else:
                self._hold(entity, row, holders)
        accepted: list[_Holder] = []
        for key, holder in holders.items():
            if holder.orphan:
                self._reject(entity, holder, key[0], *holder.orphan)
            else:
                accepted.append(holder)
        if entity == "ventas":
            accepted = self._admit_orders(accepted)
        if entity in VERSIONED:
            self._admit_versions(entity, accepted)
        else:
            for holder in accepted:
                self.counts[holder.file]["aceptadas"] += 1

    def _rows(self, entity: str) -> Iterator[_Row]:
        """The typed rows of all lines that can be read; the others are rejected."""
        for path in sorted((self.folder / entity).glob(f"{entity}_*.csv")):
            file = path.relative_to(self.folder).as_posix()
            lines = path.read_bytes().split(b"\n")
            columns = lines[0].decode().split(",")
            for number, line in enumerate(lines[1:], start=2):
                if not line:
                    continue
                problem, texts = split_line(line, len(columns))
                if problem:
                    self.rejected[file, number] = Verdict(file, number, "", "", problem)
                    continue
                self.counts[file]["filas"] += 1
                yield _Row(file, number, {c: typed(c, text) for c, text in zip(columns, texts, strict=True)})

    def _reject(self, entity: str, row: _Row | _Holder, key: str, column: str, reason: str) -> None:
        self.rejected[row.file, row.line] = Verdict(row.file, row.line, entity, column, reason)
        self.counts[row.file]["rechazadas"] += 1
        if entity in REFERRED:
            self.parents.refused[REFERRED[entity]].add(key)

    def _hold(self, entity: str, row: _Row, holders: dict[tuple, _Holder]) -> None:
        """Of the rows with equal keys, the first one in a file holds the key, and that of the last file replaces it."""
        key = tuple(row.values[column] for column in KEYS[entity])
        content = hash(tuple(row.values.values()))
        other = holders.get(key)
        if other and other.file == row.file and other.content == content:
            self.counts[row.file]["repetidas"] += 1
            self.repeated.add((row.file, row.line))
        elif other and other.file == row.file:
            self._reject(entity, row, key[0], "", "clave_repetida")
        else:
            if other:
                self.counts[other.file]["repetidas" if other.content == content else "reemplazadas"] += 1
            values = row.values if entity in REFERRED or entity in VERSIONED else None
            holders[key] = _Holder(row.file, row.line, content, self._orphan(entity, row.values), values)

    def _orphan(self, entity: str, row: Values) -> tuple[str, str] | None:
        """The column of the first parent that is not there, and the reason."""
        for column, known in PARENTS.get(entity, {}).items():
            key = row[column]
            if key is not None and not known(self.parents, key, row):
                return column, self._reason(column, key)
        return None

    def _without_order(self, entity: str, row: Values, broken: tuple[str, str] | None) -> tuple[str, str] | None:
        """What is wrong with a row that lacks what its order would give it: that the order is not there."""
        key = row.get("venta_id")
        taken = row["fecha"] is None if entity in ("detalle_ventas", "envios", "pagos_venta") else False
        if not broken or broken[1] != "falta_valor" or not taken or key is None or key in self.parents.orders:
            return broken
        return "venta_id", self._reason("venta_id", key)

    def _reason(self, column: str, key: str) -> str:
        return "padre_rechazado" if key in self.parents.refused[column] else "padre_desconocido"

    def _admit_orders(self, rows: Iterable[_Holder]) -> list[_Holder]:
        """An order is known by its first state, which is dated on the day of the order; later states must agree with it."""
        states = [(row, row.values) for row in rows if row.values]
        for _, state in sorted(states, key=lambda one: _first_state(one[1])):
            if state["fecha"] == state["fecha_venta"]:
                self.parents.orders.setdefault(state["venta_id"], Order(state["cliente_id"], state["fecha_venta"]))
        accepted: list[_Holder] = []
        rejected: list[tuple[_Holder, str, str]] = []
        for row, state in states:
            key = state["venta_id"]
            if self.parents.orders.get(key) == Order(state["cliente_id"], state["fecha_venta"]):
                accepted.append(row)
            else:
                rejected.append((row, key, self._reason("venta_id", key)))
        for row, key, reason in rejected:
            self._reject("ventas", row, key, "venta_id", reason)
        return accepted

    def _admit_versions(self, entity: str, rows: Iterable[_Holder]) -> None:
        """Versions that change nothing are dropped; they say of their parent what the one before says."""
        before: dict[tuple, Values] = {}
        versions = [(row, row.values) for row in rows if row.values]
        for row, version in sorted(versions, key=lambda one: one[1]["fecha"]):
            key = tuple(version[column] for column in KEYS[entity] if column != "fecha")
            content = version | {"fecha": None}
            self.counts[row.file]["sin_cambio" if before.get(key) == content else "aceptadas"] += 1
            before[key] = content
            self.parents.versions[entity].setdefault(key[0], Known()).versions.append(version)


def _first_state(state: Values) -> tuple:
    return state["fecha"], STATES.index(state["estado"])
