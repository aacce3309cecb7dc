"""The advisory locks that let runs overlap. Each lasts until its transaction ends.

world    shared by whoever works on rows, exclusive for whoever migrates the warehouse or gives it to another world; taken first
feed     whoever brings them to the contract; after the world, before the others
schema   whoever migrates the warehouse, creates partitions or the views
raw      whoever makes or extends the raw table of a kind of file
months   whoever writes staging, facts or monthly marts of a month; oldest month first
export   whoever publishes files

The files of include/sql take the same ones: the world as hashtext('client360 world'), months as (360, year * 12 + month),
the view as hashtext('client360 schema'); and, each for itself, hashtext('dw.dim_cliente') and the day of
cliente_360_historico as (361, days since 2000).
"""

from datetime import date

from sqlalchemy import Connection, func, select

MONTHS = 360


def world(connection: Connection, *, shared: bool) -> None:
    lock = func.pg_advisory_xact_lock_shared if shared else func.pg_advisory_xact_lock
    connection.execute(select(lock(func.hashtext("client360 world"))))


def schema(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("client360 schema"))))


def raw(connection: Connection, table: str) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext(f"client360 crudo {table}"))))


def feed(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("client360 feed"))))


def months(connection: Connection, first: date, last: date) -> None:
    for number in range(first.year * 12 + first.month, last.year * 12 + last.month + 1):
        connection.execute(select(func.pg_advisory_xact_lock(MONTHS, number)))


def export(connection: Connection) -> None:
    connection.execute(select(func.pg_advisory_xact_lock(func.hashtext("client360 export"))))
