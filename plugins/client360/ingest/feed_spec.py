"""What a feed declares: `feed.yaml`, and an `<entity>.sql` for each entity that it provides, in include/sql/feeds."""

import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date, datetime
from fnmatch import fnmatchcase
from hashlib import sha256
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from client360.folders import SQL
from client360.warehouse.models import LANDING

FEEDS = SQL / "feeds"
PROVINCES = "provincias"
"""An entity that only feeds provide: provincia, region, poblacion."""
ENTITIES = (PROVINCES, *LANDING)
"""What a feed can provide, parents before children."""
OWNER = "feed "
"""How the owner of a feed's rows begins, before the feed's name."""
LEFT_OUT = "descartes"
"""The SELECT of the rows that a feed leaves out on purpose."""
IDENTIFIER = r"[a-z][a-z0-9_]{0,49}"
DATE = re.compile(r"\{(?P<format>[^{}]*)\}")
"""Where the name of a kind of file holds the date, in braces."""
DIGITS = {"Y": 4, "y": 2, "m": 2, "d": 2, "j": 3, "H": 2, "M": 2, "S": 2}
"""How many digits strftime writes for a directive."""


class BadFeed(ValueError):
    """A feed that can not be used as declared; the message names the file, the fault, and what to write instead."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Dialect(_Strict):
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


class RawFile(_Strict):
    """A kind of file of a feed. Its rows go to the raw table of the same name in the schema `crudo`."""

    name: str = Field(min_length=1)
    """A glob. With a / in it, it matches the path below the input folder; otherwise the file's name, at any depth. A strftime
    format in braces, as `{%Y%m%d}`, matches the file's date."""
    dialect: Dialect
    columns: tuple[str, ...] | None = None
    """Names for the columns of files without a header."""
    skip: int = Field(default=0, ge=0, le=1000)
    """Lines at the beginning of a file that are not read, such as a title above the header."""
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

    @field_validator("columns")
    @classmethod
    def _check_columns(cls, columns: tuple[str, ...] | None) -> tuple[str, ...] | None:
        for column in columns or ():
            if not re.fullmatch(IDENTIFIER, column):
                raise ValueError(f"column {column!r}: write it in lower case, with letters, digits and _, 50 at most")
        return columns

    @model_validator(mode="after")
    def _check_date(self) -> "RawFile":
        if len(DATE.findall(self.name)) > 1:
            raise ValueError(f"name {self.name!r} holds more than one date")
        return self

    @property
    def dated(self) -> bool:
        """Whether names of these files hold a date."""
        return DATE.search(self.name) is not None

    def read_settings(self) -> str:
        """What decides how a file is read, as JSON: a file is read again when it changes."""
        settings = {"dialect": self.dialect.model_dump(mode="json"), "columns": self.columns}
        return json.dumps(settings | ({"skip": self.skip} if self.skip else {}), sort_keys=True)

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
        # a fixed number of digits, so that ventas_{%Y%m%d} does not match ventas_detalle_20250101
        glob = DATE.sub(lambda found: digits_glob(found["format"]), self.name)
        alike = composed if as_written else _folded
        return fnmatchcase(alike(self._matched_part(path)), alike(glob))

    def _matched_part(self, path: str) -> str:
        return path if "/" in self.name else path.rsplit("/", 1)[-1]


@dataclass(frozen=True)
class Feed:
    """A feed, validated."""

    name: str
    country: str
    currency: str
    threshold: float
    """Per cent of the rows of an entity that may be rejected; above it, the run stops."""
    files: dict[str, RawFile]
    """By the names of their raw tables."""
    mapping: dict[str, str]
    """The SELECT of each entity that the feed provides, parents first."""
    owner: str
    """The owner of its rows in the warehouse."""
    left_out: str | None = None
    """The SELECT of the rows that are left out on purpose."""
    together: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """By SELECT and kind of file, the columns by whose values rows belong together."""

    @property
    def version(self) -> str:
        """Names how the files are read and mapped: changes with what is declared and with the SELECTs."""
        return sha256(repr(self).encode()).hexdigest()[:12]

    def kinds_of(self, path: str) -> list[str]:
        """The kinds of file that a path is of: more than one where the names do not tell them apart.

        A name that fits as it is written precedes those that fit in another case only.
        """
        fitting = [name for name, kind in self.files.items() if kind.matches(path)]
        return [name for name in fitting if self.files[name].matches(path, as_written=True)] or fitting

    def readers(self, kind: str) -> list[str]:
        """The entities whose SELECT names the raw table of a kind of file."""
        named = re.compile(rf'\bcrudo\s*\.\s*("{kind}"|{kind}\b)', re.IGNORECASE)
        return [entity for entity, select in self.mapping.items() if named.search(select)]


class _FeedYaml(_Strict):
    country: str = Field("AR", pattern=r"^[A-Z]{2}$")
    currency: str = Field("ARS", pattern=r"^[A-Z]{3}$")
    threshold: float = Field(5, ge=0, le=100)
    dialect: Dialect = Dialect()
    files: dict[str, RawFile] = Field(min_length=1)
    together: dict[str, dict[str, tuple[str, ...]]] = {}

    @model_validator(mode="before")
    @classmethod
    def _common_dialect(cls, declared: dict) -> dict:
        """The feed's dialect is the default of each file's."""
        if not isinstance(declared, dict) or not isinstance(declared.get("files"), dict):
            return declared
        common = declared.get("dialect") or {}
        files = {
            name: {**file, "dialect": {**common, **(file.get("dialect") or {})}} if isinstance(file, dict) else file
            for name, file in declared["files"].items()
        }
        return {**declared, "files": files}

    @model_validator(mode="after")
    def _check_together(self) -> "_FeedYaml":
        for name, kinds in self.together.items():
            for kind, columns in kinds.items():
                if kind not in self.files:
                    raise ValueError(f"together, {name}: there is no kind of file {kind!r}")
                if self.files[kind].lookup:
                    raise ValueError(f"together, {name}: {kind} is a lookup, which is always read whole")
                if not columns or len(columns) != len(next(iter(kinds.values()))):
                    raise ValueError(f"together, {name}: give as many columns for each kind of file")
        return self

    @field_validator("files")
    @classmethod
    def _check_names(cls, files: dict[str, RawFile]) -> dict[str, RawFile]:
        for name in files:
            if name.endswith("_filas"):
                raise ValueError(f"file {name!r}: so end the names of the tables behind the views, choose another name")
            if not re.fullmatch(IDENTIFIER, name):
                raise ValueError(f"file {name!r}: write it in lower case, with letters, digits and _, 50 at most")
        return files


def digits_glob(format_of_date: str) -> str:
    """A glob that matches what strftime writes."""
    return re.sub(r"%(.)", lambda found: "[0-9]" * DIGITS[found[1]] if found[1] in DIGITS else "*", format_of_date)


def composed(text: str) -> str:
    """The text with each accent in its letter, as most systems write it; macOS takes them apart."""
    return unicodedata.normalize("NFC", text)


def _folded(text: str) -> str:
    return composed(text).lower()


def feed_names() -> list[str]:
    """The names of all feeds, sorted."""
    return sorted(path.parent.name for path in FEEDS.glob("*/feed.yaml"))


def read_feed(name: str, folder: Path | None = None) -> Feed:
    """The feed of that name, from its folder or another one. Raises BadFeed with a message of one line."""
    folder = folder or FEEDS / name
    path = folder / "feed.yaml"
    if not path.exists():
        raise BadFeed(
            f"fuente is {name!r}: there is no include/sql/feeds/{name}/feed.yaml; there are {', '.join(feed_names())}"
        )
    try:
        declared = _FeedYaml.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")) or {})
    except (ValidationError, yaml.YAMLError) as error:
        raise BadFeed(f"feeds/{name}/feed.yaml: {_first_problem(error)}") from None
    mapping = {path.stem: path.read_text(encoding="utf-8") for path in folder.glob("*.sql")}
    left_out = mapping.pop(LEFT_OUT, None)
    unknown = sorted(set(mapping) - set(ENTITIES))
    if unknown:
        raise BadFeed(
            f"feeds/{name}/{unknown[0]}.sql: there is no such entity; there are {', '.join(ENTITIES)}, and {LEFT_OUT} for rows "
            "to leave out"
        )
    unmapped = sorted(set(declared.together) - set(mapping) - ({LEFT_OUT} if left_out else set()))
    if unmapped:
        raise BadFeed(f"feeds/{name}/feed.yaml: together, {unmapped[0]}: there is no {unmapped[0]}.sql")
    if not mapping:
        raise BadFeed(f"feeds/{name} maps nothing: write {ENTITIES[1]}.sql")
    return Feed(
        name,
        declared.country,
        declared.currency,
        declared.threshold,
        declared.files,
        {entity: mapping[entity] for entity in ENTITIES if entity in mapping},
        f"{OWNER}{name}",
        left_out,
        declared.together,
    )


def _first_problem(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            # a key of the feed, of a kind of file, or of its dialect
            levels: dict[int, type[_Strict]] = {1: _FeedYaml, 3: RawFile}
            model = levels.get(len(problem["loc"]), Dialect)
            return f"{where}: there is no such key; there are {', '.join(model.model_fields)}"
        if problem["type"] == "string_type":
            return f"{where}: write it in quotes, or YAML takes it for {json.dumps(problem['input'], default=str)}"
        return f"{where}: {problem['msg']}" if where else problem["msg"]
    return " ".join(str(error).split())
