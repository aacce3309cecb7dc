"""What a feed declares of a kind of file: how it is named, and how it is read."""

import json
import re
import unicodedata
from datetime import date, datetime
from fnmatch import fnmatchcase
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

IDENTIFIER = r"[a-z][a-z0-9_]{0,49}"
DATE = re.compile(r"\{(?P<format>[^{}]*)\}")
"""Where the name of a kind of file holds the date, in braces."""
IN_ARCHIVE = re.compile(r"\.zip/", re.IGNORECASE)
"""Where the path of a file that lies in an archive leads into it."""
DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "j": 3, "H": 2, "M": 2, "S": 2}
"""How many digits strftime writes for a directive."""
ABSENT_LIMIT = 20


class Strict(BaseModel):
    """What YAML declares: no other keys, and it does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Dialect(Strict):
    """How a file encodes and delimits its rows."""

    encoding: Literal["utf-8", "utf-8-sig", "latin-1", "cp1252"] = "utf-8"
    """utf-8 and utf-8-sig are read alike, with or without a byte order mark."""
    delimiter: str = Field(default=",", min_length=1, max_length=1)
    quote: str = Field(default='"', min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    nulls: tuple[str, ...] = ("",)
    """Words that mean null."""
    multiline: bool = False
    """Whether a quoted value may hold line breaks. If not, each line is a row, and an open quote breaks one line only."""

    @model_validator(mode="after")
    def _check_characters(self) -> "Dialect":
        if self.delimiter == self.quote or {self.delimiter, self.quote} & set("\r\n\0\\"):
            raise ValueError("delimiter and quote must differ, and be no line break, backslash or NUL")
        if (
            not (self.delimiter + self.quote).isascii()
            or self.quote.isalnum()
            or re.match("[a-zA-Z0-9.]", self.delimiter)
        ):
            raise ValueError("delimiter and quote must be ASCII, no letter or digit, and the delimiter no point")
        return self


LINES = ("skip", "skip_below", "footer", "comment", "blank", "sheet")
"""What RawFile says of where the rows of a file are."""


class RawFile(Strict):
    """A kind of file of a feed. Its rows go to the raw table of the same name in the schema `crudo`."""

    name: str = Field(min_length=1)
    """A glob. With a / in it, it matches the path below the input folder; otherwise the file's name, at any depth. A strftime
    format in braces, as `{%Y%m%d}`, matches the file's date."""
    dialect: Dialect
    columns: tuple[str, ...] | None = None
    """Names for the columns of files without a header."""
    skip: int = Field(default=0, ge=0, le=1000)
    """Lines at the beginning of a file that are not read, such as a title above the header."""
    skip_below: int = Field(default=0, ge=0, le=1000)
    """Lines right below the header that are not read, such as one of units."""
    footer: int = Field(default=0, ge=0, le=1000)
    """Lines at the end of a file that are not read. Blank ones and comments do not count."""
    comment: str | None = Field(default=None, min_length=1, max_length=20)
    """How a line begins that is not read."""
    blank: Literal["keep", "skip"] = "keep"
    """Whether a line of nothing but delimiters is a row."""
    sheet: str | None = Field(default=None, min_length=1)
    """The sheet of a workbook that holds the table; without it, the first one that is visible."""
    required: tuple[str, ...] = ()
    """Names without which a header is refused; if empty, those of the first file that was loaded."""
    optional: tuple[str, ...] = ()
    """Columns that the mapping may name before any file has them; they are null until one does."""
    lookup: bool = False
    """Whether the mapping only joins its rows, so that none of them has to reach the contract."""
    copies: Literal["skip", "count"] = "skip"
    """Whether a file with the content, and the date, of another one is a copy of it, whose rows do not count."""
    missing: Literal["allow", "wait", "fail"] = "allow"
    """What to do if no file has the date, or month, of the business day; or, where names have no date, if there is no file."""
    absent: Literal["kept", "closed"] = "kept"
    """Whether who is missing from a list is a customer still, or has left: the files of a day are all customers."""
    absent_limit: float = Field(default=ABSENT_LIMIT, ge=0, le=100)
    """Per cent of the customers of the list before that may be missing from one; above it, the run stops."""
    retain: str | None = Field(default=None, pattern="^[1-9][0-9]{0,4}d$", repr=False)
    """How many days the text of a file is kept in the warehouse, counted back from the newest file of its kind: 90d. Without it,
    all of it is. No part of what rows are judged by."""

    @field_validator("columns")
    @classmethod
    def _check_columns(cls, columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for column in columns or ():
            if not re.fullmatch(IDENTIFIER, column):
                raise ValueError(f"column {column!r}: write it in lower case, with letters, digits and _, 50 at most")
        return columns

    @model_validator(mode="after")
    def _check_lines(self) -> "RawFile":
        if self.comment and not (self.comment.isascii() and self.comment.isprintable()):
            raise ValueError(f"comment {self.comment!r}: give the ASCII characters with which such lines begin")
        if self.skip_below and self.columns is not None:
            raise ValueError(
                "skip_below is for files with a header: without one, skip says how many lines are not read"
            )
        return self

    @model_validator(mode="after")
    def _check_date(self) -> "RawFile":
        if len(DATE.findall(self.name)) > 1:
            raise ValueError(f"name {self.name!r} holds more than one date")
        if self.retain and (self.lookup or not self.dated):
            raise ValueError(
                "retain is for files with a date in their name, and for no lookup, which is always read whole"
            )
        return self

    @model_validator(mode="after")
    def _check_absent(self) -> "RawFile":
        if self.absent == "closed" and not self.dated:
            raise ValueError(
                f"absent: closed is for lists with their date in the name, as clientes_{{%Y%m%d}}.csv, and {self.name!r} has "
                "none: nobody knows which list is the later one, nor on which day who is missing left"
            )
        if self.absent == "closed" and self.lookup:
            raise ValueError("absent: closed is for no lookup, whose rows are no customers: leave out one of the two")
        if self.absent_limit != ABSENT_LIMIT and self.absent == "kept":
            raise ValueError("absent_limit is for full lists: write absent: closed too, or leave it out")
        return self

    @property
    def dated(self) -> bool:
        """Whether names of these files hold a date."""
        return DATE.search(self.name) is not None

    @property
    def days_kept(self) -> int | None:
        return int(self.retain[:-1]) if self.retain else None

    def read_settings(self) -> str:
        """What decides how a file is read, as JSON: a file is read again when it changes."""
        settings = {"dialect": self.dialect.model_dump(mode="json"), "columns": self.columns}
        chosen = {name: value for name in LINES if (value := getattr(self, name)) != RawFile.model_fields[name].default}
        return json.dumps(settings | chosen, sort_keys=True)

    def date_of(self, path: str) -> date | None:
        """The date in the path of a file of this kind; None if the kind has none. Raises ValueError if that is no date."""
        found = DATE.search(self.name)
        if not found:
            return None
        path = _folded(self._matched_part(path))
        before, after = _folded(self.name[: found.start()]), _folded(self.name[found.end() :])
        for start in range(len(path) + 1):
            for end in range(start + 1, len(path) + 1):
                if fnmatchcase(path[:start], before) and fnmatchcase(path[end:], after):
                    try:
                        return datetime.strptime(path[start:end], found["format"]).date()  # noqa: DTZ007 (a day)
                    except ValueError:
                        continue
        raise ValueError(f"{path} has no date as in {self.name}")

    def date_for(self, day: date) -> date | None:
        """The date in the name of the file that brings that day: without %d in the format, the first of the month."""
        found = DATE.search(self.name)
        return datetime.strptime(day.strftime(found["format"]), found["format"]).date() if found else None  # noqa: DTZ007

    def matches(self, path: str, *, as_written: bool = False) -> bool:
        """Whether a path, relative to the input folder, is that of a file of this kind, of any date, in upper or lower case
        or, `as_written`, in that of the name."""
        if IN_ARCHIVE.search(path) and not IN_ARCHIVE.search(self.name):
            return False  # what lies in archives is read where that is said
        # a fixed number of digits, so that ventas_{%Y%m%d} does not match ventas_detalle_20250101
        glob = DATE.sub(lambda found: digits_glob(found["format"]), self.name)
        alike = composed if as_written else _folded
        return fnmatchcase(alike(self._matched_part(path)), alike(glob))

    def lies_in(self, archive: str) -> bool:
        """Whether files of this kind are members of archives, and this is the path of one."""
        found = IN_ARCHIVE.search(self.name)
        return found is not None and self.model_copy(update={"name": self.name[: found.end() - 1]}).matches(archive)

    def _matched_part(self, path: str) -> str:
        return path if "/" in self.name else path.rsplit("/", 1)[-1]


def digits_glob(format_of_date: str) -> str:
    """A glob that matches what strftime writes."""
    return re.sub(r"%(.)", lambda found: "[0-9]" * DIGITS[found[1]] if found[1] in DIGITS else "*", format_of_date)


def composed(text: str) -> str:
    """The text with each accent in its letter, as most systems write it; macOS takes them apart."""
    return unicodedata.normalize("NFC", text)


def _folded(text: str) -> str:
    return composed(text).lower()
