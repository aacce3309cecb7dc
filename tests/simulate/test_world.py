"""Properties that every world has: design section 4."""

import subprocess
import sys
from datetime import date, timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pytest

from client360 import folders
from client360.simulate import BLOCK, World, calendar
from client360.simulate.facts import world_facts
from client360.simulate.people import Population
from client360.simulate.simulation import Block, simulate

INICIO = date(2025, 1, 1)
MONTH = date(2025, 6, 1), date(2025, 6, 30)
ENTITIES = ("clientes", "transacciones")


def rows(world: World, first: date, last: date) -> dict[str, pa.Table]:
    """The rows of all blocks."""
    blocks = [block.rows(first, last) for block in simulate(world)]
    return {entity: pa.concat_tables([block[entity] for block in blocks]) for entity in ENTITIES}


def of_day(table: pa.Table, day: date) -> pa.Table:
    return table.filter(pc.equal(table["fecha"], pa.scalar(day)))


def days(first: date, last: date) -> list[date]:
    return [first + timedelta(days=i) for i in range((last - first).days + 1)]


@pytest.fixture(scope="module")
def year() -> dict[str, pa.Table]:
    """A year of a world of two blocks, the second one not full."""
    world = World(seed=7, customers=BLOCK + 200, first_day=INICIO)
    months = [
        (date(2025, m, 1), (date(2025, m, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1))
        for m in range(1, 13)
    ]
    blocks = list(simulate(world))
    parts = [block.rows(*month) for block in blocks for month in months]
    return {entity: pa.concat_tables([part[entity] for part in parts]) for entity in ENTITIES}


@pytest.mark.parametrize("entity", ENTITIES)
def test_any_day_drawn_alone_equals_its_slice_of_the_month(entity: str) -> None:
    world = World(seed=7, customers=300, first_day=INICIO)
    month = rows(world, *MONTH)[entity]
    assert month.num_rows > 0
    for day in days(*MONTH):
        assert rows(world, day, day)[entity].equals(of_day(month, day)), day


def test_a_day_is_the_same_whatever_was_drawn_before() -> None:
    world = World(seed=7, customers=300, first_day=INICIO)
    day = date(2026, 11, 20)
    alone = Block(Population(world, 0)).rows(day, day)
    walked = Block(Population(world, 0))
    for month in range(calendar.month_number(INICIO), calendar.month_number(day)):
        first = calendar.month_start(month)
        walked.rows(first, first.replace(day=calendar.month_days(month)))
    assert walked.rows(day, day) == alone


def test_a_block_drawn_alone_equals_its_part_of_the_world() -> None:
    world = World(seed=7, customers=BLOCK + 200, first_day=INICIO)
    whole, alone = rows(world, *MONTH), Block(Population(world, 1)).rows(*MONTH)
    for entity in ENTITIES:
        assert alone[entity].num_rows > 0
        assert whole[entity].slice(whole[entity].num_rows - alone[entity].num_rows).equals(alone[entity])


def test_another_process_draws_the_same_bytes_with_and_without_vector_instructions() -> None:
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    vectors = [name for name in found if name.startswith(("AVX", "FMA"))]
    program = (
        "from datetime import date; from hashlib import sha256; import pyarrow.csv as csv, io\n"
        "from client360.simulate import World; from client360.simulate.simulation import simulate\n"
        "out = io.BytesIO()\n"
        "for block in simulate(World(7, 50, date(2025, 1, 1))):\n"
        "    for table in block.rows(date(2025, 6, 1), date(2025, 6, 30)).values(): csv.write_csv(table, out)\n"
        "print(sha256(out.getvalue()).hexdigest())"
    )
    digests = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={
                "PYTHONPATH": str(folders.ROOT / "plugins"),
                "PYTHONHASHSEED": seed,
                "NPY_DISABLE_CPU_FEATURES": features,
            },
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed, features in (("1", ""), ("2", ""), ("1", " ".join(vectors)))
    }
    assert len(digests) == 1


@pytest.mark.parametrize(("smaller", "larger"), [(300, 301), (BLOCK, BLOCK + 1)])
def test_one_more_customer_changes_no_row_of_the_others(smaller: int, larger: int) -> None:
    few, more = (rows(World(seed=7, customers=size, first_day=INICIO), *MONTH) for size in (smaller, larger))
    for entity in ENTITIES:
        # cliente_id: "C", two digits of the generation, seven of the place
        place = pc.cast(pc.utf8_slice_codeunits(more[entity]["cliente_id"], 3), pa.int64())
        others = more[entity].filter(pc.less_equal(place, smaller))
        if entity == "transacciones":
            # to and from one who is in the larger world alone: from outside, in the smaller one
            differs = pc.not_equal(others["contraparte"], few[entity]["contraparte"])
            named = set(others.filter(pc.fill_null(differs, False))["contraparte"].to_pylist())
            assert {int(name.removeprefix("CA")[2:]) for name in named} <= {larger}
            others = others.drop_columns("contraparte")
            few[entity] = few[entity].drop_columns("contraparte")
        assert others.equals(few[entity])


def test_the_history_may_begin_on_any_day() -> None:
    inicio = date(2025, 6, 17)
    started = rows(World(seed=7, customers=300, first_day=inicio), date(2025, 6, 1), date(2025, 6, 30))
    for entity in ENTITIES:
        assert pc.min(started[entity]["fecha"]).as_py() == inicio


def test_another_seed_is_another_world() -> None:
    one, other = (rows(World(seed=seed, customers=50, first_day=INICIO), *MONTH) for seed in (1, 2))
    assert not one["transacciones"].equals(other["transacciones"])


def test_keys_are_unique(year: dict[str, pa.Table]) -> None:
    movements, versions = year["transacciones"], year["clientes"]
    assert pc.count_distinct(movements["transaccion_id"]).as_py() == movements.num_rows
    assert versions.group_by(["cliente_id", "fecha"]).aggregate([]).num_rows == versions.num_rows
    people = versions.group_by(["cliente_id", "dni"]).aggregate([])
    assert (
        people.num_rows
        == pc.count_distinct(versions["cliente_id"]).as_py()
        == pc.count_distinct(versions["dni"]).as_py()
    )


def test_nothing_happens_before_or_after_a_customer_is_one(year: dict[str, pa.Table]) -> None:
    first = (
        year["clientes"]
        .group_by("cliente_id")
        .aggregate([("fecha", "min"), ("fecha_alta", "min"), ("fecha_baja", "max")])
    )
    moved = year["transacciones"].group_by("cliente_id").aggregate([("fecha", "min"), ("fecha", "max")])
    both = moved.join(first, "cliente_id", right_suffix="_known")
    assert both.num_rows == moved.num_rows
    frame = both.to_pandas(date_as_object=False)
    assert (frame.fecha_min >= frame.fecha_min_known).all()
    assert (frame.fecha_min >= frame.fecha_alta_min).all()
    left = frame[frame.fecha_baja_max.notna()]
    assert len(left) > 0
    assert (left.fecha_max < left.fecha_baja_max).all()


def test_who_leaves_has_a_last_version_on_that_day_and_is_replaced(year: dict[str, pa.Table]) -> None:
    versions = year["clientes"].to_pandas(date_as_object=False)
    leaving = versions[versions.fecha_baja.notna()]
    assert (leaving.fecha == leaving.fecha_baja).all()
    assert not leaving.cliente_id.duplicated().any()
    joined = versions[(versions.fecha == versions.fecha_alta) & (versions.fecha_alta > "2025-01-01")]
    assert len(joined) > 0
    assert (joined.fecha_alta > joined.fecha_nacimiento + timedelta(days=17 * 365)).all()


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2025, 12, 31), date(2030, 6, 30)])
def test_about_as_many_customers_are_active_as_the_world_is_large(day: date) -> None:
    size = 2000
    newest: dict[str, bool] = {}
    for block in simulate(World(seed=3, customers=size, first_day=INICIO)):
        versions = block.population.clientes(calendar.day_number(INICIO), calendar.day_number(day)).sort_by("fecha")
        newest |= {row["cliente_id"]: row["fecha_baja"] is None for row in versions.to_pylist()}
    assert sum(newest.values()) == pytest.approx(size, rel=0.02)


def test_customers_change_address_occupation_and_income(year: dict[str, pa.Table]) -> None:
    versions = year["clientes"].to_pandas().groupby("cliente_id")
    for column in ("provincia", "ciudad", "ocupacion", "ingresos_mensuales"):
        assert (versions[column].nunique() > 1).sum() >= 5, column


def test_salaries_come_on_business_days_and_the_bonus_in_june_and_december(year: dict[str, pa.Table]) -> None:
    movements = year["transacciones"].to_pandas(date_as_object=False)
    salaries = movements[movements.rubro == "haberes"]
    assert salaries.fecha.dt.day_of_week.max() <= 4
    assert not salaries.fecha.dt.strftime("%m-%d").isin(["01-01", "05-01", "07-09"]).any()
    bonus = movements[movements.rubro == "aguinaldo"]
    assert set(bonus.fecha.dt.strftime("%m-%d")) == {"06-30", "12-18"}


def test_amounts_are_positive_and_fit_the_contract(year: dict[str, pa.Table]) -> None:
    amounts = year["transacciones"]["monto"]
    assert amounts.type == pa.decimal128(14, 2)
    assert pc.min(amounts).as_py() > 0


def test_every_movement_says_whether_money_comes_in_or_leaves(year: dict[str, pa.Table]) -> None:
    movements = year["transacciones"].to_pandas()
    received = movements.tipo_transaccion.isin(["ingreso_sueldo", "cobro", "beneficio", "prestamo_otorgado"])
    received |= (movements.tipo_transaccion == "transferencia") & movements.rubro.isin(["recibida", "reintegro"])
    assert set(movements[received].sentido) == {"credito"}
    assert set(movements[~received].sentido) == {"debito"}
    cash = movements.tipo_transaccion == "extraccion_cajero"
    assert (movements[cash].canal == "cajero").all()
    assert not movements[~cash].canal.eq("cajero").any()
    bought = movements[(movements.tipo_transaccion == "compra_tarjeta") & (movements.rubro != "tienda")]
    assert bought.canal.isin(world_facts().card.channels).all()
    assert bought.comercio.notna().all()


@pytest.mark.parametrize(
    ("parameters", "message"),
    [
        ({"customers": 0}, "clientes is 0: give a whole number from 1"),
        ({"seed": -1}, "semilla is -1: give a whole number from 0"),
        ({"first_day": date(1999, 1, 1)}, "inicio is 1999-01-01: give a day from 2015-01-01 on"),
    ],
)
def test_a_world_out_of_bounds_is_refused_in_one_line(parameters: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message) as refused:
        World(**parameters)
    assert "\n" not in str(refused.value)
