"""The notebooks: in JupyterLab on the embedded warehouse, or rendered as reports from the exported files."""

import json
import os
import secrets
from datetime import date
from pathlib import Path
from typing import Any

from client360 import folders, permissions
from client360.files import atomic
from tools.local.stack import HOME
from tools.local.web import check_port, serve_readonly

NOTEBOOKS = folders.ROOT / "notebooks"
SETTINGS = NOTEBOOKS / "jupyter_lab_config.json"
CELL_SECONDS = 600
"""How long a cell of a report may take."""


def serve(port: int) -> int:
    """Serve JupyterLab on 127.0.0.1:`port` until interrupted; return its exit code.

    Raises ValueError where the port can not be used, ServerError, OtherVersion and MigrationFailed.
    """
    check_port(port, "notebook")
    token = secrets.token_urlsafe(24)
    return serve_readonly(
        "JupyterLab",
        f"http://127.0.0.1:{port}/lab?token={token}",
        [
            *("jupyterlab", f"--config={SETTINGS}", f"--ServerApp.root_dir={NOTEBOOKS}"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--allow-root"),
        ],
        _environment() | {"JUPYTER_TOKEN": token},
    )


def report(day: date | None) -> list[Path]:
    """Render the notebooks, without their code, beside the exported files of a day, of the newest one if it is None.

    Raises ValueError where the day is not published.
    """
    from reading import published

    files = published.files(day)
    os.environ.update(_environment())
    # without PGHOST a notebook reads the exported files
    kernel = {name: value for name, value in os.environ.items() if name != "PGHOST"}
    kernel["CLIENT360_FECHA"] = f"{files.fecha}"
    folder = folders.data() / "processed" / f"fecha={files.fecha}"
    written = []
    for path in sorted(NOTEBOOKS.glob("exploracion_*.ipynb")):
        page = _render(path, kernel)
        written.append(folder / f"{path.stem}.html")
        with atomic(written[-1]) as file:
            file.write(page.encode())
    return written


def _render(path: Path, environment: dict[str, str]) -> str:
    """Execute a notebook in an environment, and return it as HTML."""
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    notebook = nbformat.read(path, as_version=4)
    settings = Config(json.loads(SETTINGS.read_text(encoding="utf-8")))
    resources: dict[str, Any] = {"metadata": {"path": str(NOTEBOOKS)}}
    NotebookClient(notebook, timeout=CELL_SECONDS, resources=resources, config=settings).execute(env=environment)
    exporter = HTMLExporter(
        raw_template=(NOTEBOOKS / "report.html.j2").read_text(encoding="utf-8"),
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        language_code="es",
    )
    page, _ = exporter.from_notebook_node(notebook)
    return str(page)


def _environment() -> dict[str, str]:
    """Variables that keep the files of Jupyter, IPython and matplotlib in this checkout, and find the notebooks' modules and
    language."""
    home = HOME.absolute() / "jupyter"
    permissions.restrict_folder(home)
    variables = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")
    return {name: str(home / name.lower()) for name in variables} | {
        "CLIENT360_LANGUAGE": "es",
        "PYTHONPATH": f"{NOTEBOOKS}{os.pathsep}{folders.ROOT}",
        "CLIENT360_DATA": str(folders.data().absolute()),
    }
