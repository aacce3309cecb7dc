-- corte, for this transaction: the days as of which credit is looked at. Grain: one row, the day fecha.

create temporary table corte on commit drop as
select
    %(fecha)s::date as corte,
    dw.mes(%(fecha)s::date) as mes;
