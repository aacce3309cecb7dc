"""The landing files, as they wait in staging for the transform step."""

from client360.warehouse.models.staging.credit import Cuotas, OrdenesPermanentes, Prestamos, Resumenes, Tarjetas
from client360.warehouse.models.staging.events import (
    ContactosCampania,
    DetalleVentas,
    Devoluciones,
    Envios,
    MovimientosStock,
    PagosVenta,
    Saldos,
    Transacciones,
    Ventas,
)
from client360.warehouse.models.staging.landing import Landing
from client360.warehouse.models.staging.versions import (
    Campanias,
    Clientes,
    Cotizaciones,
    Cuentas,
    Productos,
    TitularesCuenta,
)

__all__ = ["LANDING", "Landing"]

LANDING: dict[str, type[Landing]] = {
    model.__tablename__: model
    for model in (
        Clientes,
        Productos,
        Campanias,
        Cuentas,
        TitularesCuenta,
        Cotizaciones,
        Transacciones,
        Saldos,
        Ventas,
        DetalleVentas,
        Envios,
        Devoluciones,
        PagosVenta,
        ContactosCampania,
        MovimientosStock,
        Tarjetas,
        Resumenes,
        Prestamos,
        Cuotas,
        OrdenesPermanentes,
    )
}
"""Entities of the landing contract, in loading order."""
