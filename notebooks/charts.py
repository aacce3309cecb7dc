"""How the charts look: colours that all kinds of colour vision tell apart, Argentine numbers, months."""

from datetime import date

import matplotlib as mpl
import pandas as pd
import seaborn as sns
from babel.dates import format_date
from babel.numbers import format_decimal
from matplotlib import dates
from matplotlib.axis import Axis

from formats import LOCALE

BLUE, ORANGE, GREEN, RED, *_ = sns.color_palette("colorblind")
GREY = "#767676"


def style() -> None:
    """Make the charts to come look alike."""
    sns.set_theme(style="whitegrid", palette="colorblind")
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
        axis.set_major_formatter(lambda value, _: format_decimal(value, locale=LOCALE))


def months(axis: Axis, every: int = 1) -> None:
    """Name each month of a time axis, or one in so many."""
    axis.set_major_locator(dates.MonthLocator(interval=every))
    axis.set_major_formatter(lambda value, _: month_label(dates.num2date(value)))


def month_label(month: date) -> str:
    """Gives: nov 26."""
    return str(format_date(month, "MMM yy", locale=LOCALE))


def whole_months(rows: pd.DataFrame, fecha: date) -> pd.DataFrame:
    """The rows of months that are over at the end of `fecha`; all of them where none is."""
    over = rows["mes"] + pd.offsets.MonthBegin(1) <= pd.Timestamp(fecha) + pd.Timedelta(days=1)
    return rows[over] if over.any() else rows
