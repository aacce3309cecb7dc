"""Feeds whose SELECTs go row by row, join other files, read lookups, and compare rows with others, which belong together."""

from dataclasses import replace

from raw_feed import CONTRACT

TAKEN_FROM_ORDERS = replace(
    CONTRACT,
    mapping=CONTRACT.mapping
    | {
        "detalle_ventas": """
            select d._archivo, d._linea, d.venta_id, d.linea, v.fecha, v.cliente_id, d.producto_id, d.cantidad,
                d.precio_unitario, d.descuento
            from crudo.detalle_ventas as d
            left join (select distinct on (venta_id) * from crudo.ventas order by venta_id, _archivo, _linea) as v
                on d.venta_id = v.venta_id
        """,
        "transacciones": """
            select _archivo, _linea, transaccion_id, fecha, cliente_id, tipo_transaccion, monto, venta_id
            from crudo.transacciones
            where monto <> 'x'
        """,
    },
    left_out="select _archivo, _linea from crudo.transacciones where monto = 'x' or fecha = '2025-01-01'",
)
WITH_LOOKUPS = replace(
    CONTRACT,
    files=CONTRACT.files
    | {
        "campanias": CONTRACT.files["campanias"].model_copy(update={"lookup": True}),
        "zonas": CONTRACT.files["productos"].model_copy(update={"lookup": True, "name": "zonas_*.csv"}),
    },
    mapping=CONTRACT.mapping
    | {
        "clientes": """
            select c._archivo, c._linea, c.cliente_id, c.fecha, coalesce(max(z.region), c.provincia) as provincia,
                c.fecha_alta, c.fecha_baja
            from crudo.clientes as c left join crudo.zonas as z on c.provincia = z.provincia
            group by c._archivo, c._linea, c.cliente_id, c.fecha, c.provincia, c.fecha_alta, c.fecha_baja
        """,
        "ventas": """
            select v._archivo, v._linea, v.venta_id, v.fecha, v.fecha_venta, v.cliente_id, v.metodo_pago,
                coalesce(z.region, v.provincia_envio) as provincia_envio, v.campania_id, v.estado, v.total
            from crudo.ventas as v
            left join (select provincia, min(region) as region from crudo.zonas group by provincia) as z
                on v.provincia_envio = z.provincia
        """,
    },
)
BY_ORDER = replace(
    CONTRACT,
    mapping=CONTRACT.mapping
    | {
        "ventas": """
            select _archivo, _linea, venta_id, min(fecha) over orden as fecha, min(fecha_venta) over orden as fecha_venta,
                cliente_id, metodo_pago, provincia_envio, campania_id, estado, total
            from crudo.ventas
            window orden as (partition by venta_id)
        """,
        "detalle_ventas": """
            select d._archivo, d._linea, d.venta_id, v.fecha, v.cliente_id, d.producto_id, d.cantidad, d.precio_unitario,
                d.descuento, row_number() over (partition by d.venta_id order by d._archivo, d._linea) as linea
            from crudo.detalle_ventas as d
            left join (select distinct on (venta_id) * from crudo.ventas order by venta_id, _archivo, _linea) as v
                on d.venta_id = v.venta_id
            where d.cantidad <> '2'
        """,
        "transacciones": """
            select _archivo, _linea, row_number() over (partition by _archivo order by _linea) as transaccion_id, fecha,
                cliente_id, tipo_transaccion, monto, venta_id
            from crudo.transacciones
        """,
        "envios": """
            select _archivo, _linea, venta_id, fecha, cliente_id, deposito, estado, fecha_despacho, fecha_prometida,
                fecha_entrega, costo_envio
            from crudo.envios as e
            where not exists (
                select from crudo.envios as o where o.venta_id = e.venta_id and (o._archivo, o._linea) < (e._archivo, e._linea)
            )
        """,
    },
    left_out="""
        select distinct on (venta_id, estado) _archivo, _linea
        from crudo.envios order by venta_id, estado, _archivo desc, _linea
    """,
    together={
        "ventas": {"ventas": ("venta_id",)},
        "detalle_ventas": {"detalle_ventas": ("venta_id",), "ventas": ("venta_id",)},
        "transacciones": {"transacciones": ("_archivo",)},
        "envios": {"envios": ("venta_id",)},
        "descartes": {"envios": ("venta_id", "estado")},
    },
)
LISTED = CONTRACT.files["clientes"].model_copy(
    update={"name": "clientes_*_{%Y-%m-%d}.csv", "absent": "closed", "absent_limit": 100}
)
FULL_LISTS = replace(
    CONTRACT,
    files=CONTRACT.files | {"clientes": LISTED},
    mapping=CONTRACT.mapping
    | {
        "clientes": """
            select _archivo, _linea, cliente_id, case provincia when 'Jujuy' then fecha else _fecha::text end as fecha,
                provincia, fecha_alta, fecha_baja
            from crudo.clientes
        """
    },
)
FEW_MISSING = replace(FULL_LISTS, files=FULL_LISTS.files | {"clientes": LISTED.model_copy(update={"absent_limit": 60})})
LISTS_BY_CUSTOMER = replace(
    FULL_LISTS,
    mapping=CONTRACT.mapping
    | {
        "clientes": """
            select _archivo, _linea, case when bool_and(provincia <> 'Atlantis') over cliente then cliente_id end as cliente_id,
                case when _fecha > min(_fecha) over cliente then _fecha::text else fecha_alta end as fecha, provincia,
                fecha_alta, fecha_baja
            from crudo.clientes
            window cliente as (partition by cliente_id)
        """
    },
    together={"clientes": {"clientes": ("cliente_id",)}},
)
FEEDS = {
    "row by row": CONTRACT,
    "taken from orders": TAKEN_FROM_ORDERS,
    "with lookups": WITH_LOOKUPS,
    "by order": BY_ORDER,
    "full lists": FULL_LISTS,
    "lists with few missing": FEW_MISSING,
    "lists by customer": LISTS_BY_CUSTOMER,
}
