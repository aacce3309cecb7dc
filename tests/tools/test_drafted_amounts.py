"""Amounts and days of drafted feeds, in the ways in which banks write them."""

from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from bank_files import CUSTOMERS, drafted, lines, said, written
from sqlalchemy import Engine, text

from client360.ingest import contract, feed_spec
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.raw_load import load_raw_file
from client360.warehouse.ownership import claim_warehouse
from tools.feed_draft import draft_feed

Draft = Callable[[dict[str, str]], Path]


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Draft a feed for files; returns its folder."""
    return partial(drafted, tmp_path)


RATES = "FECHA;MON;COMPRA;VENTA\n" + lines("{d:02}/02/2026;840;37,9{d:02};40,3{d:02}")
UNDECIDED = "before three digits in compra, venta: decimals or thousands? nothing else in the files tells"
DECIMALS = {
    "other files have commas": (RATES, "1;5,50", ",", "',' before three digits in compra, venta: decimal ',' as in"),
    "other files have points": (RATES, "1;5.50", ".", "',' before three digits in compra, venta: decimal '.' as in"),
    "nothing tells": (RATES, "1;5", ",", f"TODO: ',' {UNDECIDED}"),
    "points, and nothing tells": (RATES.replace(",", "."), "1;5", ".", f"TODO: '.' {UNDECIDED}"),
    "round amounts": (RATES.replace(",9", ",000;").replace(",3", ",500;"), "1;5", ".", "TODO: ',' before three digits"),
    "small amounts have no sign": (
        RATES.replace(",", ".") + "28/02/2026;840;990;980\n",
        "1;5",
        ",",
        f"TODO: '.' {UNDECIDED}",
    ),
    "another rate tells": (RATES + "28/02/2026;840;37,5;40,1\n", "1;5", ",", ""),
}


@pytest.mark.parametrize("case", DECIMALS)
def test_a_sign_before_three_digits_is_decided_by_other_files_or_a_person(case: str, draft: Draft) -> None:
    rates, other, decimal, remark = DECIMALS[case]
    folder = draft({"cotizaciones.csv": rates, "otros.csv": f"a;b\n{other}\n", **CUSTOMERS})
    declared = folder.joinpath("feed.yaml").read_text()
    assert feed_spec.read_feed("banco", folder).files["cotizaciones"].dialect.decimal == decimal
    assert remark in declared
    assert ("before three digits" in declared) is bool(remark)


def test_of_two_rates_a_person_chooses(draft: Draft) -> None:
    sql = said(draft({"cotizaciones.csv": RATES, "otros.csv": "a;b\n1;5,50\n"}) / "cotizaciones.sql")
    assert "venta as cotizacion, TODO: or compra, or their mean: (numero(compra, ',') + numero(venta, ',')) / 2" in sql
    assert "when '840' then 'USD' else mon end as moneda" in sql


@pytest.mark.parametrize(
    ("amounts", "expected", "how"),
    [
        (("1.234,56-", "5,50"), r"regexp_replace(saldo, '^(.*)- *$', '-\1') as saldo", "with the minus behind"),
        (("(1.234,56)", "5,50"), r"regexp_replace(saldo, '^ *\((.*)\) *$', '-\1') as saldo", "in brackets"),
        (("$ 1.234,56-", "$ 5,50"), r"regexp_replace(translate(saldo, '$ ', ''), '^(.*)- *$', '-\1')", "minus behind"),
        (("-$ 1.234,56", "$ 5,50"), "translate(saldo, '$ ', '') as saldo", ""),
    ],
)
def test_amounts_are_read_wherever_their_minus_stands(
    amounts: tuple[str, str], expected: str, how: str, draft: Draft
) -> None:
    rows = "".join(f"1{i};31/05/2026;{amounts[i % 2]}\n" for i in range(30))
    folder = draft({"saldos.csv": f"CUENTA;FECHA;SALDO\n{rows}", **CUSTOMERS})
    sql = said(folder / "saldos.sql")
    assert expected in sql
    assert how in sql
    assert "TODO" not in sql.replace("Complete what says TODO", "")
    assert feed_spec.read_feed("banco", folder).files["saldos"].dialect.decimal == ","


@pytest.mark.parametrize(("amount", "sign"), [("5,50-", "-"), ("(5,50)", "(")])
def test_the_minus_of_a_movement_is_its_direction_wherever_it_stands(amount: str, sign: str, draft: Draft) -> None:
    rows = lines("{i};7;{d:02}/03/2026;compra;5,50", 20) + lines("9{i};7;{d:02}/03/2026;compra;" + amount, 20)
    sql = said(draft({"movs.csv": f"NRO_OPER;NRO_CLI;FECHA;TIPO;IMPORTE\n{rows}", **CUSTOMERS}) / "transacciones.sql")
    assert f"case when importe like '%{sign}%' then 'debito' else 'credito' end as sentido" in sql
    assert "as monto" in sql
    assert "say what the sign means and write ltrim(..., '-')" in sql


def test_numbers_of_one_width_could_be_cents(draft: Draft) -> None:
    rows = lines("P{i};7;10-Feb-25;0000240000{d:02};12")
    sql = said(
        draft({"prestamos.csv": f"NRO_PRE;NRO_CLI;FEC_OTO;CAPITAL;PLAZO\n{rows}", **CUSTOMERS}) / "prestamos.sql"
    )
    assert "TODO: all have 12 digits, without a sign: if they are cents, write numero(capital, '.') / 100" in sql


@pytest.mark.parametrize(
    "form", ["{d:02}-{m}-25", "{d:02}-{m}-2025", "{d:02} {m} 2025", "{d:02}/{m}/2025", "{d:02}{m}2025"]
)
@pytest.mark.parametrize("months", ["Ene Abr Ago Set Dic", "ENE ABR AGO SEPT DIC", "jan apr aug sep dec"])
def test_days_with_the_name_of_a_month_are_loaded_as_they_are_drafted(
    form: str, months: str, tmp_path: Path, warehouse: Engine
) -> None:
    days = [form.format(d=day, m=month) for day in (5, 17, 28) for month in months.split()]
    rows = "".join(f"{i};Paz;{day}\n" for i, day in enumerate(days))
    entrada = written(tmp_path / "entrada", {"clientes.csv": f"NRO_CLI;APELLIDOS;FEC_ING\n{rows}"})
    loaded(entrada, tmp_path, warehouse)
    with warehouse.connect() as connection:
        found = connection.execute(text("select distinct to_char(fecha_alta, 'MM') from staging.clientes")).scalars()
        assert sorted(found) == ["01", "04", "08", "09", "12"]


def test_balances_with_the_minus_behind_are_loaded_as_they_are_drafted(tmp_path: Path, warehouse: Engine) -> None:
    entrada = written(
        tmp_path / "entrada",
        {
            "cuentas.csv": "NRO_CTA;MON;FEC_APE\n" + lines("1/{i};ARS;20200105", 13),
            "saldos_20260531.csv": "CUENTA;SALDO\n"
            + lines("1/{i};1.234,56-", 10)
            + "1/10;7,50\n1/11;(3,00)\n1/12;8,00-\n",
            **CUSTOMERS,
        },
    )
    with pytest.raises(AssertionError, match="1 row"):
        loaded(entrada, tmp_path, warehouse)
    with warehouse.connect() as connection:
        found = connection.execute(text("select saldo::text, count(*) from staging.saldos group by 1")).fetchall()
    assert {tuple(row) for row in found} == {("-1234.56", 9), ("7.50", 1), ("-8.00", 1)}


def loaded(entrada: Path, folder: Path, warehouse: Engine) -> None:
    """Load what is drafted as it is; fails if a row is rejected."""
    draft_feed("banco", str(entrada), written(folder / "feeds", {}))
    feed = feed_spec.read_feed("banco", folder / "feeds" / "banco")
    with warehouse.begin() as connection:
        claim_warehouse(connection, feed.owner, replace=False)
    for delivery in changed_deliveries(warehouse, feed, entrada):
        load_raw_file(warehouse, feed, entrada, delivery, "corrida")
    contract.apply_contract(warehouse, feed, "corrida", 100)
    with warehouse.connect() as connection:
        rejected = connection.execute(text("select count(*) from control.rechazos")).scalar()
    assert rejected == 0, f"{rejected} row"
