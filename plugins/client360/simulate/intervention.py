"""The one declared fact by which a world differs from its original: its twin."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date
from typing import Literal

from client360.days import parse_day

Kind = Literal["campania", "precio", "deposito", "demoras"]
FORMS = "campania:<id>, precio:<product or category>:<month or day>, deposito:<depot>:<from>..<to> or demoras"


@dataclass(frozen=True)
class Intervention:
    """What differs in a twin: a campaign is not sent, prices do not change in a month or on a day, a depot ships nothing that is
    ordered on some days, nothing is late."""

    kind: Kind
    subject: str = ""
    """The campaign, the product or category, the depot, as people write them."""
    first: date = date.min
    """First day..."""
    last: date = date.max
    """...and last one."""

    @property
    def text(self) -> str:
        """As it is written; the same for equal ones."""
        match self.kind:
            case "demoras":
                return "demoras"
            case "campania":
                return f"campania:{self.subject}"
            case "precio":
                when = f"{self.first}" if self.first == self.last else f"{self.first:%Y-%m}"
                return f"precio:{self.subject}:{when}"
            case "deposito":
                return f"deposito:{self.subject}:{self.first}..{self.last}"


def parse(text: str) -> Intervention:
    """The intervention that is written; whether a world has its subject is not known here. Raises ValueError, in one line."""
    kind, *words = (word.strip() for word in text.split(":"))
    match kind, words:
        case "demoras", []:
            return Intervention("demoras")
        case "campania", [subject] if subject:
            return Intervention("campania", subject)
        case "precio", [subject, when] if subject and re.fullmatch(r"\d{4}-\d{2}", when):
            first = parse_day("intervencion", f"{when}-01")
            return Intervention("precio", subject, first, first.replace(day=monthrange(first.year, first.month)[1]))
        case "precio", [subject, when] if subject:
            day = parse_day("intervencion", when)
            return Intervention("precio", subject, day, day)
        case "deposito", [subject, days] if subject and ".." in days:
            first, last = (parse_day("intervencion", day) for day in days.split("..", 1))
            if last < first:
                raise ValueError(f"intervencion ends on {last}, before it begins, on {first}: give its days in order")
            return Intervention("deposito", subject, first, last)
    raise ValueError(f"intervencion is {text!r}: give {FORMS}")
