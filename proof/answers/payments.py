"""How orders are paid: the rows of an answer."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from fractions import Fraction

from proof.exact import percentage, pesos, rounded
from proof.history import History, Row
from proof.months import month_of
from proof.trade import Payment


def medios_de_pago(history: History) -> Iterator[Row]:
    """What is paid by each method, month by month."""
    paid: dict[tuple[str, date], list[Payment]] = defaultdict(list)
    reported = {month.name for month in history.reported}
    for payment in history.payments:
        if month_of(payment.day) in reported:
            paid[payment.method, month_of(payment.day)].append(payment)
    for (metodo_pago, mes), payments in sorted(paid.items()):
        by_state = {
            state: [payment for payment in payments if payment.state == state]
            for state in ("aprobado", "rechazado", "reembolsado")
        }
        approved, refused = by_state["aprobado"], by_state["rechazado"]
        instalments = [payment.instalments for payment in approved if payment.instalments is not None]
        net = sum(payment.net for payment in payments)
        of_all = sum(payment.net for (_, month), others in paid.items() if month == mes for payment in others)
        yield {
            "metodo_pago": metodo_pago,
            "mes": mes,
            "pagos": len(approved),
            "pedidos": len({payment.order for payment in approved}),
            "monto": pesos(sum(payment.amount for payment in approved)),
            "reembolsado": pesos(sum(payment.amount for payment in by_state["reembolsado"])),
            "monto_neto": pesos(net),
            "participacion_pct": percentage(net, max(of_all, 0)),
            "cuotas_promedio": rounded(Fraction(sum(instalments), len(instalments)), 2) if instalments else None,
            "rechazados": len(refused),
            "rechazados_pct": percentage(len(refused), len(approved) + len(refused)),
        }
