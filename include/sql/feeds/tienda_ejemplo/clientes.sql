-- A user is known by the number of the row, and lives at the first address.

with direccion as (
    select distinct on (usuarioid)
        usuarioid,
        ciudad,
        provincia
    from crudo.direcciones_envio
    order by usuarioid asc, _linea asc
)

select
    usuarios._archivo,
    usuarios._linea,
    usuarios.dni,
    usuarios.nombre,
    usuarios.apellido,
    usuarios.email,
    direccion.ciudad,
    direccion.provincia,
    (usuarios._linea - 1)::text as cliente_id,
    fecha(usuarios.fecharegistro, 'DD/MM/YYYY HH24:MI') as fecha,
    fecha(usuarios.fecharegistro, 'DD/MM/YYYY HH24:MI') as fecha_alta
from crudo.usuarios as usuarios
left join direccion
    on (usuarios._linea - 1)::text = direccion.usuarioid
