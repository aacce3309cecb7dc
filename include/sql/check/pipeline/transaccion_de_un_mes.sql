-- No two months share a transaccion_id among the movements of the days that the run touched. The ids of a customer and
-- month lie between a first and a last one. Where no such range reaches into one of another month, no id is in both,
-- and none is compared: in order of their first ids, between two that do there are neighbours that do, of two months.

with rango as (
    select
        dw.mes(fecha) as mes,
        min(transaccion_id) as primera,
        max(transaccion_id) as ultima
    from dw.hecho_transacciones
    where fecha = any(%(dias)s::date[])
    group by cliente_id, dw.mes(fecha)
),

vecino as (
    select
        mes,
        primera,
        lag(mes) over (order by primera) as mes_anterior,
        max(ultima) over (order by primera rows between unbounded preceding and 1 preceding) as ultima_anterior
    from rango
),

repetida as (
    select transaccion_id
    from dw.hecho_transacciones
    where
        fecha = any(%(dias)s::date[])
        and exists (
            select 1
            from vecino
            where vecino.mes <> vecino.mes_anterior and vecino.primera <= vecino.ultima_anterior
        )
    group by transaccion_id
    having dw.mes(min(fecha)) <> dw.mes(max(fecha))
)

select
    count(*) as hallazgos,
    min(transaccion_id) as ejemplo
from repetida;
