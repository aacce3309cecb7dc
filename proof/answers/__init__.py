"""The answer key: what the pipeline should find, computed from the rows of the simulated landing files.

Plain Python and exact numbers. It shares nothing with the SQL that it grades but the definitions in the docs.
"""

from collections.abc import Collection
from datetime import date

import pandas as pd

from client360.simulate.world import World
from client360.warehouse.models import LANDING
from proof.answers.customers import cliente_360
from proof.answers.relations import RELATIONS
from proof.history import History

__all__ = ["RELATIONS", "answers", "cliente_360"]


def answers(world: World, day: date, entities: Collection[str] = tuple(LANDING)) -> dict[str, pd.DataFrame]:
    """The relations of the answers as of `day`, by name, of a source that provides these entities; cells are int, Decimal,
    date, str, bool or None."""
    history = History.read(world, day, entities)
    return {
        relation: pd.DataFrame([row | {"fecha_corte": day} for row in rows(history)], columns=columns, dtype=object)
        for relation, (rows, columns) in RELATIONS.items()
    }
