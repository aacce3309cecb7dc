"""What leaves the warehouse as files: cells that spreadsheets do not run, and customers who can not be told."""

import hmac
import json
import re
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from publishing import DAY, HARMLESS, HOSTILE, KEY, WORLD, content, publish, read
from sqlalchemy import Engine

from client360.publish import anonymity
from client360.publish.anonymity import NoKey, pads
from client360.publish.export import NotChecked, OtherKey, export, require_same_key
from client360.warehouse.models import EXPORTED

EARLIER = DAY - timedelta(days=1)


def runs(cell: str) -> bool:
    """Whether a spreadsheet takes it for a formula."""
    return re.match(r"\s*[-=+@]", cell) is not None


def text_columns(model: Any) -> list[str]:
    return [column.name for column in model.table().columns if column.type.python_type is str]


@pytest.mark.parametrize("name", EXPORTED)
def test_no_cell_of_text_is_run_as_a_formula_and_what_it_says_can_be_read(
    name: str, warehouse: Engine, data: Path
) -> None:
    texts = text_columns(EXPORTED[name])
    numbers = {
        column.name: -7 for column in EXPORTED[name].table().columns if column.type.python_type in (int, Decimal)
    }
    hostile = [dict.fromkeys(texts, cell) | numbers for cell in HOSTILE]
    if not texts:  # rows need a key of their own
        hostile = [numbers | {"mes": DAY - timedelta(days=n)} for n in range(len(HOSTILE))]
    publish(warehouse, DAY, **{name: hostile})
    export(warehouse, DAY, WORLD, data)
    found = read(data / "processed" / f"{name}.csv")
    assert len(found) == len(HOSTILE)
    for cells in found:
        for column, cell in cells.items():
            if column in texts:
                assert not runs(cell), cell
                assert not any(runs(part) for part in re.split("[;\t\r\n]", cell)), cell
            elif column in numbers:
                assert Decimal(cell) == -7, "a number is text"
    for column in texts:
        assert {cell[column].replace("'", "") for cell in found} == {cell.replace("'", "") for cell in HOSTILE}
        assert {cell[column] for cell in found} >= {"'=1+1", "'+54 11", "'-34", "'\t'=1+1", "a;'=1+1"}


def test_a_spreadsheet_that_parts_cells_at_semicolons_and_tabs_runs_nothing_either(
    warehouse: Engine, data: Path
) -> None:
    """As LibreOffice does unless told otherwise: a quote counts only where a cell begins with it."""
    publish(warehouse, DAY, cliente_360=[{"cliente_id": cell, "nombre": cell, "provincia": cell} for cell in HOSTILE])
    export(warehouse, DAY, WORLD, data)
    text = (data / "processed" / "cliente_360.csv").read_bytes().decode("utf-8-sig")
    for separators in ("[,;\t]", ";", "\t"):
        cells = re.findall(rf'(?:"(?:[^"]|"")*"|(?:(?!{separators})[^\r\n])*)(?:{separators}|[\r\n]+|$)', text)
        cells = [cell.rstrip(",;\t\r\n") for cell in cells]
        assert len(cells) > len(HOSTILE)
        for cell in cells:
            assert not re.match(r'"?\s*[-=+@]', cell), (separators, cell)


def test_ordinary_cells_are_left_as_they_are(warehouse: Engine, data: Path) -> None:
    customers = [{"cliente_id": f"C{n}", "nombre": cell, "provincia": cell} for n, cell in enumerate(HARMLESS)]
    publish(warehouse, DAY, cliente_360=customers)
    export(warehouse, DAY, WORLD, data)
    assert [row["nombre"] for row in read(data / "processed" / "cliente_360.csv")] == list(HARMLESS)


CUSTOMERS = [
    {"cliente_id": name, "nombre": f"Name of {name}", "provincia": "Jujuy"} for name in ("A", "B", "C", "Ñandú", "=1")
]


def test_anonymous_files_have_keyed_hashes_no_names_and_no_order_that_tells(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, cliente_360=[row | {"posible_duplicado_de": "A"} for row in CUSTOMERS])
    assert export(warehouse, DAY, WORLD, data, KEY)["cliente_360"] == len(CUSTOMERS)
    folder = data / "processed" / "anonimo"
    found = read(folder / "cliente_360.csv")
    expected = sorted(hmac.digest(KEY, row["cliente_id"].encode(), "sha256").hex() for row in CUSTOMERS)
    assert [row["cliente_id"] for row in found] == expected
    assert {row["nombre"] for row in found} == {""}
    assert {row["provincia"] for row in found} == {"Jujuy"}
    assert {row["posible_duplicado_de"] for row in found} == {hmac.digest(KEY, b"A", "sha256").hex()}
    assert list(found[0]) == [column.name for column in EXPORTED["cliente_360"].table().columns]
    for name, written in content(folder).items():
        assert b"Name of" not in written, name
        assert KEY not in written, name
    described = {
        (row["publicada_como"], row["columna"]): row["descripcion"] for row in read(folder / "diccionario_de_datos.csv")
    }
    assert described["cliente_360", "cliente_id"].startswith("customer: HMAC-SHA256 of cliente_id")
    assert re.match(
        "customer who may be the same person: .*: HMAC-SHA256 of", described["cliente_360", "posible_duplicado_de"]
    )
    assert described["cliente_360", "nombre"] == "left out, because this file is anonymous"


@pytest.mark.parametrize(
    "key", [b"k" * 16, b"k" * 64, b"k" * 65, bytes(range(1, 201)), "contraseña muy larga".encode()]
)
def test_keys_of_any_length_hash_as_the_standard_says(key: bytes, warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS[:1])
    export(warehouse, DAY, WORLD, data, key)
    (found,) = read(data / "processed" / "anonimo" / "cliente_360.csv")
    assert found["cliente_id"] == hmac.digest(key, b"A", "sha256").hex()


def test_files_of_other_days_can_be_joined_and_the_newest_is_on_top(warehouse: Engine, data: Path) -> None:
    publish(warehouse, EARLIER, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, WORLD, data)
    export(warehouse, EARLIER, WORLD, data, KEY)
    folder = data / "processed" / "anonimo"
    (earlier, top) = (read(folder / name) for name in (f"fecha={EARLIER}/cliente_360.csv", "cliente_360.csv"))
    assert [row["cliente_id"] for row in earlier] == [row["cliente_id"] for row in top]
    assert {row["fecha_corte"] for row in top} == {str(DAY)}


def test_a_manifest_says_whose_the_files_of_a_folder_are_and_equal_runs_write_equal_bytes(
    warehouse: Engine, data: Path
) -> None:
    publish(warehouse, EARLIER, DAY, cliente_360=CUSTOMERS)
    parameters = {"entrada": "mine", "inicio": None}
    for day in (DAY, EARLIER):
        export(warehouse, day, WORLD, data, parameters=parameters)
    processed = data / "processed"
    for folder, day in ((processed, DAY), (processed / f"fecha={DAY}", DAY), (processed / f"fecha={EARLIER}", EARLIER)):
        found = json.loads((folder / "manifiesto.json").read_text(encoding="utf-8"))
        assert {name: value for name, value in found.items() if name != "archivos"} == {
            "fuente": WORLD,
            "parametros": parameters,
            "desde": str(day),
            "hasta": str(day),
        }
        written = {path.name: path.read_bytes() for path in folder.glob("*.csv")}
        assert found["archivos"] == [
            {
                "archivo": name,
                "bytes": len(written[name]),
                "filas": len(read(folder / name)),
                "sha256": sha256(written[name]).hexdigest(),
            }
            for name in [*(f"{relation}.csv" for relation in EXPORTED), "diccionario_de_datos.csv"]
        ]
        assert len(written) == len(found["archivos"])
    before = content(data)
    for day in (EARLIER, DAY):
        export(warehouse, day, WORLD, data, parameters=parameters)
    assert content(data) == before


@pytest.mark.parametrize("key", [None, KEY])
def test_the_top_is_of_what_the_warehouse_holds_as_a_whole(
    key: bytes | None, warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Another source's newer day, a file that is missing or cut short: any of it, and all files are written anew."""
    publish(warehouse, EARLIER, DAY, cliente_360=CUSTOMERS)
    top = data / "processed" / ("anonimo" if key else "")
    export(warehouse, DAY, WORLD, data, key)
    right = {name: written for name, written in content(top).items() if "/" not in name}
    for spoil in (
        lambda: export(warehouse, DAY, "another feed", data, key, currency="CLP"),
        (top / "rotacion_stock.csv").unlink,
        lambda: (top / "cliente_360.csv").write_bytes(b"cut"),
        (top / "manifiesto.json").unlink,
        lambda: (top / "manifiesto.json").write_text('{"fuente": "cut'),
    ):
        spoil()
        assert {name: written for name, written in content(top).items() if "/" not in name} != right
        export(warehouse, EARLIER, WORLD, data, key)
        assert {name: written for name, written in content(top).items() if "/" not in name} == right
    assert " is not of " not in caplog.text, "the key's footprint is of no source"


def test_what_an_earlier_run_left_in_a_day_s_folder_goes_and_what_people_put_there_stays(
    warehouse: Engine, data: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, "another feed", data)
    folder = data / "processed" / f"fecha={DAY}"
    path = folder / "manifiesto.json"
    for name in ("of_the_other.csv", "notes.txt", ".hidden", "exploracion_banca.html"):
        (folder / name).write_text("x")
    (data / "outside.csv").write_text("x")
    described = json.loads(path.read_text())
    for name in ("of_the_other.csv", "../../outside.csv"):
        described["archivos"].append({"archivo": name, "bytes": 1, "filas": 0, "sha256": ""})
    path.write_text(json.dumps(described))
    export(warehouse, DAY, WORLD, data)
    assert (data / "outside.csv").exists(), "a manifest led out of its folder"
    named = {file["archivo"] for file in json.loads(path.read_text())["archivos"]}
    assert set(content(folder)) == named | {"manifiesto.json", "notes.txt", ".hidden"}
    told = [record.message for record in caplog.records if " is not of feed x" in record.message]
    assert told == [f"{folder / 'notes.txt'} is not of feed x, whose files now lie beside it."]
    (folder / "exploracion_banca.html").write_text("x")
    export(warehouse, DAY, WORLD, data)
    assert (folder / "exploracion_banca.html").exists(), "a report of the very same files was removed"


def test_a_folder_that_could_not_be_written_whole_has_no_manifest(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, WORLD, data)
    (data / "processed" / f"fecha={DAY}" / "rotacion_stock.csv").unlink()
    (data / "processed" / f"fecha={DAY}" / "rotacion_stock.csv").mkdir()  # which no file can replace
    with pytest.raises(OSError, match="rotacion_stock"):
        export(warehouse, DAY, WORLD, data)
    assert not (data / "processed" / f"fecha={DAY}" / "manifiesto.json").exists()
    assert (data / "processed" / "manifiesto.json").exists()


def test_open_and_anonymous_files_leave_each_other_alone(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, WORLD, data)
    processed = data / "processed"
    openly = content(processed)
    assert not (processed / "anonimo").exists()
    export(warehouse, DAY, WORLD, data, KEY)
    anonymous = content(processed / "anonimo")
    assert content(processed) == openly | {f"anonimo/{name}": written for name, written in anonymous.items()}
    export(warehouse, DAY, WORLD, data)
    assert content(processed / "anonimo") == anonymous
    assert set(anonymous) == set(openly) | {"huella_de_clave.txt"}
    for name in anonymous:
        if name != "huella_de_clave.txt" and not name.endswith(
            ("cliente_360.csv", "diccionario_de_datos.csv", ".json")
        ):
            assert anonymous[name] == openly[name]


def test_files_made_with_another_key_are_not_mixed_with_those_that_are_there(warehouse: Engine, data: Path) -> None:
    publish(warehouse, DAY, cliente_360=CUSTOMERS)
    export(warehouse, DAY, WORLD, data, KEY)
    before = content(data)
    other = KEY[::-1]
    for attempt in (lambda: require_same_key(data, other), lambda: export(warehouse, DAY, WORLD, data, other)):
        with pytest.raises(OtherKey, match="were made with another key") as refused:
            attempt()
        assert other.decode() not in str(refused.value)
    assert content(data) == before
    (data / "processed" / "anonimo").rename(data / "away")
    export(warehouse, DAY, WORLD, data, other)
    kept, made = (read(folder / "cliente_360.csv") for folder in (data / "away", data / "processed" / "anonimo"))
    assert not {row["cliente_id"] for row in kept} & {row["cliente_id"] for row in made}


def test_a_day_that_did_not_pass_leaves_no_anonymous_file(warehouse: Engine, data: Path) -> None:
    with pytest.raises(NotChecked):
        export(warehouse, DAY, WORLD, data, KEY)
    assert not (data / "processed").exists()


@pytest.mark.parametrize(("value", "said"), [(None, "none"), ("", "none"), ("short", "a short one")])
def test_without_a_key_that_is_hard_to_guess_nothing_is_anonymous(
    value: str | None, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if value is not None:
        monkeypatch.setenv(anonymity.VARIABLE, value)
    with pytest.raises(
        NoKey, match=f"anonimo needs a key in CLIENT360_ANONYMITY_KEY, and there is {said}: give"
    ) as refused:
        anonymity.key()
    assert "'short'" not in str(refused.value)


def test_a_key_is_not_shown_by_accident() -> None:
    assert repr(pads(KEY)) == "Pads()"
