-- One customer as of the day: the row of cliente_360, with what the dimension knows besides.
select
    perfil.cliente_id,
    perfil.nombre,
    perfil.edad,
    dim_cliente.ciudad,
    perfil.provincia,
    perfil.ocupacion,
    dim_cliente.fecha_alta,
    perfil.antiguedad_meses,
    perfil.ingresos_mensuales,
    perfil.origen_ingresos,
    perfil.meses_observados,
    perfil.segmento_ingresos,
    perfil.gasto_mensual_promedio,
    perfil.score_endeudamiento,
    perfil.compras_12m,
    perfil.monto_compras_12m,
    perfil.ticket_promedio,
    perfil.primera_compra,
    perfil.ultima_compra,
    perfil.dias_sin_comprar,
    perfil.tipo_comprador,
    perfil.segmento_rfm,
    perfil.categoria_favorita,
    perfil.entregas_demoradas_pct,
    perfil.contactos_campania_12m,
    perfil.monto_devuelto_12m,
    perfil.monto_neto_12m,
    perfil.posible_duplicado_de,
    perfil.medio_pago_preferido,
    perfil.pais,
    perfil.ingresos_totales_promedio,
    perfil.egresos_totales_promedio,
    perfil.ahorro_promedio,
    perfil.deuda_total,
    perfil.cuota_sobre_ingreso,
    perfil.uso_de_limite,
    perfil.dias_mora_max,
    perfil.situacion,
    perfil.productos,
    perfil.saldo_total,
    perfil.saldo_minimo_90d
from mart.cliente_360_historico as perfil
left join dw.dim_cliente as dim_cliente
    on
        perfil.cliente_id = dim_cliente.cliente_id
        and dim_cliente.vigente_desde <= %(fecha)s::date
        and dim_cliente.vigente_hasta > %(fecha)s::date
where
    perfil.cliente_id = %(cliente_id)s
    and perfil.fecha_corte = %(fecha)s::date
