-- The views that people read: for every relation of mart that has rows of each business day, <name>_historico, the view
-- <name> shows those of the newest day that passed all checks that stop a run, mart.dia_publicado.

create or replace view mart.dia_publicado as
select max(dia) as fecha_corte
from mart.dias_publicados() as dia;

do $$
declare
    nombre text;
begin
    for nombre in
        select left(relname, -length('_historico'))
        from pg_class
        where
            relnamespace = 'mart'::regnamespace
            and relkind in ('r', 'p')
            and right(relname, length('_historico')) = '_historico'
        order by relname
    loop
        execute
            'create or replace view mart.' || quote_ident(nombre) || ' as select * from mart.'
            || quote_ident(nombre || '_historico')
            || ' where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia)';
    end loop;
end
$$;
