"""The rows of the shop fit the landing contract."""

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from shop_rows import frame

from client360.simulate.simulation import NOT_SIMULATED
from client360.warehouse import models
from client360.warehouse.models import base


def test_every_entity_has_the_columns_of_its_model(year: dict[str, pa.Table]) -> None:
    for entity, table in year.items():
        assert table.column_names == models.columns(models.LANDING[entity]), entity
        assert table.num_rows > 0
    assert set(year) == set(models.LANDING) - set(NOT_SIMULATED)


def test_no_word_needs_a_quote_in_a_csv_file(year: dict[str, pa.Table]) -> None:
    for entity, table in year.items():
        for name in table.column_names:
            if table[name].type == pa.string():
                assert not pc.any(pc.match_substring_regex(table[name], '[,"\n]')).as_py(), (entity, name)


def test_keys_are_unique(year: dict[str, pa.Table]) -> None:
    for entity, table in year.items():
        key = list(models.LANDING[entity].natural_key)
        assert table.group_by(key).aggregate([]).num_rows == table.num_rows, entity


def test_ids_are_unique_and_built_from_what_they_belong_to(year: dict[str, pa.Table], orders: pd.DataFrame) -> None:
    for entity, column in (("transacciones", "transaccion_id"), ("movimientos_stock", "movimiento_id")):
        assert pc.count_distinct(year[entity][column]).as_py() == year[entity].num_rows
    assert orders.index.is_unique
    named = orders[orders.cliente_id.notna()]
    assert (named.index.str[1:10] == named.cliente_id.str[1:]).all()
    digits = orders.index.str[1:10] + orders.fecha.dt.strftime("%y%m")
    assert (orders.index.str[1:14] == digits).all()
    assert orders.index.str.fullmatch(r"V\d{16}").all()
    assert frame(year["productos"]).producto_id.str.fullmatch(r"P\d{5}").all()
    campaigns = frame(year["campanias"])
    assert (campaigns.campania_id.str[1:5] == campaigns.fecha.dt.strftime("%y%m")).all()


def test_enumerations_are_those_of_the_models(year: dict[str, pa.Table]) -> None:
    for entity, column, words in (
        ("ventas", "metodo_pago", (None, *base.METODOS_PAGO)),
        ("pagos_venta", "metodo_pago", base.METODOS_PAGO),
        ("pagos_venta", "estado", base.ESTADOS_PAGO),
        ("ventas", "estado", base.ESTADOS_VENTA),
        ("envios", "estado", base.ESTADOS_ENVIO),
        ("contactos_campania", "grupo", base.GRUPOS_CAMPANIA),
        ("movimientos_stock", "tipo", base.TIPOS_STOCK),
    ):
        assert set(year[entity][column].unique().to_pylist()) == set(words)
