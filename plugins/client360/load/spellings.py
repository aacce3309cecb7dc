"""What province a name means, whatever its accents, case, blanks and points, abbreviated or spoilt by a wrong encoding."""

import re
from collections.abc import Iterable, Iterator
from unicodedata import normalize

READ_AS = "cp1252"
WRITTEN_AS = ("utf-8", "cp850", "mac-roman")
"""Encodings of files that were read in another one, READ_AS."""
LOST = "?"
"""What takes the place of a letter that an encoding does not have; so does the replacement character of Unicode."""
PREFIXES = [f"{word} {link}" for word in ("", "Provincia", "Pcia", "Prov") for link in ("", "de ", "del ")]


class Spellings:
    """The names of the provinces of a country, and other spellings of them.

    `others` leads from spellings to names, or to anything that means one. Of two meanings of a spelling, a name counts before one
    of `others`, and the first before later ones.
    """

    def __init__(self, names: Iterable[str], others: Iterable[tuple[str, str]]) -> None:
        self._names = frozenset(names)
        self._meanings: dict[str, str] = {}
        for name in sorted(self._names):
            self._add(name, name)
        for spelling, meant in others:
            if known := self.name(meant):
                self._add(spelling, known)

    def _add(self, spelling: str, name: str) -> None:
        lost = "".join(letter if letter.isascii() else LOST for letter in spelling)
        for written in (spelling, lost):
            for prefix in PREFIXES:
                self._meanings.setdefault(_key(prefix + written), name)

    def name(self, written: str) -> str | None:
        """The name of the province that is meant; None where it is not known."""
        if written in self._names:
            return written
        return next((self._meanings[key] for key in map(_key, _readings(written)) if key in self._meanings), None)


def _key(text: str) -> str:
    """Letters, digits and lost letters, without accents and case."""
    plain = normalize("NFKD", text.replace("\ufffd", LOST)).casefold()
    letters = "".join(letter for letter in plain if letter.isalnum() or letter == LOST)
    return re.sub(r"\?+", LOST, letters)


def _readings(text: str) -> Iterator[str]:
    """The text, and what it would be if it had been read in a wrong encoding, once or twice."""
    yield text
    if text.isascii():
        return
    for encoding in WRITTEN_AS:
        again = _reread(text, encoding)
        if again:
            yield again
            if twice := _reread(again, encoding):
                yield twice


def _reread(text: str, encoding: str) -> str | None:
    try:
        return b"".join(map(_byte, text)).decode(encoding)
    except UnicodeError:
        return None


def _byte(letter: str) -> bytes:
    """The byte that was read as this letter. What READ_AS has no letter for was read as latin-1 would."""
    try:
        return letter.encode(READ_AS)
    except UnicodeError:
        return letter.encode("latin-1")
