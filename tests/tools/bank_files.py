"""Files as banks write them, and what is drafted of them."""

from pathlib import Path

from tools.feed_draft import draft_feed

CUSTOMERS = {"clientes.csv": "NRO_CLI;APELLIDOS;FEC_ING\n7;Paz;05/01/2020\n8;Rey;05/01/2020\n"}


def lines(row: str, count: int = 40) -> str:
    """`row` as often, with {i} in it as the number of the line and {d:02} as a day of the month."""
    return "".join(row.format(i=i, d=i % 28 + 1) + "\n" for i in range(1, count))


def written(folder: Path, contents: dict[str, str]) -> Path:
    """A folder with these files."""
    folder.mkdir(exist_ok=True)
    for name, content in contents.items():
        folder.joinpath(name).write_text(content)
    return folder


def drafted(folder: Path, contents: dict[str, str]) -> Path:
    """The folder of a feed that is drafted for files."""
    draft_feed("banco", str(written(folder / "entrada", contents)), written(folder / "feeds", {}))
    return folder / "feeds" / "banco"


def said(sql: Path) -> str:
    """The text of a SELECT with its comments on one line."""
    return " ".join(sql.read_text().replace("-- ", "").split())
