"""The notebooks: in JupyterLab on the embedded PostgreSQL, as the role that only reads, or rendered from the exported files."""

import json
import os
import secrets
from pathlib import Path

from client360 import folders
from client360.days import parse_day
from client360.files import atomic
from tools.local import reader
from tools.local.stack import HOME
from tools.local.ui import check_port

NOTEBOOKS = folders.ROOT / "notebooks"
SECONDS = 600
"""After which a cell of a report is given up."""
SETTINGS = NOTEBOOKS / "jupyter_lab_config.json"


def serve(port: int) -> int:
    """Serve JupyterLab on 127.0.0.1:`port` until interrupted; returns its exit code.

    Raises ValueError where the port is not to be had, ServerProblem, OtherVersion and MigrationFailed.
    """
    check_port(port, "notebook")
    token = secrets.token_urlsafe(24)
    return reader.serve(
        "JupyterLab",
        f"http://127.0.0.1:{port}/lab?token={token}",
        [
            *("jupyterlab", f"--config={SETTINGS}", f"--ServerApp.root_dir={NOTEBOOKS}"),
            *("--ServerApp.ip=127.0.0.1", f"--ServerApp.port={port}", "--allow-root"),
        ],
        _environment() | {"JUPYTER_TOKEN": token},
    )


def report(fecha: str) -> list[Path]:
    """Render the notebooks, without their code, beside the files of the day, the newest one if `fecha` is empty.

    Raises ValueError where the day is not published.
    """
    import nbformat
    from nbclient import NotebookClient
    from nbconvert import HTMLExporter
    from traitlets.config import Config

    import warehouse

    files = warehouse.files(parse_day("fecha", fecha) if fecha else None)
    os.environ.update(_environment())
    kernel = {name: value for name, value in os.environ.items() if name != "PGHOST"}
    exporter = HTMLExporter(
        raw_template=(NOTEBOOKS / "report.html.j2").read_text(encoding="utf-8"),
        exclude_input=True,
        exclude_input_prompt=True,
        exclude_output_prompt=True,
        language_code="es",
    )
    written = []
    for path in sorted(NOTEBOOKS.glob("exploracion_*.ipynb")):
        notebook = nbformat.read(path, as_version=4)
        client = NotebookClient(
            notebook,
            timeout=SECONDS,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
            config=Config(json.loads(SETTINGS.read_text(encoding="utf-8"))),
        )
        client.execute(env=kernel | {"CLIENT360_FECHA": f"{files.fecha}"})
        page, _ = exporter.from_notebook_node(notebook)
        written.append(folders.data() / "processed" / f"fecha={files.fecha}" / f"{path.stem}.html")
        with atomic(written[-1]) as file:
            file.write(page.encode())
    return written


def _environment() -> dict[str, str]:
    """What keeps the notes of Jupyter, IPython and matplotlib in this checkout, and finds the notebooks' modules."""
    notes = HOME.absolute() / "jupyter"
    notes.mkdir(parents=True, exist_ok=True)
    variables = ("IPYTHONDIR", "JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "MPLCONFIGDIR")
    return {name: str(notes / name.lower()) for name in variables} | {
        "PYTHONPATH": str(NOTEBOOKS),
        "CLIENT360_DATA": str(folders.data().absolute()),
    }
