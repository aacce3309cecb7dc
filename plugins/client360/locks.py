"""The advisory locks that let runs overlap. Each lasts until its transaction ends.

world    shared by whoever loads, exclusive for whoever gives the warehouse to another world
schema   whoever creates tables, partitions or the view
months   whoever writes staging, facts or monthly marts of a month; taken oldest month first.
         The files of include/sql/transform and include/sql/build_view take the same ones, as (360, year * 12 + month)
export   whoever publishes files
"""

from datetime import date

from sqlalchemy import Connection, func, select

MONTHS = 360


def world(connection: Connection, *, shared: bool) -> None:
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    connection.execute(select(lock(func.hashtext("client360 world"))))


def schema(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("client360 schema"))))


def months(connection: Connection, first: date, last: date) -> None:
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month + 1):
        connection.execute(select(func.pg_advisory_xact_lock(MONTHS, number)))


def export(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("client360 export"))))
