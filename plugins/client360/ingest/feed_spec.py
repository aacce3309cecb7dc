"""What a feed declares: `feed.yaml`, and an `<entity>.sql` for each entity that it provides, in include/sql/feeds."""

import json
import re
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import yaml
from pydantic import Field, ValidationError, field_validator, model_validator

from client360.days import ARGENTINA
from client360.folders import SQL
from client360.ingest.raw_file import IDENTIFIER, Dialect, RawFile, Strict
from client360.warehouse.models import LANDING

FEEDS = SQL / "feeds"
FUNCTIONS = (FEEDS / "functions.sql", FEEDS / "moments.sql")
"""The functions that SELECTs may call, in the order in which they are made."""
PROVINCES = "provincias"
"""An entity that only feeds provide: provincia, region, poblacion."""
ENTITIES = (PROVINCES, *LANDING)
"""What a feed can provide, parents before children."""
CUSTOMERS = "clientes"
"""The entity without which nothing can be published."""
OWNER = "feed "
"""How the owner of a feed's rows begins, before the feed's name."""
LEFT_OUT = "descartes"
"""The SELECT of the rows that a feed leaves out on purpose."""


class BadFeed(ValueError):
    """A feed that can not be used as declared; the message names the file, the fault, and what to write instead."""


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
    timezone: str = ARGENTINA
    """The time zone of its days and of times of day without an offset, by its IANA name."""
    spellings: dict[str, str] = field(default_factory=dict)
    """What is written for provinces besides their names, and the names."""
    together: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    """By SELECT and kind of file, the columns by whose values rows belong together."""

    @property
    def version(self) -> str:
        """Names how the files are read and mapped: changes with what is declared and with the SELECTs."""
        return sha256(repr(self).encode()).hexdigest()[:12]

    @property
    def full_list(self) -> str | None:
        """The kind of file of which a day's files are all customers, so that who is missing has left; None if there is none."""
        return next((name for name, kind in self.files.items() if kind.absent == "closed"), None)

    def kinds_of(self, path: str) -> list[str]:
        """The kinds of file that a path is of: more than one where the names do not tell them apart.

        A name that fits as it is written precedes those that fit in another case only.
        """
        fitting = [name for name, kind in self.files.items() if kind.matches(path)]
        return [name for name in fitting if self.files[name].matches(path, as_written=True)] or fitting

    def readers(self, kind: str) -> list[str]:
        """The entities whose SELECT names the raw table of a kind of file."""
        named = re.compile(rf'(\bcrudo"?\s*\.|\b(from|join)\b)\s*("{kind}"|{kind}\b)(?!\s*[.(])', re.IGNORECASE)
        return [entity for entity, select in self.mapping.items() if named.search(select)]


class _FeedYaml(Strict):
    country: str = Field("AR", pattern=r"^[A-Z]{2}$")
    currency: str = Field("ARS", pattern=r"^[A-Z]{3}$")
    timezone: str = ARGENTINA
    threshold: float = Field(5, ge=0, le=100)
    dialect: Dialect = Dialect()
    spellings: dict[str, str] = Field(default_factory=dict)
    files: dict[str, RawFile] = Field(min_length=1)
    together: dict[str, dict[str, tuple[str, ...]]] = Field(default_factory=dict)

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
                if self.files[kind].retain:
                    raise ValueError(f"together, {name}: rows of {kind} may belong to old ones: leave out retain")
                if not columns or len(columns) != len(next(iter(kinds.values()))):
                    raise ValueError(f"together, {name}: give as many columns for each kind of file")
        return self

    @field_validator("timezone")
    @classmethod
    def _check_zone(cls, timezone: str) -> str:
        try:
            ZoneInfo(timezone)
        except (OSError, ValueError, ZoneInfoNotFoundError):
            raise ValueError(
                f"{timezone!r} is no time zone: give a name of the IANA database, such as {ARGENTINA}"
            ) from None
        return timezone

    @field_validator("files")
    @classmethod
    def _check_names(cls, files: dict[str, RawFile]) -> dict[str, RawFile]:
        for name in files:
            if name.endswith("_filas"):
                raise ValueError(f"file {name!r}: so end the names of the tables behind the views, choose another name")
            if not re.fullmatch(IDENTIFIER, name):
                raise ValueError(f"file {name!r}: write it in lower case, with letters, digits and _, 50 at most")
        lists = [name for name, file in files.items() if file.absent == "closed"]
        if len(lists) > 1:
            raise ValueError(
                f"absent: closed is said of {' and of '.join(lists)}, and customers are on one list: give these files one name, "
                "or say it of one of them"
            )
        return files


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
    feed = Feed(
        name,
        declared.country,
        declared.currency,
        declared.threshold,
        declared.files,
        {entity: mapping[entity] for entity in ENTITIES if entity in mapping},
        f"{OWNER}{name}",
        left_out,
        declared.timezone,
        declared.spellings,
        declared.together,
    )
    if feed.full_list and CUSTOMERS not in feed.readers(feed.full_list):
        raise BadFeed(
            f"feeds/{name}/feed.yaml: files.{feed.full_list}: absent: closed is for lists of customers, who alone can "
            f"leave, and {CUSTOMERS}.sql does not read these files: leave it out"
        )
    return feed


def _first_problem(error: ValidationError | yaml.YAMLError) -> str:
    if isinstance(error, ValidationError):
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"])
        if problem["type"] == "extra_forbidden":
            # a key of the feed, of a kind of file, or of its dialect
            levels: dict[int, type[Strict]] = {1: _FeedYaml, 3: RawFile}
            model = levels.get(len(problem["loc"]), Dialect)
            return f"{where}: there is no such key; there are {', '.join(model.model_fields)}"
        if problem["type"] == "string_type":
            return f"{where}: write it in quotes, or YAML takes it for {json.dumps(problem['input'], default=str)}"
        return f"{where}: {problem['msg']}" if where else problem["msg"]
    return " ".join(str(error).split())
