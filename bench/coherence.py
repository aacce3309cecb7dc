"""Whether what a generator tells of its people fits together, beside generators that anybody can install: finforge, which keeps a
balance for each user, and misata, which makes related tables of a sentence.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import finforge
import misata
import numpy as np
import pandas as pd

from bench.report import Line, seconds
from client360.days import DayRange, day_ranges
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files

CUSTOMERS = 300
FIRST, LAST = date(2025, 1, 1), date(2025, 6, 30)
NEVER_TOLD = "not told"


@dataclass(frozen=True)
class Told:
    """What a generator tells: shares from 0 to 1, a correlation, rows a second; None for what it tells nothing of."""

    reconciled: float | None
    """Accounts of which each balance is the one before and what moved in between."""
    orphans: float | None
    """Movements before the account they are on was opened."""
    dependence: float
    """Spearman's correlation of what comes in and what is spent, from person to person."""
    stable: float
    """Customers none of whose rows change when one customer more is generated."""
    speed: float
    """Rows a second of one core."""


def measure(folder: Path) -> list[Line]:
    told = {"finforge": _finforge(), "misata": _misata()}
    ours = _client360(folder)
    lines = []
    for what, shown, goal in (
        ("accounts whose balances are what moved, in the order of time", lambda told: _share(told.reconciled), "100 %"),
        ("movements before their account was opened", lambda told: _share(told.orphans), "0 %"),
        ("what comes in against what is spent, Spearman", lambda told: f"{told.dependence:.2f}", "> 0.5"),
        ("customers who stay the same when one more is generated", lambda told: _share(told.stable), "100 %"),
        ("rows a second of one core", lambda told: f"{told.speed:,.0f}", ""),
    ):
        lines += [Line(what, shown(ours), name, shown(other), goal=goal) for name, other in told.items()]
    return lines


def _share(share: float | None) -> str:
    return NEVER_TOLD if share is None else f"{share:.1%}"


def _timed(generate: Callable[[], object]) -> float:
    return seconds(generate, time.process_time)


def _client360(folder: Path) -> Told:
    def written(customers: int) -> tuple[dict[str, pd.DataFrame], float]:
        place = folder / str(customers)
        place.mkdir()
        work = day_ranges(list(DayRange(FIRST, LAST).days()))
        taken = _timed(lambda: write_landing_files(World(customers=customers, first_day=FIRST), work, place))
        tables = {
            entity.name: pd.concat([pd.read_csv(file, dtype=str) for file in sorted(entity.glob("*.csv"))])
            for entity in (place / "raw").iterdir()
            if entity.is_dir()
        }
        return tables, sum(map(len, tables.values())) / taken

    (tables, speed), (more, _) = written(CUSTOMERS), written(CUSTOMERS + 1)
    moved = tables["transacciones"].astype({"monto": float})
    of_account = moved[moved["tarjeta_id"].isna() | (moved["tipo_transaccion"] == "pago_tarjeta")]
    signed = of_account["monto"] * np.where(of_account["sentido"] == "credito", 1, -1)
    by_month = signed.groupby([of_account["cuenta_id"], of_account["fecha"].str[:7]]).sum()
    opening = tables["cuentas"].drop_duplicates("cuenta_id").set_index("cuenta_id")
    balances = tables["saldos"].assign(mes=tables["saldos"]["fecha"].str[:7]).astype({"saldo": float})
    right = []
    for account, told in balances.sort_values("fecha").groupby("cuenta_id"):
        before = np.concatenate([[float(opening.loc[account, "saldo_inicial"])], told["saldo"].to_numpy()[:-1]])
        change = np.array([by_month.get((account, month), 0.0) for month in told["mes"]])
        right.append(bool((np.abs(before + change - told["saldo"]) < 0.005).all()))
    opened = moved["cuenta_id"].map(opening["fecha_apertura"])
    income = moved[moved["sentido"] == "credito"].groupby("cliente_id")["monto"].sum()
    spent = moved[moved["tipo_transaccion"].eq("compra_tarjeta")].groupby("cliente_id")["monto"].sum()
    return Told(
        reconciled=float(np.mean(right)),
        orphans=float((moved["fecha"] < opened).mean()),
        dependence=_spearman(income, spent),
        # who sends something to the new customer does so as before, and its account is named
        stable=_same(*(table["transacciones"].drop(columns="contraparte") for table in (tables, more)), "cliente_id"),
        speed=speed,
    )


def _finforge() -> Told:
    def generated(users: int) -> tuple[pd.DataFrame, float]:
        found: list[pd.DataFrame] = []
        generator = finforge.DatasetGenerator(seed=42).with_users(users).with_persona("mixed").for_months(6)
        taken = _timed(lambda: found.append(generator.generate()))
        return found[0], len(found[0]) / taken

    (moved, speed), (more, _) = generated(CUSTOMERS), generated(CUSTOMERS + 1)
    moved = moved.sort_values(["user_id", "timestamp"], kind="stable")
    before = moved.groupby("user_id")["balance_after"].shift()
    chained = before.isna() | ((before - moved["balance_before"]).abs() < 0.005)
    added = ((moved["balance_before"] + moved["amount"] - moved["balance_after"]).abs() < 0.005) & chained
    amounts = moved["amount"]
    return Told(
        reconciled=float(added.groupby(moved["user_id"]).all().mean()),
        orphans=None,
        dependence=_spearman(
            *(part.groupby(moved["user_id"]).sum() for part in (amounts.clip(0), -amounts.clip(None, 0)))
        ),
        stable=_same(moved.drop(columns="transaction_id"), more.drop(columns="transaction_id"), "user_id"),
        speed=speed,
    )


def _misata() -> Told:
    def generated(customers: int) -> tuple[dict[str, pd.DataFrame], float]:
        found: list[dict[str, pd.DataFrame]] = []
        sentence = f"A fintech company with {customers} customers and their accounts"
        taken = _timed(lambda: found.append(misata.generate(sentence, seed=42)))
        return found[0], sum(map(len, found[0].values())) / taken

    (tables, speed), (more, _) = generated(CUSTOMERS), generated(CUSTOMERS + 1)
    moved = tables["transactions"].merge(tables["accounts"], on="account_id")
    kinds = moved["transaction_type"]
    comes_in = moved[kinds.isin({"deposit", "refund"})].groupby("customer_id")["amount"].sum()
    spent = moved[kinds == "purchase"].groupby("customer_id")["amount"].sum()
    return Told(
        reconciled=None,
        orphans=float((pd.to_datetime(moved["transaction_date"]) < pd.to_datetime(moved["opened_at"])).mean()),
        dependence=_spearman(comes_in, spent),
        stable=_same(tables["customers"], more["customers"], "customer_id"),
        speed=speed,
    )


def _spearman(one: pd.Series, other: pd.Series) -> float:
    both = pd.concat([one, other], axis=1).fillna(0)
    return float(both.iloc[:, 0].corr(both.iloc[:, 1], method="spearman"))


def _same(few: pd.DataFrame, more: pd.DataFrame, customer: str) -> float:
    """Share of the customers of the few whose rows are the same among the more, in any order."""
    ours, theirs = (
        frame.fillna("").astype(str).agg("|".join, axis=1).groupby(frame[customer]).agg(sorted) for frame in (few, more)
    )
    return float(np.mean([rows == theirs.get(key) for key, rows in ours.items()]))
