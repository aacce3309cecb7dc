"""Every check is explained to people, once."""

from collections import Counter

from client360.folders import SQL
from reading import checks


def test_every_check_has_one_sentence_and_every_sentence_a_check() -> None:
    named = Counter(name for sentences in checks.GROUPS.values() for name in sentences)
    assert set(named) == {path.stem for path in (SQL / "check").glob("*/*.sql")}
    assert set(named.values()) == {1}
    said = [sentence for sentences in checks.GROUPS.values() for sentence in sentences.values()]
    assert len(set(said)) == len(said)
    assert [sentence for sentence in said if not (sentence[0].isupper() or "_" in sentence.split()[0])] == []
    assert [sentence for sentence in said if not sentence.endswith(".") or len(sentence) > 100] == []


def test_a_check_of_another_version_is_shown_by_its_name() -> None:
    assert checks.group_of("no_longer_there") == checks.OTHERS
    assert checks.sentence("no_longer_there") == "no_longer_there"
    assert checks.sentence("venta_unica") == "Ningún pedido está repetido."
