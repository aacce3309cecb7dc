"""While nothing changes that the result depends on, no row is judged again."""

from collections.abc import Callable

import pytest
from raw_feed import C1, CLIENTES, P1, PRODUCTOS, Raw, feed
from sqlalchemy import Engine, text

from client360.ingest import contract
from client360.ingest.contract import TooManyRejected, changes
from client360.ingest.contract.changes import Changes
from client360.ingest.contract.extent import Extent
from client360.ingest.contract.statements import Context
from client360.ingest.feed_spec import BadFeed
from client360.ingest.withdrawal import withdraw
from client360.warehouse.ownership import claim_warehouse

BROKEN = CLIENTES, "C2,2025-01-01,Salta,nonsense,"


@pytest.fixture
def raw(warehouse: Engine) -> Raw:
    raw = Raw(warehouse)
    raw.deliver("clientes", *C1["clientes"])
    raw.deliver("productos", *P1["productos"], name="p/productos_x.csv")
    raw.apply_contract(run="run 1")
    return raw


def judges(raw: Raw, **how: object) -> bool:
    """Whether the rows are judged anew: control.lecturas, which somebody has spoiled, is right again."""
    with raw.engine.begin() as connection:
        connection.execute(text("update control.lecturas set filas = -1"))
    raw.apply_contract(**how)  # type: ignore[arg-type]
    (found,) = {filas == -1 for (filas,) in raw.query("select filas from control.lecturas")}
    return not found


def test_without_a_change_no_row_is_judged(raw: Raw) -> None:
    assert not judges(raw, run="run 2", rebuild=False)
    assert raw.query("select mundo, corrida from control.contratos") == [("feed simulador", "run 1")]
    assert judges(raw, run="run 3", rebuild=True)
    assert raw.query("select mundo, corrida from control.contratos") == [("feed simulador", "run 3")]


def _another_mapping(raw: Raw) -> None:
    raw.feed = feed(mapping={**raw.feed.mapping, "clientes": raw.feed.mapping["clientes"] + " where true"})


def _other_settings(raw: Raw) -> None:
    kind = raw.feed.files["clientes"].model_copy(update={"lookup": True})
    raw.feed = feed(files={**raw.feed.files, "clientes": kind})


CHANGES: dict[str, Callable[[Raw], object]] = {
    "a new file": lambda raw: raw.deliver(
        "clientes", CLIENTES, "C9,2025-01-01,Salta,2025-01-01,", name="clientes_9.csv"
    ),
    "a corrected file": lambda raw: raw.deliver("clientes", CLIENTES, "C1,2025-01-01,Jujuy,2025-01-01,"),
    "a copy": lambda raw: raw.deliver("productos", PRODUCTOS, P1["productos"][1], name="productos_x.csv"),
    "another mapping": _another_mapping,
    "other settings of the feed": _other_settings,
    "a withdrawn file": lambda raw: withdraw(raw.engine, "p/productos_x.csv"),
    "a withdrawn file that is back before a run has missed it": lambda raw: (
        withdraw(raw.engine, "p/productos_x.csv"),
        raw.deliver("productos", *P1["productos"], name="p/productos_x.csv"),
    ),
}


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_the_result_depends_on_makes_rows_be_judged_anew(raw: Raw, change: str) -> None:
    CHANGES[change](raw)
    assert judges(raw, rebuild=False)
    assert not judges(raw, rebuild=False)


def test_another_threshold_makes_rows_be_judged_anew(raw: Raw) -> None:
    assert judges(raw, threshold=50, rebuild=False)
    assert not judges(raw, threshold=50, rebuild=False)
    assert judges(raw, threshold=100, rebuild=False)


def test_new_rules_make_rows_be_judged_anew(raw: Raw, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(changes, "_rules", lambda: "of a later version")
    assert judges(raw, rebuild=False)


def test_what_failed_is_judged_again(raw: Raw) -> None:
    raw.deliver("clientes", *BROKEN, name="clientes_2.csv")
    for _ in range(2):
        with pytest.raises(TooManyRejected):
            raw.apply_contract(threshold=10, rebuild=False)
    mapping = raw.feed.mapping
    raw.feed = feed(mapping={**mapping, "clientes": "select * from crudo.clientes"})
    for _ in range(2):
        with pytest.raises(BadFeed):
            raw.apply_contract(rebuild=False)
    raw.feed = feed(mapping=mapping)
    assert judges(raw, rebuild=False), "the last time that it ended well, the broken file was not there"


def test_a_source_that_claims_the_warehouse_leaves_nothing_of_what_another_one_judged(raw: Raw) -> None:
    with raw.engine.begin() as connection:
        connection.execute(text("update control.cargas set filas = 0"))
        assert not claim_warehouse(connection, "feed other", replace=False)
    assert raw.query("select count(*) from control.contratos") == [(0,)]


@pytest.mark.parametrize("rebuild", [False, True])
def test_what_another_run_reads_meanwhile_is_judged_by_the_next_run(
    raw: Raw, monkeypatch: pytest.MonkeyPatch, rebuild: bool
) -> None:
    raw.deliver("clientes", CLIENTES, "C2,2025-01-02,Salta,2025-01-02,", name="clientes_2.csv")
    create_table = contract.typed_rows.create_table

    def create_and_change(context: Context, entity: str, changed: Changes) -> Extent:
        extent = create_table(context, entity, changed)
        if entity == "clientes":
            with raw.engine.begin() as other:
                other.execute(text("update control.entregas set sha256 = 'other' where archivo = 'clientes_2.csv'"))
                other.execute(text("update crudo.clientes_filas set provincia = 'Jujuy' where cliente_id = 'C2'"))
        return extent

    with monkeypatch.context() as patched:
        patched.setattr(contract.typed_rows, "create_table", create_and_change)
        raw.apply_contract(rebuild=rebuild)
    assert raw.staged("clientes", "cliente_id, provincia") == [("C1", "Salta"), ("C2", "Salta")]
    raw.apply_contract(rebuild=False)
    assert raw.staged("clientes", "cliente_id, provincia") == [("C1", "Salta"), ("C2", "Jujuy")]


def test_no_run_waits_for_a_vacuum_of_the_files_rows(raw: Raw) -> None:
    raw.deliver("clientes", CLIENTES, "C9,2025-01-01,Salta,2025-01-01,", name="clientes_9.csv")
    with raw.engine.begin() as connection:
        connection.execute(text("alter database warehouse set statement_timeout = '20s'"))
    with raw.engine.begin() as vacuum:
        vacuum.execute(text("lock table crudo.clientes_filas in share update exclusive mode"))  # as vacuum does
        raw.apply_contract(run="run 2")
    assert raw.query("select cliente_id from staging.clientes order by 1") == [("C1",), ("C9",)]
