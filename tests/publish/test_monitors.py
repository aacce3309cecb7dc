"""What the rows of a day are like is measured where they are made, and what is unusual of it is noticed, by its check alone."""

import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360 import folders
from client360.days import DayRange
from client360.load.dimensions import fill_dimensions
from client360.load.staging import load_file
from client360.publish.checks import CheckedRun, CheckFailed, run_checks
from client360.run.planning import plan_generation
from client360.run.request import RunRequest
from client360.run.sources import SimulatedSource
from client360.run.step_runner import measure
from client360.simulate import World
from client360.simulate.landing_files import LandingFile, write_landing_files
from client360.warehouse.models import LANDING

pytestmark = pytest.mark.long

WORLD = World(seed=5, customers=40, first_day=date(2026, 6, 19))
LAST = date(2026, 6, 30)
DAYS = list(DayRange(WORLD.first_day, LAST).days())
MONITORS = sorted((folders.SQL / "check" / "monitor").glob("*.sql"))
FECHA = date(2026, 6, 3)
"""A Wednesday with neither a public holiday nor a day of trade before it."""
HISTORY = [FECHA - timedelta(days) for days in range(84, 0, -1)]


def measures(engine: Engine) -> list[tuple]:
    with engine.connect() as connection:
        return sorted(map(tuple, connection.execute(text("select * from control.medidas"))))


def deliver(engine: Engine, files: list[LandingFile], data: Path) -> None:
    """Load the files and move their days on, as a run does."""
    for file in files:
        load_file(engine, file, data, WORLD.name, "run")
        with engine.begin() as connection:
            days = {"desde": file.first, "hasta": file.last}
            measure(connection, file.entity, days)
            connection.execute(
                text("select control.integrate_days(array[:entity], :desde, :hasta)"), {"entity": file.entity, **days}
            )


def test_measures_are_those_of_the_rows_whatever_the_order_of_days(warehouse: Engine, data: Path) -> None:
    plan_generation(warehouse, RunRequest(LAST, SimulatedSource(WORLD)))
    deliver(warehouse, write_landing_files(WORLD, [DayRange(WORLD.first_day, LAST)], data), data)
    at_once = measures(warehouse)
    assert {medida for _, _, medida, *_ in at_once} >= {"filas", "magnitud", "nulos", "categoria"}
    assert {(entity, day) for entity, day, *_ in at_once} == {(entity, day) for entity in LANDING for day in DAYS}
    for day in [*DAYS[::-1], *DAYS[:3]]:
        if day == DAYS[-1]:
            with warehouse.begin() as connection:
                connection.execute(text("delete from control.medidas"))
        deliver(warehouse, write_landing_files(WORLD, [DayRange(day, day)], data), data)
    assert measures(warehouse) == at_once


def test_a_day_is_measured_by_hand(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "create table staging.uno partition of staging.transacciones for values from ('2026-06-01') to ('2026-07-01')"
            )
        )
        connection.execute(
            text(
                "insert into staging.transacciones (transaccion_id, fecha, cliente_id, tipo_transaccion, monto, rubro, comercio, "
                "cuenta_id) "
                "values ('1', '2026-06-03', 'C', 'compra_tarjeta', 9, 'ropa', 'Uno', 'A'), "
                "('2', '2026-06-03', 'C', 'compra_tarjeta', 9, 'ropa', 'Uno', 'A'), "
                "('3', '2026-06-03', 'C', 'compra_tarjeta', 999999, 'Ropa', 'TEST', 'A'), "
                "('4', '2026-06-03', '', 'transferencia', 999, null, null, 'A')"
            )
        )
        connection.execute(
            text(
                "insert into control.cargas select 'transacciones', fecha, 0, 0, '', '', '', '', 'staging', 'staging' "
                "from unnest(array[date '2026-06-03', '2026-06-04']) as fecha"
            )
        )
        measure(connection, "transacciones", {"desde": FECHA, "hasta": FECHA + timedelta(1)})
        found = {
            tuple(row)
            for row in connection.execute(
                text("select fecha::text, medida, columna, categoria, valor::float from control.medidas")
            )
        }
    day = "2026-06-03"
    assert ("2026-06-04", "filas", "", "", 0) in found
    assert {row for row in found if row[0] == "2026-06-04"} == {("2026-06-04", "filas", "", "", 0)}
    assert {
        (day, "filas", "", "", 4),
        (day, "nulos", "rubro", "", 1),
        (day, "nulos", "cliente_id", "", 1),
        (day, "nulos", "momento", "", 4),
        (day, "magnitud", "monto", "", (1 + 1 + 6 + 3) / 4),
        (day, "categoria", "rubro", "ropa", 2),
        (day, "categoria", "rubro", "Ropa", 1),
        (day, "iguales", "", "", 1),
        (day, "centinelas", "monto", "", 1),
        (day, "centinelas", "comercio", "", 1),
    } <= found
    assert not {row for row in found if row[1:3] in (("nulos", "monto"), ("centinelas", "rubro"))}


def test_of_a_large_day_a_part_of_the_contents_stands_for_all_whatever_is_measured_with_it(warehouse: Engine) -> None:
    of_day = text("select fecha, valor from control.medidas where medida = 'iguales' order by fecha")
    with warehouse.begin() as connection:
        connection.execute(
            text(
                "create table staging.uno partition of staging.transacciones for values from ('2026-06-01') to ('2026-07-01')"
            )
        )
        connection.execute(
            text(
                "insert into staging.transacciones (transaccion_id, fecha, cliente_id, tipo_transaccion, monto) "
                "select fecha::text || numero, fecha, 'C', 'transferencia', 1 + numero / 2 "
                "from (values (date '2026-06-03', 4000), ('2026-06-04', 1998)) as dia (fecha, filas) "
                "cross join lateral generate_series(0, filas - 1) as numero"
            )
        )
        connection.execute(
            text(
                "insert into control.cargas select 'transacciones', fecha, 0, 0, '', '', '', '', 'staging', 'staging' "
                "from unnest(array[date '2026-06-03', '2026-06-04']) as fecha"
            )
        )
        measure(connection, "transacciones", {"desde": FECHA, "hasta": FECHA + timedelta(1)})
        (large, estimated), (small, exact) = connection.execute(of_day)
        assert (large, small, exact) == (FECHA, FECHA + timedelta(1), 999)
        assert 1700 < estimated < 2300
        assert estimated % 8 == 0
        measure(connection, "transacciones", {"desde": FECHA, "hasta": FECHA})
        assert [tuple(row) for row in connection.execute(of_day)] == [(large, estimated), (small, exact)]


@pytest.fixture
def usual(warehouse: Engine) -> Engine:
    """A warehouse with the measures of twelve weeks and of FECHA, which is as the days before: hundred rows, on Sundays ten."""
    fill_dimensions(warehouse, DayRange(HISTORY[0], FECHA), "feed")
    rows = []
    for place, day in enumerate([*HISTORY, FECHA]):
        count = 10 if day.isoweekday() == 7 else 100 + place % 5
        rows += [
            ("filas", "", "", count),
            ("magnitud", "monto", "", 3 + place % 3 / 100),
            ("nulos", "rubro", "", count // 10),
            ("iguales", "", "", 1),
            *(("categoria", "rubro", name, count // 6) for name in ("comida", "ropa", "viajes", "luz y gas", "salud")),
        ]
        rows = [row if len(row) == 5 else (day, *row) for row in rows]
    with warehouse.begin() as connection:
        connection.execute(
            text("insert into control.medidas values ('transacciones', :day, :measure, :column, :category, :value)"),
            [dict(zip(("day", "measure", "column", "category", "value"), row, strict=True)) for row in rows],
        )
    return warehouse


def findings(engine: Engine, days: list[date], fecha: date = FECHA) -> dict[str, tuple[int, str]]:
    """What each monitor finds, if anything."""
    found = {}
    with engine.connect() as connection:
        cursor = connection.connection.cursor()
        for path in MONITORS:
            count, example = cursor.execute(
                path.read_text(encoding="utf-8"), {"ultimos_dias": days, "fecha": fecha}
            ).fetchone()
            if count:
                found[path.stem] = count, example
    return found


SPOILED = [
    ("volumen_habitual", "delete from control.medidas where fecha = :day", "0 rows, usually 10"),
    (
        "volumen_habitual",
        "update control.medidas set valor = 2 * valor where fecha = :day and medida in ('filas', 'nulos')",
        "20. rows, usually 10",
    ),
    (
        "volumen_habitual",
        "update control.medidas set valor = valor / 5 where fecha = :day and medida in ('filas', 'nulos')",
        "20.* rows, usually 10",
    ),
    (
        "magnitud_habitual",
        "update control.medidas set valor = valor + 2 where fecha = :day and medida = 'magnitud'",
        "monto of transacciones of 2026-06-03: usually 9.* times smaller",
    ),
    (
        "magnitud_habitual",
        "update control.medidas set valor = valor - 2 where fecha = :day and medida = 'magnitud'",
        "monto of transacciones of 2026-06-03: usually 10.* times as large",
    ),
    (
        "nulos_habituales",
        "update control.medidas set valor = 50 where fecha = :day and medida = 'nulos'",
        "rubro of transacciones of 2026-06-03: 48 of 100 rows without a value, usually 10",
    ),
    (
        "iguales_habituales",
        "update control.medidas set valor = 30 where fecha = :day and medida = 'iguales'",
        "transacciones of 2026-06-03: 30 rows that are others once more",
    ),
    (
        "centinelas_habituales",
        "insert into control.medidas values ('transacciones', :day, 'centinelas', 'monto', '', 3)",
        "monto of transacciones of 2026-06-03: 3 placeholders",
    ),
    (
        "categoria_de_una_grafia",
        "insert into control.medidas values ('transacciones', :day, 'categoria', 'rubro', 'Luz  y gas', 3)",
        "rubro of transacciones of 2026-06-03: a value that was written otherwise before",
    ),
    (
        "valores_habituales",
        "delete from control.medidas where fecha = :day and medida = 'categoria' and categoria <> 'ropa'",
        "rubro of transacciones of 2026-06-03: 1 values, usually 5",
    ),
]


@pytest.mark.parametrize(("name", "statement", "example"), SPOILED, ids=[name for name, *_ in SPOILED])
def test_what_is_unusual_is_noticed_by_its_monitor_alone(
    name: str, statement: str, example: str, usual: Engine
) -> None:
    assert findings(usual, [FECHA]) == {}
    with usual.begin() as connection:
        assert connection.execute(text(statement), {"day": FECHA}).rowcount > 0
    found = findings(usual, [FECHA])
    assert found.keys() == {name}
    count, said = found[name]
    assert count == 1
    assert re.search(example, said), said


def test_a_source_that_stops_is_noticed(usual: Engine) -> None:
    later = FECHA + timedelta(9)
    fill_dimensions(usual, DayRange(HISTORY[0], later), "feed")
    found = findings(usual, [later], later)
    assert found.pop("frescura_habitual") == (1, f"transacciones: no rows since {FECHA}, usually after 1 days at most")
    assert found == {"volumen_habitual": (1, f"transacciones of {later}: 0 rows, usually 102")}


def test_a_missing_day_between_those_of_a_run_is_noticed(usual: Engine) -> None:
    missing = FECHA - timedelta(2)
    with usual.begin() as connection:
        connection.execute(text("delete from control.medidas where fecha = :day"), {"day": missing})
    assert findings(usual, [FECHA]) == {}
    count, said = findings(usual, [missing - timedelta(1), FECHA])["volumen_habitual"]
    assert (count, said) == (1, f"transacciones of {missing}: 0 rows, usually 102")


def test_nothing_is_unusual_before_there_is_a_history(usual: Engine) -> None:
    with usual.begin() as connection:
        connection.execute(text("delete from control.medidas where fecha < :day"), {"day": FECHA - timedelta(49)})
        connection.execute(text("update control.medidas set valor = 50 * valor where fecha = :day"), {"day": FECHA})
    assert findings(usual, [FECHA]) == {}


def test_a_public_holiday_is_like_a_sunday(usual: Engine) -> None:
    with usual.begin() as connection:
        connection.execute(
            text("update control.medidas set valor = 10 where fecha = :day and medida = 'filas'"), {"day": FECHA}
        )
        connection.execute(text("delete from control.medidas where fecha = :day and medida <> 'filas'"), {"day": FECHA})
    assert findings(usual, [FECHA]).keys() == {"volumen_habitual"}
    with usual.begin() as connection:
        connection.execute(text("update dw.dim_fecha set feriado = 'Feriado' where fecha = :day"), {"day": FECHA})
    assert findings(usual, [FECHA]) == {}


DOUBLED = "update control.medidas set valor = 2 * valor where fecha = any(:days) and medida in ('filas', 'nulos')"


def change(engine: Engine, statement: str, *days: date) -> None:
    with engine.begin() as connection:
        assert connection.execute(text(statement), {"days": list(days)}).rowcount > 0


def test_what_happens_at_the_same_time_of_each_month_is_usual(usual: Engine) -> None:
    change(usual, DOUBLED, FECHA)
    assert findings(usual, [FECHA]).keys() == {"volumen_habitual"}
    change(usual, DOUBLED, *(date(2026, month, day) for month in (4, 5) for day in (1, 2, 4, 6)))
    assert findings(usual, [FECHA]) == {}


def test_more_is_usual_in_the_week_from_a_day_of_trade_on_and_less_is_not(usual: Engine) -> None:
    change(usual, "update dw.dim_fecha set dia_especial = 'hot_sale' where fecha = any(:days)", FECHA - timedelta(7))
    change(usual, DOUBLED, FECHA)
    assert findings(usual, [FECHA]) == {}
    change(usual, DOUBLED.replace("2 * valor", "valor / 10"), FECHA)
    assert findings(usual, [FECHA]).keys() == {"volumen_habitual"}


def test_a_bad_day_in_the_history_hides_none_and_makes_none(usual: Engine) -> None:
    change(usual, "delete from control.medidas where fecha = any(:days)", FECHA - timedelta(7))
    change(usual, DOUBLED.replace("2", "100"), FECHA - timedelta(14))
    change(
        usual,
        "update control.medidas set valor = 5 where fecha = any(:days) and medida = 'magnitud'",
        FECHA - timedelta(21),
    )
    assert findings(usual, [FECHA]) == {}
    change(usual, DOUBLED, FECHA)
    change(usual, "update control.medidas set valor = 5 where fecha = any(:days) and medida = 'magnitud'", FECHA)
    assert findings(usual, [FECHA]).keys() == {"volumen_habitual", "magnitud_habitual"}
    change(usual, "delete from control.medidas where fecha = any(:days)", FECHA)
    assert findings(usual, [FECHA]).keys() == {"volumen_habitual"}


@pytest.mark.parametrize(("before", "found"), [(1, set()), (83, set()), (None, {"categoria_de_una_grafia"})])
def test_a_spelling_is_noticed_when_it_is_new(before: int | None, found: set[str], usual: Engine) -> None:
    days = [FECHA] if before is None else [FECHA, FECHA - timedelta(before)]
    change(
        usual,
        "insert into control.medidas select 'transacciones', day, 'categoria', 'rubro', 'COMIDA', 1 from unnest(:days) as day",
        *days,
    )
    assert findings(usual, [FECHA]).keys() == found


def test_a_few_rows_of_long_ago_are_no_beginning_of_a_history(usual: Engine) -> None:
    change(usual, "delete from control.medidas where fecha < any(:days)", FECHA - timedelta(56))
    change(usual, "update control.medidas set fecha = '2026-01-07', valor = 1 where fecha = any(:days)", FECHA)
    assert findings(usual, [FECHA]) == {"volumen_habitual": (1, f"transacciones of {FECHA}: 0 rows, usually 102")}


def test_of_the_days_that_a_run_touched_the_newest_seven_are_judged(usual: Engine) -> None:
    """A first load touches years, of which a few days are unlike others by chance and none is news."""
    newer, older = FECHA - timedelta(5), FECHA - timedelta(13)
    change(usual, DOUBLED, newer, older)
    finding = "select hallazgos, ejemplo from control.verificaciones where verificacion = 'volumen_habitual'"

    def warned(*touched: date) -> tuple:
        with suppress(CheckFailed):  # there are measures and no rows
            run_checks(usual, CheckedRun(FECHA, HISTORY[0], "feed", "run", list(touched)), ["transacciones"])
        with usual.connect() as connection:
            return tuple(connection.execute(text(finding)).one())

    assert warned(FECHA) == (0, None)
    assert warned(*HISTORY, FECHA) == (1, f"transacciones of {newer}: 208 rows, usually 102")
    assert warned(older) == (2, f"transacciones of {older}: 202 rows, usually 102")
