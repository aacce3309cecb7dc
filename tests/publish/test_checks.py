"""Each check finds what it is there to find, and nothing else finds it."""

from collections.abc import Sequence
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

WORLD = World(seed=1, customers=60, first_day=date(2026, 1, 1))
FECHA = date(2026, 2, 10)
DAYS = [WORLD.first_day + timedelta(days=i) for i in range((FECHA - WORLD.first_day).days + 1)]
CHECKED = CheckedRun(FECHA, WORLD.first_day, WORLD.name, "run", DAYS)


def run(engine: Engine, name: str, entities: Sequence[str] = tuple(LANDING)) -> None:
    """A step, in one transaction."""
    parameters = {"desde": DAYS[0], "hasta": FECHA, "fecha": FECHA, "inicio": WORLD.first_day, "mundo": WORLD.name}
    parameters["entidades"] = list(entities)
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
SPOILED = [
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
    # two orders of one number, for their lines too
    (
        "venta_unica",
        "with linea as (update dw.hecho_ventas set venta_id = (select min(venta_id) from dw.historia_ventas) "
        "where venta_id = (select max(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta')) "
        "update dw.historia_ventas set venta_id = (select min(venta_id) from dw.historia_ventas) "
        "where venta_id = (select max(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta')",
    ),
    # a total that was loaded so
    (
        "venta_cuadra",
        "with pedido as (update dw.historia_ventas set total = total + 0.01 where venta_id = "
        "(select min(venta_id) from dw.historia_ventas where metodo_pago <> 'tarjeta') and estado = 'completada' "
        "returning fecha) update control.cargas set suma = suma + 0.01 from pedido "
        "where cargas.fecha = pedido.fecha and entidad = 'ventas'",
    ),
    # an order that was loaded without lines
    (
        "pedido_con_lineas",
        "with pedido as (insert into dw.historia_ventas (cliente_id, venta_id, fecha, fecha_venta, metodo_pago, provincia_envio, "
        "estado, total) select cliente_id, 'V', fecha, fecha_venta, 'efectivo', provincia_envio, estado, 1 "
        "from dw.historia_ventas where estado = 'completada' and venta_id = (select min(venta_id) from dw.historia_ventas) "
        "returning fecha) update control.cargas set filas = filas + 1, suma = suma + 1 from pedido "
        "where cargas.fecha = pedido.fecha and entidad = 'ventas'",
    ),
    (
        "anulacion_cuadra",
        "update dw.hecho_ventas set fecha_anulacion = fecha_anulacion - 1 "
        "where venta_id = (select min(venta_id) from dw.hecho_ventas where fecha_anulacion is not null)",
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
        "linea as (update dw.hecho_ventas set cliente_id = 'nobody' where cliente_id in (select cliente_id from pedido)) "
        "update dw.historia_ventas set cliente_id = 'nobody' where cliente_id in (select cliente_id from pedido)",
    ),
    (
        "costo_al_dia",
        "update dw.hecho_ventas set costo = costo + 0.01, margen = margen - 0.01 where linea = 1 "
        "and venta_id = (select min(venta_id) from dw.hecho_ventas)",
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
    (
        "baja_despues_de_alta",
        "insert into dw.dim_cliente (cliente_id, vigente_desde, vigente_hasta, fecha_alta, fecha_baja) "
        "values ('backwards', '2025-12-31', '9999-12-31', '2025-12-31', '2025-12-30')",
    ),
    (
        "respuestas_cuadran",
        "update mart.rentabilidad_mensual_historico set ingresos = ingresos + 0.01 "
        "where categoria = 'electronica' and mes = '2026-01-01'",
    ),
    (
        "respuestas_cuadran",
        "update mart.clientes_nuevos_recurrentes_historico set ingresos_nuevos = ingresos_nuevos + 0.01 "
        "where mes = '2026-02-01'",
    ),
    (
        "respuestas_cuadran",
        "update mart.distribucion_geografica_historico set clientes = clientes + 1 where provincia = 'Cordoba'",
    ),
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
    ("monto_compras_12m = 'NaN'", "monto_compras_12m out of range"),
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
    assert sorted({name for name, _ in SPOILED + UNACCOUNTED} | {"respuestas_con_datos"}) == CHECKS


def test_a_sound_warehouse_passes_and_says_so(warehouse: Engine) -> None:
    assert run_checks(warehouse, CHECKED) == len(CHECKS)
    with warehouse.connect() as connection:
        results = connection.execute(text("select verificacion, correcta, hallazgos from control.verificaciones")).all()
    assert sorted(map(tuple, results)) == [(name, True, 0) for name in CHECKS]


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
        assert [name for name in stops if not stops[name]] == OF_THE_SOURCE
        wrong = connection.execute(text("select verificacion from control.verificaciones where not correcta"))
        assert wrong.scalars().all() == [name]
        assert connection.execute(text("select distinct fecha_corte from mart.cliente_360")).scalars().all() == [FECHA]
    assert export(warehouse, FECHA, WORLD.name, data)["cliente_360"] > 0


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
    if entity == "ventas":  # whose first states say where shipments go
        spoil(warehouse, "update dw.hecho_envios set provincia_envio = null")
    provided = [name for name in LANDING if name != entity]
    for step in steps.IN_ORDER:
        if step.scope is steps.Scope.BUSINESS_DAY:
            run(warehouse, step.name, provided)
    keys = {"cliente_360": cliente_360(WORLD, FECHA, provided), **answers(WORLD, FECHA, provided)}
    for relation, rows in exported(warehouse).items():
        model = EXPORTED[relation]
        lacking = {column.name for column in model.table().columns if entity in column.info.get(NEEDS, ())}
        assert known(rows) == (set() if entity in model.needs else known(whole[relation]) - lacking), relation
        key = keys[relation].to_dict("records")
        assert sorted(map(repr, (sorted(row.items()) for row in rows))) == sorted(
            map(repr, (sorted(row.items()) for row in key))
        ), relation


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
