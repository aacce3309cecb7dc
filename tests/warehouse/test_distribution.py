"""What is where on a cluster, as far as it can be told without one: tests/citus tries it."""

from client360.warehouse import distribution
from client360.warehouse.models import EXPORTED, tables
from client360.warehouse.models.dw import DimCampania, DimCliente, DimProducto, HechoStock, HechoVentas


def test_the_key_by_which_a_table_is_distributed_is_part_of_its_primary_key() -> None:
    distributed = [table for table in tables() if distribution.place(table) in distribution.KEYS]
    assert {DimCliente.table(), HechoStock.table(), HechoVentas.table()} <= set(distributed)
    keys = {table: [column.name for column in table.primary_key] for table in distributed if table.schema != "staging"}
    assert [table.fullname for table, key in keys.items() if distribution.place(table) not in key] == []


def test_what_customers_are_joined_with_is_on_every_machine() -> None:
    copied = {table for table in tables() if distribution.place(table) == distribution.EVERYWHERE}
    assert {DimProducto.table(), DimCampania.table()} <= copied
    assert {model.table() for name, model in EXPORTED.items() if name != "cliente_360"} <= copied


def test_each_table_is_described_once() -> None:
    said = [name for line in distribution.described() for name in line.split(": ")[1].split(", ")]
    assert sorted(said) == sorted(table.fullname for table in tables())
