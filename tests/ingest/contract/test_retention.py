"""The text of old files leaves the warehouse, and nothing else does."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from client360.ingest.contract import apply_contract
from client360.ingest.contract.retention import TextGone
from client360.ingest.deliveries import changed_deliveries
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import Dialect, RawFile
from client360.ingest.raw_load import load_raw_files
from client360.ingest.withdrawal import withdraw
from client360.warehouse.models import tables
from client360.warehouse.raw_schema import drop_raw_tables

CLIENTS = (
    "select _archivo, _linea, cliente as cliente_id, desde as fecha, desde as fecha_alta, provincia from crudo.personas"
)
MOVEMENTS = """
    select _archivo, _linea, numero as transaccion_id, dia as fecha, cliente as cliente_id, importe as monto,
        'compra_tarjeta' as tipo_transaccion
    from crudo.movimientos
"""
HEADER = "numero,dia,cliente,importe\n"
PEOPLE = "cliente,desde,provincia\nC1,2023-01-01,Salta\nC2,2023-01-01,Jujuy\n"
OLD, OLDER, LATE, NEW = (f"movimientos_2024{day}.csv" for day in ("0201", "0101", "0415", "0501"))


def feed(retain: str | None, *more: str) -> Feed:
    movements = RawFile(name="movimientos_{%Y%m%d}.csv", dialect=Dialect(), retain=retain)
    files = {"personas": RawFile(name="personas.csv", dialect=Dialect()), "movimientos": movements}
    select = " ".join((MOVEMENTS, *more))
    return Feed("banco", "AR", "ARS", 100, files, {"clientes": CLIENTS, "transacciones": select}, "feed banco")


class Bank:
    """A warehouse that reads the files of a folder, run by run."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self.engine, self.folder = engine, folder
        self.runs = 0

    def write(self, name: str, *lines: str) -> None:
        (self.folder / name).write_text(HEADER + "".join(f"{line}\n" for line in lines))

    def run(self, of: Feed, *, rebuild: bool = False) -> None:
        self.runs += 1
        run = f"run {self.runs}"
        load_raw_files(self.engine, of, self.folder, changed_deliveries(self.engine, of, self.folder), run)
        apply_contract(self.engine, of, run, 100, rebuild=rebuild, folder=self.folder)

    def query(self, statement: str) -> list[tuple]:
        with self.engine.connect() as connection:
            return sorted((tuple(row) for row in connection.execute(text(statement))), key=str)

    def empty(self) -> None:
        with self.engine.begin() as connection:
            drop_raw_tables(connection)
            for table in tables():
                if table.schema in ("staging", "control"):
                    connection.execute(text(f"truncate {table.fullname}"))

    def texts(self) -> list[str]:
        """The files of movements whose text is in the warehouse."""
        return [
            name
            for (name,) in self.query(
                "select distinct archivo from crudo.movimientos_filas inner join control.entregas on entrega = _entrega"
            )
        ]

    def held(self) -> dict[str, list[tuple]]:
        """What is known of all rows, and quoted of rejected ones."""
        return {
            "lecturas": self.query(
                "select archivo, entidad, filas, aceptadas, repetidas, reemplazadas, sin_cambio, rechazadas from control.lecturas"
            ),
            "rechazos": self.query("select archivo, linea, entidad, columna, motivo, texto from control.rechazos"),
            "cargas": self.query("select entidad, fecha, filas, suma from control.cargas"),
            "transacciones": self.query("select * from staging.transacciones"),
            "juzgadas": self.query(
                "select e.archivo, t._linea, t.cliente_id, t.monto, t._estado "
                "from crudo._transacciones as t inner join control.entregas as e on e.entrega = t._entrega"
            ),
        }


@pytest.fixture
def bank(warehouse: Engine, tmp_path: Path) -> Iterator[Bank]:
    """A bank with movements of January, February and April; one of each is rejected."""
    bank = Bank(warehouse, tmp_path)
    (tmp_path / "personas.csv").write_text(PEOPLE)
    for number, name in enumerate((OLDER, OLD, LATE)):
        day = f"{name[12:16]}-{name[16:18]}-{name[18:20]}"
        bank.write(name, f"M{number}1,{day},C1,10.5", f"M{number}2,{day},C2,20", f"M{number}3,{day},C9,nada")
    return bank


def month(bank: Bank, of: Feed) -> None:
    """The first load, then a day in May."""
    bank.run(of)
    bank.write(NEW, "M91,2024-05-01,C1,30")
    bank.run(of)


def test_the_text_of_files_goes_once_a_newer_one_is_so_many_days_younger_and_nothing_else_does(bank: Bank) -> None:
    kept = feed("60d")
    month(bank, kept)
    assert bank.texts() == [LATE, NEW]
    assert bank.query("select archivo from control.entregas where sin_texto") == [(OLDER,), (OLD,)]
    found = bank.held()
    assert [row[5] for row in found["rechazos"]] == [
        f"M{i}3,2024-0{m},C9,nada" for i, m in enumerate(("1-01", "2-01", "4-15"))
    ]
    bank.run(kept)
    assert bank.held() == found
    (bank.folder / NEW).unlink()
    bank.empty()
    month(bank, feed(None))
    assert len(bank.texts()) == 4
    assert bank.held() == found


def test_a_first_load_keeps_all_text_until_a_run_needs_changed_files_only(bank: Bank) -> None:
    bank.run(feed("1d"))
    assert bank.texts() == [OLDER, OLD, LATE]


def test_the_day_of_the_limit_is_kept(bank: Bank) -> None:
    month(bank, feed("90d"))  # 2024-02-01 is 90 days before 2024-05-01
    assert bank.texts() == [OLD, LATE, NEW]


def test_a_parent_that_changes_judges_rows_whose_text_is_gone(bank: Bank) -> None:
    month(bank, feed("60d"))
    (bank.folder / "personas.csv").write_text(PEOPLE.replace("C2", "C3"))
    bank.run(feed("60d"))
    found = bank.held()
    assert ("movimientos_20240101.csv", 3, "transacciones", "cliente_id", "padre_desconocido", "") in found["rechazos"]
    assert (LATE, 3, "transacciones", "cliente_id", "padre_desconocido", "M22,2024-04-15,C2,20") in found["rechazos"]


def test_what_was_quoted_of_a_rejected_row_stays_though_its_text_is_gone(bank: Bank) -> None:
    month(bank, feed("60d"))
    bank.write("movimientos_20240502.csv", "M03,2024-05-02,C1,5")  # judged with the row of the same key
    bank.run(feed("60d"))
    quoted = [row for row in bank.held()["rechazos"] if row[0] == OLDER]
    assert quoted == [(OLDER, 4, "transacciones", "monto", "tipo_invalido", "M03,2024-01-01,C9,nada")]


def test_a_correction_of_an_old_file_is_read_and_its_text_goes_again(bank: Bank) -> None:
    month(bank, feed("60d"))
    bank.write(OLDER, "M01,2024-01-01,C1,11")
    (bank.folder / OLD).unlink()  # nobody needs it
    bank.run(feed("60d"))
    assert bank.texts() == [LATE, NEW]
    assert [row for row in bank.held()["juzgadas"] if row[0] == OLDER] == [(OLDER, 2, "C1", 11, None)]


@pytest.mark.parametrize(
    ("of", "rebuild"),
    [(feed("60d"), True), (feed("60d", "where true"), False), (feed("9d", "where true"), False)],
    ids=["told to", "another SELECT", "another SELECT and limit"],
)
def test_where_everything_is_judged_the_files_are_read_again(bank: Bank, of: Feed, *, rebuild: bool) -> None:
    month(bank, feed("60d"))
    before = bank.held()
    bank.run(of, rebuild=rebuild)
    assert bank.texts() == [OLDER, OLD, LATE, NEW]
    assert not bank.query("select archivo from control.entregas where sin_texto")
    assert bank.held() == before


def test_a_lookup_that_changes_reads_the_files_again(bank: Bank) -> None:
    of = feed("60d")
    kinds = of.files | {"tipos": RawFile(name="tipos.csv", dialect=Dialect(), lookup=True)}
    joined = MOVEMENTS.replace("'compra_tarjeta'", "t.tipo").replace("_archivo, _linea", "m._archivo, m._linea")
    joined = joined.replace(
        "crudo.movimientos", "crudo.movimientos as m left join crudo.tipos as t on m.cliente = t.de"
    )
    of = replace(of, files=kinds, mapping=of.mapping | {"transacciones": joined})
    (bank.folder / "tipos.csv").write_text("de,tipo\nC1,compra_tarjeta\nC2,compra_tarjeta\n")
    month(bank, of)
    assert bank.texts() == [LATE, NEW]
    (bank.folder / "tipos.csv").write_text("de,tipo\nC1,transferencia\nC2,compra_tarjeta\n")
    bank.run(of)
    assert bank.texts() == [OLDER, OLD, LATE, NEW]
    types = bank.query("select transaccion_id, tipo_transaccion from crudo._transacciones where _estado is null")
    assert [kind for key, kind in types if key.endswith("1")] == ["transferencia"] * 4


def test_a_lookup_of_what_is_left_out_that_changes_reads_the_files_again(bank: Bank) -> None:
    of = feed("60d", "where importe <> 'nada'")
    of = replace(
        of,
        files=of.files | {"restos": RawFile(name="restos.csv", dialect=Dialect(), lookup=True)},
        left_out="select m._archivo, m._linea from crudo.movimientos as m join crudo.restos as r on m.importe = r.importe",
    )
    (bank.folder / "restos.csv").write_text("importe\nnada\n")
    month(bank, of)
    assert bank.texts() == [LATE, NEW]
    before = bank.held()
    (bank.folder / "restos.csv").write_text("importe\nnada\notro\n")
    bank.run(of)
    assert bank.texts() == [OLDER, OLD, LATE, NEW]
    assert bank.held() == before


def test_another_limit_is_no_reason_to_judge_anything(bank: Bank) -> None:
    month(bank, feed("60d"))
    (bank.folder / OLD).unlink()
    bank.run(feed("20d"))
    assert bank.texts() == [LATE, NEW]


def test_a_crash_of_the_server_reads_the_files_again(bank: Bank) -> None:
    month(bank, feed("60d"))
    before = bank.held()
    with bank.engine.begin() as connection:
        connection.execute(text("truncate crudo._juzgadas, crudo._transacciones, crudo._clientes"))  # as it would
    bank.run(feed("60d"))
    assert bank.held() == before


def test_a_file_that_is_needed_and_no_longer_there_is_named_and_nothing_changes(bank: Bank) -> None:
    month(bank, feed("60d"))
    (bank.folder / OLD).unlink()
    before = bank.held()
    with pytest.raises(TextGone, match=rf"^1 files have to be judged again, .*: put {OLD} back into the folder"):
        bank.run(feed("60d"), rebuild=True)
    assert bank.held() == before
    bank.run(feed("60d"))
    assert bank.held() == before


def test_a_file_without_text_is_withdrawn_as_any_other(bank: Bank) -> None:
    month(bank, feed("60d"))
    (bank.folder / OLD).unlink()
    withdraw(bank.engine, OLD)
    bank.run(feed("60d"))
    found = bank.held()
    bank.empty()
    bank.runs = 0
    bank.run(feed(None))
    assert {row[0] for row in found["juzgadas"]} == {OLDER, LATE, NEW}
    without_empty_days = [row for row in found.pop("cargas") if row[2]]
    expected = bank.held()
    assert without_empty_days == expected.pop("cargas")
    expected.pop("transacciones"), found.pop("transacciones")
    assert found == expected


def test_what_is_no_copy_any_more_is_read_again(bank: Bank) -> None:
    copy = "otra/movimientos_20240201.csv"
    (bank.folder / "otra").mkdir()
    (bank.folder / copy).write_bytes((bank.folder / OLD).read_bytes())
    month(bank, feed("60d"))
    assert bank.query("select archivo, copia_de from control.entregas where copia_de is not null") == [(copy, OLD)]
    bank.write(OLD, "M11,2024-02-01,C1,99")
    bank.run(feed("60d"))
    assert {row[0]: row[3] for row in bank.held()["juzgadas"] if row[1] == 3} == {OLDER: 20, copy: 20, LATE: 20}


NUMBERED = MOVEMENTS.replace("numero as", "numero || row_number() over (partition by cliente order by numero) as")
LEFT_OUT = "select _archivo, _linea from (select *, row_number() over () as n from crudo.movimientos) as m where n > 99"


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"mapping": {"clientes": CLIENTS, "transacciones": NUMBERED}}, "transacciones"),
        ({"mapping": {"clientes": CLIENTS, "transacciones": NUMBERED.replace("crudo.", "")}}, "transacciones"),
        ({"mapping": {"clientes": CLIENTS, "transacciones": NUMBERED.replace("crudo", '"crudo"')}}, "transacciones"),
        ({"left_out": LEFT_OUT}, "descartes"),
    ],
    ids=["with its schema", "without its schema", "quoted", "left out"],
)
def test_a_select_that_reads_all_rows_keeps_their_text(
    bank: Bank, caplog: pytest.LogCaptureFixture, changed: dict, named: str
) -> None:
    month(bank, replace(feed("60d"), **changed))
    assert bank.texts() == [OLDER, OLD, LATE, NEW]
    assert f"All text of movimientos is kept: feeds/banco/{named}.sql had to read all of it." in caplog.messages


def test_the_text_of_a_kind_goes_whatever_other_kinds_are_read_whole(bank: Bank) -> None:
    of = feed("60d")
    dates = {"saldos": RawFile(name="saldos_{%Y%m%d}.csv", dialect=Dialect(), lookup=True)}
    newest = "select _archivo, _linea from (select *, row_number() over () as n from crudo.saldos) as s where n > 99"
    (bank.folder / "saldos_20250101.csv").write_text("saldo\n1\n")
    bank.run(replace(of, files=of.files | dates, left_out=newest))
    (bank.folder / "saldos_20250102.csv").write_text("saldo\n2\n")
    bank.write(NEW, "M91,2024-05-01,C1,30")
    bank.run(replace(of, files=of.files | dates, left_out=newest))
    assert bank.texts() == [LATE, NEW]
