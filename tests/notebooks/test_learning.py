"""What the notebooks learn with, on rows of which it is known what is to be learnt."""

import json
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import roc_auc_score

import learning
from reading import published, truths

PEOPLE = 3000


@pytest.fixture(scope="module")
def customers() -> pd.DataFrame:
    random = np.random.default_rng(1)
    rows = {name: random.lognormal(0, 1, PEOPLE) for name in learning.NUMBERS}
    rows |= {name: random.choice(["a", "b"], PEOPLE) for name in learning.WORDS}
    found = pd.DataFrame(rows).assign(cliente_id=[f"C{number:09}" for number in range(PEOPLE)])
    found.loc[found.index % 3 == 0, "uso_de_limite"] = np.nan
    found["deuda_total"] = np.nan  # as where the source knows none
    return found


def test_what_is_unknown_and_what_changed_are_features_of_every_customer(customers: pd.DataFrame) -> None:
    earlier = customers.iloc[100:].assign(edad=customers["edad"] - 1)
    rows = learning.features(customers, earlier)
    assert list(rows.index) == list(customers["cliente_id"])
    assert rows["edad_cambio"].iloc[100:].round(9).eq(1).all()
    assert rows["edad_cambio"].iloc[:100].isna().all()
    assert not rows[learning.WORDS].isna().any(axis=None)


def test_a_model_finds_what_there_is_to_find_and_nothing_where_there_is_nothing(customers: pd.DataFrame) -> None:
    random, rows = np.random.default_rng(2), learning.features(customers)
    true = 1 / (1 + np.exp(3 - np.log(rows["saldo_total"]) - (rows["ocupacion"] == "a")))
    happens = pd.Series(random.random(PEOPLE) < true, index=rows.index)
    best, learnt = learning.area(true, true), learning.area(true, learning.probabilities(rows, happens))
    assert 0.6 < learnt.low < learnt.value < learnt.high < best.value
    drawn = pd.Series(random.random(PEOPLE) < 0.05, index=rows.index)
    assert learning.area(true, learning.probabilities(rows, drawn)).value < 0.56


def test_a_grade_is_the_mean_of_what_may_be_drawn() -> None:
    random = np.random.default_rng(3)
    chance, score = pd.Series(random.random(300) ** 2), random.random(300)
    score = score + chance
    draws = [random.random(300) < chance for _ in range(300)]
    grades = [roc_auc_score(happens, score) for happens in draws]
    found = learning.area(chance, score)
    assert found.value == pytest.approx(np.mean(grades), abs=4 * np.std(grades) / np.sqrt(300))
    assert found.low < found.value < found.high < found.low + 0.2
    others, cases = learning.roc(chance, score)
    assert np.trapezoid(cases, others) == pytest.approx(found.value)


def test_the_effect_of_a_contact_is_told_for_each_and_in_the_mean(customers: pd.DataFrame) -> None:
    random, rows = np.random.default_rng(4), learning.features(customers)
    usual = rows["compras_12m"].clip(upper=8)
    contacts = pd.Series(random.binomial(3, 0.3, PEOPLE).astype(float), index=rows.index)
    true = 0.3 * usual
    orders = pd.Series(random.poisson(usual + contacts * true).astype(float), index=rows.index)
    mean = learning.effect(contacts, orders)
    assert mean.low < true.mean() < mean.high
    learnt = learning.added_orders(rows, contacts, orders)
    best, found = (learning.captured(true, score)[PEOPLE // 5] for score in (true, learnt))
    assert 0.35 < found <= best
    assert learning.captured(true, random.random(PEOPLE))[PEOPLE // 5] == pytest.approx(0.2, abs=0.03)
    assert learning.captured(true, true)[[0, -1]].tolist() == [0, pytest.approx(1)]


def test_an_elasticity_is_found_whatever_is_usual_for_product_and_month() -> None:
    random = np.random.default_rng(5)
    table = pd.MultiIndex.from_product([range(60), range(10)], names=["producto", "mes"]).to_frame(index=False)
    usual, season = random.normal(0, 1, 60), random.normal(0, 0.3, (2, 10))
    category = table["producto"] % 2
    price = np.exp(usual[table["producto"]] + 0.03 * table["mes"] + random.normal(0, 0.05, len(table)))
    level = 5 + 2 * usual[table["producto"]] + season[category, table["mes"]]
    units = random.poisson(np.exp(level - 1.8 * np.log(price)))
    sales = table.assign(
        producto_id="P" + table["producto"].astype(str),
        categoria=category.map({0: "hogar", 1: "libros"}),
        mes=pd.Timestamp("2025-01-01") + pd.to_timedelta(table["mes"] * 31, unit="D"),
        precio=price,
        unidades=units,
    )
    sales = sales[sales["unidades"] > 0]
    left, slope = learning.price_response(sales)
    assert len(left) == len(sales)
    assert slope.low < -1.8 < slope.high
    assert slope.high - slope.low < 0.6


def write_day(data: Path, day: str, owner: str) -> None:
    folder = data / "processed" / f"fecha={day}"
    folder.mkdir(parents=True)
    (folder / published.DICTIONARY).touch()
    (folder / "manifiesto.json").write_text(json.dumps({"fuente": owner}))


def test_the_days_around_a_truth_are_those_of_its_world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CLIENT360_DATA", str(tmp_path))
    with pytest.raises(published.NotPublished, match=r"^there is no truth of a simulated world yet: make truth FECHA="):
        truths.around(90)
    (tmp_path / "verdad").mkdir()
    (tmp_path / "verdad" / "mundo.json").write_text(json.dumps({"nombre": "this", "fecha": "2025-09-30"}))
    for day, owner in (
        ("2025-05-31", "this"),
        ("2025-06-30", "this"),
        ("2025-07-02", "other"),
        ("2025-09-30", "other"),
    ):
        write_day(tmp_path, day, owner)
    with pytest.raises(
        published.NotPublished, match=r"^2025-09-30 is not published of the world of the truth: make run"
    ):
        truths.around(90)
    (tmp_path / "processed" / "fecha=2025-09-30" / "manifiesto.json").write_text(json.dumps({"fuente": "this"}))
    with pytest.raises(
        published.NotPublished, match=r"^2025-12-29 is not published of the world of the truth: make run"
    ):
        truths.around(90)
    for day in ("2025-12-28", "2025-12-30", "2026-01-15"):
        write_day(tmp_path, day, "this")
    found = truths.around(90)
    assert [found.before.fecha, found.now.fecha, found.after.fecha] == [
        date(2025, 6, 30),
        date(2025, 9, 30),
        date(2025, 12, 30),
    ]
