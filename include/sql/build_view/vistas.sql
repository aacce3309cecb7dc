-- The views that people read: for every relation of mart that has rows of each business day, <name>_historico, the view
-- <name> shows those of the newest day that passed all checks that stop a run, mart.dia_publicado.

do $$
declare
    vista record;
begin
    for vista in
        select
            'dia_publicado' as nombre,
            'select max(dia) as fecha_corte from mart.dias_publicados() as dia' as consulta,
            0 as orden
        union all
        select
            left(relname, -length('_historico')),
            'select * from mart.' || quote_ident(relname)
            || ' where fecha_corte = (select dia.fecha_corte from mart.dia_publicado as dia)',
            1
        from pg_class
        where
            relnamespace = 'mart'::regnamespace
            and relkind in ('r', 'p')
            and right(relname, length('_historico')) = '_historico'
        order by orden, nombre
    loop
        execute 'create temporary view vista_nueva as ' || vista.consulta;
        -- a view that is as it should be is not replaced, which would wait for everybody who reads it
        if
            to_regclass('mart.' || quote_ident(vista.nombre)) is null
            or pg_get_viewdef('vista_nueva'::regclass)
            <> pg_get_viewdef(to_regclass('mart.' || quote_ident(vista.nombre)))
        then
            execute 'create or replace view mart.' || quote_ident(vista.nombre) || ' as ' || vista.consulta;
        end if;
        drop view vista_nueva;
    end loop;
end
$$;
