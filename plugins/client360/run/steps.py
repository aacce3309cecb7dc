"""The SQL steps of a run in execution order, shared by the DAG, the tests and the benchmark."""

from dataclasses import dataclass, replace
from enum import Enum, auto

from client360.folders import SQL
from client360.warehouse.models import Base, accounts, dw, rates


class Scope(Enum):
    """The days that a step works on; they determine how often it runs and its bound parameters."""

    EACH_BATCH = auto()
    """The days of a batch, once for each, from `desde` to `hasta`."""
    TOUCHED_DAYS = auto()
    """All days that the run touches, once, from `desde` to `hasta`."""
    BUSINESS_DAY = auto()
    """As of the business day: `fecha`, `inicio`, `mundo`, `pais` and `entidades`. It writes nothing where `mundo` no longer owns
    the warehouse."""
    ONCE = auto()
    """No day: the step creates the views."""


@dataclass(frozen=True)
class Step:
    """A step, its files of include/sql, and what it needs around them, all in one transaction: see client360.run.step_runner."""

    name: str
    """As in `transform/hecho_ventas`: the group of the DAG, and the relation that it fills."""
    scope: Scope
    files: tuple[str, ...] = ()
    """In the order in which they run; by default the one of its name."""
    integrates: tuple[str, ...] = ()
    """Entities whose days it moves on from staging to dw."""
    corrects: tuple[str, ...] = ()
    """Entities of which it also changes rows that are in dw."""
    summarizes: tuple[str, ...] = ()
    """Entities whose days are summed in mart once it has run."""
    touches_other_months: bool = False
    """It also writes rows of months outside of its days, so that only one transaction at a time may run it."""
    fills: type[Base] | None = None
    """The fact whose rows of the days it moves on its files write, month by month, into `destino`: a month that is new is made as
    a table of its own and attached once it is full."""
    dimension: type[Base] | None = None
    """For a template: the model whose table and column names it is filled with."""

    @property
    def group(self) -> str:
        return self.name.split("/")[0]

    @property
    def paths(self) -> list[str]:
        """Its files, below include/sql."""
        return [f"{name}.sql" for name in self.files or (self.name,)]

    def scripts(self) -> list[str]:
        """The text of its files."""
        return [(SQL / path).read_text(encoding="utf-8") for path in self.paths]


def _dimension(model: type[Base], entity: str) -> Step:
    return Step(
        f"transform/{model.__tablename__}",
        Scope.TOUCHED_DAYS,
        files=("transform/dimension",),
        integrates=(entity,),
        touches_other_months=True,
        dimension=model,
    )


RATES = replace(
    _dimension(rates.DimCotizacion, "cotizaciones"),
    files=("transform/dimension", "transform/movimiento_convertido"),
    corrects=("transacciones",),
)
"""Before the days of a run are planned: what it converts again is to be summed again."""
DIMENSIONS = (
    _dimension(dw.DimCliente, "clientes"),
    _dimension(dw.DimProducto, "productos"),
    _dimension(dw.DimCampania, "campanias"),
    _dimension(accounts.DimCuenta, "cuentas"),
    replace(
        _dimension(accounts.DimTitular, "titulares_cuenta"),
        files=("transform/cuenta_tocada", "transform/dimension", "transform/titularidad"),
    ),
)
CREDIT = ("tarjetas", "resumenes", "prestamos", "cuotas", "ordenes_permanentes")
TRANSACTIONS = Step(
    "transform/hecho_transacciones",
    Scope.EACH_BATCH,
    integrates=("transacciones",),
    fills=dw.HechoTransacciones,
)
ORDERS = (
    Step(
        "transform/hecho_ventas",
        Scope.TOUCHED_DAYS,
        files=(
            "transform/historia_ventas",
            "transform/pedido_tocado",
            "transform/hecho_ventas",
            "transform/hecho_pedidos",
            "transform/costo_ventas",
            "transform/hecho_devoluciones",
            "transform/costo_devoluciones",
        ),
        integrates=("ventas", "detalle_ventas", "devoluciones"),
        touches_other_months=True,
    ),
    Step(
        "transform/hecho_envios",
        Scope.TOUCHED_DAYS,
        files=("transform/historia_envios", "transform/hecho_envios"),
        integrates=("envios",),
        touches_other_months=True,
    ),
)
OTHER_FACTS = (
    Step("transform/hecho_pagos", Scope.TOUCHED_DAYS, integrates=("pagos_venta",)),
    Step("transform/hecho_contactos", Scope.TOUCHED_DAYS, integrates=("contactos_campania",)),
    Step("transform/hecho_stock", Scope.TOUCHED_DAYS, integrates=("movimientos_stock",)),
    Step("transform/hecho_saldos", Scope.TOUCHED_DAYS, integrates=("saldos",)),
    Step(
        "transform/historia_creditos",
        Scope.TOUCHED_DAYS,
        files=tuple(f"transform/historia_{entity}" for entity in CREDIT),
        integrates=CREDIT,
        touches_other_months=True,
    ),
)
MONTHLY_SUMS = Step(
    "build_view/gasto_mensual",
    Scope.EACH_BATCH,
    files=("build_view/gasto_mensual", "build_view/cuenta_mensual"),
    summarizes=("transacciones", "saldos"),
)
AT_A_DAY = (
    "build_view/prestamo_al_corte",
    "build_view/tarjeta_al_corte",
    "build_view/resumen_al_corte",
    "build_view/parte_de_credito",
    "build_view/credito_al_corte",
)
"""What is owed on the days of `corte`."""
CLIENTE_360 = Step(
    "build_view/cliente_360_historico",
    Scope.BUSINESS_DAY,
    files=(
        "build_view/borrado_de_verificaciones",
        "build_view/corte_calculado",
        "build_view/cuenta_de_cliente",
        "build_view/gasto_de_cuenta",
        "build_view/gasto_observado",
        "build_view/saldo_entregado",
        "build_view/saldo_de_cuenta",
        "build_view/saldo_de_cliente",
        "build_view/cliente_banca",
        "build_view/cliente_compras",
        "build_view/cliente_rfm",
        "build_view/cliente_comercio",
        "build_view/cliente_duplicado",
        "build_view/corte_del_dia",
        *AT_A_DAY,
        "build_view/cliente_credito",
        "build_view/cliente_360_historico",
    ),
)
ANSWERS_ON_SALES = (
    Step("build_view/productos_mas_vendidos", Scope.BUSINESS_DAY),
    Step("build_view/clientes_nuevos_recurrentes", Scope.BUSINESS_DAY),
    Step(
        "build_view/rentabilidad_mensual",
        Scope.BUSINESS_DAY,
        files=(
            "build_view/envio_mensual",
            "build_view/categoria_vendida",
            "build_view/categoria_mensual",
            "build_view/rentabilidad_mensual",
        ),
    ),
    Step(
        "build_view/ventas_por_canal",
        Scope.BUSINESS_DAY,
        files=("build_view/canal_mensual", "build_view/ventas_por_canal"),
    ),
    Step("build_view/medios_de_pago", Scope.BUSINESS_DAY),
)
ANSWERS_ON_LOGISTICS = (
    Step("build_view/stock_mensual", Scope.TOUCHED_DAYS, summarizes=("movimientos_stock",)),
    Step("build_view/rotacion_stock", Scope.BUSINESS_DAY),
    Step(
        "build_view/demoras_logisticas",
        Scope.BUSINESS_DAY,
        files=("build_view/entrega_contada", "build_view/demoras_logisticas"),
    ),
    Step("build_view/tiempos_pedidos", Scope.BUSINESS_DAY),
)
ANSWERS_ON_CUSTOMERS = (
    Step(
        "build_view/impacto_campanias",
        Scope.BUSINESS_DAY,
        files=("build_view/campania_por_grupo", "build_view/impacto_campanias"),
    ),
    Step(
        "build_view/distribucion_geografica",
        Scope.BUSINESS_DAY,
        files=("build_view/clientes_por_provincia", "build_view/distribucion_geografica"),
    ),
    Step(
        "build_view/riesgo_crediticio",
        Scope.BUSINESS_DAY,
        files=("build_view/cortes_de_mes", *AT_A_DAY, "build_view/riesgo_crediticio"),
    ),
)
VIEWS = Step("build_view/vistas", Scope.ONCE)

IN_ORDER = (
    RATES,
    *DIMENSIONS,
    TRANSACTIONS,
    *ORDERS,
    *OTHER_FACTS,
    MONTHLY_SUMS,
    CLIENTE_360,
    *ANSWERS_ON_SALES,
    *ANSWERS_ON_LOGISTICS,
    *ANSWERS_ON_CUSTOMERS,
    VIEWS,
)
"""All steps, each after those that it needs."""
BY_NAME = {step.name: step for step in IN_ORDER}
