-- A statement is what the file of a day says of it, from that day on.

select
    resumenes._archivo,
    resumenes._linea,
    resumenes._fecha as fecha,
    resumenes.resumen as resumen_id,
    resumenes.tarjeta as tarjeta_id,
    tarjetas.socio as cliente_id,
    resumenes.total,
    resumenes.minimo,
    resumenes.pagado,
    fecha(resumenes.cierre, 'DD/MM/YYYY') as fecha_cierre,
    fecha(resumenes.vence, 'DD/MM/YYYY') as fecha_vencimiento,
    fecha(resumenes.cubierto, 'DD/MM/YYYY') as pagado_el
from crudo.resumenes as resumenes
left join crudo.tarjetas as tarjetas
    on resumenes.tarjeta = tarjetas.tarjeta
