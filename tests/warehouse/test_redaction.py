"""A person's name, document and e-mail address where they do not belong, and all that is said and kept of what follows."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from client360 import folders
from client360.warehouse.models import tables
from client360.warehouse.redaction import DatabaseError, describe, redacted
from tools.local import places
from tools.local.server import Server

PERSON = ("Zulma Quiroga", "20777333", "zulma@quiroga.example")
NAME, DOCUMENT, EMAIL = PERSON
VERSION = f"{{id}},2026-06-10,{DOCUMENT},{NAME},Quiroga,{EMAIL},1980-01-01,Jujuy,Tilcara,empleado,1.00,2026-06-10,\n"
MOVEMENT = "{id},2026-06-10,{customer},transferencia,{amount},{rubro},\n"
FILES = {
    "a name as an amount": ("transacciones", MOVEMENT.format(id="T1", customer=DOCUMENT, amount=NAME, rubro=EMAIL)),
    "no customer": ("transacciones", MOVEMENT.format(id=DOCUMENT, customer="", amount=1, rubro=f"{NAME} {EMAIL}")),
    "a customer nobody knows": ("transacciones", MOVEMENT.format(id=1, customer=EMAIL, amount=1, rubro=NAME)),
    "the same customer twice": ("clientes", 2 * VERSION.format(id=EMAIL)),
    "no header": ("clientes", None),
}
# generates as ever, then puts the lines into the file of the entity, without header where there are none
PROGRAM = """
import sys
import time
from dataclasses import replace
from airflow.dag_processing.dagbag import DagBag
from client360 import folders
from client360.simulate import landing_files

entity, lines = sys.argv[1:]
generate = landing_files.write_landing_files

def corrupted(world, work, data):
    for file in generate(world, work, data):
        if file.entity == entity:
            path = data / file.path
            text = path.read_text()
            path.write_text(text + lines if lines else sys.argv[1] + text.partition("\\n")[2])
            file = replace(file, rows=file.rows + lines.count("\\n"))
        yield file

landing_files.write_landing_files = corrupted
sleep = time.sleep
time.sleep = lambda seconds: sleep(seconds / 100)  # dag.test waits a second where it finds no task to start
dag = DagBag(str(folders.ROOT / "dags")).dags["client360"]
for task in dag.tasks:
    if not task.is_mapped:
        task.retries = 0
    else:
        task.partial_kwargs["retries"] = 0
conf = {"fecha": "2026-06-10", "clientes": 20, "inicio": "2026-06-10", "semilla": 3}
print("ended in", dag.test(run_conf=conf).state)
"""


@pytest.mark.long
@pytest.mark.parametrize("case", FILES)
def test_of_a_person_in_the_wrong_place_nothing_is_said_or_kept_but_in_the_tables(
    case: str, airflow_homes: Callable[[], Path], server: Server, warehouse: Engine, data: Path
) -> None:
    entity, lines = FILES[case]
    with psycopg.connect(server.url("postgres")) as admin:
        ((home_of_server,),) = admin.execute("show data_directory")
    home = airflow_homes()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, entity, lines or f"{DOCUMENT},{NAME},{EMAIL}\n"],
        check=False,
        capture_output=True,
        env=os.environ
        | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__LOGGING__LOGGING_LEVEL": "DEBUG",
            "PYTHONPATH": str(folders.ROOT / "plugins"),
        },
    )
    assert b"ended in failed" in done.stdout, done.stderr.decode()
    said = {
        "what is printed": done.stdout + done.stderr,
        "PostgreSQL's log": (Path(home_of_server) / "log").read_bytes(),
    }
    said |= {str(path): path.read_bytes() for path in home.rglob("*") if path.is_file()}
    with warehouse.connect() as connection:
        for table in tables():
            if table.schema == "control" and table.name != "rechazos":
                found = connection.execute(text(f"select * from {table.fullname}"))
                said[table.fullname] = "\n".join(map(repr, found)).encode()
    for where, content in said.items():
        for value in (*PERSON, *NAME.split()):
            assert value.encode() not in content, f"{value} in {where}"


@pytest.mark.parametrize(
    ("statement", "said"),
    [
        ("select %s::numeric", "invalid text representation"),
        ("select %s::date", "invalid datetime format"),
        ("select (%s || '.9')::inet", "invalid text representation"),
        ("select ('{' || %s)::json", "invalid text representation"),
        ("select length(%s)::text::int2 / 0", "division by zero"),
        ("select to_date(%s, 'YYYY-MM-DD')", "invalid datetime format"),
        ("do language plpgsql $$ begin raise exception 'Zulma Quiroga'; end $$", "raise exception"),
        ("insert into person values (%s), (%s)", 'duplicate key value violates unique constraint "person_pkey"'),
        (
            "insert into person values (null, %s)",
            'null value in column "id" of relation "person" violates not-null constraint',
        ),
        (
            "insert into person values (1, upper(%s))",
            'new row for relation "person" violates check constraint "person_name_check"',
        ),
        ("select nothing", 'column "nothing" does not exist'),
        (
            "drop table person",
            "cannot drop table person because other objects depend on it: view people depends on table person",
        ),
    ],
)
@pytest.mark.parametrize("through_sqlalchemy", [False, True], ids=["psycopg", "SQLAlchemy"])
def test_an_error_of_the_database_is_told_without_its_values(
    warehouse: Engine, statement: str, said: str, through_sqlalchemy: bool
) -> None:
    parameters = (NAME,) * statement.count("%s") or None
    with warehouse.connect() as connection:
        connection.exec_driver_sql("create table person (id text primary key, name text check (name <> upper(name)))")
        connection.exec_driver_sql("create view people as select id from person")
        execute = connection.exec_driver_sql if through_sqlalchemy else connection.connection.cursor().execute
        with pytest.raises(DatabaseError) as refused, redacted():
            execute(statement, parameters)
    assert str(refused.value) == said
    assert refused.value.__suppress_context__


def test_what_never_reaches_the_database_is_told_by_its_kind(warehouse: Engine) -> None:
    with warehouse.connect() as connection, pytest.raises(SQLAlchemyError) as refused:
        connection.exec_driver_sql("select %s", (NAME + "\0",))
    assert describe(refused.value) == "DataError"


def test_a_server_that_is_not_there_is_named() -> None:
    with pytest.raises(psycopg.OperationalError) as refused:
        psycopg.connect("host=/nowhere")
    assert "/nowhere" in describe(refused.value)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root mounts file systems")
def test_a_full_disk_of_the_server_is_told_as_such(server: Server, open_folders: Callable[[], Path]) -> None:
    folder = open_folders()
    subprocess.run(["/usr/bin/mount", "-t", "tmpfs", "-o", "size=1m,mode=777", "tmpfs", folder], check=True)
    try:
        with psycopg.connect(server.url("postgres"), autocommit=True) as admin:
            (folder / "small").mkdir(mode=0o777)
            shutil.chown(folder / "small", places.OWNER)
            admin.execute(f"create tablespace small location '{folder}/small'")
            admin.execute("create table fills_up (content text) tablespace small")
            with (
                pytest.raises(DatabaseError, match=r"^there is no room left on the disk of PostgreSQL's data"),
                redacted(),
            ):
                admin.execute("insert into fills_up select repeat('x', 1000) from generate_series(1, 10000)")
            admin.execute("drop table fills_up")
            admin.execute("drop tablespace small")
    finally:
        subprocess.run(["/usr/bin/umount", folder], check=True)
