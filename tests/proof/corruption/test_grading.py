"""Grades of quarantines that found all, some, the wrong or nothing."""

from client360.simulate.corrupt.defects import defects
from client360.simulate.corrupt.ledger import CorruptedRow
from proof.corruption.grading import SOUND, Grade, Rejected, faults, grade, undetectable
from proof.corruption.ledger import CONSEQUENCE, Entry, ledger
from proof.corruption.verdicts import Verdict, Verdicts

LEDGER = [
    Entry("a.csv", 2, "ventas", "nulo", "total", "falta_valor"),
    Entry("a.csv", 5, "ventas", "nulo", "estado", "falta_valor"),
    Entry("a.csv", 7, "ventas", "repetida", "", "repetida"),
    Entry("a.csv", 9, "ventas", "por_diez", "total", ""),
    Entry("b.csv", 4, "envios", CONSEQUENCE, "venta_id", "padre_rechazado"),
]
ALL = [
    Rejected("a.csv", 2, "falta_valor"),
    Rejected("a.csv", 5, "falta_valor"),
    Rejected("b.csv", 4, "padre_rechazado"),
]


def by_kind(rejected: list[Rejected], repeated: int = 1) -> dict[str, Grade]:
    return {one.kind: one for one in grade(LEDGER, rejected, {"a.csv": repeated})}


def figures(one: Grade) -> tuple:
    return one.injected, one.detectable, one.found, len(one.wrong), one.precision, one.recall


def test_a_quarantine_that_holds_what_it_must_and_nothing_else_is_perfect() -> None:
    grades = by_kind(ALL)
    assert {kind: figures(one) for kind, one in grades.items()} == {
        "nulo": (2, 2, 2, 0, 1.0, 1.0),
        "repetida": (1, 1, 1, 0, 1.0, 1.0),
        "por_diez": (1, 0, 0, 0, None, None),
        f"{CONSEQUENCE}: padre_rechazado": (1, 1, 1, 0, 1.0, 1.0),
        SOUND: (0, 0, 0, 0, None, None),
    }
    assert all(one.perfect for one in grades.values())
    assert undetectable(list(grades.values())) == [
        f"por_diez: 1 of 1 can not be told from sound rows: {defects().kinds['por_diez'].undetectable}"
    ]


def test_what_is_not_found_costs_recall() -> None:
    missed = by_kind(ALL[1:])["nulo"]
    assert figures(missed) == (2, 2, 1, 0, 1.0, 0.5)
    assert missed.missed == ["a.csv:2 falta_valor"]
    assert not missed.perfect


def test_the_right_row_for_the_wrong_reason_costs_both() -> None:
    grades = by_kind([Rejected("a.csv", 2, "tipo_invalido"), *ALL[1:]])
    assert figures(grades["nulo"]) == (2, 2, 1, 1, 0.5, 0.5)
    assert not grades["nulo"].perfect
    assert faults(list(grades.values())) == [
        "nulo: wrongly rejected a.csv:2 tipo_invalido",
        "nulo: missed a.csv:2 falta_valor",
    ]


def test_a_sound_row_and_one_that_cannot_be_told_from_sound_ones_are_rejected_wrongly() -> None:
    grades = by_kind([*ALL, Rejected("a.csv", 3, "falta_valor"), Rejected("a.csv", 9, "fuera_de_rango")])
    assert figures(grades[SOUND]) == (0, 0, 0, 1, 0.0, None)
    assert figures(grades["por_diez"]) == (1, 0, 0, 1, 0.0, None)


def test_duplicates_are_counted_not_rejected() -> None:
    assert figures(by_kind(ALL, repeated=0)["repetida"]) == (1, 1, 0, 0, None, 0.0)
    assert figures(by_kind(ALL, repeated=3)["repetida"]) == (1, 1, 1, 2, 1 / 3, 1.0)
    rejected = by_kind([*ALL, Rejected("a.csv", 7, "clave_repetida")], repeated=0)
    assert figures(rejected["repetida"]) == (1, 1, 0, 1, 0.0, 0.0)


def test_the_ledger_joins_what_was_corrupted_with_what_follows() -> None:
    verdicts = Verdicts(
        {
            ("a.csv", 3): Verdict("a.csv", 3, "ventas", "fecha", "tipo_invalido"),
            ("b.csv", 2): Verdict("b.csv", 2, "envios", "venta_id", "padre_rechazado"),
        },
        {},
        {("a.csv", 8)},
    )
    corrupted = [
        CorruptedRow("a.csv", 8, "ventas", "repetida", ""),
        CorruptedRow("a.csv", 3, "ventas", "dia_mes", "fecha"),
        CorruptedRow("a.csv", 6, "ventas", "dia_mes", "fecha"),
    ]
    assert ledger(corrupted, verdicts) == [
        Entry("a.csv", 3, "ventas", "dia_mes", "fecha", "tipo_invalido"),
        Entry("a.csv", 6, "ventas", "dia_mes", "fecha", ""),
        Entry("a.csv", 8, "ventas", "repetida", "", "repetida"),
        Entry("b.csv", 2, "envios", CONSEQUENCE, "venta_id", "padre_rechazado"),
    ]
