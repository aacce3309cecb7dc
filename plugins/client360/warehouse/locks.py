"""The advisory locks that let runs overlap. Each lasts until its transaction ends.

warehouse   shared by all that work on rows; exclusive to migrate it or to replace its owner; taken first
feed        shared by loads of files; exclusive to bring files to the contract; after the warehouse, before the others
schema      to migrate the warehouse, create partitions or the views
raw table   to create or extend the raw table of a kind of file
months      to write what staging, facts or monthly marts hold of an entity and month; in the order of LANDING, oldest month first
step        to run a step that also writes rows of other months; after the months
step of day to run a step as of a business day
export      to publish files, or to remove published days

The functions of the schema `control` that take them contain the keys: include/sql/functions/control/locks.sql.
"""

from collections.abc import Collection
from datetime import date

from sqlalchemy import Connection, text

from client360.warehouse.models import LANDING


def warehouse(connection: Connection, *, shared: bool) -> None:
    name = "share_warehouse" if shared else "lock_warehouse"
    connection.execute(text(f"select control.{name}()"))


def schema(connection: Connection) -> None:
    connection.execute(text("select control.lock_schema()"))


def raw(connection: Connection, table: str) -> None:
    connection.execute(text("select control.lock_raw_table(:table)"), {"table": table})


def feed(connection: Connection, *, shared: bool) -> None:
    name = "share_feed" if shared else "lock_feed"
    connection.execute(text(f"select control.{name}()"))


def months(connection: Connection, entities: Collection[str], first: date | str, last: date | str) -> None:
    lock = text("select control.lock_months(:entity, cast(:first as date), cast(:last as date))")
    for entity in LANDING:
        if entity in entities:
            connection.execute(lock, {"entity": entity, "first": first, "last": last})


def step(connection: Connection, name: str) -> None:
    connection.execute(text("select control.lock_step(:name)"), {"name": name})


def step_of_day(connection: Connection, name: str, day: date | str) -> None:
    connection.execute(text("select control.lock_step_of_day(:name, cast(:day as date))"), {"name": name, "day": day})


def export(connection: Connection) -> None:
    connection.execute(text("select control.lock_export()"))
