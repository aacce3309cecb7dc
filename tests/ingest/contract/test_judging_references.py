"""Rows that refer to rows of other entities."""

from datetime import date

import pytest
from raw_feed import (
    C1,
    CAMPANIAS,
    CLIENTES,
    CONTACTOS,
    DETALLE,
    DEVOLUCIONES,
    ENVIOS,
    K1,
    P1,
    PRODUCTOS,
    STOCK,
    TRANSACCIONES,
    V1,
    VENTAS,
    Raw,
    deliver,
    movement,
)

PEOPLE = "\n".join(
    [
        "C1,2025-01-01,Salta,2025-01-10,",  # announced before it begins
        "C2,2025-01-20,Salta,2025-01-01,2025-02-20",  # becomes known late, and leaves
        "C3,2025-01-01,Salta,x,",
    ]
)


@pytest.mark.parametrize(
    ("customer", "day", "reason"),
    [
        ("C1", "2025-01-09", "padre_desconocido"),
        ("C1", "2025-01-10", None),
        ("C2", "2025-01-19", "padre_desconocido"),
        ("C2", "2025-01-20", None),
        ("C2", "2025-02-19", None),
        ("C2", "2025-02-20", "padre_desconocido"),
        ("C3", "2025-02-01", "padre_rechazado"),
        ("C4", "2025-02-01", "padre_desconocido"),
    ],
)
def test_movements_and_orders_need_a_customer_on_that_day(
    raw: Raw, customer: str, day: str, reason: str | None
) -> None:
    deliver(raw, P1, {"clientes": (CLIENTES, PEOPLE)})
    raw.deliver("transacciones", TRANSACCIONES, movement(cliente_id=customer, fecha=day))
    # of an order, the day on which it was made counts
    raw.deliver("ventas", VENTAS, "\n".join(
        f"V1,{known},{day},{customer},tarjeta,Salta,,{state},10"
        for known, state in ((day, "completada"), ("2025-03-01", "devuelta"))
    ))  # fmt: skip
    raw.deliver("detalle_ventas", DETALLE, f"V1,1,{day},{customer},P1,1,10,0")
    raw.apply_contract()
    expected = {2: ("cliente_id", reason)} if reason else {}
    assert raw.reasons("transacciones") == expected
    assert raw.reasons("ventas") == ({2: ("cliente_id", reason), 3: ("cliente_id", reason)} if reason else {})
    assert raw.reasons("detalle_ventas") == expected


@pytest.mark.parametrize(
    ("entity", "header", "line", "wrong"),
    [
        ("transacciones", TRANSACCIONES, "T1,2025-02-01,C1,compra_tarjeta,1,V1", None),
        ("transacciones", TRANSACCIONES, "T1,2025-02-01,C1,compra_tarjeta,1,V2", ("venta_id", "padre_desconocido")),
        ("transacciones", TRANSACCIONES, "T1,2025-02-01,C1,compra_tarjeta,1,V9", ("venta_id", "padre_rechazado")),
        ("ventas", VENTAS, "V3,2025-01-10,2025-01-10,C1,tarjeta,Salta,K1,completada,1", None),
        ("ventas", VENTAS, "V3,2025-01-10,2025-01-10,C1,tarjeta,Salta,K2,completada,1", ("campania_id", "padre_desconocido")),
        ("ventas", VENTAS, "V3,2025-01-10,2025-01-10,C1,tarjeta,Salta,K9,completada,1", ("campania_id", "padre_rechazado")),
        # a state without the first one, or of another customer or day than the first one
        ("ventas", VENTAS, "V3,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_desconocido")),
        ("ventas", VENTAS, "V1,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1", None),
        ("ventas", VENTAS, "V1,2025-01-11,2025-01-10,C2,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_desconocido")),
        ("ventas", VENTAS, "V1,2025-01-11,2025-01-11,C1,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_desconocido")),
        ("ventas", VENTAS, "V9,2025-01-11,2025-01-10,C1,tarjeta,Salta,,cancelada,1", ("venta_id", "padre_rechazado")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,0", None),
        ("detalle_ventas", DETALLE, "V2,1,2025-01-10,C1,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V9,1,2025-01-10,C1,P1,1,10,0", ("venta_id", "padre_rechazado")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-11,C1,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C2,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P2,1,10,0", ("producto_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P8,1,10,0", ("producto_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P9,1,10,0", ("producto_id", "padre_rechazado")),
        # what a feed takes from the order is missing where there is no such order
        ("detalle_ventas", DETALLE, "V9,1,,C1,P1,1,10,0", ("venta_id", "padre_rechazado")),
        ("detalle_ventas", DETALLE, "V2,1,2025-01-10,,P1,1,10,0", ("venta_id", "padre_desconocido")),
        ("detalle_ventas", DETALLE, "V1,1,,C1,P1,1,10,0", ("fecha", "falta_valor")),
        ("detalle_ventas", DETALLE, "V9,1,2025-01-10,C1,P1,,10,0", ("cantidad", "falta_valor")),
        ("envios", ENVIOS, "V9,,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_rechazado")),
        ("envios", ENVIOS, "V1,2025-01-10,C1,N,preparacion,,2025-01-20,,1", None),
        ("envios", ENVIOS, "V1,2025-01-09,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_desconocido")),
        ("envios", ENVIOS, "V1,2025-01-10,C2,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_desconocido")),
        ("envios", ENVIOS, "V2,2025-01-10,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_desconocido")),
        ("envios", ENVIOS, "V9,2025-01-10,C1,N,preparacion,,2025-01-20,,1", ("venta_id", "padre_rechazado")),
        ("envios", ENVIOS, "V1,2025-01-10,C7,N,preparacion,,2025-01-20,,1", ("cliente_id", "padre_desconocido")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C1,V1,1,P1,1,10", None),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,,,,,,10", None),
        # of an order of before the files, but not of one that was refused, of another customer or a later day
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C1,V2,1,P1,1,10", None),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C1,V9,1,P1,1,10", ("venta_id", "padre_rechazado")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C2,V1,1,P1,1,10", ("venta_id", "padre_desconocido")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,,V1,1,P1,1,10", ("venta_id", "padre_desconocido")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-09,C1,V1,1,P1,1,10", ("venta_id", "padre_desconocido")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C7,,,P1,1,10", ("cliente_id", "padre_desconocido")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C1,,,P2,1,10", ("producto_id", "padre_desconocido")),
        ("devoluciones", DEVOLUCIONES, "D1,2025-01-10,C1,,,P9,1,10", ("producto_id", "padre_rechazado")),
        ("contactos_campania", CONTACTOS, "K1,2025-01-05,C1,control", None),
        ("contactos_campania", CONTACTOS, "K1,2025-01-04,C1,control", ("campania_id", "padre_desconocido")),
        ("contactos_campania", CONTACTOS, "K9,2025-01-05,C1,control", ("campania_id", "padre_rechazado")),
        ("contactos_campania", CONTACTOS, "K1,2025-01-05,C2,control", ("cliente_id", "padre_desconocido")),
        ("contactos_campania", CONTACTOS, "K1,2025-01-10,C2,control", None),
        ("contactos_campania", CONTACTOS, "K1,2025-01-10,C9,control", ("cliente_id", "padre_rechazado")),
        ("movimientos_stock", STOCK, "M1,2025-01-10,P1,N,recepcion,1,1", None),
        ("movimientos_stock", STOCK, "M1,2025-01-10,P2,N,recepcion,1,1", ("producto_id", "padre_desconocido")),
        ("movimientos_stock", STOCK, "M1,2025-01-10,P9,N,recepcion,1,1", ("producto_id", "padre_rechazado")),
    ],
)  # fmt: skip
def test_what_a_row_refers_to_must_exist(
    raw: Raw, entity: str, header: str, line: str, wrong: tuple[str, str] | None
) -> None:
    known = {
        "clientes": (CLIENTES, ["C1,2025-01-01,Salta,2025-01-01,", "C2,2025-01-06,Salta,2025-01-01,", "C9,2025-01-06,Salta,,"]),
        "productos": (PRODUCTOS, [
            "P1,2025-01-01,hogar,10,2025-01-01", "P8,2025-01-01,hogar,10,2025-01-11", "P9,2025-01-01,hogar,0,2025-01-01"]),
        "campanias": (CAMPANIAS, [
            "K1,2025-01-05,email,2025-01-05,2025-01-09,100", "K9,2025-01-05,email,2025-01-05,2025-01-09,x"]),
        "ventas": (VENTAS, [
            "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10", "V9,2025-01-10,2025-01-10,C1,tarjeta,,,completada,10"]),
    }  # fmt: skip
    for table, (table_header, lines) in known.items():
        raw.deliver(table, table_header, "\n".join(lines), name=f"{table}_known.csv")
    raw.deliver(entity, header, line, name="judged.csv")
    raw.apply_contract()
    found = raw.query("select columna, motivo from control.rechazos where archivo = 'judged.csv'")
    assert found == ([wrong] if wrong else [])


def test_rows_that_refer_to_a_rejected_customer_are_rejected_until_it_is_corrected(raw: Raw) -> None:
    deliver(raw, P1, K1, V1, {"clientes": (CLIENTES, "C1,2025-01-01,Salta,soon,")})
    raw.deliver("transacciones", TRANSACCIONES, movement(venta_id="V1"))
    raw.deliver("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,0")
    raw.deliver("envios", ENVIOS, "V1,2025-01-10,C1,N,preparacion,,2025-01-20,,1")
    raw.deliver("contactos_campania", CONTACTOS, "K1,2025-01-05,C1,control")
    raw.apply_contract()
    children = ("ventas", "transacciones", "detalle_ventas", "envios", "contactos_campania")
    assert {entity: raw.reasons(entity) for entity in children} == {
        entity: {2: ("cliente_id", "padre_rechazado")} for entity in children
    }
    raw.publish()
    raw.deliver(*("clientes", *C1["clientes"]))
    changed = raw.apply_contract()
    assert raw.rejected() == []
    assert changed == [date(2025, 1, day) for day in (1, 5, 10)] + [date(2025, 2, 1)]
    assert raw.staged("envios", "venta_id") == [("V1",)]


def test_an_order_without_a_first_state_rejects_its_other_states_and_lines(raw: Raw) -> None:
    deliver(raw, C1, P1)
    raw.deliver("ventas", VENTAS, "V1,2025-01-11,2025-01-10,C1,tarjeta,Salta,,devuelta,10")
    raw.deliver("detalle_ventas", DETALLE, "V1,1,2025-01-10,C1,P1,1,10,0")
    raw.apply_contract()
    assert raw.reasons("ventas") == {2: ("venta_id", "padre_desconocido")}
    assert raw.reasons("detalle_ventas") == {2: ("venta_id", "padre_rechazado")}
