"""The money of a world adds up: recomputed from the rows alone, of three worlds and a twin."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from client360.simulate import World, calendar
from client360.simulate.facts import world_facts
from client360.simulate.simulation import parts
from client360.simulate.twins import twin

pytestmark = pytest.mark.long

WORLDS = (
    (World(seed=1, customers=400, first_day=date(2025, 1, 1)), 14),
    (World(seed=2, customers=1100, first_day=date(2023, 11, 17)), 5),
    (World(seed=3, customers=60, first_day=date(2015, 1, 1)), 40),
    (twin(World(seed=1, customers=400, first_day=date(2025, 1, 1)), "demoras"), 4),
)
"""Worlds, and the months for which they are drawn: a year, two blocks from the middle of a month, loans that end, a twin."""
CHARGED = ("compra_tarjeta", "interes")
"""What is charged to a card; the rest moves the account."""
Frames = dict[str, pd.DataFrame]


@pytest.fixture(scope="module", params=WORLDS, ids=lambda world: f"seed {world[0].seed}, {world[1]} months")
def world(request: pytest.FixtureRequest) -> Frames:
    drawn, count = request.param
    found: dict[str, list[pa.Table]] = {}
    first_month = calendar.month_number(drawn.first_day)
    for part in parts(drawn):
        for month in range(first_month, first_month + count):
            first = calendar.month_start(month)
            for entity, table in part.rows(first, first.replace(day=calendar.month_days(month))).items():
                found.setdefault(entity, []).append(table)
    frames = {entity: pa.concat_tables(tables).to_pandas(date_as_object=False) for entity, tables in found.items()}
    moved = frames["transacciones"]
    moved["centavos"] = cents(moved.monto)
    on_card = moved.tarjeta_id.notna() & moved.tipo_transaccion.isin(CHARGED)
    moved["neto"] = np.where(on_card, 0, np.where(moved.sentido == "credito", moved.centavos, -moved.centavos))
    return frames


def cents(amounts: pd.Series) -> pd.Series:
    return amounts.map(lambda amount: int(amount.scaleb(2)), na_action="ignore")


def newest(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """The last version of each."""
    return rows.drop_duplicates(key, keep="last").set_index(key)


def balances(world: Frames) -> pd.Series:
    """The balance of each account after the last movement of a day, in cents, by account and day."""
    opening = cents(newest(world["cuentas"], "cuenta_id").saldo_inicial)
    net = world["transacciones"].groupby(["cuenta_id", "fecha"]).neto.sum()
    return net.groupby(level=0).cumsum() + opening.loc[net.index.get_level_values(0)].to_numpy()


def test_opening_and_movements_come_to_the_balance_of_every_month(world: Frames) -> None:
    told = world["saldos"].sort_values("fecha")
    told["centavos"] = cents(told.saldo)
    known = balances(world).reset_index(name="sumado").sort_values("fecha")
    both = pd.merge_asof(told, known, on="fecha", by="cuenta_id")
    opening = cents(newest(world["cuentas"], "cuenta_id").saldo_inicial)
    without = both.sumado.isna()
    assert without.mean() < 0.01
    both.loc[without, "sumado"] = both.cuenta_id[without].map(opening)
    assert len(both) > 1000
    assert (both.centavos == both.sumado).all()


def test_no_account_is_below_zero_on_any_day_nor_has_anything_when_it_closes(world: Frames) -> None:
    found = balances(world)
    assert (found >= 0).all()
    accounts = newest(world["cuentas"], "cuenta_id")
    closed = accounts[accounts.fecha_cierre.notna()].index
    assert len(closed)
    last = found[found.index.get_level_values(0).isin(closed)].groupby(level=0).last()
    assert (last == 0).all()


def test_a_transfer_between_customers_is_one_amount_and_one_moment_on_both_accounts(world: Frames) -> None:
    moved = world["transacciones"]
    inside = moved[moved.contraparte.fillna("").str.fullmatch(r"CA\d{9}")]
    columns = ["cuenta_id", "contraparte", "fecha", "momento", "centavos"]
    sent = inside[inside.sentido == "debito"][columns].sort_values(columns)
    received = inside[inside.sentido == "credito"][columns]
    mirrored = received.rename(columns={"cuenta_id": "contraparte", "contraparte": "cuenta_id"})[columns]
    assert len(sent) > 50
    assert (sent.to_numpy() == mirrored.sort_values(columns).to_numpy()).all()
    assert (inside.tipo_transaccion == "transferencia").all()
    assert not (inside.cuenta_id == inside.contraparte).any()


def test_a_statement_is_what_was_left_unpaid_and_the_instalments_that_fall_into_it(world: Frames) -> None:
    statements = newest(world["resumenes"], "resumen_id").sort_values(["tarjeta_id", "fecha_cierre"])
    total, paid = cents(statements.total), cents(statements.pagado).fillna(0)
    left = (total - paid).groupby(statements.tarjeta_id).shift().fillna(0)
    moved = world["transacciones"]
    charged = moved[moved.tarjeta_id.notna() & moved.tipo_transaccion.isin(CHARGED)]
    due: dict[tuple[str, pd.Timestamp], int] = {}
    rows = zip(charged.tarjeta_id, charged.fecha, charged.centavos, charged.cuotas.fillna(1).astype(int), strict=True)
    for card, day, amount, instalments in rows:
        part = amount // instalments
        for number in range(instalments):
            closes = (day.to_period("M") + number).end_time.normalize()
            due[card, closes] = due.get((card, closes), 0) + (part if number else amount - part * (instalments - 1))
    charges = [due.get(key, 0) for key in zip(statements.tarjeta_id, statements.fecha_cierre, strict=True)]
    assert len(statements) > 100
    assert (total == left + charges).all()
    interest = charged[charged.tipo_transaccion == "interes"].set_index(["tarjeta_id", "fecha"]).centavos
    on = left.set_axis(pd.MultiIndex.from_arrays([statements.tarjeta_id, statements.fecha_cierre])).loc[interest.index]
    assert len(interest) > 10
    assert (abs(interest - on * world_facts().credit.monthly_rate) <= 0.5 + 1e-6).all()
    # what is paid of it left the account that day
    settled = statements[statements.pagado.notna()]
    assert (cents(settled.pagado) >= cents(settled.minimo)).all()
    assert (cents(settled.pagado) <= cents(settled.total)).all()
    payments = moved[moved.tipo_transaccion == "pago_tarjeta"].set_index(["tarjeta_id", "fecha"]).centavos
    assert len(payments) == len(settled)
    assert (
        payments.loc[list(zip(settled.tarjeta_id, settled.pagado_el, strict=True))] == cents(settled.pagado).to_numpy()
    ).all()


def test_loans_follow_their_schedule(world: Frames) -> None:
    loans = newest(world["prestamos"], "prestamo_id")
    plans = world["cuotas"].sort_values(["prestamo_id", "numero", "fecha"])
    parts_of = plans.drop_duplicates("cuota_id", keep="last")
    assert not plans.duplicated(["cuota_id", "fecha"]).any()
    assert len(loans)
    assert set(parts_of.prestamo_id) == set(loans.index)
    for loan, rows in parts_of.groupby("prestamo_id"):
        assert len(rows) == loans.plazo[loan]
        assert cents(rows.capital).sum() == cents(loans.monto)[loan]
        owed, monthly = cents(loans.monto)[loan], float(loans.tasa[loan]) / 1200
        early = rows.pagado_el.dt.to_period("M") < rows.vencimiento.dt.to_period("M")  # by who leaves, without interest
        for amount, principal in zip(cents(rows.monto)[~early], cents(rows.capital)[~early], strict=True):
            assert abs(amount - principal - owed * monthly) <= 0.5 + 1e-6
            owed -= principal
        assert cents(rows.monto)[~early][:-1].nunique() <= 1
        assert (rows.monto == rows.capital)[early].all()
    moved = world["transacciones"]
    granted = moved[moved.tipo_transaccion == "prestamo_otorgado"].set_index(["cliente_id", "fecha"]).centavos
    mine = loans.set_index(["cliente_id", "fecha_otorgamiento"])
    assert (granted.sort_index() == cents(mine.monto).sort_index().to_numpy()).all()
    paid = parts_of[parts_of.pagado_el.notna()]
    by_day = paid.groupby(["cliente_id", "pagado_el"]).monto.apply(lambda amounts: cents(amounts).sum())
    instalments = moved[moved.tipo_transaccion == "cuota_prestamo"].groupby(["cliente_id", "fecha"]).centavos.sum()
    assert (by_day.to_numpy() == instalments.to_numpy()).all()


def test_who_leaves_owes_nothing_and_has_no_card(world: Frames) -> None:
    left = newest(world["clientes"], "cliente_id").fecha_baja.dropna()
    left = left[left <= world["transacciones"].fecha.max()]
    cards = newest(world["tarjetas"], "tarjeta_id").set_index("cliente_id").fecha_baja
    mine = left.index.intersection(cards.index)
    assert len(mine)
    assert (cards[mine] <= left[mine]).all()
    stopped = newest(world["resumenes"], "resumen_id").sort_values("fecha_cierre").groupby("cliente_id").last()
    stopped = stopped[stopped.pagado.isna()].index
    loans = newest(world["prestamos"], "prestamo_id")
    theirs = loans[loans.cliente_id.isin(left.index.difference(stopped))]
    paid_to_the_end = set(theirs.index[theirs.estado == "cancelado"])
    unpaid = newest(world["cuotas"], "cuota_id").query("pagado_el.isna()").prestamo_id
    assert not paid_to_the_end & set(unpaid)
    assert (theirs.estado != "vigente").all()


def test_who_stops_paying_never_pays_again(world: Frames) -> None:
    statements = world["resumenes"]
    last = newest(statements, "resumen_id").sort_values("fecha_cierre")
    end = statements.fecha.max()
    unpaid = last[last.pagado.isna() & (last.fecha_vencimiento < end - pd.Timedelta(days=31))]
    moved = world["transacciones"]
    left = newest(world["clientes"], "cliente_id").fecha_baja
    for card, customer, closed in zip(unpaid.tarjeta_id, unpaid.cliente_id, unpaid.fecha_cierre, strict=True):
        if left[customer] is not pd.NaT and left[customer] <= closed + pd.Timedelta(days=31):
            continue
        after = moved[(moved.cliente_id == customer) & (moved.fecha > closed + pd.Timedelta(days=31))]
        assert not after.tipo_transaccion.isin(["pago_tarjeta", "cuota_prestamo"]).any()
        assert not (after.tarjeta_id == card).any()


def test_everybody_has_an_income_and_lives_on_it(world: Frames) -> None:
    moved = world["transacciones"]
    stayed = moved.groupby("cuenta_id").fecha.agg(lambda days: (days.max() - days.min()).days) > 100
    received = moved[moved.neto > 0].groupby("cuenta_id").neto.sum().reindex(stayed.index[stayed])
    assert received.notna().all()
    spent = -moved[moved.neto < 0].groupby("cuenta_id").neto.sum().reindex(received.index)
    opening = cents(newest(world["cuentas"], "cuenta_id").saldo_inicial).loc[received.index]
    assert (spent <= received + opening).all()
    # the family helps out, it does not feed people; what it lends it gets back
    family = moved[(moved.contraparte == "Familia") & moved.transaccion_id.str[14:16].isin(["16", "17"])]
    assert family.neto.sum() < 0.05 * received.sum()
