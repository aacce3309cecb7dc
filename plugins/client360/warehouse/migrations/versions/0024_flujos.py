"""What came in and what left: by month, and on average of the observed months."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"

MONTH = {
    "ingresos_totales": "money that came in, in pesos: credits but for ahorro, moneda_extranjera and what is given back on a credit card; null where no movement of the month has a sentido",
    "egresos_totales": "money that left, in pesos: debits but for ahorro, moneda_extranjera and what is charged to a credit card, whose statement counts when it is paid; null where no movement of the month has a sentido",
    "depositos": "deposito, cobro and beneficio received, in pesos; null without one",
}
CUSTOMER = {
    "ingresos_totales_promedio": "mean over the observed months of the money that came in, in pesos: credits but for ahorro, moneda_extranjera and what is given back on a credit card; a month whose movements all lack a sentido does not count; null where the movements of everybody do; null where the source provides no transacciones",
    "egresos_totales_promedio": "mean over the same months of the money that left, in pesos: debits but for ahorro, moneda_extranjera and what is charged to a credit card, whose statement counts when it is paid; null where ingresos_totales_promedio is; null where the source provides no transacciones",
    "ahorro_promedio": "mean over the same months of what came in less what left, in pesos; below 0 where more left; null where the source provides no transacciones",
}
INCOME = {
    "ingresos_mensuales": "estimate of fixed monthly income, in pesos: median, over those of the last 6 observed months that had one, of the month's salary or pension without aguinaldo; with none, and deposits (deposito, cobro, beneficio) in 3 or more of those months and in two thirds of them or more, the median of the months' deposits; else the income declared by the customer",
    "origen_ingresos": "observado (from salaries), depositos (from other money received) or declarado (by the customer)",
}


def upgrade() -> None:
    for table, columns in (("gasto_mensual", MONTH), ("cliente_360_historico", CUSTOMER)):
        for name, comment in columns.items():
            op.add_column(table, sa.Column(name, sa.Numeric(14, 2), comment=comment), schema="mart")
    for name, comment in INCOME.items():
        op.alter_column("cliente_360_historico", name, comment=comment, schema="mart")
