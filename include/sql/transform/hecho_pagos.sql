-- dw.hecho_pagos, partitioned by month.
-- Grain: one row per payment and state. Input: the days of staging.pagos_venta from desde to hasta that wait there.
-- A day that is delivered again replaces what it delivered before. Days that another run has moved on are left alone.

delete from dw.hecho_pagos as hecho_pagos
using control.cargas as dia
where
    dia.entidad = 'pagos_venta'
    and dia.capa = 'staging'
    and hecho_pagos.fecha = dia.fecha
    and hecho_pagos.fecha between %(desde)s::date and %(hasta)s::date;

insert into dw.hecho_pagos (cliente_id, fecha, pago_id, estado, venta_id, metodo_pago, cuotas, monto, momento)
select
    cliente_id,
    fecha,
    pago_id,
    estado,
    venta_id,
    metodo_pago,
    cuotas,
    monto,
    momento
from staging.pagos_venta
where fecha between %(desde)s::date and %(hasta)s::date;
