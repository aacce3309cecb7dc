"""What aprender.ipynb learns from published rows, without any truth, and how what it learnt is graded.

A model never scores customers from whom it has learnt: they are divided into FOLDS, and those of each are scored by a model of
the others.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LinearRegression, LogisticRegression, PoissonRegressor
from sklearn.metrics import roc_auc_score, roc_curve
from sklearn.model_selection import KFold, StratifiedKFold, cross_val_predict
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, QuantileTransformer

FOLDS = 5
RESAMPLES = 200
QUANTILES = 50
NUMBERS = [
    *("edad", "antiguedad_meses", "ingresos_mensuales", "gasto_mensual_promedio", "score_endeudamiento"),
    *("compras_12m", "monto_compras_12m", "ticket_promedio", "dias_sin_comprar", "entregas_demoradas_pct"),
    *("contactos_campania_12m", "ingresos_totales_promedio", "egresos_totales_promedio", "ahorro_promedio"),
    *("deuda_total", "cuota_sobre_ingreso", "uso_de_limite", "dias_mora_max", "saldo_total", "saldo_minimo_90d"),
]
WORDS = ["ocupacion", "tipo_comprador", "medio_pago_preferido", "categoria_favorita", "origen_ingresos"]


@dataclass(frozen=True)
class Estimate:
    """A figure with its interval of 95 %."""

    value: float
    low: float
    high: float

    @staticmethod
    def of(value: float, error: float) -> "Estimate":
        return Estimate(value, value - 1.96 * error, value + 1.96 * error)


def features(customers: pd.DataFrame, earlier: pd.DataFrame | None = None) -> pd.DataFrame:
    """What is published of each customer and, with an earlier day, how it has changed since; a row for each cliente_id."""
    rows = customers.set_index("cliente_id")
    numbers = rows[NUMBERS].astype("float64")
    if earlier is not None:
        change = numbers - earlier.set_index("cliente_id")[NUMBERS].astype("float64").reindex(rows.index)
        numbers = numbers.join(change.add_suffix("_cambio"))
    return numbers.join(rows[WORDS].astype(object).fillna("sin_dato"))


def _prepared() -> Pipeline:
    """Numbers by their rank, which outliers do not move, unknown ones as the median with a mark; words as one column each."""
    ranked = make_pipeline(
        SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True),
        QuantileTransformer(n_quantiles=QUANTILES, output_distribution="normal"),
    )
    numbers = make_column_transformer(
        (ranked, lambda rows: [column for column in rows if column not in WORDS]),
        (OneHotEncoder(handle_unknown="ignore", sparse_output=False), WORDS),
    )
    return make_pipeline(numbers)


def probabilities(rows: pd.DataFrame, happens: pd.Series) -> NDArray[np.float64]:
    """How likely it is for each customer, as those of the other folds tell; shape (customers,)."""
    model = make_pipeline(_prepared(), LogisticRegression(C=0.003, max_iter=2000))
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    return cross_val_predict(model, rows, happens, cv=folds, method="predict_proba")[:, 1]


def area(chance: pd.Series, score: NDArray[np.float64] | pd.Series) -> Estimate:
    """The area under the ROC curve that a score has in the mean of all that may be drawn by the true chances: how often one to
    whom it happens ranks above one to whom it does not. So the luck of one draw is no part of the grade.

    The interval is of the customers: it comes from as many drawn among them, RESAMPLES times.
    """
    chances, scores = np.asarray(chance, dtype=np.float64), np.asarray(score, dtype=np.float64)
    random = np.random.default_rng(0)
    drawn = [random.integers(0, len(chances), len(chances)) for _ in range(RESAMPLES)]
    value, *others = (roc_auc_score(**_both_ways(chances[each], scores[each])) for each in (slice(None), *drawn))
    return Estimate.of(value, float(np.std(others)))


def roc(chance: pd.Series, score: NDArray[np.float64] | pd.Series) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """That curve: shares of those to whom it does not happen, and of those to whom it does, among the first by score."""
    others, found, _ = roc_curve(
        **_both_ways(np.asarray(chance, dtype=np.float64), np.asarray(score, dtype=np.float64))
    )
    return others, found


def _both_ways(chances: NDArray[np.float64], scores: NDArray[np.float64]) -> dict[str, NDArray[np.float64]]:
    """Each customer twice: as one to whom it happens, with the weight of the chance, and as one to whom it does not."""
    return {
        "y_true": np.repeat([1.0, 0.0], len(chances)),
        "y_score": np.tile(scores, 2),
        "sample_weight": np.concatenate([chances, 1 - chances]),
    }


def added_orders(rows: pd.DataFrame, contacts: pd.Series, orders: pd.Series) -> NDArray[np.float64]:
    """Orders that one contact adds to each customer's, as those of the other folds tell: the same share of what each would order,
    since few orders do not tell the shares of many customers; shape (customers,).

    Who is contacted is drawn at random, so that what contacts and orders have in common is their effect.
    """
    added = np.empty(len(rows))
    for train, test in KFold(FOLDS, shuffle=True, random_state=0).split(rows):
        prepared = _prepared().fit(rows.iloc[train])
        known, new = (prepared.transform(rows.iloc[part]) for part in (train, test))
        model = PoissonRegressor(alpha=0.01, max_iter=2000)
        model.fit(np.column_stack([known, contacts.iloc[train]]), orders.iloc[train])
        one, none = (model.predict(np.column_stack([new, np.full(len(test), number)])) for number in (1, 0))
        added[test] = one - none
    return added


def effect(contacts: pd.Series, orders: pd.Series) -> Estimate:
    """Orders that one contact adds in the mean: the slope of orders on contacts."""
    centred = contacts - contacts.mean()
    slope = (centred * orders).sum() / (centred**2).sum()
    residual = orders - orders.mean() - slope * centred
    return Estimate.of(slope, np.sqrt((centred**2 * residual**2).sum()) / (centred**2).sum())


def captured(gain: pd.Series, score: NDArray[np.float64] | pd.Series) -> NDArray[np.float64]:
    """Share of all that is gained which the first customers by score gain, from none of them to all; shape (customers + 1,)."""
    ordered = gain.to_numpy()[np.argsort(-np.asarray(score), kind="stable")]
    return np.concatenate([[0.0], np.cumsum(ordered) / ordered.sum()])


def price_response(sales: pd.DataFrame) -> tuple[pd.DataFrame, Estimate]:
    """Logarithms of `precio` and `unidades` of each product and month, less what is usual for the product, and for its category
    in the month; and the elasticity, their slope, whose interval allows rows of a product to have errors in common."""
    usual = OneHotEncoder(sparse_output=False).fit_transform(
        pd.DataFrame({"producto": sales["producto_id"], "mes": sales["categoria"] + sales["mes"].astype(str)})
    )
    logs = np.log(sales[["precio", "unidades"]].astype("float64").to_numpy())
    left = logs - LinearRegression().fit(usual, logs).predict(usual)
    price, units = left.T
    slope = (price * units).sum() / (price**2).sum()
    by_product = pd.Series(price * (units - slope * price)).groupby(sales["producto_id"].to_numpy()).sum()
    error = np.sqrt((by_product**2).sum()) / (price**2).sum()
    return pd.DataFrame(left, columns=["precio", "unidades"]), Estimate.of(slope, error)
