"""How the notebooks' charts look: the colours of all charts, Argentine numbers, months."""

import matplotlib as mpl
import seaborn as sns
from matplotlib import dates
from matplotlib.axis import Axis

from reading.formats import month_label, tick
from reading.palette import COLOURS


def style() -> None:
    """Give all later charts one look."""
    sns.set_theme(style="whitegrid", palette=list(COLOURS))
    mpl.rcParams.update(
        {
            "figure.dpi": 110,
            "axes.titlesize": "medium",
            "axes.spines.top": False,
            "axes.spines.right": False,
            "text.parse_math": False,  # names may hold $
        }
    )


def numbers(*axes: Axis) -> None:
    """Write the ticks as 1.234,5, without powers of ten."""
    for axis in axes:
        axis.set_major_formatter(lambda value, _: tick(value))


def months(axis: Axis, every: int = 1) -> None:
    """Name each month of a time axis, or one in so many."""
    axis.set_major_locator(dates.MonthLocator(interval=every))
    axis.set_major_formatter(lambda value, _: month_label(dates.num2date(value)))
