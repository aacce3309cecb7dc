-- control.cortes: what the day fecha is computed with, for those who explain it afterwards.
-- Grain: one row per business day.

delete from control.cortes
where fecha_corte = %(fecha)s::date;

insert into control.cortes (fecha_corte, inicio, pais, entidades)
values (%(fecha)s::date, %(inicio)s::date, %(pais)s, %(entidades)s::text[]);
