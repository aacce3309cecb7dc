"""What province a name means."""

import pytest

from client360.load.dimensions import provinces, spellings
from client360.load.spellings import Spellings

REFERENCE = Spellings([str(row["provincia"]) for row in provinces()], spellings().items())
CAPITAL = "Ciudad Autónoma de Buenos Aires"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("Córdoba", "Córdoba"),
        (" CORDOBA  ", "Córdoba"),
        ("Cba.", "Córdoba"),
        ("Prov. de Córdoba", "Córdoba"),
        ("AR-X", "Córdoba"),
        ("CAPITAL FEDERAL", CAPITAL),
        ("C.A.B.A.", CAPITAL),
        ("Bs As", "Buenos Aires"),
        ("Pcia. Bs. As.", "Buenos Aires"),
        ("Rio  Negro", "Río Negro"),
        ("PROVINCIA DEL CHACO", "Chaco"),
        # UTF-8 read as Windows-1252, once and twice; DOS and Macintosh
        ("CÃ³rdoba", "Córdoba"),
        ("CÃ“RDOBA", "Córdoba"),
        ("CÃƒÂ³rdoba", "Córdoba"),
        ("C¢rdoba", "Córdoba"),
        ("C—rdoba", "Córdoba"),
        # letters that an encoding did not have
        ("C?rdoba", "Córdoba"),
        ("Neuqu\ufffd\ufffdn", "Neuquén"),
        ("Atlantis", None),
        ("Cordobesa", None),
        ("?", None),
        ("", None),
    ],
)
def test_spellings_of_argentine_provinces(written: str, meant: str | None) -> None:
    assert REFERENCE.name(written) == meant


def test_no_spelling_means_two_provinces() -> None:
    for spelling, meant in spellings().items():
        assert REFERENCE.name(spelling) == meant


def test_a_name_is_its_own_whatever_else_is_written_like_it() -> None:
    known = Spellings(["San José", "SAN JOSE"], [("SJ", "san jose"), ("sj", "SAN JOSE"), ("X", "Nowhere")])
    assert [known.name(name) for name in ("San José", "SAN JOSE", "s.j.", "X")] == [
        "San José",
        "SAN JOSE",
        "SAN JOSE",
        None,
    ]
