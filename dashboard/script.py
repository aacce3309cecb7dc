"""What the dashboard shows. It reads the warehouse and changes nothing; app.py serves it."""

from functools import partial

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from dashboard import cached
from dashboard.cached import Day
from dashboard.views import banca, calidad, clientes, comercio
from reading import formats, warehouse

PAGES = {"Banca": banca.show, "Comercio": comercio.show}


def main() -> None:
    st.set_page_config("Client 360", layout="wide")
    title, choice = st.columns([3, 1], vertical_alignment="bottom")
    try:
        day = ask_day(choice, cached.days())
        pages: list[StreamlitPage] = []
        shows = {"Clientes": partial(clientes.show, day, pages) if day else nothing_yet}
        shows |= {name: partial(show, day) if day else nothing_yet for name, show in PAGES.items()}
        shows["Calidad"] = partial(calidad.show, day)
        # without icons: the browser would ask Google for the one of the page
        pages += [st.Page(show, title=name, url_path=name.lower()) for name, show in shows.items()]
        page = st.navigation(pages, position="top")
        title.title(page.title, anchor=False)
        page.run()
    except warehouse.Empty:
        nothing_yet()
    except warehouse.Unreachable:
        st.error(
            "El almacén no responde. Compruebe que PostgreSQL esté en marcha (`make up` con Docker; sin Docker, cierre este "
            "tablero y ejecute `make dashboard`) y vuelva a cargar la página.",
            icon=":material/cloud_off:",
        )


def ask_day(place: st.delta_generator.DeltaGenerator, days: list[Day]) -> Day | None:
    """The day that the reader looks at, the newest unless another one is chosen or in the address; None without any."""
    if not days:
        return None
    names = {formats.day(day.fecha): day for day in days}
    return names[place.selectbox("Fecha de corte", list(names), key="fecha", bind="query-params")]


def nothing_yet() -> None:
    st.info(
        "Todavía no hay ningún día publicado. Ejecute `make run`, o active el DAG `client360` en Airflow, y vuelva a cargar "
        "esta página cuando termine. Si ya lo hizo, la página Calidad dice qué verificación falló.",
        icon=":material/hourglass_empty:",
    )


main()
