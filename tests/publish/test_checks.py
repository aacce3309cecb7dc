"""Each check finds what it is there to find, and nothing else finds it."""

import re
from collections.abc import Sequence
from contextlib import nullcontext
from datetime import date, timedelta
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from client360 import folders
from client360.days import DayRange
from client360.load.dimensions import fill_dimensions
from client360.load.staging import load_file
from client360.publish.checks import CheckedRun, CheckFailed, run_checks
from client360.publish.export import NotChecked, export
from client360.publish.found import find_all
from client360.run import steps
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import run_step
from client360.simulate import World
from client360.simulate.landing_files import write_landing_files
from client360.warehouse.models import EXPORTED, LANDING
from client360.warehouse.models.base import NEEDS
from client360.warehouse.ownership import OwnerReplaced
from proof.answers import answers, cliente_360
from tools.local.server import Server

WORLD = World(seed=8, customers=160, first_day=date(2026, 1, 1))
FECHA = date(2026, 2, 10)
DAYS = [WORLD.first_day + timedelta(days=i) for i in range((FECHA - WORLD.first_day).days + 1)]
CHECKED = CheckedRun(FECHA, WORLD.first_day, WORLD.name, "run", DAYS)


def run(engine: Engine, name: str, entities: Sequence[str] = tuple(LANDING)) -> None:
    """A step, in one transaction."""
    parameters = {"desde": DAYS[0], "hasta": FECHA, "fecha": FECHA, "inicio": WORLD.first_day, "mundo": WORLD.name}
    parameters |= {"pais": "AR", "entidades": list(entities)}
    with engine.begin() as connection:
        run_step(connection, steps.BY_NAME[name], parameters)


@pytest.fixture(scope="module")
def template(server: Server, tmp_path_factory: pytest.TempPathFactory) -> str:
    """A warehouse in which a day has been built, and not checked yet."""
    data = tmp_path_factory.mktemp("data")
    with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
        admin.execute("create database built template client360")
    engine = create_engine(server.url("built", "postgresql+psycopg"), poolclass=NullPool)
    for share in plan_generation(engine, RunRequest(FECHA, SimulatedSource(WORLD))):
        for file in write_landing_files(WORLD, share.ranges, data):
            load_file(engine, file, data, WORLD.name, "run")
    fill_dimensions(engine, DayRange(WORLD.first_day, FECHA), WORLD.name)
    for name in steps.BY_NAME:
        run(engine, name)
    return "built"


def spoil(warehouse: Engine, statement: str) -> None:
    with warehouse.begin() as connection:
        assert connection.execute(text(statement)).rowcount > 0


def twice(where: str, of: str = "2026-01-01") -> str:
    """Gives a movement of the month `of` the id of one of January."""
    return (
        "update dw.hecho_transacciones as cambiada set transaccion_id = par.id from (select una.transaccion_id as id, "
        "otra.cliente_id, otra.fecha, otra.transaccion_id from dw.hecho_transacciones as una cross join "
        f"dw.hecho_transacciones as otra where dw.mes(una.fecha) = '2026-01-01' and dw.mes(otra.fecha) = '{of}' and {where} "
        "and not exists (select from dw.hecho_transacciones as ya where ya.cliente_id = otra.cliente_id "
        "and ya.fecha = otra.fecha and ya.transaccion_id = una.transaccion_id) limit 1) as par "
        "where cambiada.cliente_id = par.cliente_id and cambiada.fecha = par.fecha "
        "and cambiada.transaccion_id = par.transaccion_id"
    )


CHECKS = sorted(file.stem for file in (folders.SQL / "check").glob("*/*.sql"))
OF_THE_SOURCE = sorted(file.stem for file in (folders.SQL / "check" / "source").glob("*.sql"))
MONITORS = sorted(file.stem for file in (folders.SQL / "check" / "monitor").glob("*.sql"))
"""Tried in tests/publish/test_monitors.py."""
REFUNDED = "(select pago_id from dw.hecho_pagos where estado = 'reembolsado')"
ANNULLED = (
    "(select pago_id from dw.hecho_pagos where venta_id in "
    "(select venta_id from dw.historia_ventas where dw.anula(estado)))"
)
CUSTOMERS = "(select min(cliente_id) as uno, max(cliente_id) as otro from mart.cliente_360_historico) as cliente"


BOUGHT = (
    "compra as (update dw.hecho_transacciones as comprada set tarjeta_id = 'T', cuotas = 3 from (select cliente_id, fecha, "
    "transaccion_id from dw.hecho_transacciones where tipo_transaccion = 'compra_tarjeta' and venta_id is null and "
    "tarjeta_id is null and fecha < '2026-01-08' order by cliente_id, transaccion_id limit 1) as una "
    "where comprada.cliente_id = una.cliente_id and comprada.fecha = una.fecha and comprada.transaccion_id = una.transaccion_id "
    "returning comprada.cliente_id, comprada.cuenta_id, monto), "
    "gastada as (update mart.gasto_mensual as gasto set egresos_totales = egresos_totales - monto from compra "
    "where gasto.cliente_id = compra.cliente_id and mes = '2026-01-01'), "
    "cuenta as (update mart.cuenta_mensual as cuenta set neto = neto + monto, saldo = saldo + monto from compra "
    "where cuenta.cuenta_id = compra.cuenta_id and mes = '2026-01-01'), "
    "saldo as (update dw.hecho_saldos as saldo set saldo = saldo.saldo + monto from compra "
    "where saldo.cuenta_id = compra.cuenta_id), "
    "sumada as (update control.cargas set suma = suma + monto from compra "
    "where entidad = 'saldos' and fecha = '2026-01-31'), "
)
"""Charges a purchase to the card of a statement, which is money that has not left yet."""
BUYER = "(select cliente_id as uno, trunc(monto / 3, 2) as cuota, monto from compra) as cliente"


def credit(*entities: tuple[str, str], given: str = "", who: str = CUSTOMERS) -> str:
    """Puts rows that are loaded on 2026-01-09 into the history of credit; each is an entity and its values, by column."""
    placed, noted = [], []
    for number, (entity, values) in enumerate(entities):
        columns = ", ".join(part.split(" as ")[1] for part in values.split(" | "))
        measure = {"tarjetas": "limite", "resumenes": "total"}.get(entity, "monto")
        placed.append(
            f"puesta_{number} as (insert into dw.historia_{entity} (fecha, {columns}) "
            f"select date '2026-01-09', {values.replace(' | ', ', ')} from {who} returning {measure} as medida)"
        )
        noted.append(f"select '{entity}' as entidad, medida from puesta_{number}")
    return (
        f"with {given}{', '.join(placed)} update control.cargas "
        "set filas = cargas.filas + nueva.filas, suma = cargas.suma + nueva.suma from "
        f"(select entidad, count(*) as filas, coalesce(sum(medida), 0) as suma from ({' union all '.join(noted)}) as puesta "
        "group by entidad) as nueva where cargas.entidad = nueva.entidad and fecha = '2026-01-09'"
    )


LOAN = ("prestamos", "uno as cliente_id | 'L' as prestamo_id | date '2026-01-01' as fecha_otorgamiento | 100 as monto")
CARD = ("tarjetas", "uno as cliente_id | 'T' as tarjeta_id | 100 as limite")
STATEMENT = (
    "uno as cliente_id | 'R' as resumen_id | 'T' as tarjeta_id | date '2026-01-08' as fecha_cierre | 5 as minimo | "
    "date '2026-01-20' as fecha_vencimiento | 50 as total"
)
INSTALMENT = (
    "uno as cliente_id | 'Q' as cuota_id | 'L' as prestamo_id | date '2026-02-01' as vencimiento | 110 as monto | "
    "100 as capital"
)
ORDER = ("ordenes_permanentes", "uno as cliente_id | 'O' as orden_id | date '2026-01-01' as desde | 10 as monto")
SPOILED = [
    (
        "riesgo_cuadra",
        "update mart.cliente_360_historico set dias_mora_max = 40, situacion = 2 where cliente_id in "
        "(select min(cliente_id) from mart.cliente_360_historico)",
    ),
    *(
        (
            "credito_de_titular",
            credit((entity, values.replace("uno as cliente_id", "'' as cliente_id | 'CX' as cuenta_id"))),
        )
        for entity, values in (LOAN, CARD, ORDER)
    ),
    ("movimiento_de_tarjeta", credit((CARD[0], CARD[1].replace("'T'", "'U'")), given=BOUGHT, who=BUYER)),
    ("resumen_en_orden", credit(CARD, ("resumenes", STATEMENT.replace("2026-01-20", "2026-01-07")))),
    ("resumen_en_orden", credit(CARD, ("resumenes", STATEMENT.replace("5 as minimo", "50.01 as minimo")))),
    ("cuotas_cuadran", credit(LOAN, ("cuotas", INSTALMENT.replace("100 as capital", "99.99 as capital")))),
    ("cuotas_cuadran", credit((LOAN[0], f"{LOAN[1]} | 2 as plazo"), ("cuotas", INSTALMENT))),
    # a purchase in three instalments, of which the first has the cents that are left over
    (
        "resumen_cuadra",
        credit(
            CARD,
            ("resumenes", STATEMENT.replace("50 as total", "monto - 2 * cuota + 0.01 as total")),
            given=BOUGHT,
            who=BUYER,
        ),
    ),
    ("credito_del_mismo_cliente", credit(LOAN, ("cuotas", INSTALMENT.replace("uno as", "otro as")))),
    ("credito_del_mismo_cliente", credit(CARD, ("resumenes", STATEMENT.replace("uno as", "otro as")))),
    (
        "historia_completa",
        "update control.cargas set capa_alcanzada = 'staging' where entidad = 'clientes' and fecha = '2026-01-09'",
    ),
    (
        "cargas_cuadran",
        "update control.cargas set filas = filas + 1 where entidad = 'clientes' and fecha = '2026-01-09'",
    ),
    (
        "cargas_cuadran",
        "update control.cargas set suma = suma - 0.01 where entidad = 'transacciones' and fecha = '2026-01-09'",
    ),
    (
        "cargas_de_credito_cuadran",
        "update control.cargas set filas = filas + 1 where entidad = 'prestamos' and fecha = '2026-01-09'",
    ),
    (
        "versiones_contiguas",
        "update dw.dim_cliente set vigente_hasta = '2027-01-01' "
        "where cliente_id = 'C000000001' and vigente_hasta = '9999-12-31'",
    ),
    (
        "versiones_contiguas",
        "update dw.dim_producto set vigente_hasta = '2027-01-01' "
        "where producto_id = (select min(producto_id) from dw.dim_producto) and vigente_hasta = '9999-12-31'",
    ),
    (
        "versiones_contiguas",
        "update dw.dim_campania set vigente_hasta = '2027-01-01' "
        "where campania_id = (select min(campania_id) from dw.dim_campania)",
    ),
    (
        "versiones_contiguas",
        "update dw.dim_cuenta set vigente_hasta = '2027-01-01' where cuenta_id = (select min(cuenta_id) from dw.dim_cuenta)",
    ),
    (
        "versiones_contiguas",
        "update dw.dim_titular set vigente_hasta = '2027-01-01' where cuenta_id = (select min(cuenta_id) from dw.dim_titular)",
    ),
    *(
        (
            "cuentas_cuadran",
            f"update control.cargas set filas = filas + 1 where entidad = '{entity}' and fecha = '2026-01-09'",
        )
        for entity in ("cuentas", "titulares_cuenta")
    ),
    (
        "transaccion_de_cuenta",
        "update dw.dim_cuenta set fecha_apertura = '2026-01-05' where cuenta_id = "
        "(select min(cuenta_id) from dw.hecho_transacciones where fecha = '2026-01-04')",
    ),
    (
        "transaccion_de_cuenta",
        "with una as (select transaccion_id, cuenta_id, dw.mes(fecha) as mes, monto "
        "from dw.hecho_transacciones where transaccion_id = "
        "(select min(transaccion_id) from dw.hecho_transacciones where tipo_transaccion = 'ingreso_sueldo' "
        "and fecha >= '2026-02-01')), "
        "mensual as (update mart.cuenta_mensual set neto = neto - una.monto from una "
        "where cuenta_mensual.cuenta_id = una.cuenta_id and cuenta_mensual.mes = una.mes) "
        "update dw.hecho_transacciones set cliente_id = '', cuenta_id = null "
        "where transaccion_id = (select transaccion_id from una)",
    ),
    *(
        (
            "cuentas_cuadran",
            f"update control.cargas set {change} where entidad = 'saldos' and fecha = '2026-01-09'",
        )
        for change in ("filas = 1", "suma = 0.01")
    ),
    (
        "cuenta_mensual_cuadra",
        "update mart.cuenta_mensual set neto = neto + 0.01 where mes = '2026-01-01' "
        "and cuenta_id = (select min(cuenta_id) from mart.cuenta_mensual where mes = '2026-01-01')",
    ),
    (
        "saldo_cuadra",
        "with carga as (update control.cargas set suma = suma + 0.01 where entidad = 'saldos' and fecha = '2026-01-31'), "
        "mes as (update mart.cuenta_mensual set saldo = saldo + 0.01 where mes = '2026-01-01' "
        "and cuenta_id = (select min(cuenta_id) from dw.hecho_saldos)) "
        "update dw.hecho_saldos set saldo = saldo + 0.01 where cuenta_id = (select min(cuenta_id) from dw.hecho_saldos)",
    ),
    # last of December, though it moves in January, at whose end all others have one
    (
        "saldo_al_dia",
        "with una as (select cuenta_id, saldo from dw.hecho_saldos where cuenta_id = "
        "(select min(cuenta_id) from dw.hecho_saldos)), "
        "antes as (insert into mart.cuenta_mensual (cuenta_id, mes, moneda, neto, sin_sentido, saldo) "
        "select cuenta_id, '2025-12-01', '', 0, 0, saldo from una), "
        "mes as (update mart.cuenta_mensual set saldo = null from una "
        "where cuenta_mensual.cuenta_id = una.cuenta_id and mes = '2026-01-01'), "
        "carga as (update control.cargas set filas = filas - 1, suma = suma - una.saldo from una "
        "where entidad = 'saldos' and fecha = '2026-01-31') "
        "delete from dw.hecho_saldos using una where hecho_saldos.cuenta_id = una.cuenta_id",
    ),
    # of the month before, in which nobody looks at who holds it
    (
        "reparto_cuadra",
        "with mes as (update mart.gasto_mensual set cliente_id = '', cuenta_id = 'CA' || substr(cliente_id, 2) "
        "where mes = '2026-01-01' and cliente_id = "
        "(select min(cliente_id) from dw.hecho_transacciones where fecha < '2026-02-01')), "
        "parte as (insert into dw.titularidad "
        "select cuenta_id, cliente_id, desde, '2026-02-02', rol, participacion, de * 2, null from dw.titularidad) "
        "update dw.titularidad set desde = '2026-02-02' where desde < '2026-02-02'",
    ),
    *(
        ("titularidad_cuadra", f"{change} where cuenta_id = (select min(cuenta_id) from dw.titularidad)")
        for change in (
            "update dw.titularidad set de = de + 1",
            "update dw.titularidad set otras = null",
            "delete from dw.titularidad",
        )
    ),
    (
        "titulares_suman",
        "with version as (update dw.dim_titular set participacion = 99.9 where cuenta_id = "
        "(select min(cuenta_id) from dw.dim_titular) returning vigente_desde) "
        "update control.cargas set suma = suma + 99.9 from version "
        "where cargas.fecha = version.vigente_desde and entidad = 'titulares_cuenta'",
    ),
    (
        "titular_es_cliente",
        "with version as (update dw.dim_titular set cliente_id = 'C' where cuenta_id = "
        "(select min(cuenta_id) from dw.dim_titular)) update dw.titularidad set cliente_id = 'C' "
        "where cuenta_id = (select min(cuenta_id) from dw.titularidad)",
    ),
    (
        "movimiento_de_titular",
        "with mes as (update mart.gasto_mensual set cliente_id = '', cuenta_id = 'CA' where (cliente_id, mes) = "
        "(select cliente_id, dw.mes(fecha) from dw.hecho_transacciones where transaccion_id = "
        "(select min(transaccion_id) from dw.hecho_transacciones where tipo_transaccion = 'ingreso_sueldo' "
        "and fecha >= '2026-02-01'))), "
        "cuenta as (insert into dw.dim_cuenta select 'CA', vigente_desde, vigente_hasta, tipo, moneda, sucursal, "
        "fecha_apertura, fecha_cierre, null from dw.dim_cuenta "
        "where cuenta_id = (select min(cuenta_id) from dw.dim_cuenta)), "
        "carga as (update control.cargas set filas = filas + 1 where entidad = 'cuentas' and fecha = "
        "(select vigente_desde from dw.dim_cuenta where cuenta_id = (select min(cuenta_id) from dw.dim_cuenta))) "
        "update dw.hecho_transacciones set cliente_id = '', cuenta_id = 'CA' where transaccion_id = "
        "(select min(transaccion_id) from dw.hecho_transacciones where tipo_transaccion = 'ingreso_sueldo' "
        "and fecha >= '2026-02-01')",
    ),
    # on another day of the same customer, and of another customer on the same day
    ("transaccion_unica", twice("otra.cliente_id = una.cliente_id and otra.fecha > una.fecha")),
    ("transaccion_unica", twice("otra.cliente_id > una.cliente_id and otra.fecha = una.fecha")),
    ("transaccion_unica", twice("otra.cliente_id > una.cliente_id and otra.fecha < una.fecha")),
    ("transaccion_de_un_mes", twice("otra.cliente_id = una.cliente_id", of="2026-02-01")),
    ("transaccion_de_un_mes", twice("otra.cliente_id > una.cliente_id", of="2026-02-01")),
    ("transaccion_de_un_mes", twice("otra.cliente_id < una.cliente_id", of="2026-02-01")),
    (
        "transaccion_de_cliente",
        "update dw.dim_cliente set fecha_alta = '2026-01-05' where cliente_id = (select min(cliente_id) "
        "from dw.hecho_transacciones where fecha = '2026-01-04' and cliente_id not in (select cliente_id from dw.hecho_ventas))",
    ),
    (
        "tarjeta_cuadra",
        "update dw.hecho_transacciones set venta_id = null where tipo_transaccion = 'compra_tarjeta' "
        "and venta_id = (select min(venta_id) from dw.hecho_transacciones)",
    ),
    (
        "tarjeta_cuadra",
        "update dw.hecho_transacciones set rubro = 'recibida' where transaccion_id = "
        "(select min(transaccion_id) from dw.hecho_transacciones where rubro = 'reintegro' and venta_id is not null)",
    ),
    (
        "tarjeta_cuadra",
        "update dw.hecho_transacciones set rubro = 'recibida' where rubro = 'reintegro' and venta_id = "
        "(select min(venta_id) from dw.hecho_transacciones where rubro = 'reintegro' "
        "and venta_id in (select venta_id from dw.hecho_devoluciones))",
    ),
    # what is paid by card without the bank, and the other way about
    (
        "tarjeta_cuadra",
        "update dw.hecho_pagos set metodo_pago = 'tarjeta' where pago_id = (select min(pago_id) from dw.hecho_pagos "
        "where estado = 'aprobado' and metodo_pago = 'efectivo')",
    ),
    (
        "tarjeta_cuadra",
        "update dw.hecho_pagos set metodo_pago = 'otra_tarjeta' where pago_id = (select min(pago_id) from dw.hecho_pagos "
        "where estado = 'aprobado' and metodo_pago = 'tarjeta')",
    ),
    # two orders of one number, for their lines and payments too
    (
        "venta_unica",
        "with linea as (update dw.hecho_ventas set venta_id = (select min(venta_id) from dw.historia_ventas) "
        "where venta_id = (select max(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta')), "
        "pedido as (update dw.hecho_pedidos set venta_id = (select min(venta_id) from dw.historia_ventas) "
        "where venta_id = (select max(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta')), "
        "pago as (update dw.hecho_pagos set venta_id = (select min(venta_id) from dw.historia_ventas) "
        "where venta_id = (select max(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta')) "
        "update dw.historia_ventas set venta_id = (select min(venta_id) from dw.historia_ventas) "
        "where venta_id = (select max(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta')",
    ),
    # with its discount, so that it costs what it did
    *(
        (
            "precio_de_lista",
            f"update dw.hecho_ventas set precio_unitario = precio_unitario * {factor}, "
            f"descuento = descuento + (precio_unitario * {factor} - precio_unitario) * cantidad "
            "where linea = 1 and venta_id = (select min(venta_id) from dw.hecho_ventas)",
        )
        for factor in (10, 0.1)
    ),
    # a total that was loaded so
    (
        "venta_cuadra",
        "with pedido as (update dw.historia_ventas set total = total + 0.01 where venta_id = "
        "(select min(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta' and estado = 'completada') "
        "and estado = 'completada' "
        "returning fecha) update control.cargas set suma = suma + 0.01 from pedido "
        "where cargas.fecha = pedido.fecha and entidad = 'ventas'",
    ),
    # an order that was loaded without lines
    (
        "pedido_con_lineas",
        "with pedido as (insert into dw.historia_ventas (cliente_id, venta_id, fecha, fecha_venta, metodo_pago, provincia_envio, "
        "estado, total) select cliente_id, 'V', fecha, fecha_venta, 'efectivo', provincia_envio, estado, 1 "
        "from dw.historia_ventas where estado = 'completada' and venta_id = (select min(venta_id) from dw.historia_ventas) "
        "returning cliente_id, venta_id, fecha), "
        "hecho as (insert into dw.hecho_pedidos (cliente_id, venta_id, fecha, lineas) select *, 0 from pedido) "
        "update control.cargas set filas = filas + 1, suma = suma + 1 from pedido "
        "where cargas.fecha = pedido.fecha and entidad = 'ventas'",
    ),
    (
        "pedido_cuadra",
        "update dw.hecho_pedidos set lineas = lineas + 1 where venta_id = (select min(venta_id) from dw.hecho_pedidos)",
    ),
    (
        "pedido_cuadra",
        "update dw.hecho_pedidos set fecha_aprobada = fecha_aprobada - 1 "
        "where venta_id = (select min(venta_id) from dw.hecho_pedidos where fecha_aprobada is not null)",
    ),
    (
        "pedido_cuadra",
        "update dw.hecho_pedidos set fecha_anulacion = fecha_anulacion - 1 "
        "where venta_id = (select min(venta_id) from dw.hecho_pedidos where fecha_anulacion is not null)",
    ),
    (
        "pedido_cuadra",
        "delete from dw.hecho_pedidos where venta_id = "
        "(select max(venta_id) from dw.hecho_pedidos where fecha_anulacion is not null)",
    ),
    (
        "anulacion_cuadra",
        "update dw.hecho_ventas set fecha_anulacion = fecha_anulacion - 1 "
        "where venta_id = (select min(venta_id) from dw.hecho_ventas where fecha_anulacion is not null) and linea = 1",
    ),
    (
        "venta_de_cliente_y_producto",
        "update dw.dim_producto set fecha_alta = '2026-02-11' where producto_id = "
        "(select producto_id from dw.hecho_ventas group by producto_id having count(*) = 1 limit 1)",
    ),
    (
        "venta_de_cliente_y_producto",
        "with pedido as (select cliente_id from dw.hecho_ventas group by cliente_id "
        "having count(*) = 1 and min(metodo_pago) <> 'tarjeta' limit 1), "
        "linea as (update dw.hecho_ventas set cliente_id = 'nobody' where cliente_id in (select cliente_id from pedido)), "
        "hecho as (update dw.hecho_pedidos set cliente_id = 'nobody' where cliente_id in (select cliente_id from pedido)), "
        "pago as (update dw.hecho_pagos set cliente_id = 'nobody' where cliente_id in (select cliente_id from pedido)) "
        "update dw.historia_ventas set cliente_id = 'nobody' where cliente_id in (select cliente_id from pedido)",
    ),
    (
        "movimiento_al_dia",
        "update dw.hecho_transacciones set moneda = 'USD', monto_original = monto where transaccion_id = "
        "(select min(transaccion_id) from dw.hecho_transacciones where fecha = '2026-01-09' and cliente_id <> '')",
    ),
    (
        "costo_al_dia",
        "update dw.hecho_ventas set costo = costo + 0.01, margen = margen - 0.01 where linea = 1 "
        "and venta_id = (select min(venta_id) from dw.hecho_ventas where linea = 1 and costo is not null)",
    ),
    (
        "devolucion_derivada",
        "update dw.hecho_devoluciones set costo = costo + 0.01 "
        "where devolucion_id = (select min(devolucion_id) from dw.hecho_devoluciones)",
    ),
    (
        "devolucion_derivada",
        "update dw.hecho_devoluciones set fecha_anulacion = '2026-02-11' "
        "where devolucion_id = (select min(devolucion_id) from dw.hecho_devoluciones)",
    ),
    (
        "devolucion_unica",
        "update dw.hecho_devoluciones set devolucion_id = (select min(devolucion_id) from dw.hecho_devoluciones) "
        "where devolucion_id = (select max(devolucion_id) from dw.hecho_devoluciones)",
    ),
    (
        "devolucion_de_cliente_y_producto",
        "update dw.hecho_devoluciones set producto_id = 'unknown', categoria = null, costo = null "
        "where devolucion_id = (select min(devolucion_id) from dw.hecho_devoluciones where cantidad > 0)",
    ),
    (
        "devolucion_de_cliente_y_producto",
        "update dw.hecho_devoluciones set cliente_id = 'nobody' where devolucion_id = "
        "(select min(devolucion_id) from dw.hecho_devoluciones where venta_id in "
        "(select venta_id from dw.historia_ventas where metodo_pago <> 'tarjeta'))",
    ),
    (
        "devolucion_cuadra",
        "update dw.hecho_devoluciones set cantidad = cantidad * 100, costo = costo * 100 "
        "where devolucion_id = (select min(devolucion_id) from dw.hecho_devoluciones where cantidad > 0)",
    ),
    (
        "pago_unico",
        "update dw.hecho_pagos set pago_id = (select min(pago_id) from dw.hecho_pagos where estado = 'aprobado') "
        "where pago_id = (select max(pago_id) from dw.hecho_pagos where estado = 'aprobado') and estado = 'aprobado'",
    ),
    (
        "pago_de_pedido",
        "update dw.hecho_pagos set venta_id = 'unknown' where pago_id = (select min(pago_id) from dw.hecho_pagos "
        "where estado = 'aprobado' and metodo_pago = 'efectivo')",
    ),
    # more is paid than charged, less of an order of 30 days, and more refunded than paid; as they were loaded
    *(
        (
            "pago_cuadra",
            f"with pago as (update dw.hecho_pagos set monto = monto {change} where estado = '{state}' and pago_id = "
            f"(select min(pago_id) from dw.hecho_pagos where estado = '{state}' and metodo_pago <> 'tarjeta' and {where}) "
            "returning fecha, metodo_pago), carga as (update control.cargas set "
            f"suma = suma {change} from pago where cargas.fecha = pago.fecha and entidad = 'pagos_venta') "
            f"update mart.medios_de_pago_historico as medio set {column} = {column} {change}, monto_neto = monto_neto {net} "
            "from pago where medio.metodo_pago = pago.metodo_pago and medio.mes = dw.mes(pago.fecha)",
        )
        for state, where, change, column, net in (
            ("aprobado", "fecha > '2026-02-01'", "+ 0.01", "monto", "+ 0.01"),
            ("aprobado", "fecha < '2026-01-11' and pago_id not in " + REFUNDED, "- 0.01", "monto", "- 0.01"),
            ("reembolsado", "pago_id in " + ANNULLED, "+ 0.01", "reembolsado", "- 0.01"),
        )
    ),
    (
        "envio_cuadra",
        "update dw.hecho_envios set entrega_conocida = entrega_conocida + 1 "
        "where venta_id = (select min(venta_id) from dw.hecho_envios where entrega_conocida is not null)",
    ),
    ("envio_cuadra", "delete from dw.hecho_envios where venta_id = (select max(venta_id) from dw.hecho_envios)"),
    (
        "envio_en_orden",
        "update dw.hecho_envios set fecha_despacho = fecha_entrega + 1 "
        "where venta_id = (select min(venta_id) from dw.hecho_envios where fecha_entrega is not null)",
    ),
    (
        "envio_en_orden",
        "update dw.hecho_envios set provincia_envio = null where venta_id = (select min(venta_id) from dw.hecho_envios)",
    ),
    (
        "contacto_de_campania",
        "update dw.hecho_contactos set campania_id = 'unknown' "
        "where cliente_id = (select min(cliente_id) from dw.hecho_contactos) "
        "and campania_id = (select min(campania_id) from dw.dim_campania)",
    ),
    (
        "contacto_de_campania",
        "update dw.hecho_contactos set cliente_id = 'nobody' "
        "where cliente_id = (select min(cliente_id) from dw.hecho_contactos) "
        "and campania_id = (select min(campania_id) from dw.dim_campania)",
    ),
    (
        "movimiento_unico",
        "update dw.hecho_stock set movimiento_id = (select min(movimiento_id) from dw.hecho_stock) "
        "where movimiento_id = (select max(movimiento_id) from dw.hecho_stock)",
    ),
    (
        "stock_no_negativo",
        "update dw.hecho_stock set deposito = 'elsewhere' "
        "where movimiento_id = (select min(movimiento_id) from dw.hecho_stock where tipo = 'venta')",
    ),
    (
        "stock_mensual_cuadra",
        "update mart.stock_mensual set unidades_vendidas = unidades_vendidas + 1 "
        "where (producto_id, deposito, mes) in (select producto_id, deposito, mes from mart.stock_mensual limit 1)",
    ),
    (
        "stock_mensual_cuadra",
        "update mart.stock_mensual set cambio = cambio + 1 "
        "where (producto_id, deposito, mes) in (select producto_id, deposito, mes from mart.stock_mensual limit 1)",
    ),
    (
        "gasto_mensual_cuadra",
        "update mart.gasto_mensual set compra_tarjeta = compra_tarjeta + 0.01 "
        "where cliente_id = 'C000000001' and mes = '2026-01-01'",
    ),
    *(
        (
            "gasto_mensual_cuadra",
            f"update mart.gasto_mensual set {column} = {column} + 0.01 "
            "where cliente_id = 'C000000001' and mes = '2026-01-01'",
        )
        for column in ("ingresos_totales", "egresos_totales")
    ),
    (
        "gasto_mensual_cuadra",
        "update mart.gasto_mensual set depositos = 1 where cliente_id = 'C000000001' and mes = '2026-01-01'",
    ),
    (
        "movimiento_con_sentido",
        "with cambiado as (update dw.hecho_transacciones set sentido = null where transaccion_id = (select min(transaccion_id) "
        "from dw.hecho_transacciones where sentido = 'debito') returning cliente_id, cuenta_id, fecha, monto), "
        "cuenta as (update mart.cuenta_mensual as cuenta set neto = neto + cambiado.monto, sin_sentido = sin_sentido + 1 "
        "from cambiado where cuenta.cuenta_id = cambiado.cuenta_id and mes = dw.mes(cambiado.fecha)) "
        "update mart.gasto_mensual set egresos_totales = egresos_totales - cambiado.monto from cambiado "
        "where gasto_mensual.cliente_id = cambiado.cliente_id and mes = dw.mes(cambiado.fecha)",
    ),
    (
        "tipo_reconocido",
        "update dw.hecho_transacciones set tipo_transaccion = null where transaccion_id = "
        "(select min(transaccion_id) from dw.hecho_transacciones where rubro = 'enviada')",
    ),
    # a customer of long ago, of whom no load of the run tells
    (
        "cliente_360_completo",
        "insert into dw.dim_cliente (cliente_id, vigente_desde, vigente_hasta, fecha_alta) "
        "values ('forgotten', '2025-12-31', '9999-12-31', '2025-12-31')",
    ),
    (
        "cliente_360_completo",
        "insert into mart.cliente_360_historico (cliente_id, meses_observados, antiguedad_meses, compras_12m, "
        "monto_compras_12m, tipo_comprador, contactos_campania_12m, fecha_corte) "
        "values ('nobody', 0, 0, 0, 0, 'sin_compras', 0, '2026-02-10')",
    ),
    (
        "cliente_360_en_rango",
        "update mart.cliente_360_historico set gasto_mensual_promedio = 'NaN' where cliente_id = 'C000000001'",
    ),
    (
        "edad_posible",
        "update mart.cliente_360_historico set edad = 121 where cliente_id = 'C000000001'",
    ),
    (
        "edad_posible",
        "update mart.cliente_360_historico set edad = -1 where cliente_id = 'C000000001'",
    ),
    ("provincia_reconocida", "insert into dw.grafia_provincia values ('Atlantis', null, 3), ('Cba.', 'Córdoba', 4)"),
    (
        "cliente_sin_duplicado",
        "update mart.cliente_360_historico set posible_duplicado_de = 'C000000001' where cliente_id = "
        "(select min(cliente_id) from mart.cliente_360_historico where cliente_id > 'C000000001')",
    ),
    (
        "documento_de_una_persona",
        "update dw.dim_cliente set dni = '12.345.678' where cliente_id in "
        "(select cliente_id from mart.cliente_360_historico order by cliente_id limit 6)",
    ),
    (
        "documento_de_una_persona",
        "update dw.dim_cliente set email = 'sin@example.com' where cliente_id in "
        "(select cliente_id from mart.cliente_360_historico order by cliente_id limit 6)",
    ),
    (
        "baja_despues_de_alta",
        "insert into dw.dim_cliente (cliente_id, vigente_desde, vigente_hasta, fecha_alta, fecha_baja) "
        "values ('backwards', '2025-12-31', '9999-12-31', '2025-12-31', '2025-12-30')",
    ),
    (
        "respuestas_cuadran",
        "update mart.rentabilidad_mensual_historico set ingresos = ingresos + 0.01 "
        "where categoria = 'electrónica' and mes = '2026-01-01'",
    ),
    (
        "respuestas_cuadran",
        "update mart.clientes_nuevos_recurrentes_historico set ingresos_nuevos = ingresos_nuevos + 0.01 "
        "where mes = '2026-02-01'",
    ),
    (
        "distribucion_cuadra",
        "update mart.distribucion_geografica_historico set clientes = clientes + 1 where provincia = 'Córdoba'",
    ),
    (
        "respuestas_cuadran",
        "update mart.rentabilidad_mensual_historico set devoluciones = devoluciones + 0.01, "
        "ingresos_netos = ingresos_netos - 0.01 where categoria = 'electrónica' and mes = '2026-01-01'",
    ),
    (
        "respuestas_cuadran",
        "update mart.clientes_nuevos_recurrentes_historico set ingresos_netos_nuevos = ingresos_netos_nuevos + 0.01 "
        "where mes = '2026-02-01'",
    ),
    (
        "respuestas_cuadran",
        "update mart.medios_de_pago_historico set reembolsado = reembolsado + 0.01, monto_neto = monto_neto - 0.01 "
        "where metodo_pago = 'tarjeta' and mes = '2026-01-01'",
    ),
    ("respuestas_cuadran", "delete from mart.medios_de_pago_historico where mes = '2026-01-01'"),
]


IN_RANGE = [
    ("ingresos_mensuales = 'NaN'", "ingresos_mensuales out of range"),
    ("ingresos_mensuales = -0.01", "ingresos_mensuales out of range"),
    ("gasto_mensual_promedio = 'NaN', meses_observados = 1", "gasto_mensual_promedio out of range"),
    ("score_endeudamiento = -0.01", "score_endeudamiento out of range"),
    ("meses_observados = 13, gasto_mensual_promedio = 1", "meses_observados out of range"),
    ("antiguedad_meses = -1", "antiguedad_meses below 0"),
    ("segmento_ingresos = 0", "segmento_ingresos out of range"),
    ("segmento_ingresos = 6", "segmento_ingresos out of range"),
    ("monto_compras_12m = 'NaN', monto_neto_12m = 'NaN'", "monto_compras_12m out of range"),
    ("monto_devuelto_12m = -0.01, monto_neto_12m = null", "monto_devuelto_12m out of range"),
    ("monto_neto_12m = monto_neto_12m + 0.01", "monto_neto_12m, which contradicts monto_devuelto_12m"),
    ("dias_sin_comprar = -1", "dias_sin_comprar below 0"),
    ("entregas_demoradas_pct = 100.01", "entregas_demoradas_pct out of range"),
    ("contactos_campania_12m = -1", "contactos_campania_12m below 0"),
    ("compras_12m = 0, ticket_promedio = 1", "ticket_promedio, which contradicts compras_12m"),
    ("compras_12m = 1, ticket_promedio = null", "ticket_promedio, which contradicts compras_12m"),
    ("primera_compra = null, segmento_rfm = null", "tipo_comprador, which contradicts primera_compra"),
    ("segmento_rfm = null", "segmento_rfm, which contradicts primera_compra"),
    ("primera_compra = ultima_compra + 1", "primera_compra after ultima_compra"),
    ("ultima_compra = fecha_corte + 1", "ultima_compra after fecha_corte"),
    ("gasto_mensual_promedio = 1, meses_observados = 0", "gasto_mensual_promedio, which contradicts meses_observados"),
    ("origen_ingresos = null", "origen_ingresos, which contradicts ingresos_mensuales"),
    (
        "ingresos_totales_promedio = -0.01, ahorro_promedio = -0.01 - egresos_totales_promedio",
        "ingresos_totales_promedio out of range",
    ),
    (
        "egresos_totales_promedio = -0.01, ahorro_promedio = ingresos_totales_promedio + 0.01",
        "egresos_totales_promedio out of range",
    ),
    ("ahorro_promedio = ahorro_promedio + 0.02", "ahorro_promedio, which contradicts ingresos_totales_promedio"),
    ("egresos_totales_promedio = null", "ahorro_promedio, which contradicts ingresos_totales_promedio"),
    ("deuda_total = -0.01", "deuda_total out of range"),
    ("cuota_sobre_ingreso = -0.01", "cuota_sobre_ingreso below 0"),
    ("uso_de_limite = -0.01", "uso_de_limite below 0"),
    ("dias_mora_max = -1, situacion = 1", "dias_mora_max below 0"),
    ("dias_mora_max = 32, situacion = 1", "situacion, which contradicts dias_mora_max"),
]
"""What is set in the row of a buyer, and what the check says of it."""


# of a feed
UNACCOUNTED = [
    ("entregas_cuadran", "update control.entregas set lineas = lineas + 1 where archivo = 'ventas.csv'"),
    ("entregas_cuadran", "delete from control.rechazos where motivo = 'comillas'"),
    ("entregas_cuadran", "update control.rechazos set archivo = 'gone.csv' where motivo = 'codificacion'"),
    ("lecturas_cuadran", "update control.lecturas set filas = filas + 1 where entidad = 'ventas'"),
    ("lecturas_cuadran", "update control.lecturas set repetidas = repetidas - 1 where entidad = 'ventas'"),
    ("lecturas_cuadran", "delete from control.rechazos where entidad = 'ventas'"),
    ("lecturas_cuadran", "update control.rechazos set entidad = 'envios' where motivo = 'tipo_invalido'"),
    ("lecturas_cuadran", "update control.rechazos set archivo = 'gone.csv' where motivo = 'tipo_invalido'"),
    # a row that was accepted and not loaded
    (
        "lecturas_cuadran",
        "update control.lecturas set filas = filas + 1, aceptadas = aceptadas + 1 where entidad = 'campanias'",
    ),
    # rows that were loaded and never accepted
    ("lecturas_cuadran", "delete from control.lecturas where entidad = 'campanias'"),
]


def test_every_check_is_tried() -> None:
    assert sorted({name for name, _ in SPOILED + UNACCOUNTED} | {"respuestas_con_datos", *MONITORS}) == CHECKS


def test_a_sound_warehouse_passes_and_says_so(warehouse: Engine) -> None:
    assert run_checks(warehouse, CHECKED) == len(CHECKS)
    with warehouse.connect() as connection:
        results = connection.execute(text("select verificacion, correcta, hallazgos from control.verificaciones")).all()
    assert sorted(map(tuple, results)) == [(name, True, 0) for name in CHECKS]


def test_refunds_of_their_own_kind_are_refunds(warehouse: Engine) -> None:
    spoil(
        warehouse,
        "update dw.hecho_transacciones set tipo_transaccion = 'reintegro', rubro = null where rubro = 'reintegro'",
    )
    assert run_checks(warehouse, CHECKED) == len(CHECKS)


def test_a_source_that_never_says_directions_lacks_none(warehouse: Engine) -> None:
    spoil(warehouse, "update dw.hecho_transacciones set sentido = null")
    spoil(warehouse, "update mart.gasto_mensual set ingresos_totales = null, egresos_totales = null")
    spoil(
        warehouse,
        "update mart.cuenta_mensual as cuenta set neto = 0, sin_sentido = movimientos from (select cuenta_id, "
        "dw.mes(fecha) as mes, count(*) filter (where dw.en_cuenta(monto, null, tipo_transaccion, tarjeta_id) is null) "
        "as movimientos from dw.hecho_transacciones group by 1, 2) as movida "
        "where cuenta.cuenta_id = movida.cuenta_id and cuenta.mes = movida.mes",
    )
    assert run_checks(warehouse, CHECKED) == len(CHECKS)


@pytest.mark.parametrize(("name", "statement"), SPOILED, ids=[name for name, _ in SPOILED])
def test_what_is_wrong_is_found_by_its_check_alone(name: str, statement: str, warehouse: Engine) -> None:
    spoil(warehouse, statement)
    with pytest.raises(
        CheckFailed,
        match=f"1 of {len(CHECKS)} checks of {FECHA} failed. {name}: 1 found against the rule '.*, for example ",
    ):
        run_checks(warehouse, CHECKED)
    with warehouse.connect() as connection:
        failed = connection.execute(
            text("select verificacion from control.verificaciones where not correcta")
        ).scalars()
        assert failed.all() == [name]


def test_what_is_unusual_warns_and_stops_nothing(warehouse: Engine, caplog: pytest.LogCaptureFixture) -> None:
    spoil(
        warehouse,
        f"update control.medidas set categoria = upper(categoria) where fecha = '{FECHA}' and columna = 'rubro' "
        "and categoria = (select max(categoria) from control.medidas where columna = 'rubro' and fecha = '2026-02-09')",
    )
    assert run_checks(warehouse, CHECKED) == len(CHECKS)
    assert (
        "categoria_de_una_grafia: 1 found against the rule 'No value of a column of few values is written"
        in caplog.text
    )
    with warehouse.connect() as connection:
        wrong = connection.execute(text("select verificacion, detiene from control.verificaciones where not correcta"))
        assert wrong.all() == [("categoria_de_una_grafia", False)]


def account_for(warehouse: Engine) -> None:
    """As if the rows had come in files: one for each entity, and in that of orders a row of each fate."""
    spoil(
        warehouse,
        "insert into control.lecturas "
        "select entidad || '.csv', entidad, sum(filas), sum(filas), 0, 0, 0, 0 from control.cargas group by entidad",
    )
    spoil(
        warehouse,
        "update control.lecturas set filas = filas + 5, repetidas = 1, reemplazadas = 1, sin_cambio = 1, rechazadas = 2 "
        "where entidad = 'ventas'",
    )
    spoil(
        warehouse,
        "insert into control.rechazos (archivo, linea, entidad, motivo, texto, corrida) values "
        "('ventas.csv', 2, 'ventas', 'tipo_invalido', '', ''), ('ventas.csv', 3, 'ventas', 'padre_desconocido', '', ''), "
        "('ventas.csv', 4, '', 'comillas', '', ''), ('ventas.csv', 5, '', 'codificacion', '', ''), "
        "('ventas.csv', 6, '', 'sin_mapear', '', '')",
    )
    spoil(
        warehouse,
        "insert into control.entregas (archivo, entrega, tabla, sha256, lineas, leidas, mundo, corrida) "
        "select archivo, row_number() over (order by archivo), entidad, '', "
        "filas + 4 * (entidad = 'ventas')::integer, filas + 2 * (entidad = 'ventas')::integer, '', '' from control.lecturas",
    )
    spoil(warehouse, "insert into control.lecturas values ('ventas.csv', 'descartes', 1, 1, 0, 0, 0, 0)")


def test_files_of_which_every_line_and_row_is_accounted_for_pass(warehouse: Engine) -> None:
    account_for(warehouse)
    run_checks(warehouse, CHECKED)
    # two rows of one line
    spoil(warehouse, "delete from control.rechazos where motivo = 'tipo_invalido'")
    run_checks(warehouse, CHECKED)


@pytest.mark.parametrize(("name", "statement"), UNACCOUNTED, ids=[name for name, _ in UNACCOUNTED])
def test_what_is_not_accounted_for_stops_also_a_feed(name: str, statement: str, warehouse: Engine) -> None:
    account_for(warehouse)
    spoil(warehouse, statement)
    with pytest.raises(
        CheckFailed,
        match=f"1 of {len(CHECKS)} checks of {FECHA} failed. {name}: . found against the rule '.*, for example ",
    ):
        run_checks(warehouse, CHECKED, consistent=False)


@pytest.mark.parametrize(
    ("name", "statement"), [spoiled for spoiled in SPOILED if spoiled[0] in OF_THE_SOURCE], ids=lambda value: value[:20]
)
def test_what_does_not_agree_in_files_that_somebody_else_wrote_only_warns(
    name: str, statement: str, warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    spoil(warehouse, statement)
    assert run_checks(warehouse, CHECKED, consistent=False) == len(CHECKS)
    assert f"{name}: 1 found against the rule '" in caplog.text
    with warehouse.connect() as connection:
        stops = dict(connection.execute(text("select verificacion, detiene from control.verificaciones")).all())
        assert sorted(name for name in stops if not stops[name]) == sorted(OF_THE_SOURCE + MONITORS)
        wrong = connection.execute(text("select verificacion from control.verificaciones where not correcta"))
        assert wrong.scalars().all() == [name]
        assert connection.execute(text("select distinct fecha_corte from mart.cliente_360")).scalars().all() == [FECHA]
        one = connection.scalar(text("select ejemplo from control.verificaciones where not correcta"))
    found = find_all(warehouse, name, None)
    assert (found.number, found.examples) == (1, [one])
    assert export(warehouse, FECHA, WORLD.name, data)["cliente_360"] > 0


NAMED = {
    "credito_de_titular": r"(loan L|card ending in T|standing order O)",
    "movimiento_con_sentido": r"movement T\d{18} of 2026-..-..",
    "movimiento_de_tarjeta": r"movement T\d{18} of 2026-..-.., of 1 that day on its card",
    "movimiento_de_titular": r"movement T\d{18} of 2026-..-.., of 1 that day on account CA",
    "resumen_en_orden": r"statement R, .*",
    "saldo_cuadra": r"account CA\d+ on 2026-01-31, 0.01 more than its movements come to",
    "tipo_reconocido": r"1 movements of 2026-..-01, \d+\.\d\d per cent of the amount, such as T\d{18}",
    "titular_es_cliente": r"account CA\d+, of somebody who is no customer",
    "titulares_suman": r"account CA\d+, of which the parts add up to 99.90",
    "transaccion_de_cliente": r"movement T\d{18} of 2026-01-04",
    "transaccion_de_cuenta": r"movement T\d{18} of 2026-..-.., (account \w+|without an account)",
}


@pytest.mark.parametrize(
    ("name", "statement"), [spoiled for spoiled in SPOILED if spoiled[0] in NAMED], ids=lambda value: value[:20]
)
def test_what_the_bank_can_look_up_is_named_by_its_id(name: str, statement: str, warehouse: Engine) -> None:
    spoil(warehouse, statement)
    with nullcontext() if name in OF_THE_SOURCE else pytest.raises(CheckFailed):
        run_checks(warehouse, CHECKED, consistent=False)
    with warehouse.connect() as connection:
        one = connection.scalar(text("select ejemplo from control.verificaciones where not correcta"))
    assert re.fullmatch(NAMED[name], one)


def test_all_that_a_check_finds_is_listed_and_nothing_is_written(warehouse: Engine) -> None:
    run_checks(warehouse, CHECKED)
    sound = {name: find_all(warehouse, name, FECHA) for name in CHECKS}
    assert {name for name, found in sound.items() if found.number or found.examples} <= set(MONITORS)
    accounts = "select min(cuenta_id) from dw.dim_titular union select max(cuenta_id) from dw.dim_titular"
    spoil(warehouse, f"update dw.dim_titular set participacion = 99.9 where cuenta_id in ({accounts})")
    spoil(warehouse, "update dw.hecho_transacciones set tipo_transaccion = null where tipo_transaccion = 'cobro'")
    with warehouse.connect() as connection:
        two = sorted(connection.scalars(text(accounts)))
    found = find_all(warehouse, "titulares_suman", None)
    assert list(found.lines()) == [
        "2 found from 2026-01-01 to 2026-02-10 against the rule 'Where anybody's part of an account is known, the parts of all "
        "who hold it at the end of the day add up to 100'",
        *(f"  account {account}, of which the parts add up to 99.90" for account in two),
    ]
    # of each month
    assert len(find_all(warehouse, "tipo_reconocido", FECHA).examples) == 2
    assert next(sound["titulares_suman"].lines()).startswith("nothing found from 2026-01-01 to 2026-02-10 against")
    with warehouse.connect() as connection:
        assert connection.scalar(text("select count(*) from control.verificaciones where not correcta")) == 0


def test_what_can_not_be_listed_says_why(warehouse: Engine) -> None:
    with pytest.raises(
        ValueError, match=r"check is 'nothing': give CHECK, one of anulacion_cuadra, .*, volumen_habitual"
    ):
        find_all(warehouse, "nothing", FECHA)
    with pytest.raises(ValueError, match="fecha is 2026-02-09: that day was not computed"):
        find_all(warehouse, "titulares_suman", date(2026, 2, 9))
    spoil(warehouse, "delete from control.cortes")
    with pytest.raises(ValueError, match="no day is computed yet: make run"):
        find_all(warehouse, "titulares_suman", None)


def exported(warehouse: Engine) -> dict[str, list[dict]]:
    """The rows of the day, by relation."""
    with warehouse.connect() as connection:
        return {
            relation: [dict(row) for row in connection.execute(model.table().select()).mappings()]
            for relation, model in EXPORTED.items()
        }


def known(rows: list[dict]) -> set[str]:
    """The columns that any of the rows has a value of."""
    return {column for row in rows for column, value in row.items() if value is not None}


@pytest.mark.parametrize("ids", ["transaccion_id", "md5(transaccion_id)", "fecha || transaccion_id"])
def test_an_id_that_movements_share_is_found_whatever_the_order_of_ids(warehouse: Engine, ids: str) -> None:
    spoil(warehouse, f"update dw.hecho_transacciones set transaccion_id = {ids}")
    run_checks(warehouse, CHECKED)
    for pair in (
        "otra.cliente_id = una.cliente_id",
        "otra.cliente_id < una.cliente_id",
        "otra.cliente_id > una.cliente_id",
    ):
        spoil(warehouse, twice(pair))
        spoil(warehouse, twice(pair, of="2026-02-01"))
    with pytest.raises(CheckFailed):
        run_checks(warehouse, CHECKED)
    found = text("select hallazgos, ejemplo from control.verificaciones where verificacion = :name")
    repeated = "from dw.hecho_transacciones group by transaccion_id"
    with warehouse.connect() as connection:
        for name, query in (
            ("transaccion_unica", f"select transaccion_id {repeated}, dw.mes(fecha) having count(*) > 1"),
            ("transaccion_de_un_mes", f"select transaccion_id {repeated} having count(distinct dw.mes(fecha)) > 1"),
        ):
            expected = sorted(connection.scalars(text(query)))
            assert connection.execute(found, {"name": name}).one() == (len(expected), expected[0])


def test_what_is_found_in_several_months_is_added_up(warehouse: Engine) -> None:
    spoil(
        warehouse,
        "update mart.gasto_mensual set movimientos = movimientos + 1 "
        "where cliente_id in (select min(cliente_id) from mart.gasto_mensual where mes = '2026-01-01') and "
        "cliente_id in (select cliente_id from mart.gasto_mensual where mes = '2026-02-01')",
    )
    with pytest.raises(CheckFailed, match=r"gasto_mensual_cuadra: 2 found against .*, for example 2026-01-01: "):
        run_checks(warehouse, CHECKED)


@pytest.mark.parametrize("entity", LANDING)
def test_what_is_made_of_an_entity_that_the_source_lacks_is_unknown_never_zero(warehouse: Engine, entity: str) -> None:
    whole = exported(warehouse)
    if entity == "ventas":  # whose first states say where shipments go, and since when
        spoil(warehouse, "update dw.hecho_envios set provincia_envio = null, fecha_venta = null, momento_venta = null")
    provided = [name for name in LANDING if name != entity]
    for step in steps.IN_ORDER:
        if step.scope is steps.Scope.BUSINESS_DAY:
            run(warehouse, step.name, provided)
    keys = {"cliente_360": cliente_360(WORLD, FECHA, provided), **answers(WORLD, FECHA, provided)}
    for relation, rows in exported(warehouse).items():
        model = EXPORTED[relation]
        lacking = {column.name for column in model.table().columns if entity in column.info.get(NEEDS, ())}
        if entity == "resumenes":  # who has a loan has a card in this world, and how late a card is is unknown now
            lacking |= {"situacion", "dias_mora_max"}
        nothing = entity in model.needs or (entity, relation) == ("resumenes", "riesgo_crediticio")
        assert known(rows) == (set() if nothing else known(whole[relation]) - lacking), relation
        key = keys[relation].to_dict("records")
        assert sorted(map(repr, (sorted(row.items()) for row in rows))) == sorted(
            map(repr, (sorted(row.items()) for row in key))
        ), relation


def test_a_statement_that_names_no_customer_is_that_of_its_card(warehouse: Engine) -> None:
    spoil(warehouse, "update dw.historia_resumenes set cliente_id = ''")
    run_checks(warehouse, CHECKED)
    spoil(
        warehouse,
        "update dw.historia_resumenes set total = total + 1 where resumen_id = "
        "(select min(resumen_id) from dw.historia_resumenes where total > 0)",
    )
    with pytest.raises(CheckFailed, match="resumen_cuadra: 1 found"):
        run_checks(warehouse, CHECKED)


def test_answers_that_lack_an_entity_say_so_and_stop_nobody(
    warehouse: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    run_checks(warehouse, CHECKED, [name for name in LANDING if name not in ("envios", "productos")], consistent=False)
    (warned,) = [record.message for record in caplog.records if record.levelname == "WARNING"]
    assert warned == (
        "respuestas_con_datos: 4 found against the rule 'The source provides the entities that every answer is computed from', "
        "for example demoras_logisticas (no envios); productos_mas_vendidos (no productos); "
        "rentabilidad_mensual (no productos); rotacion_stock (no productos), which does not stop the run"
    )


def test_what_is_out_of_range_is_named(warehouse: Engine) -> None:
    check = (folders.SQL / "check" / "pipeline" / "cliente_360_en_rango.sql").read_text(encoding="utf-8")
    buyer = (
        "select min(cliente_id) from mart.cliente_360_historico "
        "where compras_12m > 0 and ingresos_mensuales is not null and gasto_mensual_promedio is not null"
    )
    said = []
    for values, _ in IN_RANGE:
        with warehouse.connect() as connection:  # which takes it back
            spoiled = text(f"update mart.cliente_360_historico set {values} where cliente_id = ({buyer})")
            assert connection.execute(spoiled).rowcount == 1
            cursor = connection.connection.cursor()
            said.append((values, *cursor.execute(check, {"fecha": FECHA}).fetchone()))
    assert said == [(values, 1, f"a row with {defect}") for values, defect in IN_RANGE]


def test_loans_cards_and_statements_that_add_up_are_sound(warehouse: Engine) -> None:
    spoil(warehouse, credit(LOAN, ("cuotas", INSTALMENT)))
    total = ("resumenes", STATEMENT.replace("50 as total", "monto - 2 * cuota as total"))
    spoil(warehouse, credit(CARD, total, given=BOUGHT, who=BUYER))
    assert run_checks(warehouse, CHECKED) == len(CHECKS)


def test_a_result_of_a_check_that_is_no_more_does_not_hold_the_day_back(warehouse: Engine) -> None:
    spoil(warehouse, f"insert into control.verificaciones values ('{FECHA}', 'gone', false, 1, null, 'run', true)")
    run_checks(warehouse, CHECKED)
    with warehouse.connect() as connection:
        assert connection.execute(text("select distinct fecha_corte from mart.cliente_360")).scalars().all() == [FECHA]


def test_days_that_another_run_has_on_their_way_are_left_to_it(warehouse: Engine) -> None:
    """As between the facts and the months of a run of the next day."""
    spoil(
        warehouse,
        "insert into dw.hecho_transacciones select cliente_id, '2026-02-11', 'T' || transaccion_id, tipo_transaccion, "
        "monto, rubro, venta_id from dw.hecho_transacciones where fecha = '2026-02-10'",
    )
    spoil(
        warehouse,
        "insert into dw.hecho_stock select producto_id, '2026-02-11', 'M' || movimiento_id, deposito, tipo, cantidad, "
        "costo_unitario from dw.hecho_stock where fecha = '2026-02-10'",
    )
    spoil(
        warehouse,
        "insert into control.cargas select entidad, '2026-02-11', filas, suma, archivo, sha256, mundo, 'other', 'dw', 'dw' "
        "from control.cargas where fecha = '2026-02-10'",
    )
    run_checks(warehouse, CHECKED)


@pytest.mark.parametrize(
    ("entidad", "months"), [("transacciones", "gasto_mensual"), ("movimientos_stock", "stock_mensual")]
)
def test_a_day_loaded_again_between_facts_and_months_counts_as_it_was(
    entidad: str, months: str, warehouse: Engine
) -> None:
    """Another run loads a day again after this run's facts and before its months."""
    spoil(warehouse, f"update control.cargas set capa = 'staging', capa_alcanzada = 'dw' where entidad = '{entidad}'")
    run(warehouse, f"build_view/{months}")
    run_checks(warehouse, CHECKED)
    with warehouse.connect() as connection:
        layers = connection.execute(
            text(f"select distinct capa, capa_alcanzada from control.cargas where entidad = '{entidad}'")
        )
        assert [tuple(row) for row in layers] == [("staging", "mart")]


def test_rows_that_are_built_again_are_not_shown_before_they_are_checked(warehouse: Engine, data: Path) -> None:
    run_checks(warehouse, CHECKED)
    run(warehouse, "build_view/cliente_360_historico")
    with warehouse.connect() as connection:
        assert not any(connection.execute(text(f"select from mart.{name}")).all() for name in EXPORTED)
    with pytest.raises(NotChecked, match="2026-02-10 has not passed its checks: run the day again"):
        export(warehouse, FECHA, WORLD.name, data)
    assert not (data / "processed").exists()


def rows_as_they_were_built(warehouse: Engine) -> dict[str, list]:
    """Where each row lies, and the transaction that wrote it."""
    with warehouse.connect() as connection:
        return {
            name: connection.execute(text(f"select tableoid, ctid, xmin from mart.{name}_historico")).all()
            for name in EXPORTED
        }


def test_a_run_whose_world_was_replaced_neither_builds_checks_nor_exports(warehouse: Engine, data: Path) -> None:
    run_checks(warehouse, CHECKED)
    export(warehouse, FECHA, WORLD.name, data)
    published = {path: path.read_bytes() for path in (data / "processed").rglob("*.csv")}
    spoil(warehouse, "update control.cargas set mundo = 'simulador other'")
    built = rows_as_they_were_built(warehouse)
    for name in steps.BY_NAME:
        run(warehouse, name)
    assert rows_as_they_were_built(warehouse) == built
    for attempt in (lambda: run_checks(warehouse, CHECKED), lambda: export(warehouse, FECHA, WORLD.name, data)):
        with pytest.raises(OwnerReplaced, match="the warehouse now holds simulador other"):
            attempt()
    assert {path: path.read_bytes() for path in (data / "processed").rglob("*.csv")} == published


def test_what_others_keep_in_the_folder_is_left_alone(warehouse: Engine, data: Path) -> None:
    run_checks(warehouse, CHECKED)
    folder = data / "processed"
    folder.mkdir()
    kept = [folder / ".cliente_360.csv.swp", folder / ".cliente_360.csv.elsewhere.1.part"]
    for path in kept:
        path.write_text("somebody's")
    export(warehouse, FECHA, WORLD.name, data)
    assert all(path.read_text() == "somebody's" for path in kept)


def test_a_missing_top_file_is_made_again_from_the_newest_day(warehouse: Engine, data: Path) -> None:
    run_checks(warehouse, CHECKED)
    export(warehouse, FECHA, WORLD.name, data)
    top = data / "processed" / "cliente_360.csv"
    newest = top.read_bytes()
    top.unlink()
    spoil(warehouse, "insert into control.verificaciones values ('2026-02-09', 'older', true, 0, null, 'run', true)")
    export(warehouse, date(2026, 2, 9), WORLD.name, data)
    assert top.read_bytes() == newest
