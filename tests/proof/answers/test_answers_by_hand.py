"""The answer key against a world made by hand: seven people, nine orders, three campaigns."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pandas as pd
import pyarrow as pa
import pytest

from client360.simulate import World
from proof.answers import answers, cliente_360
from proof.answers.logistics import rotacion_stock
from proof.history import History

WORLD = World(seed=11, customers=150, first_day=date(2025, 3, 12))

Row = dict[str, Any]

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
CLICK, DOOR = datetime(2025, 5, 10, 21, tzinfo=timezone.utc), datetime(2025, 5, 13, 11, tzinfo=timezone.utc)
"""Of the order V4 and its delivery, 2.58 days later."""
WHERE = {
    "V3": {"canal": "local", "sucursal": "Centro", "vendedor": "E1", "cargo_envio": Decimal(0)},
    "V4": {"canal": "web", "sucursal": None, "vendedor": None, "cargo_envio": Decimal(15), "momento": CLICK},
}
PROVINCES = {"CA": "Chubut", "CB": "Chubut"}


def person(key: str) -> Row:
    return {
        "cliente_id": key,
        "fecha": INICIO,
        "dni": key,
        "nombre": "Ana",
        "apellido": key,
        "email": f"{key}@example.com",
        "fecha_nacimiento": date(1990, 1, 1),
        "provincia": PROVINCES.get(key, "Salta"),
        "ocupacion": "docente",
        "ingresos_mensuales": Decimal("1000.00"),
        "fecha_alta": date(2020, 1, 1),
        "fecha_baja": None,
        "pais": "AR",
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
    where = WHERE.get(key, {"canal": None, "sucursal": None, "vendedor": None, "cargo_envio": None})
    return (
        {"momento": None}
        | where
        | dict(zip(names, (key, owner, day, fecha, estado, PROVINCES.get(owner, "Salta")), strict=True))
    )


def shipment(key: str, owner: str, promised: date, delivered: date) -> Row:
    names = ("venta_id", "cliente_id", "fecha", "deposito", "estado", "fecha_prometida", "fecha_entrega", "costo_envio")
    values = (key, owner, delivered, "deposito_sur", "entregado", promised, delivered, Decimal(6))
    return dict(zip(names, values, strict=True)) | {"momento_entrega": DOOR if key == "V4" else None}


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
            sale("V6", "CE", date(2025, 4, 1), date(2025, 4, 4), "aprobada"),
            sale("V6", "CE", date(2025, 4, 1), date(2025, 4, 5), "entregada"),
            sale("V5", "CD", date(2025, 4, 2), date(2025, 4, 3), "aprobada"),
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
            campaign("K2", DAY),  # without customers
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
    monkeypatch.setattr(History, "read", lambda world, day, entities: made_by_hand())
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
        ("CD", "1", "100.00", "100.00", "89", "nuevo", "422"),
        ("CE", "1", "100.00", "100.00", "90", "ocasional", "322"),
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
    columns = "con_promesa anticipadas anticipadas_pct anticipo_medio_dias dias_hasta_entrega dias_hasta_entrega_p90"
    assert cells(by_hand["demoras_logisticas"], columns) == [
        ("1", "0", "0.00", "0.00", "4.0", "4.0"),
        ("2", "1", "50.00", "0.50", "3.8", "5.0"),  # 5 whole days and 2.6
    ]


def test_where_orders_are_sold_and_how_long_they_take_by_hand(by_hand: dict[str, pd.DataFrame]) -> None:
    columns = "canal sucursal vendedor pedidos ingresos ticket_promedio cargo_envio participacion_pct"
    assert cells(by_hand["ventas_por_canal"], columns, mes=date(2025, 5, 1)) == [
        ("local", "Centro", "E1", "1", "100.00", "100.00", "0.00", "50.00"),
        ("web", "sin_dato", "sin_dato", "1", "100.00", "100.00", "15.00", "50.00"),
    ]
    assert cells(by_hand["tiempos_pedidos"], "estado mes pedidos dias_media dias_p90") == [
        ("aprobada", "2025-04-01", "1", "1.0", "1.0"),
        ("creada", "2025-04-01", "2", "2.0", "3.0"),
    ]
    columns = "mes ingresos costo margen margen_pct variacion_ingresos_pct"
    assert cells(by_hand["rentabilidad_mensual"], columns, categoria="envio") == [
        ("2025-05-01", "15.00", "12.00", "3.00", "20.00", "None"),
        ("2025-06-01", "0.00", "0.00", "0.00", "None", "-100.00"),
    ]
