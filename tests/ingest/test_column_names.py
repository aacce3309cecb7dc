"""Names of columns, made from headers."""

from client360.ingest.column_names import column_names


def test_columns_get_names_that_need_no_quotes() -> None:
    header = [
        "ID",
        "Año de Alta",
        " Precio ($)",
        "Precio (%)",
        "2nd",
        "日付",
        "_linea",
        "xmin",
        "x" * 99,
        "x" * 98,
        "ÉCOLE",
    ]
    assert column_names(header) == (
        "id",
        "ano_de_alta",
        "precio",
        "precio_2",
        "c_2nd",
        "c",
        "linea",
        "c_xmin",
        "x" * 57,
        "x" * 57 + "_2",
        "ecole",
    )
