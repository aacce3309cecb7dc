"""The answer key against examples worked by hand, and against sums that must agree in every world."""

import statistics
from collections import Counter, defaultdict
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from client360.simulate import World
from proof.answers import answers, cliente_360
from proof.business_answers import RELATIONS, rotacion_stock
from proof.exact import increment, percentile, quintile, root, rounded
from proof.history import History

WORLD = World(seed=11, customers=150, first_day=date(2025, 3, 12))
FECHA = date(2026, 3, 18)
"""A year and some days later, in the thirteenth month."""

Row = dict[str, Any]


@pytest.fixture(scope="module")
def history() -> History:
    return History.read(WORLD, FECHA)


@pytest.fixture(scope="module")
def people() -> list[Row]:
    return cliente_360(WORLD, FECHA).to_dict("records")


@pytest.fixture(scope="module")
def relations() -> dict[str, list[Row]]:
    return {name: frame.to_dict("records") for name, frame in answers(WORLD, FECHA).items()}


def kept_sales(history: History) -> list[Row]:
    """The first state of each order that nobody cancelled or returned; its total does not come from its lines."""
    undone = {row["venta_id"] for row in history.rows("ventas") if row["estado"] != "completada"}
    return [row for row in history.rows("ventas") if row["venta_id"] not in undone]


# --- numbers


@pytest.mark.parametrize(
    ("number", "places", "expected"),
    [
        (Fraction(1, 8), 2, "0.13"),
        (Fraction(-1, 8), 2, "-0.13"),
        (Fraction(-3, 10), 0, "0"),
        (Fraction(-1, 1000), 2, "0.00"),
        (7, 4, "7.0000"),
    ],
)
def test_rounding_is_half_away_from_zero(number: Fraction, places: int, expected: str) -> None:
    assert str(rounded(number, places)) == expected


@pytest.mark.parametrize(
    ("total", "expected"),
    [
        (3, [1, 2, 3]),
        (5, [1, 2, 3, 4, 5]),
        (7, [1, 1, 2, 2, 3, 4, 5]),
        (12, [1, 1, 1, 2, 2, 2, 3, 3, 4, 4, 5, 5]),
    ],
)
def test_quintiles_are_those_of_ntile(total: int, expected: list[int]) -> None:
    assert [quintile(position, total) for position in range(total)] == expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [([4], 4), ([5, *[0] * 9], 0), ([5, 3, *[0] * 9], 3), ([9, 7, *range(18)], 15)],
)
def test_the_90th_percentile_is_the_smallest_value_that_nine_in_ten_do_not_exceed(
    values: list[int], expected: int
) -> None:
    assert percentile(values, 90) == expected


def test_the_interval_of_an_increment() -> None:
    # means 1 and 1/2; variances 2/3 and 1/2; their error is the root of 1/6 + 1/4, 0.6454972
    middle, low, high = increment([1, 0, 2, 1], [0, 1])
    assert middle == 2
    assert low is not None
    assert high is not None
    assert (rounded(low, 4), rounded(high, 4)) == (Decimal("-3.0607"), Decimal("7.0607"))
    assert increment([1, 3], [1]) == (2, None, None)
    assert increment([], [1, 2]) == increment([1, 2], []) == (None, None, None)
    assert root(Fraction(4, 9)) == Fraction(2, 3)


# --- a world made by hand: seven people, nine orders, three campaigns

INICIO, DAY = date(2024, 3, 10), date(2025, 6, 30)
SALES = [  # order, person, day, (product, units, price, discount) of each line
    ("V1", "CA", date(2024, 6, 30), [("P1", 1, 100, 0)]),  # the last day before the window of 365
    ("V2", "CB", date(2024, 7, 1), [("P1", 3, 110, 30)]),
    ("V3", "CC", date(2025, 5, 9), [("P1", 1, 100, 0)]),  # the last day at the old cost
    ("V4", "CC", date(2025, 5, 10), [("P1", 1, 100, 0)]),
    ("V5", "CD", date(2025, 4, 2), [("P1", 1, 100, 0)]),  # the first day on which a buyer is still new
    ("V6", "CE", date(2025, 4, 1), [("P1", 1, 50, 0), ("P2", 1, 50, 0)]),
    ("V7", "CF", date(2025, 4, 2), [("P2", 1, 900, 0)]),  # cancelled
    ("V8", "CG", date(2024, 6, 30), [("P2", 1, 20, 0)]),
    ("V9", "CC", date(2024, 8, 1), [("P2", 1, 10, 0)]),
]
PROVINCES = {"CA": "Chubut", "CB": "Chubut"}


def person(key: str) -> Row:
    return {
        "cliente_id": key,
        "fecha": INICIO,
        "nombre": "Ana",
        "apellido": key,
        "fecha_nacimiento": date(1990, 1, 1),
        "provincia": PROVINCES.get(key, "Salta"),
        "ocupacion": "docente",
        "ingresos_mensuales": Decimal("1000.00"),
        "fecha_alta": date(2020, 1, 1),
        "fecha_baja": None,
    }


def product(key: str, fecha: date, categoria: str, costo: int) -> Row:
    return {
        "producto_id": key,
        "fecha": fecha,
        "nombre": f"{categoria} {costo}",
        "categoria": categoria,
        "costo": Decimal(costo),
    }


def sale(key: str, owner: str, day: date, fecha: date, estado: str) -> Row:
    names = ("venta_id", "cliente_id", "fecha_venta", "fecha", "estado", "provincia_envio")
    return dict(zip(names, (key, owner, day, fecha, estado, PROVINCES.get(owner, "Salta")), strict=True))


def shipment(key: str, owner: str, promised: date, delivered: date) -> Row:
    names = ("venta_id", "cliente_id", "fecha", "deposito", "fecha_prometida", "fecha_entrega")
    return dict(zip(names, (key, owner, delivered, "deposito_sur", promised, delivered), strict=True))


def campaign(key: str, first: date) -> Row:
    return {
        "campania_id": key,
        "fecha": first,
        "nombre": f"Campania {key}",
        "canal": "email",
        "categoria": "libros",
        "fecha_inicio": first,
        "fecha_fin": first + timedelta(days=1),
        "presupuesto": Decimal("80.00"),
    }


def made_by_hand() -> History:
    people = [person(key) for key in ("CA", "CB", "CC", "CD", "CE", "CF", "CG")]
    entities = {
        "clientes": [*people, {**person("CG"), "fecha": DAY, "fecha_baja": DAY}],
        "productos": [
            product("P1", INICIO, "libros", 60),
            product("P2", INICIO, "hogar", 10),
            product("P1", date(2025, 5, 10), "libros", 70),
        ],
        "ventas": [
            *(sale(key, owner, day, day, "completada") for key, owner, day, _ in SALES),
            sale("V7", "CF", date(2025, 4, 2), date(2025, 4, 3), "cancelada"),
        ],
        "detalle_ventas": [
            {
                "venta_id": key,
                "producto_id": line[0],
                "cantidad": line[1],
                "precio_unitario": Decimal(line[2]),
                "descuento": Decimal(line[3]),
            }
            for key, _, _, lines in SALES
            for line in lines
        ],
        "envios": [
            shipment("V1", "CA", date(2024, 7, 4), date(2024, 7, 4)),
            shipment("V3", "CC", date(2025, 5, 12), date(2025, 5, 14)),
            shipment("V4", "CC", date(2025, 5, 14), date(2025, 5, 13)),
        ],
        "campanias": [
            campaign("K0", date(2024, 5, 31)),  # the last day before the thirteen months
            campaign("K1", date(2025, 4, 1)),
            campaign("K2", DAY),  # nobody assigned
        ],
        "contactos_campania": [
            {
                "campania_id": "K1",
                "fecha": date(2025, 4, 1),
                "cliente_id": key,
                "grupo": "tratamiento" if key in ("CD", "CE", "CF") else "control",
            }
            for key in ("CA", "CB", "CC", "CD", "CE", "CF")
        ],
    }
    return History(INICIO, DAY, {entity: [pa.Table.from_pylist(rows)] for entity, rows in entities.items()})


@pytest.fixture
def by_hand(monkeypatch: pytest.MonkeyPatch) -> dict[str, pd.DataFrame]:
    """All relations of the world made by hand."""
    monkeypatch.setattr(History, "read", lambda world, fecha: made_by_hand())
    return {"cliente_360": cliente_360(WORLD, DAY), **answers(WORLD, DAY)}


def cells(frame: pd.DataFrame, columns: str, **where: object) -> list[tuple[str, ...]]:
    """The named columns of the rows that are so, as text."""
    rows = [row for row in frame.to_dict("records") if all(row[name] == value for name, value in where.items())]
    return [tuple(str(row[name]) for name in columns.split()) for row in rows]


def test_buyers_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    columns = "cliente_id compras_12m monto_compras_12m ticket_promedio dias_sin_comprar tipo_comprador segmento_rfm"
    assert cells(by_hand["cliente_360"], columns) == [
        ("CA", "0", "0.00", "None", "365", "inactivo", "111"),
        ("CB", "1", "300.00", "300.00", "364", "ocasional", "225"),
        ("CC", "3", "210.00", "70.00", "51", "recurrente", "554"),
        ("CD", "1", "100.00", "100.00", "89", "nuevo", "432"),
        ("CE", "1", "100.00", "100.00", "90", "ocasional", "343"),
        ("CF", "0", "0.00", "None", "None", "sin_compras", "None"),
    ]
    columns = "primera_compra ultima_compra categoria_favorita entregas_demoradas_pct contactos_campania_12m"
    assert cells(by_hand["cliente_360"], columns) == [
        ("2024-06-30", "2024-06-30", "None", "0.00", "0"),
        ("2024-07-01", "2024-07-01", "libros", "None", "0"),
        ("2024-08-01", "2025-05-10", "libros", "50.00", "0"),
        ("2025-04-02", "2025-04-02", "libros", "None", "1"),
        ("2025-04-01", "2025-04-01", "hogar", "None", "1"),
        ("None", "None", "None", "None", "1"),
    ]


def test_products_and_profit_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    assert cells(
        by_hand["productos_mas_vendidos"], "mes puesto nombre unidades ingresos margen", categoria="libros"
    ) == [
        ("2024-06-01", "1", "libros 70", "1", "100.00", "40.00"),
        ("2024-07-01", "1", "libros 70", "3", "300.00", "120.00"),
        ("2025-04-01", "1", "libros 70", "2", "150.00", "30.00"),
        ("2025-05-01", "1", "libros 70", "2", "200.00", "70.00"),
    ]
    columns = "mes ingresos costo margen margen_pct variacion_ingresos_pct"
    libros = cells(by_hand["rentabilidad_mensual"], columns, categoria="libros")
    assert [libros[0], libros[1], *libros[-3:]] == [
        ("2024-06-01", "100.00", "60.00", "40.00", "40.00", "None"),
        ("2024-07-01", "300.00", "180.00", "120.00", "40.00", "200.00"),
        ("2025-04-01", "150.00", "120.00", "30.00", "20.00", "None"),
        ("2025-05-01", "200.00", "130.00", "70.00", "35.00", "33.33"),
        ("2025-06-01", "0.00", "0.00", "0.00", "None", "-100.00"),
    ]
    assert len(libros) == 13


def test_new_and_returning_customers_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    found = cells(
        by_hand["clientes_nuevos_recurrentes"], "mes compradores nuevos recurrentes ingresos_nuevos tasa_recompra_pct"
    )
    assert [found[0], found[2], *found[-3:]] == [
        ("2024-06-01", "2", "2", "0", "120.00", "0.00"),  # one of them has left since
        ("2024-08-01", "1", "1", "0", "10.00", "0.00"),  # has not yet come back
        ("2025-04-01", "2", "2", "0", "200.00", "0.00"),
        ("2025-05-01", "1", "0", "1", "0.00", "100.00"),
        ("2025-06-01", "0", "0", "0", "0.00", "None"),
    ]


def test_campaigns_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    columns = "campania_id contactados control conversion_contactados_pct conversion_control_pct roi exito"
    assert cells(by_hand["impacto_campanias"], columns) == [
        ("K1", "3", "3", "66.67", "0.00", "1.5000", "True"),
        ("K2", "0", "0", "None", "None", "None", "None"),
    ]
    # 1, 1 and 0 orders against none: 3 * (2/3 -+ 1.96 * the root of 1/9)
    for what, expected in (("pedidos", ("2.00", "0.04", "3.96")), ("ingresos", ("200.00", "4.00", "396.00"))):
        name = f"{what}_incrementales"
        found = cells(by_hand["impacto_campanias"], f"{name} {name}_desde {name}_hasta")
        assert found == [expected, ("None", "None", "None")]


def test_provinces_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    columns = (
        "clientes clientes_hace_12m crecimiento_pct ingresos_por_cliente clientes_potenciales ingresos_potenciales "
        "puesto motivo"
    )
    # 6 customers spent 710; of them 2.29 would live in Buenos Aires
    assert [
        cells(by_hand["distribucion_geografica"], columns, provincia=name)[0]
        for name in ("Buenos Aires", "Catamarca", "Chubut", "Salta")
    ] == [
        ("0", "0", "None", "None", "2", "236.67", "1", "poca_penetracion"),
        ("0", "0", "None", "None", "0", "0.00", "2", "poca_penetracion"),
        ("2", "2", "0.00", "150.00", "0", "0.00", "24", "buen_gasto"),
        ("4", "5", "-20.00", "102.50", "0", "0.00", "23", "mercado_cubierto"),
    ]


def test_stock_by_hand() -> None:
    inicio, fecha = date(2025, 3, 29), date(2025, 4, 2)
    moves = [
        (inicio, "P1", "recepcion", 10),
        (inicio, "P1", "recepcion", 4),  # at another depot
        (inicio, "P2", "recepcion", 5),
        (date(2025, 3, 30), "P1", "venta", -3),
        (date(2025, 3, 31), "P1", "venta", -1),
        (date(2025, 4, 1), "P1", "devolucion", 1),
        (date(2025, 4, 2), "P1", "venta", -11),
    ]
    tables = {
        "productos": pa.Table.from_pylist(
            [product("P1", inicio, "libros", 1), product("P2", inicio, "hogar", 1)],
        ),
        "movimientos_stock": pa.Table.from_pylist(
            [dict(zip(("fecha", "producto_id", "tipo", "cantidad"), move, strict=True)) for move in moves]
        ),
    }
    found = rotacion_stock(History(inicio, fecha, {entity: [table] for entity, table in tables.items()}))
    march, april = date(2025, 3, 1), date(2025, 4, 1)
    assert [tuple(row.values()) for row in found] == [
        ("hogar", march, 0, Decimal("5.00"), Decimal("0.0000"), None),
        ("hogar", april, 0, Decimal("5.00"), Decimal("0.0000"), None),
        ("libros", march, 4, Decimal("11.67"), Decimal("0.3429"), Decimal("8.8")),  # levels 14, 11, 10
        ("libros", april, 11, Decimal("5.50"), Decimal("2.0000"), Decimal("1.0")),  # levels 11, 0
    ]


def test_deliveries_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    columns = "provincia mes entregas demoradas demoradas_pct demora_media_dias demora_p90_dias"
    assert cells(by_hand["demoras_logisticas"], columns) == [
        ("Chubut", "2024-07-01", "1", "0", "0.00", "0.00", "0"),
        ("Salta", "2025-05-01", "2", "1", "50.00", "1.00", "2"),
    ]


# --- a simulated world


def test_every_relation_has_its_columns_and_months(relations: dict[str, list[Row]]) -> None:
    months = {date(2025, month, 1) for month in range(3, 13)} | {date(2026, month, 1) for month in range(1, 4)}
    for name, rows in relations.items():
        assert list(rows[0]) == [*RELATIONS[name][1], "fecha_corte"]
        if "mes" in rows[0]:
            assert {row["mes"] for row in rows} == months, name


def test_the_answers_earn_what_the_orders_cost(relations: dict[str, list[Row]], history: History) -> None:
    # thirteen months are the whole history
    sales = kept_sales(history)
    total = sum(sale["total"] for sale in sales)
    assert sum(row["ingresos"] for row in relations["rentabilidad_mensual"]) == total
    buyers = relations["clientes_nuevos_recurrentes"]
    assert sum(row["ingresos_nuevos"] + row["ingresos_recurrentes"] for row in buyers) == total
    assert sum(row["nuevos"] for row in buyers) == len({sale["cliente_id"] for sale in sales})


def test_a_category_with_few_products_sold_lists_all_that_it_earned(relations: dict[str, list[Row]]) -> None:
    listed = defaultdict(list)
    for row in relations["productos_mas_vendidos"]:
        listed[row["categoria"], row["mes"]].append(row)
    earned = {(row["categoria"], row["mes"]): row for row in relations["rentabilidad_mensual"]}
    assert {len(rows) == 10 for rows in listed.values()} == {True, False}
    for key, rows in listed.items():
        assert [row["puesto"] for row in rows] == list(range(1, len(rows) + 1))
        assert rows == sorted(rows, key=lambda row: (-row["unidades"], -row["ingresos"], row["producto_id"]))
        for name in ("ingresos", "margen"):
            assert len(rows) == 10 or sum(row[name] for row in rows) == earned[key][name]


def test_change_is_told_between_whole_months(relations: dict[str, list[Row]]) -> None:
    told = {row["mes"] for row in relations["rentabilidad_mensual"] if row["variacion_ingresos_pct"] is not None}
    # March 2025 begins on the 12th, March 2026 ends on the 18th
    assert told == {date(2025, month, 1) for month in range(5, 13)} | {date(2026, month, 1) for month in (1, 2)}


def test_what_left_the_depots_was_ordered_and_what_was_delivered_is_counted(
    relations: dict[str, list[Row]], history: History
) -> None:
    ordered = sum(line["cantidad"] for line in history.rows("detalle_ventas"))
    assert sum(row["unidades_vendidas"] for row in relations["rotacion_stock"]) == ordered
    delivered = sum(row["estado"] == "entregado" for row in history.rows("envios"))
    assert sum(row["entregas"] for row in relations["demoras_logisticas"]) == delivered


def test_campaigns_agree_with_another_way_to_count(relations: dict[str, list[Row]], history: History) -> None:
    contacts = list(history.rows("contactos_campania"))
    for row in relations["impacto_campanias"]:
        orders = Counter(
            sale["cliente_id"]
            for sale in kept_sales(history)
            if row["fecha_inicio"] <= sale["fecha_venta"] <= row["fecha_fin"]
        )
        mine = [contact for contact in contacts if contact["campania_id"] == row["campania_id"]]
        treated, control = (
            [float(orders[contact["cliente_id"]]) for contact in mine if contact["grupo"] == group]
            for group in ("tratamiento", "control")
        )
        assert (row["contactados"], row["control"]) == (len(treated), len(control))
        difference = statistics.mean(treated) - statistics.mean(control)
        error = (
            1.96 * (statistics.variance(treated) / len(treated) + statistics.variance(control) / len(control)) ** 0.5
        )
        low, high = (len(treated) * (difference + sign * error) for sign in (-1, 1))
        assert float(row["pedidos_incrementales_desde"]) == pytest.approx(low, abs=0.006)
        assert float(row["pedidos_incrementales_hasta"]) == pytest.approx(high, abs=0.006)
        assert row["exito"] == (low > 0)


def test_customers_have_spent_what_their_orders_cost(people: list[Row], history: History) -> None:
    spent: Counter[str] = Counter()
    for sale in kept_sales(history):
        if sale["fecha_venta"] > date(2025, 3, 18):
            spent[sale["cliente_id"]] += sale["total"]
    assert [row["monto_compras_12m"] for row in people] == [spent[row["cliente_id"]] for row in people]
    assert any(sale["fecha_venta"] <= date(2025, 3, 18) for sale in kept_sales(history)), "nothing lies before the year"


def test_provinces_hold_the_customers_of_today_and_of_a_year_ago(
    people: list[Row], relations: dict[str, list[Row]]
) -> None:
    for name, rows in (
        ("clientes", people),
        ("clientes_hace_12m", cliente_360(WORLD, FECHA - timedelta(days=365)).to_dict("records")),
    ):
        living = Counter(row["provincia"] for row in rows)
        assert {row["provincia"]: row[name] for row in relations["distribucion_geografica"] if row[name]} == living
    ranked = sorted(relations["distribucion_geografica"], key=lambda row: row["puesto"])
    assert [row["puesto"] for row in ranked] == list(range(1, 25))
    potential = [row["ingresos_potenciales"] for row in ranked]
    assert potential == sorted(potential, reverse=True)
    assert len(set(potential)) > 3
    earlier = World(WORLD.seed, 20, FECHA - timedelta(days=364))
    assert set(answers(earlier, FECHA)["distribucion_geografica"]["clientes_hace_12m"]) == {None}


def test_an_order_counts_until_the_day_on_which_it_is_undone(history: History) -> None:
    before = FECHA - timedelta(days=40)
    undone = [row for row in history.rows("ventas") if row["estado"] != "completada" and row["fecha"] > before]
    lost = [row for row in undone if row["fecha_venta"] <= before]
    earlier = [order for order in history.orders if order.fecha_venta <= before]
    assert lost
    assert len(History.read(WORLD, before).orders) == len(earlier) + len(lost)
