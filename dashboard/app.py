"""The dashboard behind its login: `streamlit run dashboard/app.py`, or `make dashboard`.

CLIENT360_DASHBOARD_TOKEN lets in whoever has it. Users of Airflow get in where CLIENT360_AIRFLOW_URL is Airflow's address and
CLIENT360_DASHBOARD_SECRET the key that Airflow has too.
"""

import os

import streamlit as st
from starlette.middleware import Middleware
from streamlit import config

from dashboard.login import Login
from reading import admission

app = st.App(
    "script.py",
    middleware=[
        Middleware(
            Login,
            token=os.environ.get("CLIENT360_DASHBOARD_TOKEN", ""),
            secret=os.environ.get(admission.VARIABLE, ""),
            airflow=os.environ.get("CLIENT360_AIRFLOW_URL", "").rstrip("/"),
            base=f"/{base}" if (base := config.get_option("server.baseUrlPath").strip("/")) else "",
            secure=os.environ.get("CLIENT360_DASHBOARD_URL", "").startswith("https:"),
        )
    ],
)
