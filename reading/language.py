"""The language of what people read in a browser: the trigger forms, the page in Airflow and the dashboard.

Their texts stand in the code in Spanish, as `_("...")`, and in locale/en.po in English. A process reads the setting once: when it
imports this module, which raises ValueError, in one line, for a language that there is not.
"""

import os
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path

VARIABLE = "CLIENT360_LANGUAGE"
LOCALES = {"es": "es_AR", "en": "en_US"}
"""By language, the locale whose numbers, months and days are written. The first is the language of the code."""
LANGUAGE = os.environ.get(VARIABLE) or "es"
if LANGUAGE not in LOCALES:
    raise ValueError(f"{VARIABLE} is {LANGUAGE!r}: give es or en")


def _translations() -> NullTranslations:
    if LANGUAGE == "es":
        return NullTranslations()
    # most processes read Spanish, and need not load it
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = BytesIO()
    with (Path(__file__).with_name("locale") / f"{LANGUAGE}.po").open("rb") as catalogue:
        write_mo(compiled, read_po(catalogue))
    compiled.seek(0)
    return GNUTranslations(compiled)


TRANSLATIONS = _translations()
_ = TRANSLATIONS.gettext
