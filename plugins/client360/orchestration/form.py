"""The trigger form in Airflow: the parameters of a run, their bounds and defaults."""

import os

from airflow.sdk import Param

from client360.days import MONTHS
from client360.ingest.feed_spec import feed_names
from client360.publish import formats
from client360.run import parameters
from client360.simulate import EARLIEST, LARGEST, LARGEST_SEED, World
from client360.simulate.corrupt import MAX_SHARE
from client360.simulate.intervention import FORMS


def between(least: float, most: float) -> list[dict[str, float]]:
    """The bounds of a number, for `allOf`. As `minimum` and `maximum` of the field itself the browser would know them, and turn a
    number beyond them into the nearest bound, without a word; so the server refuses it."""
    return [{"minimum": least, "maximum": most}]


def form() -> dict[str, Param]:
    """The parameters of the DAG. Raises ValueError, in one line, for an invalid default in the environment."""
    defaults = parameters.defaults(os.environ)
    return {
        "fecha": Param(
            None,
            type=["null", "string"],
            format="date",
            title="Business day",
            description="The day to process. This field decides it; Airflow's logical date only labels the run. Empty: the day "
            "of the logical date or, where that is not over or there is none, the last day that is over in the feed's time zone.",
        ),
        "inicio": Param(
            defaults["inicio"],
            type=["null", "string"],
            format="date",
            title="First day of history",
            description=f"From {EARLIEST} on, not after the business day; empty: {World.first_day} or, of files, the first day "
            "with a bank movement or an order.",
        ),
        "clientes": Param(
            defaults["clientes"],
            type="integer",
            allOf=between(1, LARGEST),
            title="Customers",
            description="Size of the customer base: about as many are active on any day.",
            section="World",
        ),
        "semilla": Param(
            defaults["semilla"],
            type="integer",
            allOf=between(0, LARGEST_SEED),
            title="Seed",
            description="Another seed makes another world. The same seed, customers and first day make the same rows.",
            section="World",
        ),
        "intervencion": Param(
            defaults["intervencion"],
            type=["null", "string"],
            minLength=1,
            title="What differs: a twin",
            description=f"One declared fact that is otherwise in a twin of the world, while all draws stay the same: {FORMS}. "
            "Empty: the world itself.",
            section="World",
        ),
        "suciedad": Param(
            defaults["suciedad"],
            type="number",
            allOf=between(0, MAX_SHARE),
            title="Corrupted rows, share",
            description="Share of the rows that the world corrupts on purpose in its files. They are read as a feed, and every "
            "corrupted row has to be in control.rechazos.",
            section="World",
        ),
        "fuente": Param(
            defaults["fuente"],
            type="string",
            enum=feed_names(),
            title="Feed",
            description="The mapping of the files: a folder of include/sql/feeds. simulador without a folder generates the world "
            "above.",
            section="Source",
        ),
        "entrada": Param(
            defaults["entrada"],
            type=["null", "string"],
            minLength=1,
            title="Folder of the files",
            description="Relative to the data folder, and below it or below a folder that CLIENT360_FOLDERS names.",
            section="Source",
        ),
        "umbral": Param(
            defaults["umbral"],
            type=["null", "number"],
            allOf=between(0, 100),
            title="Rejected rows that stop the run, percent",
            description="Of the rows of any entity. Empty: the threshold of the feed. Up to it the run goes on "
            "without the rejected rows.",
            section="Source",
        ),
        "reemplazar": Param(
            False,
            type="boolean",
            title="Replace what the warehouse holds",
            description="Builds everything anew beside what the warehouse holds, and replaces it once the checks have passed. "
            "Rows from files are gone then.",
            section="Warehouse",
        ),
        "recalcular": Param(
            False,
            type="boolean",
            title="Judge all files anew",
            description="Also where no file has changed. The result is the same, unless somebody has changed the warehouse by "
            "hand.",
            section="Source",
        ),
        "anonimo": Param(
            defaults["anonimo"],
            type="boolean",
            title="Publish anonymous files",
            description="Without names, and with keyed hashes as customer keys, in processed/anonimo. The open files stay "
            "as they are.",
            section="Export",
        ),
        "formatos": Param(
            defaults["formatos"],
            type=["null", "array"],
            items={"type": "string", "enum": list(formats.CHOICES)},
            examples=list(formats.CHOICES),
            title="Formats beside CSV",
            description="excel: a workbook, with a sheet for each relation. csv_regional: CSV with ; and decimal commas. "
            "parquet: files with types, for programs. Plain CSV files are always written.",
            section="Export",
        ),
        "conservar": Param(
            defaults["conservar"],
            type="integer",
            allOf=between(0, MONTHS),
            title="Months in which every published day is kept",
            description="Before these months, counted from the newest published day, the run removes all but the last published "
            "day of each month: rows of mart and files. A day that was run within a day stays so long. 0: nothing is removed.",
            section="Retention",
        ),
        "limpiar": Param(
            defaults["limpiar"],
            type="boolean",
            title="Remove landing files once loaded",
            description="Those of a simulated world, a day after they were written; it can generate them again. Files of a feed "
            "stay.",
            section="Retention",
        ),
    }
