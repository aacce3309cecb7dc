"""The answers, as of each business day, and what is published of them and of cliente_360."""

from client360.warehouse.models.answers.credit import RiesgoCrediticioHistorico
from client360.warehouse.models.answers.customers import DistribucionGeograficaHistorico, ImpactoCampaniasHistorico
from client360.warehouse.models.answers.logistics import DemorasLogisticasHistorico, RotacionStockHistorico
from client360.warehouse.models.answers.orders import (
    MediosDePagoHistorico,
    TiemposPedidosHistorico,
    VentasPorCanalHistorico,
)
from client360.warehouse.models.answers.sales import (
    ClientesNuevosRecurrentesHistorico,
    ProductosMasVendidosHistorico,
    RentabilidadMensualHistorico,
)
from client360.warehouse.models.mart import AsOf, Cliente360Historico

__all__ = ["EXPORTED"]

EXPORTED: dict[str, type[AsOf]] = {
    model.__tablename__.removesuffix("_historico"): model
    for model in (
        Cliente360Historico,
        ProductosMasVendidosHistorico,
        ClientesNuevosRecurrentesHistorico,
        RotacionStockHistorico,
        DemorasLogisticasHistorico,
        ImpactoCampaniasHistorico,
        RentabilidadMensualHistorico,
        DistribucionGeograficaHistorico,
        VentasPorCanalHistorico,
        TiemposPedidosHistorico,
        MediosDePagoHistorico,
        RiesgoCrediticioHistorico,
    )
}
"""What is published as of a business day, by the name of its view and CSV file."""
