"""Sources: a simulated world, or the files of a feed. Each has the attributes that later steps read."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Literal, TypeVar

from client360 import folders
from client360.days import ARGENTINA, parse_day
from client360.ingest.feed_spec import PROVINCES, Feed, read_feed
from client360.simulate import World
from client360.simulate.corrupt import CorruptedWorld
from client360.simulate.facts import HOME
from client360.warehouse.models import LANDING

AnyWorld = TypeVar("AnyWorld", bound=World)

SIMULATOR = "simulador"
"""The built-in feed: files in the shape of the contract. Without a folder, the simulator generates them."""


@dataclass(frozen=True)
class SimulatedSource:
    """A simulated world. Its landing files go straight to staging."""

    world: World
    kind: Literal["simulated"] = "simulated"
    reads_files = False
    corrupted = None
    consistent = True
    """Whether a failed check of the source stops the run."""
    fictitious = True
    """Whether its customers are invented, so that a preview may show them."""
    country = HOME
    """ISO code of the country, for holidays and provinces."""
    currency = "ARS"
    """ISO code of the currency of all amounts."""
    timezone = ARGENTINA
    """IANA name of the time zone of its days."""

    @property
    def name(self) -> str:
        """The name of the source as owner of the warehouse."""
        return self.world.name

    @property
    def parameters(self) -> dict[str, Any]:
        """What makes its rows, as JSON types, for manifests."""
        return self.world.parameters

    @property
    def first_day(self) -> date:
        """The first day of history."""
        return self.world.first_day

    @property
    def entities(self) -> list[str]:
        """The entities that the source provides."""
        return list(LANDING)

    @property
    def provides_provinces(self) -> bool:
        return False

    def describe(self) -> str:
        world = self.world
        differs = f", but for {world.intervention.text}" if world.intervention else ""
        return f"{world.customers:,} customers since {world.first_day}, seed {world.seed}{differs}"


@dataclass(frozen=True)
class FeedSource:
    """The files of a feed in a folder.

    Where `first_day` is None, history begins with the first row. `threshold` is the percentage of an entity's rows that may be
    rejected.
    """

    feed: Feed
    folder: Path
    first_day: date | None
    threshold: float
    corrupted: CorruptedWorld | None = None
    """The simulated world that writes the files, with errors; None where they come from elsewhere."""
    kind: Literal["feed"] = "feed"
    reads_files = True
    consistent = False

    @property
    def fictitious(self) -> bool:
        return self.corrupted is not None

    @property
    def name(self) -> str:
        return self.feed.owner

    @property
    def parameters(self) -> dict[str, Any]:
        if self.corrupted is not None:
            return self.corrupted.parameters
        own = folders.data().resolve()
        # a folder elsewhere without its path, which may differ between machines
        entrada = self.folder.relative_to(own).as_posix() if self.folder.is_relative_to(own) else self.folder.name
        inicio = self.first_day and self.first_day.isoformat()
        return {"fuente": self.feed.name, "entrada": entrada, "inicio": inicio, "version": self.feed.version}

    @property
    def entities(self) -> list[str]:
        return list(self.feed.mapping)

    @property
    def provides_provinces(self) -> bool:
        return PROVINCES in self.feed.mapping

    @property
    def country(self) -> str:
        return self.feed.country

    @property
    def currency(self) -> str:
        return self.feed.currency

    @property
    def timezone(self) -> str:
        return self.feed.timezone

    def describe(self) -> str:
        if self.corrupted is None:
            return f"{self.name}, files in {self.folder}"
        return f"{SimulatedSource(self.corrupted).describe()}, {self.corrupted.share:.1%} of the rows corrupted"


Source = SimulatedSource | FeedSource


def resolve_source(params: Mapping[str, Any]) -> Source:
    """The source that the parameters of a run ask for. Raises ValueError, in one line, if they contradict each other."""
    first_day = parse_day("inicio", params["inicio"]) if params["inicio"] else None
    if params["fuente"] == SIMULATOR and not params["entrada"]:
        return _simulated(params, first_day or World.first_day)
    if params["intervencion"]:
        raise ValueError(
            "intervencion is of a simulated world, and fuente or entrada asks for files: give one of the two"
        )
    if params["suciedad"]:
        raise ValueError("suciedad is of a simulated world, and fuente or entrada asks for files: give one of the two")
    feed = read_feed(params["fuente"])
    if not params["entrada"]:
        raise ValueError(f"entrada is empty: give the folder with the files of {feed.name}")
    folder = folders.input_folder(params["entrada"])
    threshold = feed.threshold if params["umbral"] is None else params["umbral"]
    return FeedSource(feed, folder, first_day, threshold)


def _simulated(params: Mapping[str, Any], first_day: date) -> Source:
    seed, customers, threshold = params["semilla"], params["clientes"], params["umbral"]
    if not params["suciedad"]:
        world = _or_twin(World(seed, customers, first_day), params["intervencion"])
        if threshold is not None:
            raise ValueError("umbral is for files that are read: give their folder too, as entrada")
        return SimulatedSource(world)
    corrupted = _or_twin(CorruptedWorld(seed, customers, first_day, params["suciedad"]), params["intervencion"])
    feed = replace(read_feed(SIMULATOR), owner=corrupted.name)
    # corrupted on purpose: no threshold, unless one is given
    threshold = 100 if threshold is None else threshold
    return FeedSource(feed, folders.data() / corrupted.files, first_day, threshold, corrupted)


def _or_twin(world: AnyWorld, intervention: str | None) -> AnyWorld:
    """The world, or its twin where there is an intervention. Raises ValueError, in one line."""
    from client360.simulate.twins import twin  # what draws worlds is loaded only where one is drawn

    return twin(world, intervention) if intervention else world
