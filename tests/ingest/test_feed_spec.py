"""What is wrong with a feed.yaml is said in a line that names the key and what to write instead."""

from pathlib import Path

import pytest

from client360.ingest.feed_spec import BadFeed, read_feed

FILE = "files: {ventas: {name: ventas.csv"


@pytest.mark.parametrize(
    ("declared", "message"),
    [
        (f"pais: AR\n{FILE}}}}}", "pais: there is no such key; there are country, currency, timezone, threshold, dialect, "),
        (f"{FILE}, header: 3}}}}", "files.ventas.header: there is no such key; there are name, dialect, columns, skip, "),
        (
            f"{FILE}, dialect: {{separator: ';'}}}}}}",
            "files.ventas.dialect.separator: there is no such key; there are encoding, delimiter, quote, decimal, nulls",
        ),
        (
            f"timezone: Buenos Aires\n{FILE}}}}}",
            "timezone: Value error, 'Buenos Aires' is no time zone: give a name of the IANA database, such as America/Argentina/",
        ),
        (f"timezone: America\n{FILE}}}}}", "timezone: Value error, 'America' is no time zone"),
        (f"timezone: ../etc/passwd\n{FILE}}}}}", "timezone: Value error, '../etc/passwd' is no time zone"),
        (f"timezone: -3\n{FILE}}}}}", "timezone: write it in quotes, or YAML takes it for -3"),
        # words that YAML takes for something else
        (f"country: NO\n{FILE}}}}}", "country: write it in quotes, or YAML takes it for false"),
        (f"{FILE}, dialect: {{nulls: [NULL]}}}}}}", "files.ventas.dialect.nulls.0: write it in quotes, or YAML takes"),
        (f"{FILE}, columns: [1, 2]}}}}", "files.ventas.columns.0: write it in quotes, or YAML takes it for 1"),
        (f"{FILE}}}}}\ntogether: {{ventas: {{compras: [a]}}}}", "Value error, together, ventas: there is no kind of file"),
        (f"{FILE}}}}}\ntogether: {{ventas: {{ventas: []}}}}", "Value error, together, ventas: give as many columns for each"),
        (f"{FILE}}}}}\ntogether: {{ventas: {{ventas: a}}}}", "together.ventas.ventas: Input should be a valid tuple"),
        (
            f"{FILE}_{{%Y%m%d}}', retain: 9d}}}}\ntogether: {{ventas: {{ventas: [a]}}}}".replace("name: ", "name: '"),
            "Value error, together, ventas: rows of ventas may belong to old ones: leave out retain",
        ),
        (f"{FILE}, retain: 9d}}}}", "files.ventas: Value error, retain is for files with a date in their name"),
        (
            f"{FILE}_{{%Y%m%d}}', lookup: true, retain: 9d}}}}".replace("name: ", "name: '"),
            "files.ventas: Value error, retain is for files with a date in their name, and for no lookup",
        ),
        (f"{FILE}, retain: 0d}}}}", "files.ventas.retain: String should match pattern"),
        (f"{FILE}, retain: 90}}}}", "files.ventas.retain: write it in quotes, or YAML takes it for 90"),
        (f"{FILE}, skip: -1}}}}", "files.ventas.skip: Input should be greater than or equal to 0"),
        (f"{FILE}, absent: closed}}}}", "files.ventas: Value error, absent: closed is for lists with their date in the name"),
        (
            f"{FILE}_{{%Y%m%d}}', lookup: true, absent: closed}}}}".replace("name: ", "name: '"),
            "files.ventas: Value error, absent: closed is for no lookup, whose rows are no customers: leave out one of the two",
        ),
        (f"{FILE}, absent: gone}}}}", "files.ventas.absent: Input should be 'kept' or 'closed'"),
        (f"{FILE}, absent_limit: 30}}}}", "files.ventas: Value error, absent_limit is for full lists: write absent: closed too"),
        (f"{FILE}, absent_limit: 101}}}}", "files.ventas.absent_limit: Input should be less than or equal to 100"),
        (
            "files: {a: {name: 'a_{%Y}.csv', absent: closed}, b: {name: 'b_{%Y}.csv', absent: closed}}",
            "files: Value error, absent: closed is said of a and of b, and customers are on one list: give these files one name",
        ),
    ],
)  # fmt: skip
def test_a_faulty_feed_yaml_is_refused_with_what_to_write(declared: str, message: str, tmp_path: Path) -> None:
    tmp_path.joinpath("feed.yaml").write_text(declared)
    with pytest.raises(BadFeed) as refused:
        read_feed("x", tmp_path)
    assert str(refused.value).startswith(f"feeds/x/feed.yaml: {message}")
    assert "\n" not in str(refused.value)


def test_rows_that_belong_together_are_those_of_a_select(tmp_path: Path) -> None:
    tmp_path.joinpath("feed.yaml").write_text(f"{FILE}}}}}\ntogether: {{envios: {{ventas: [a]}}}}")
    tmp_path.joinpath("ventas.sql").write_text("select 1")
    with pytest.raises(BadFeed, match=r"feeds/x/feed.yaml: together, envios: there is no envios.sql"):
        read_feed("x", tmp_path)
    tmp_path.joinpath("envios.sql").write_text("select 1")
    assert read_feed("x", tmp_path).together == {"envios": {"ventas": ("a",)}}


def test_only_customers_can_leave(tmp_path: Path) -> None:
    tmp_path.joinpath("feed.yaml").write_text("files: {lista: {name: 'lista_{%Y%m%d}.csv', absent: closed}}")
    tmp_path.joinpath("productos.sql").write_text("select 1 from crudo.lista")
    with pytest.raises(
        BadFeed, match=r"files.lista: absent: closed is for lists of customers, who alone can leave, and clien"
    ):
        read_feed("x", tmp_path)
    tmp_path.joinpath("clientes.sql").write_text("select 1 from crudo.lista")
    assert read_feed("x", tmp_path).full_list == "lista"


@pytest.mark.parametrize("named", ["crudo.ventas", "CRUDO . ventas", '"crudo"."ventas"', "ventas", '"ventas" as v'])
def test_a_select_reads_a_kind_of_file_however_it_names_it(named: str, tmp_path: Path) -> None:
    tmp_path.joinpath("feed.yaml").write_text(f"{FILE}}}}}")
    for entity, select in {
        "ventas": f"select ventas.total from {named}",
        "envios": f"select 1 from crudo.otras as o join {named} on true",
        "clientes": "select ventas, 'de ventas' from crudo.ventas_web where ventas > ventas.total",
    }.items():
        tmp_path.joinpath(f"{entity}.sql").write_text(select)
    assert sorted(read_feed("x", tmp_path).readers("ventas")) == ["envios", "ventas"]
