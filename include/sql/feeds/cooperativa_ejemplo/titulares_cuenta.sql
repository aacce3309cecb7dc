-- Who holds an account has a version from the first day on and, where there is a last day, another one from that on.

select
    titulares._archivo,
    titulares._linea,
    titulares.cuenta as cuenta_id,
    titulares.socio as cliente_id,
    titulares.parte as participacion,
    fecha(cambio.dia, 'DD/MM/YYYY') as fecha,
    fecha(titulares.desde, 'DD/MM/YYYY') as desde,
    case when cambio.dia = titulares.hasta then fecha(cambio.dia, 'DD/MM/YYYY') end as hasta,
    case titulares.rol
        when 'T' then 'titular'
        when 'C' then 'cotitular'
        when 'A' then 'autorizado'
        else titulares.rol
    end as rol
from crudo.titulares as titulares
cross join lateral (values (titulares.desde), (titulares.hasta)) as cambio (dia)
where cambio.dia is not null
