"""Times of day: what is read as a moment, in which time zone, and of which day it is."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from random import Random

import pytest
from raw_feed import C1, CLIENTES, CONTRACT, ENVIOS, TRANSACCIONES, V1, VENTAS, Raw, deliver, feed, movement
from sqlalchemy import Engine, text

from client360.ingest.feed_spec import Feed

MOMENTS = f"{TRANSACCIONES},momento"
SANTIAGO, NEW_YORK = "America/Santiago", "America/New_York"


def utc(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=timezone.utc)


def judged(raw: Raw, **values: str) -> tuple[str | None, str] | None:
    """Column and reason of a movement with these values, momento the last of them; None if it is accepted."""
    deliver(raw, C1)
    raw.deliver("transacciones", MOMENTS, movement(**values))
    raw.apply_contract()
    return raw.reasons("transacciones").get(2)


def called(raw: Raw, expression: str, *values: object, zone: str | None = None) -> str | None:
    """What a function for mappings gives, once a run has made them for a feed in this time zone."""
    raw.feed = feed(timezone=zone) if zone else raw.feed
    deliver(raw, C1)
    raw.apply_contract()
    with raw.engine.connect() as connection:
        return connection.scalar(text(expression), {f"v{i}": value for i, value in enumerate(values)})


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2025-02-01T22:20:30Z", "2025-02-01T22:20:30"),
        ("2025-02-01t22:20:30z", "2025-02-01T22:20:30"),
        ("2025-02-01 22:20:30Z", "2025-02-01T22:20:30"),
        ("2025-02-01 22:20:30-03:00", "2025-02-02T01:20:30"),
        ("2025-02-01T22:20:30-0300", "2025-02-02T01:20:30"),
        ("2025-02-01T22:20:30-03", "2025-02-02T01:20:30"),
        ("2025-02-01 22:20:30 -03:00", "2025-02-02T01:20:30"),
        ("2025-02-01T23:20:30+10:30", "2025-02-01T12:50:30"),
        # a time in the zone of the feed, Argentina
        ("2025-02-01T22:20:30", "2025-02-02T01:20:30"),
        ("2025-02-01 22:20", "2025-02-02T01:20:00"),
        (" 2025-02-01 22:20  ", "2025-02-02T01:20:00"),
        # fractions of a second; rounded, the last would be of the next day
        ("2025-02-01T22:20:30.5Z", "2025-02-01T22:20:30.500000"),
        ("2025-02-01T22:20:30,123456Z", "2025-02-01T22:20:30.123456"),
        ("2025-02-01T23:59:59.9999999-03:00", "2025-02-02T02:59:59.999999"),
    ],
)
def test_an_iso_time_is_read_with_its_offset_or_in_the_time_zone_of_the_feed(
    raw: Raw, written: str, moment: str
) -> None:
    assert judged(raw, momento=written) is None
    assert raw.staged("transacciones", "momento") == [(utc(moment),)]


@pytest.mark.parametrize(
    "written",
    [
        "2025-02-01", "22:20:30", "2025-02-01T", "2025-02-01T22", "2025-02-01T24:00:00", "2025-02-01T22:60",
        "2025-02-01 24:00:00Z", "2025-02-01 22:20:60Z", "2025-02-01 22:60:00Z",
        "2025-02-01T22:20:60", "2025-02-30T10:00:00Z", "0000-02-01T10:00:00Z", "2025-02-01T10:00:00+16:00",
        "2025-02-01T10:00:00+3", "2025-02-01T10:00:00 ART",
        "2025-02-01T10:00:00-03:00Z", "2025-02-01 10:00 PM", "01/02/2025 10:00", "20250201T100000Z", "2025-02-01  10:00", "now",
        "infinity", "1738372830", "x", "2025-02-01T10:00.Z", "\uff12025-02-01T10:00:00Z",
    ],
)  # fmt: skip
def test_what_is_no_iso_time_is_rejected(raw: Raw, written: str) -> None:
    assert judged(raw, momento=written) == ("momento", "tipo_invalido")
    ((detail,),) = raw.query("select detalle from control.rechazos")
    assert detail == "YYYY-MM-DDTHH:MM:SS, with an offset or Z, or without one in the timezone of the feed"


def spoiled(random: Random, written: str) -> str:
    """The text, or one with a character or two more, less, or in place of others."""
    for _ in range(random.choice([0, 0, 1, 2])):
        at = random.randrange(len(written))
        written = written[:at] + random.choice(["", *"0123456789 -+:TZ.,/x"]) + written[at + random.choice([0, 1]) :]
    return written


def written_moments(random: Random, form: str) -> Iterator[str]:
    for _ in range(1000):
        day = date(2025, 1, 1) + timedelta(random.randrange(-40_000, 900))
        moment = datetime.combine(day, time(random.randrange(24), random.randrange(60), random.randrange(60)))
        yield spoiled(random, moment.strftime(form))


def test_texts_as_most_are_written_are_read_as_others_are(raw: Raw) -> None:
    """A blank before a text leads to the regular expression that reads all of them."""
    random = Random(1)  # noqa: S311
    forms = [f"%Y-%m-%d{between}%H:%M:%S{zone}" for between in "T " for zone in ("", "Z", "-03:00", "+05:30", "-16:00")]
    texts = [text for form in forms for text in written_moments(random, form)]
    read = "select array_agg(crudo.leer_momento(x) order by n) from unnest(cast(:v0 as text[])) with ordinality as t (x, n)"
    quick = called(raw, read, texts)
    assert quick == called(raw, read, [f" {text}" for text in texts])
    assert 4000 < sum(moment is not None for moment in quick) < 9000


@pytest.mark.parametrize(
    ("form", "pattern", "order"),
    [
        ("DD/MM/YYYY", r"(\d{1,2})/(\d{1,2})/(\d{4})", (2, 1, 0)),
        ("MM-DD-YYYY", r"(\d{1,2})-(\d{1,2})-(\d{4})", (2, 0, 1)),
        ("YYYYMMDD", r"(\d{4})(\d{2})(\d{2})", (0, 1, 2)),
        ("DD/MM/YYYY HH24:MI", r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2})", (2, 1, 0, 3, 4)),
        ("YYYYMMDDHH24MISS", r"(\d{4})(\d{2})(\d{2})(\d{1,2})(\d{2})(\d{2})", (0, 1, 2, 3, 4, 5)),
    ],
)
def test_days_and_moments_in_a_format_are_those_that_python_finds(
    raw: Raw, form: str, pattern: str, order: tuple[int, ...]
) -> None:
    how = {"YYYY": "%Y", "MM": "%m", "DD": "%d", "HH24": "%H", "MI": "%M", "SS": "%S"}
    random = Random(2)  # noqa: S311
    texts = list(written_moments(random, re.sub("|".join(how), lambda token: how[token[0]], form)))

    def expected(written: str) -> str:
        found = re.fullmatch(pattern, written, re.ASCII)
        try:
            moment = datetime(*(int(found[place + 1]) for place in order), tzinfo=timezone.utc)
        except (TypeError, ValueError):
            return written
        return moment.date().isoformat() if len(order) == 3 else f"{moment.replace(tzinfo=None).isoformat()}.000000Z"

    function = "fecha" if len(order) == 3 else "momento"
    read = f"select array_agg(crudo.{function}(x, :v1) order by n) from unnest(cast(:v0 as text[])) with ordinality as t (x, n)"
    assert called(raw, read, texts, form, zone="UTC") == [expected(written) for written in texts]


def test_without_a_time_of_day_it_is_unknown(raw: Raw) -> None:
    assert judged(raw, momento="") is None
    assert raw.staged("transacciones", "momento") == [(None,)]


@pytest.mark.parametrize(
    ("fecha", "momento", "reason"),
    [
        ("2025-02-01", "2025-02-02T02:59:59Z", None),
        ("2025-02-01", "2025-02-02T03:00:00Z", ("momento", "fuera_de_rango")),
        ("2025-02-01", "2025-02-01T03:00:00Z", None),
        ("2025-02-01", "2025-02-01T02:59:59Z", ("momento", "fuera_de_rango")),
    ],
)
def test_a_moment_is_of_its_business_day_in_the_time_zone_of_the_feed(
    raw: Raw, fecha: str, momento: str, reason: tuple | None
) -> None:
    assert judged(raw, fecha=fecha, momento=momento) == reason
    details = [detail for (detail,) in raw.query("select detalle from control.rechazos")]
    assert details == (["fecha = the day of momento in the timezone of the feed"] if reason else [])


def test_orders_dispatches_and_deliveries_have_moments_of_their_own_days(raw: Raw) -> None:
    deliver(raw, C1)
    raw.deliver(
        "ventas",
        f"{VENTAS},momento",
        f"{V1['ventas'][1]},2025-01-10T23:30:00-03:00\nV2,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10,2025-01-11T12:00:00Z",
    )
    shipped = "V1,2025-01-14,C1,Norte,entregado,2025-01-11,2025-01-20,2025-01-13,5"
    raw.deliver(
        "envios",
        f"{ENVIOS},momento_despacho,momento_entrega",
        f"{shipped},2025-01-11T08:00:00,2025-01-13T10:00:00\n"
        f"{shipped.replace('Norte', 'Sur')},2025-01-12T08:00:00,2025-01-13T10:00:00\n"
        f"{shipped.replace('Norte', 'Este')},2025-01-11T08:00:00,2025-01-14T10:00:00",
    )
    raw.apply_contract()
    assert raw.staged("ventas", "momento") == [(utc("2025-01-11T02:30:00"),)]
    assert raw.reasons("ventas") == {3: ("momento", "fuera_de_rango")}
    assert raw.staged("envios", "momento_despacho, momento_entrega") == [
        (utc("2025-01-11T11:00:00"), utc("2025-01-13T13:00:00"))
    ]
    assert raw.reasons("envios") == {
        3: ("momento_despacho", "fuera_de_rango"),
        4: ("momento_entrega", "fuera_de_rango"),
    }


def test_another_time_zone_is_another_feed_and_all_rows_are_judged_again(warehouse: Engine) -> None:
    select = CONTRACT.mapping["transacciones"].replace("    fecha,", "    fecha_de(momento) as fecha,")

    def in_zone(zone: str) -> Feed:
        return feed(mapping=CONTRACT.mapping | {"transacciones": select}, timezone=zone)

    raw = Raw(warehouse, in_zone("America/Argentina/Buenos_Aires"))
    deliver(raw, {"clientes": (CLIENTES, "C1,2025-01-01,Salta,2025-01-01,")})
    raw.deliver("transacciones", MOMENTS, movement(momento="2025-02-02T02:30:00Z"))
    raw.apply_contract(rebuild=False)
    assert raw.staged("transacciones", "fecha::text") == [("2025-02-01",)]
    raw.feed = in_zone("UTC")
    raw.apply_contract(rebuild=False)
    assert raw.staged("transacciones", "fecha::text") == [("2025-02-02",)]


@pytest.mark.parametrize(
    ("given", "moment"),
    [
        ("momento::timestamptz", "2025-02-01T13:00:00"),
        ("momento::timestamp", "2025-02-01T13:00:00"),
        ("to_timestamp(1738414800)", "2025-02-01T13:00:00"),
    ],
)
def test_a_mapping_may_give_a_typed_moment(raw: Raw, given: str, moment: str) -> None:
    select = CONTRACT.mapping["transacciones"].replace("    momento\n", f"    {given} as momento\n")
    raw.feed = feed(mapping=CONTRACT.mapping | {"transacciones": select})
    assert (
        judged(raw, momento="2025-02-01 10:00:00" if given.endswith("timestamp") else "2025-02-01T10:00:00-03") is None
    )
    assert raw.staged("transacciones", "momento") == [(utc(moment),)]


@pytest.mark.parametrize(
    ("zone", "local", "moment"),
    [
        # clocks skip an hour: it is read as one hour later, also where the day begins with it
        (NEW_YORK, "2025-03-09 02:30", "2025-03-09T07:30:00"),
        (SANTIAGO, "2025-09-07 00:30", "2025-09-07T04:30:00"),
        # an hour comes twice: it is the second time, in standard time
        (NEW_YORK, "2025-11-02 01:30", "2025-11-02T06:30:00"),
        (SANTIAGO, "2025-04-05 23:30", "2025-04-06T03:30:00"),
    ],
)
def test_a_local_time_that_clocks_skip_or_show_twice_keeps_its_day(
    raw: Raw, zone: str, local: str, moment: str
) -> None:
    assert called(raw, "select crudo.momento(:v0)", local, zone=zone) == f"{moment}.000000Z"
    assert called(raw, "select crudo.fecha_de(:v0)", local) == local[:10]


@pytest.mark.parametrize(
    ("zone", "day"),
    [("America/Argentina/Buenos_Aires", "2025-02-01"), ("Pacific/Kiritimati", "2025-02-02"), ("Pacific/Honolulu", "2025-02-01")],
)  # fmt: skip
def test_the_day_of_a_moment_is_that_of_the_feed_s_time_zone(raw: Raw, zone: str, day: str) -> None:
    assert called(raw, "select crudo.fecha_de(:v0)", "2025-02-02T00:30:00Z", zone=zone) == day


def test_the_functions_of_moments_never_fail(raw: Raw) -> None:
    called(raw, "select 1")
    plain = {
        "2025-02-01T22:20:30-03:00": "2025-02-02T01:20:30.000000Z", "2025-02-01 22:20": "2025-02-02T01:20:00.000000Z",
        "2025-02-01": "2025-02-01", "tomorrow": "tomorrow", "": "", "9" * 100_000: "9" * 100_000, None: None,
    }  # fmt: skip
    by_format = {
        ("01/02/2025 22:20:30", "DD/MM/YYYY HH24:MI:SS"): "2025-02-02T01:20:30.000000Z",
        ("1/2/2025 9:05", "DD/MM/YYYY HH24:MI"): "2025-02-01T12:05:00.000000Z",
        ("20250201T222030", "YYYYMMDDTHH24MISS"): "2025-02-02T01:20:30.000000Z",
        ("01-ene-2025 08h", "DD-Mon-YYYY HH24h"): "2025-01-01T11:00:00.000000Z",
        ("01/02/2025 22:20:30,25", "DD/MM/YYYY HH24:MI:SS"): "2025-02-02T01:20:30.250000Z",
        ("31/02/2025 22:20", "DD/MM/YYYY HH24:MI"): "31/02/2025 22:20",
        ("01/02/2025", "DD/MM/YYYY"): "01/02/2025",
        ("22:20", "HH24:MI"): "22:20",
        ("2025-02-01T22:20:30Z", "DD/MM/YYYY HH24:MI"): "2025-02-01T22:20:30.000000Z",
        ("1738414800", "epoch"): "2025-02-01T13:00:00.000000Z",
        ("1738414800.25", "epoch"): "2025-02-01T13:00:00.250000Z",
        ("1738414800250", "epoch_ms"): "2025-02-01T13:00:00.250000Z",
        ("1738414800250", "epoch"): "1738414800250",
        ("-1", "epoch"): "-1",
        (None, "epoch"): None,
        (None, "DD/MM/YYYY HH24:MI"): None,
    }
    days = {
        "2025-02-02T02:59:59Z": "2025-02-01", "2025-02-01 23:59": "2025-02-01", "2025-02-01": "2025-02-01",
        "31/02/2025 10:00": "31/02/2025 10:00", "": "", None: None,
    }  # fmt: skip
    with raw.engine.connect() as connection:
        # whatever the session's own settings are
        connection.execute(text("set timezone = 'Asia/Tokyo'"))
        connection.execute(text("set datestyle = 'SQL, DMY'"))
        for written, moment in plain.items():
            assert connection.scalar(text("select crudo.momento(:a)"), {"a": written}) == moment, written
        for (written, form), moment in by_format.items():
            found = connection.scalar(text("select crudo.momento(:a, :b)"), {"a": written, "b": form})
            assert found == moment, (written, form)
        for written, day in days.items():
            assert connection.scalar(text("select crudo.fecha_de(:a)"), {"a": written}) == day, written
