"""The rules that SQL files share: what they give at the edges, and that the planner sees through them."""

from datetime import date

import pytest
from sqlalchemy import Engine, text

from client360.warehouse.partitions import create_partitions

MONTHS = [date(2025, month, 1) for month in range(1, 13)] + [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


@pytest.mark.parametrize(
    ("inicio", "fecha", "first", "number"),
    [
        ("2020-01-01", "2026-02-28", ("2025-02-01", "2025-02-28"), 13),
        ("2025-12-31", "2026-02-01", ("2025-12-01", "2025-12-31"), 3),
        ("2026-02-10", "2026-02-10", ("2026-02-01", "2026-02-28"), 1),
    ],
)
def test_months_are_those_up_to_that_of_the_day_within_the_history(
    warehouse: Engine, inicio: str, fecha: str, first: tuple, number: int
) -> None:
    with warehouse.connect() as connection:
        months = connection.execute(
            text("select mes::text, ultimo_dia::text from mart.meses(:inicio, :fecha, 13) order by mes"),
            {"inicio": inicio, "fecha": fecha},
        ).all()
    assert (tuple(months[0]), tuple(months[-1]), len(months)) == (first, ("2026-02-01", "2026-02-28"), number)


def test_a_rule_hides_neither_partitions_nor_indexes(warehouse: Engine) -> None:
    with warehouse.begin() as connection:
        create_partitions(connection, MONTHS)
        connection.execute(text("set local enable_seqscan = off"))
        plan = "\n".join(
            connection.scalars(
                text(
                    """
                    explain select dw.mes(fecha), sum(importe) from dw.hecho_ventas
                    where
                        cliente_id = 'C1'
                        and fecha between mart.desde_13_meses(date '2020-01-01', date '2026-02-20') and date '2026-02-20'
                        and dw.sin_anular(fecha_anulacion, date '2026-02-20')
                    group by dw.mes(fecha)
                    """
                )
            )
        )
    assert not any(name in plan for name in ("sin_anular", "desde_13_meses", "mes("))
    assert "hecho_ventas_202501" not in plan
    assert "hecho_ventas_202603" not in plan
    assert "Index Cond: ((cliente_id = 'C1'::text) AND (fecha >= '2025-02-01'::date)" in plan
