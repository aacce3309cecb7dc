-- mart.cliente_360_historico, partitioned by month of fecha_corte.
-- Grain: one row per customer who is one at the end of the day fecha. Inputs: cliente_banca, cliente_comercio,
-- cliente_duplicado, cliente_credito, saldo_de_cliente, all of this transaction.

delete from mart.cliente_360_historico
where fecha_corte = %(fecha)s::date;

insert into mart.cliente_360_historico (
    cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento,
    origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos,
    compras_12m, monto_compras_12m, ticket_promedio, primera_compra, ultima_compra, dias_sin_comprar, tipo_comprador,
    segmento_rfm, categoria_favorita, entregas_demoradas_pct, contactos_campania_12m, fecha_corte,
    monto_devuelto_12m, monto_neto_12m, posible_duplicado_de, medio_pago_preferido, pais,
    ingresos_totales_promedio, egresos_totales_promedio, ahorro_promedio,
    deuda_total, cuota_sobre_ingreso, uso_de_limite, dias_mora_max, situacion, productos,
    saldo_total, saldo_minimo_90d
)
select
    banca.cliente_id,
    banca.nombre,
    banca.edad,
    banca.provincia,
    banca.ingresos_mensuales,
    banca.gasto_mensual_promedio,
    banca.score_endeudamiento,
    banca.origen_ingresos,
    banca.meses_observados,
    banca.ocupacion,
    banca.antiguedad_meses,
    banca.segmento_ingresos,
    comercio.compras_12m,
    comercio.monto_compras_12m,
    comercio.ticket_promedio,
    comercio.primera_compra,
    comercio.ultima_compra,
    comercio.dias_sin_comprar,
    comercio.tipo_comprador,
    comercio.segmento_rfm,
    comercio.categoria_favorita,
    comercio.entregas_demoradas_pct,
    comercio.contactos_campania_12m,
    %(fecha)s::date as fecha_corte,
    comercio.monto_devuelto_12m,
    comercio.monto_neto_12m,
    duplicado.posible_duplicado_de,
    comercio.medio_pago_preferido,
    banca.pais,
    banca.ingresos_totales_promedio,
    banca.egresos_totales_promedio,
    banca.ahorro_promedio,
    credito.deuda_total,
    credito.cuota_sobre_ingreso,
    credito.uso_de_limite,
    credito.dias_mora_max,
    credito.situacion,
    credito.productos,
    saldo.saldo_total,
    saldo.saldo_minimo_90d
from cliente_banca as banca
inner join cliente_comercio as comercio
    on banca.cliente_id = comercio.cliente_id
inner join cliente_credito as credito
    on banca.cliente_id = credito.cliente_id
left join cliente_duplicado as duplicado
    on banca.cliente_id = duplicado.cliente_id
left join saldo_de_cliente as saldo
    on banca.cliente_id = saldo.cliente_id;
