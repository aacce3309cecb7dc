-- Customers as of the day. Grain: one row per customer.
select
    cliente_id,
    nombre,
    edad,
    provincia,
    ingresos_mensuales,
    gasto_mensual_promedio,
    score_endeudamiento,
    origen_ingresos,
    meses_observados,
    ocupacion,
    antiguedad_meses,
    segmento_ingresos,
    compras_12m,
    monto_compras_12m,
    ticket_promedio,
    primera_compra,
    ultima_compra,
    dias_sin_comprar,
    tipo_comprador,
    segmento_rfm,
    categoria_favorita,
    entregas_demoradas_pct,
    contactos_campania_12m,
    fecha_corte
from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date
order by cliente_id
