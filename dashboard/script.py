"""What the dashboard shows. It reads the warehouse and changes nothing; app.py serves it."""

from collections.abc import Callable
from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import cached
from dashboard.cached import Day
from dashboard.views import banca, calidad, clientes, comercio
from reading import formats, warehouse
from reading.language import _
from reading.money import show_in

# of the pages, by address; Streamlit would show a text that stands by itself
TITLES = {"clientes": _("Clientes"), "banca": _("Banca"), "comercio": _("Comercio"), "calidad": _("Calidad")}


def main() -> None:
    st.set_page_config("Client 360", layout="wide")
    title, choice = st.columns([3, 1], vertical_alignment="bottom")
    try:
        day = ask_day(choice, cached.days())
        if day:
            show_in(day.currency)
        pages: list[StreamlitPage] = []
        shows: dict[str, Callable[[], None]] = {
            "clientes": partial(clientes.show, day, pages) if day else nothing_yet,
            "banca": partial(banca.show, day) if day else nothing_yet,
            "comercio": partial(comercio.show, day) if day else nothing_yet,
            "calidad": partial(calidad.show, day),
        }
        # without icons: the browser would ask Google for the one of the page
        pages += [st.Page(show, title=TITLES[address], url_path=address) for address, show in shows.items()]
        page = st.navigation(pages, position="top")
        title.title(page.title, anchor=False)
        page.run()
    except warehouse.Empty:
        nothing_yet()
    except warehouse.Unreachable:
        st.error(
            _(
                "El almacén no responde. Compruebe que PostgreSQL esté en marcha (`make up` con Docker; sin Docker, cierre "
                "este tablero y ejecute `make dashboard`) y vuelva a cargar la página."
            ),
            icon=":material/cloud_off:",
        )


def ask_day(place: st.delta_generator.DeltaGenerator, days: list[Day]) -> Day | None:
    """The day that the reader looks at, the newest unless another one is chosen or in the address; None without any."""
    if not days:
        return None
    names = {formats.day(day.fecha): day for day in days}
    return names[place.selectbox(_("Fecha de corte"), list(names), key="fecha", bind="query-params")]


def nothing_yet() -> None:
    st.info(
        _(
            "Todavía no hay ningún día publicado. Ejecute `make run`, o active el DAG `client360` en Airflow, y vuelva a cargar "
            "esta página cuando termine. Si ya lo hizo, la página Calidad dice qué verificación falló."
        ),
        icon=":material/hourglass_empty:",
    )


main()
