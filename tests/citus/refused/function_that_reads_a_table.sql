create function control.dias(entidad_pendiente text) returns table (fecha date)
language sql stable
as $$
select cargas.fecha from control.cargas as cargas where cargas.entidad = entidad_pendiente
$$;

select count(*) from dw.hecho_ventas inner join control.dias('ventas') as dia on hecho_ventas.fecha = dia.fecha;
