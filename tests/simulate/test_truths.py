"""The truths of a world agree with what its customers do."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from client360.simulate import BLOCK, World, calendar
from client360.simulate.people import Population
from client360.simulate.simulation import Block
from client360.simulate.truths import HORIZON, OF_COMPANY, OF_CUSTOMERS

WORLD = World(seed=5, customers=4 * BLOCK, first_day=date(2025, 1, 1))
LAST = date(2025, 12, 31)


@pytest.fixture(scope="module")
def truths() -> dict[str, pd.DataFrame]:
    last = calendar.day_number(LAST)
    populations = [Population(WORLD, block) for block in WORLD.blocks]
    found = {name: pa.concat_tables([truth(p, last) for p in populations]) for name, truth in OF_CUSTOMERS.items()}
    found |= {name: truth(WORLD, last) for name, truth in OF_COMPANY.items()}
    return {name: table.to_pandas(date_as_object=False) for name, table in found.items()}


@pytest.fixture(scope="module")
def leaving() -> pd.Series:
    """Days on which customers leave, by cliente_id."""
    last = calendar.day_number(date(2026, 6, 30))
    first = calendar.day_number(WORLD.first_day)
    rows = pa.concat_tables([Population(WORLD, block).clientes(first, last) for block in WORLD.blocks])
    return rows.to_pandas(date_as_object=False).groupby("cliente_id").fecha_baja.max()


def test_every_customer_and_day_has_one_probability_to_leave(
    truths: dict[str, pd.DataFrame], leaving: pd.Series
) -> None:
    spells = truths["bajas"].sort_values(["cliente_id", "desde"])
    assert (spells.desde <= spells.hasta).all()
    again = spells.cliente_id == spells.cliente_id.shift()
    assert (spells.desde[again] == spells.hasta.shift()[again] + pd.Timedelta(days=1)).all()
    ends = spells.groupby("cliente_id").hasta.max()
    left = leaving.reindex(ends.index) - pd.Timedelta(days=1)
    assert (ends == left.where(left <= pd.Timestamp(LAST), pd.Timestamp(LAST))).all()


def test_as_many_leave_as_the_probabilities_say(truths: dict[str, pd.DataFrame], leaving: pd.Series) -> None:
    spells = truths["bajas"]
    for day in pd.to_datetime(["2025-03-01", "2025-09-01"]):
        today = spells[(spells.desde <= day) & (spells.hasta >= day)]
        leaves = leaving.reindex(today.cliente_id).to_numpy() <= np.datetime64(day + pd.Timedelta(days=HORIZON))
        for group in (today.por_irse, ~today.por_irse):
            chance = today.probabilidad_baja_90d[group]
            error = np.sqrt((chance * (1 - chance)).sum())
            assert abs(leaves[group.to_numpy()].sum() - chance.sum()) < 4 * error + 2


@pytest.mark.parametrize("day", [date(2025, 3, 1), date(2025, 9, 1)])
def test_as_many_stop_paying_as_the_probabilities_say(day: date) -> None:
    today = calendar.day_number(day)
    now, later = (
        pa.concat_tables([OF_CUSTOMERS["moras"](Population(WORLD, block), last) for block in WORLD.blocks]).to_pandas()
        for last in (today, today + HORIZON)
    )
    both = now[now.en_mora_desde.isna()].merge(later, on="cliente_id", suffixes=("", "_despues"))
    chance, stops = both.probabilidad_mora_90d, both.en_mora_desde_despues.notna()
    error = np.sqrt((chance * (1 - chance)).sum())
    assert error > 3
    assert abs(stops.sum() - chance.sum()) < 4 * error
    # and those who do are those of whom it was likely
    assert chance[stops].mean() > 2 * chance[~stops].mean()


def test_campaigns_add_what_their_responses_say(truths: dict[str, pd.DataFrame]) -> None:
    found = truths["respuestas"]
    treated = found[found.grupo == "tratamiento"].groupby("campania_id").pedidos_adicionales.sum()
    added = 0
    for number in WORLD.blocks:
        block = Block(Population(WORLD, number))
        added += sum(int(block.plan(month).orders.additional.sum()) for month in range(2025 * 12, 2025 * 12 + 12))
    # offers add a little, late deliveries take a little away
    assert added == pytest.approx(treated.sum(), rel=0.12)
    assert set(treated.index) == set(truths["campanias"].campania_id)
    assert (found.pedidos_adicionales == found.pedidos_usuales * found.aumento).all()


def test_tastes_and_leanings_are_those_of_the_mean_customer_in_the_mean(truths: dict[str, pd.DataFrame]) -> None:
    people = truths["clientes"]
    assert people.cliente_id.is_unique
    assert set(truths["gustos"].cliente_id) == set(people.cliente_id)
    assert truths["gustos"].groupby("categoria").gusto.mean().between(0.8, 1.2).all()
    assert people.pedidos_relativos.mean() == pytest.approx(1, abs=0.1)
    assert people.sensibilidad_precio.mean() == pytest.approx(1, abs=0.05)
    assert people.perdida_por_demora.between(0, 1).all()
    products = truths["productos"]
    assert (products.elasticidad < 0).all()
    assert products.retirado.isna().any()
    assert products.retirado.notna().any()


@pytest.mark.parametrize("first", [date(2024, 2, 29), date(2026, 12, 31)])
def test_a_history_of_one_day_has_all_truths(first: date) -> None:
    world, last = World(seed=5, customers=3, first_day=first), calendar.day_number(first)
    found = {name: truth(Population(world, 0), last) for name, truth in OF_CUSTOMERS.items()}
    assert found["clientes"].num_rows == 3
    for name in ("respuestas", "ventas_perdidas", "efectos"):
        assert found[name].num_rows == 0
        assert found[name].num_columns >= 5
    assert OF_COMPANY["productos"](world, last).num_rows > 0
    assert OF_COMPANY["campanias"](world, last).num_rows == 0
