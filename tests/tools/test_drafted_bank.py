"""Feeds drafted from the files of banks, whose systems cut names short: what each file is, its key and its days."""

import subprocess
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from bank_files import CUSTOMERS, drafted, lines, said, written

from client360 import folders
from tools.feed_draft.entities import assign_entities
from tools.feed_draft.file_kinds import FileKind, group_files
from tools.feed_draft.vocabulary import header_words

Draft = Callable[[dict[str, str]], Path]


@pytest.fixture
def draft(tmp_path: Path) -> Draft:
    """Draft a feed for files; returns its folder."""
    return partial(drafted, tmp_path)


@pytest.fixture
def one_kind(tmp_path: Path) -> Callable[[str, str], FileKind]:
    """The kind that a file is, beside a list of customers."""

    def kind_of(name: str, content: str) -> FileKind:
        found, _ = group_files(written(tmp_path / "entrada", {name: content, **CUSTOMERS}))
        assign_entities(found)
        return next(
            kind for kind in found if "NRO_CLI;APELLIDOS" not in kind.pattern and kind.pattern != "clientes.csv"
        )

    return kind_of


MOVEMENT = "NRO_OPER;COD;FEC_VALOR;NRO_CTA;NRO_CLI;DH;IMPORTE;MON;NRO_TAR"
KEYS = {
    "a code before the number of the operation": (
        "movs.csv",
        f"COD;{MOVEMENT.replace(';COD', '')}",
        "18{k};{i};{d:02}/03/2026;1/2;7;D;5,50;858;",
        "transacciones",
        "nro_oper as transaccion_id,",
    ),
    "a code of movements alone": (
        "movs.csv",
        "COD;FEC_VALOR;NRO_CLI;IMPORTE",
        "18{k};{d:02}/03/2026;7;5,50",
        "transacciones",
        "_archivo || ':' || _linea as transaccion_id",
    ),
    "a unique number beside a code of the same name": (
        "tarjetas.csv",
        "COD;NRO;NRO_CLI;LIMITE",
        "VI{k};{i};7;5,50",
        "tarjetas",
        "nro as tarjeta_id,",
    ),
    "a brand that is called card": (
        "tarjetas.csv",
        "TARJETA;NRO;NRO_CLI;LIMITE",
        "VI{k};{i};7;5,50",
        "tarjetas",
        "nro as tarjeta_id,",
    ),
    "orders without a state": (
        "ventas.csv",
        "id;pedido;fecha;cliente_id;total",
        "{i};P{k};2025-01-{d:02};7;5",
        "ventas",
        "id as venta_id, -- TODO: the values of pedido repeat: is it this one?",
    ),
    "orders with several states": (
        "ventas.csv",
        "id;pedido;fecha;cliente_id;total;estado",
        "{i};P{k};2025-01-{d:02};7;5;E{i}",
        "ventas",
        "pedido as venta_id,",
    ),
    "orders on their lines": (
        "detalle_ventas.csv",
        "id;pedido;fecha;cliente_id;producto_id;precio;cantidad",
        "{i};P{k};2025-01-{d:02};7;A;5;1",
        "ventas",
        "pedido as venta_id,",
    ),
    "customers": ("clientes.csv", "NRO_CLI;APELLIDOS", "{k};Paz{i}", "clientes", "nro_cli as cliente_id, -- REPEAT"),
    "loans": ("prestamos.csv", "NRO_PRE;NRO_CLI;PLAZO", "{k};{i};12", "prestamos", "nro_pre as prestamo_id, -- REPEAT"),
    "accounts": (
        "cuentas.csv",
        "NRO_CTA;MON;FEC_APE",
        "{k};{i};20250101",
        "cuentas",
        "nro_cta as cuenta_id, -- REPEAT",
    ),
    "accounts on several days": (
        "cuentas.csv",
        "NRO_CTA;FECHA;FEC_APE",
        "{k};2025-01-{d:02};20250101",
        "cuentas",
        "nro_cta as cuenta_id, fecha,",
    ),
    "orders with their states": (
        "ventas.csv",
        "venta_id;fecha;cliente_id;total;estado",
        "{i};2025-01-{d:02};7;5;pagada",
        "ventas",
        "venta_id, fecha,",
    ),
    "products": (
        "productos.csv",
        "codigo;nombre;precio",
        "P{k};Pan {i};5",
        "productos",
        "codigo as producto_id, -- REPEAT",
    ),
}
REPEAT = "TODO: its values repeat within a file: is it what tells the rows apart?"


@pytest.mark.parametrize("case", KEYS)
def test_what_repeats_is_no_key_unless_a_person_says_so(case: str, draft: Draft) -> None:
    name, header, row, entity, expected = KEYS[case]
    rows = "".join(row.format(i=i, k=i % 4, d=i % 28 + 1) + "\n" for i in range(1, 28))
    sql = " ".join(draft({**CUSTOMERS, name: f"{header}\n{rows}"}).joinpath(f"{entity}.sql").read_text().split())
    assert expected.replace("REPEAT", REPEAT) in sql
    assert ("REPEAT" in expected) is (REPEAT in sql)


def test_the_code_of_a_movement_is_its_kind(draft: Draft) -> None:
    rows = "".join(f"{i};18{i % 4};{i % 28 + 1:02}/03/2026;1/2;7;D;5,50;858;\n" for i in range(1, 40))
    sql = said(draft({**CUSTOMERS, "movs_2026-03.csv": f"{MOVEMENT}\n{rows}"}) / "transacciones.sql")
    for expected in (
        "cod as tipo_transaccion",
        "nro_oper as transaccion_id",
        "fecha(fec_valor, 'DD/MM/YYYY') as fecha",
        "when 'D' then 'debito'",
        "end as sentido",
        "when '858' then 'UYU'",
        "nro_tar as tarjeta_id",
    ):
        assert expected in sql


FILES = {
    "cuentas": [
        ("maestro.csv", "NRO_CTA;TIPO;MON;SUC;FEC_APE;FEC_CIE;SDO_INI", "1{i};CA;858;01;20220110;;5,50"),
        ("accounts.csv", "account_id,type,currency,branch,opened_on,closed_on", "1{i},CA,UYU,01,2022-01-10,"),
        ("x.csv", "account_no,account_type,open_date,balance", "1{i},savings,2022-01-10,5.5"),
    ],
    "titulares_cuenta": [
        ("vinculos.csv", "NRO_CTA;NRO_CLI;CALIDAD;PORC", "1{i};7;T;50"),
        ("account_holders.csv", "account_id,customer_id,role,share,since,until", "1{i},7,owner,50,2025-01-01,"),
    ],
    "saldos": [
        ("cierre_20260131.csv", "NRO_CTA;FECHA;SDO", "1{i};31/01/2026;5,50"),
        ("daily.csv", "account_id,date,balance", "1{i},2026-01-31,5.5"),
    ],
    "tarjetas": [
        ("plasticos.csv", "NRO_TAR;NRO_CLI;NRO_CTA;LIMITE;DIA_CIE;DIA_VTO;FEC_BAJ", "4{i};7;1;600,00;22;5;20260101"),
        ("cards.csv", "card_id,customer_id,credit_limit,closing_day,due_day", "4{i},7,600.5,22,5"),
    ],
    "resumenes": [
        ("liquidaciones.csv", "NRO_RES;NRO_TAR;CIERRE;VENCE;TOTAL;MINIMO", "{i};4{i};22/03/2026;05/04/2026;7,66;1,10"),
        ("x.csv", "statement_id,card_id,closing_date,due_date,total,minimum", "{i},4{i},2026-03-22,2026-04-05,7.6,1.1"),
    ],
    "prestamos": [
        ("creditos.csv", "NRO_CRED;NRO_CLI;FEC_OTORG;MONTO;PLAZO;TASA", "P{i};7;10/02/2025;900,50;12;32"),
        ("cartera_20260131.csv", "NRO_PRE;NRO_CLI;FEC_OTO;CAPITAL;TNA;PLAZO;EST", "P{i};7;10-Feb-25;900,50;32;12;V"),
        (
            "lending.csv",
            "loan_id,customer_id,granted_on,principal,interest_rate,term_months",
            "P{i},7,2025-02-10,900,32,12",
        ),
    ],
    "cuotas": [
        ("plan_cuotas.csv", "NRO_PRE;NRO_CUO;FEC_VTO;IMP_CUO;CAP_CUO;FEC_PAGO", "P{i};1;10-Mar-25;5,50;4,50;"),
        ("cronograma.csv", "NRO_PRE;NRO_CUO;FEC_VTO;IMPORTE;CAPITAL", "P{i};1;10/03/2025;5,50;4,50"),
        (
            "schedule.csv",
            "loan_id,installment_number,due_date,amount,principal,paid_on",
            "P{i},1,2025-03-{d:02},5.5,4.5,",
        ),
    ],
    "ordenes_permanentes": [
        ("ordenes.csv", "NRO_ORD;NRO_CLI;NRO_CTA;IMPORTE;BENEF;CONCEPTO;DESDE;HASTA", "{i};7;1;6,62;UTE;luz;20250104;"),
        ("orders.csv", "order_id,account_id,beneficiary,amount,start_date,end_date", "{i},1,UTE,6.62,2025-01-04,"),
    ],
    "cotizaciones": [
        ("cotizaciones.csv", "FECHA;MON;COMPRA;VENTA", "{d:02}/02/2026;840;37,94;40,34"),
        ("divisas.csv", "FECHA;MON;COMPRA;VENTA", "{d:02}/02/2026;840;37,94;40,34"),
        ("exchange_rates.csv", "currency,date,rate", "USD,2026-02-{d:02},40.34"),
        ("x.csv", "currency,date,buy,sell", "USD,2026-02-{d:02},37.94,40.34"),
    ],
    "transacciones": [
        ("movs_2026-03.csv", MOVEMENT, "{i};181;{d:02}/03/2026;1/2;7;D;5,50;858;"),
        ("extracto.csv", "NRO_MOV;F_OPER;NRO_CTA;TIP_MOV;IMP;DH;SDO", "{i};{d:02}/03/2026;1/2;CO;5,50;D;9,50"),
        ("ledger.csv", "transaction_id,booking_date,account_id,type,amount,dc", "{i},2026-03-{d:02},1,fee,5.5,D"),
    ],
    "ventas": [("ordenes.csv", "NRO_ORD;FECHA;NRO_CLI;IMPORTE;ESTADO", "{i};{d:02}/03/2026;7;5,50;pagada")],
}


@pytest.mark.parametrize(
    ("entity", "name", "header", "row"), [(entity, *each) for entity, cases in FILES.items() for each in cases]
)
def test_the_columns_of_a_bank_tell_what_its_files_hold(
    entity: str, name: str, header: str, row: str, one_kind: Callable[[str, str], FileKind]
) -> None:
    assert one_kind(name, f"{header}\n{lines(row)}").entity == entity


def test_drafts_of_a_bank_pass_the_linter(draft: Draft, tmp_path: Path) -> None:
    amounts = FILES["cuotas"][0][1] + "\n" + lines("P{i};1;10-Mar-25;0000169620{d:02};0000105620{d:02};")
    some = {cases[0][0]: f"{cases[0][1]}\n{lines(cases[0][2])}" for cases in FILES.values()}
    folder = draft(
        some | CUSTOMERS | {"plan_cuotas.csv": amounts, "saldos.csv": "CUENTA;AL;SALDO\n1/2;31/05/2026;5,50-\n"}
    )
    command = [Path(sys.executable).with_name("sqlfluff"), "lint", "--config", folders.ROOT / "pyproject.toml", folder]
    found = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert found.returncode == 0, found.stdout
    assert len(list(folder.glob("*.sql"))) >= 10


def test_a_file_of_instalments_has_their_numbers_and_no_required_column_left(draft: Draft) -> None:
    name, header, row = FILES["cuotas"][0]
    sql = said(draft({name: f"{header}\n{lines(row)}", **CUSTOMERS}) / "cuotas.sql")
    assert "nro_pre || '-' || nro_cuo as cuota_id" in sql
    assert "TODO required" not in sql


@pytest.mark.parametrize(
    ("name", "header", "row", "expected"),
    [
        ("saldos_20260531.csv", "CUENTA;SALDO", "{i};5,50", "cuenta as cuenta_id, _fecha as fecha, saldo from"),
        ("saldos_2026-05.csv", "CUENTA;SALDO", "{i};5,50", "_fecha as fecha, TODO: the month in the file's name"),
        (
            "saldos_20260531.csv",
            "CUENTA;AL;SALDO",
            "{i};31/05/2026;5,50",
            "'DD/MM/YYYY') as fecha TODO: the only column",
        ),
        ("movs_20260531.csv", "NRO_OPER;NRO_CLI;IMPORTE", "{i};7;5,50", "_fecha as fecha, TODO: the day in the file's"),
        ("movs.csv", "NRO_OPER;NRO_CLI;IMPORTE;CUANDO", "{i};7;5,50;2026-05-{d:02}", "cuando as fecha, TODO: the only"),
    ],
)
def test_a_row_without_a_day_has_the_only_one_there_is(
    name: str, header: str, row: str, expected: str, draft: Draft
) -> None:
    folder = draft({name: f"{header}\n{lines(row)}", **CUSTOMERS})
    assert expected in said(folder / ("saldos.sql" if name.startswith("saldos") else "transacciones.sql"))


@pytest.mark.parametrize(
    ("header", "meant"),
    [
        ("FEC_VALOR", {"fecha", "monto"}),
        ("FEC_APE", {"fecha", "apertura"}),
        ("APE_NOM", {"apellido", "nombre"}),
        ("FEC_OTO", {"fecha", "otorgamiento"}),
        ("FEC_CIE", {"fecha", "baja"}),
        ("FEC_VTO", {"fecha", "vencimiento"}),
        ("FECVTO", {"fecha", "vencimiento"}),
        ("F_ALTA", {"fecha", "alta"}),
        ("DH", {"sentido"}),
        ("NRO_PRE", {"prestamo", "id"}),
        ("NRO_TAR", {"tarjeta", "id"}),
        ("NROTAR", {"tarjeta", "id"}),
        ("N° CTA", {"cuenta", "id"}),
        ("NRO_DOC", {"dni", "id"}),
        ("IMP", {"monto"}),
        ("SDO_INI", {"saldo", "inicio"}),
        ("MON", {"moneda"}),
        ("SUC", {"deposito"}),
        ("TIP_MOV", {"tipo", "movimiento"}),
        ("NRO_CUO", {"cuota", "id"}),
        ("CAP_CUO", {"capital", "cuota"}),
        ("FEC_ULT_PAGO", {"fecha", "ultimo", "pago"}),
        # whole words that begin like these, and a letter alone
        ("TARDE", {"tarde"}),
        ("TARIFA", {"tarifa"}),
        ("MONTAR", {"montar"}),
        ("F", {"f"}),
    ],
)
def test_names_that_are_cut_short_are_read(header: str, meant: set[str]) -> None:
    assert header_words(header) == meant
