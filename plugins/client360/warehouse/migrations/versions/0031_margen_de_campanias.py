"""What campaigns add to margin, and their return on it."""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"


def upgrade() -> None:
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "margen_incremental",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="margin of those orders, of lines whose cost is known, where returns are known less that of what came back, in pesos; null where no line's is; null where the source provides no productos or no ventas or no detalle_ventas",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "margen_incremental_desde",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="lower bound of its 95 % interval; null where the source provides no productos or no ventas or no detalle_ventas",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "margen_incremental_hasta",
            sa.Numeric(precision=20, scale=2),
            nullable=True,
            comment="upper bound of the same; null where the source provides no productos or no ventas or no detalle_ventas",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "roi_margen",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="return on margin: (margen_incremental - presupuesto) / presupuesto; null where that is 0, as for a campaign that contacts nobody; null where the source provides no productos or no ventas or no detalle_ventas",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "roi_margen_desde",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="lower bound of its 95 % interval; null where the source provides no productos or no ventas or no detalle_ventas",
        ),
        schema="mart",
    )
    op.add_column(
        "impacto_campanias_historico",
        sa.Column(
            "roi_margen_hasta",
            sa.Numeric(precision=14, scale=4),
            nullable=True,
            comment="upper bound of the same; null where the source provides no productos or no ventas or no detalle_ventas",
        ),
        schema="mart",
    )
