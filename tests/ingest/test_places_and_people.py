"""Members of a club who write provinces as they like, some of whom are in its list twice, through the whole DAG."""

import csv
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, text

FECHA = date(2025, 6, 30)
HEADER = "socio,documento,nombre,email,nacimiento,provincia,pais\n"
MEMBERS = """S01,30.111.222,Ana,ana@correo.com.ar,1980-05-01,Cba.,
S02,30111222,Ana María,,,  CORDOBA ,
S03,,Juan,JUAN@correo.com.ar ,1990-02-02,CAPITAL FEDERAL,
S04,,J.,juan@correo.com.ar,1990-02-02,Bs As,AR
S05,,Juana,juan@correo.com.ar,1991-03-03,TucumÃ¡n,
S06,28.000.001,Luis,,,Interior,
S07,28.000.002,Eva,,,la docta,
S08,28.000.003,Inés,,,Narnia,
S09,28.000.004,Saúl,,,Narnia,
S10,28.000.005,Rita,,,Montevideo,UY
S11,28-000-005,Rita,,,,
S12,0,Nadie,,,Salta,
S13,0,Ninguno,,,Salta,
"""
"""S02 has the document of S01, S11 that of S10, S04 the address and the birthday of S03; S05 has the address alone, and a
document of nothing but zeros is none. Interior and La Docta are what the feed says, Narnia is nowhere."""
PUBLISHED = [
    ("S01", "Córdoba", "AR", ""),
    ("S02", "Córdoba", "AR", "S01"),
    ("S03", "Ciudad Autónoma de Buenos Aires", "AR", ""),
    ("S04", "Buenos Aires", "AR", "S03"),
    ("S05", "Tucumán", "AR", ""),
    ("S06", "Córdoba", "AR", ""),
    ("S07", "Córdoba", "AR", ""),
    ("S08", "Narnia", "AR", ""),
    ("S09", "Narnia", "AR", ""),
    ("S10", "Montevideo", "UY", ""),
    ("S11", "", "AR", "S10"),
    ("S12", "Salta", "AR", ""),
    ("S13", "Salta", "AR", ""),
]
"""cliente_id, provincia, pais and posible_duplicado_de."""


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_places_are_understood_and_people_told_apart(
    own_feed: Path, run: Callable[..., str], data: Path, warehouse: Engine
) -> None:
    shutil.copytree(Path(__file__).parent / "feeds" / "club", own_feed, dirs_exist_ok=True)
    folder = data / "mine"
    folder.mkdir()
    (folder / "socios.csv").write_text(HEADER + MEMBERS, encoding="utf-8")
    assert run(FECHA, fuente="simulador", entrada="mine") == "success"
    customers = rows(data / "processed" / "cliente_360.csv")
    assert [
        (row["cliente_id"], row["provincia"], row["pais"], row["posible_duplicado_de"]) for row in customers
    ] == PUBLISHED
    where = rows(data / "processed" / "distribucion_geografica.csv")
    assert {
        (row["pais"], row["provincia"]): (row["clientes"], row["region"]) for row in where if row["clientes"] != "0"
    } == {
        ("AR", "Buenos Aires"): ("1", "Pampeana"),
        ("AR", "Ciudad Autónoma de Buenos Aires"): ("1", "Metropolitana"),
        ("AR", "Córdoba"): ("4", "Pampeana"),
        ("AR", "Narnia"): ("2", ""),
        ("AR", "Salta"): ("2", "Noroeste"),
        ("AR", "Tucumán"): ("1", "Noroeste"),
        ("UY", "Montevideo"): ("1", ""),
    }
    with warehouse.connect() as connection:
        written = connection.execute(
            text("select cliente_id, provincia from dw.dim_cliente where provincia is not null")
        )
        assert dict(tuple(row) for row in written) == {
            member.split(",")[0]: member.split(",")[5] for member in MEMBERS.splitlines() if member.split(",")[5]
        }, "the star keeps what was written"
        told = "select verificacion, hallazgos, ejemplo from control.verificaciones where hallazgos > 0 order by 1"
        found = {name: (count, example) for name, count, example in connection.execute(text(told))}
    assert found["provincia_reconocida"] == (1, "a name of 2 rows, of 2 with such names: see dw.grafia_provincia")
    assert found["cliente_sin_duplicado"][0] == 3
    published = {path.name: path.read_bytes() for path in (data / "processed").glob("*.csv")}

    lines = MEMBERS.splitlines(keepends=True)
    members = lines[1::2] + lines[::-2]
    (folder / "socios.csv").unlink()
    (folder / "socios_1.csv").write_text(HEADER + "".join(members[:5]), encoding="utf-8")
    (folder / "socios_2.csv").write_text(HEADER + "".join(members[5:] + members[:2]), encoding="utf-8")
    assert run(FECHA, fuente="simulador", entrada="mine") == "success"
    assert {path.name: path.read_bytes() for path in (data / "processed").glob("*.csv")} == published
