"""The currency in which people read amounts: that of the source.

Texts are written for pesos, as the models are, and restated where the source has another currency.
"""

import re

from reading.language import _

PESOS = "ARS"


class Shown:
    """What this process shows, which reads one warehouse."""

    currency: str | None = PESOS
    """ISO 4217; None where the warehouse does not say it."""


def show_in(currency: str | None) -> None:
    """Show amounts in a currency from now on."""
    Shown.currency = currency


def restate(text: str) -> str:
    """A text that is written for pesos, in the currency shown: "Deuda ($)" is "Deuda (UYU)", "Deuda, en pesos" "Deuda, en UYU"
    and "$ 12" "UYU 12". Without one, signs are left out."""
    if Shown.currency == PESOS:
        return text
    if Shown.currency is None:
        words = re.sub(r"\b(?:(?:de|en|in) )?pesos\b", _("en la moneda de la fuente"), text)
        return re.sub(r" ?\(\$\)|\$ ?", "", words)
    words = re.sub(r"\bpesos\b", Shown.currency, text).replace("($)", f"({Shown.currency})")
    return re.sub(r"\$ ?", f"{Shown.currency} ", words)
