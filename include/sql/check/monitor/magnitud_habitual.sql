-- The amounts of each column are about as large as on the same day of the week and at the same time of the month
-- before. What comes in cents, or in another currency, is not. Checks the last seven days that the run touched.

select
    count(*) as hallazgos,
    min(
        columna || ' of ' || entidad || ' of ' || fecha || ': usually '
        || case
            when valor < mediana then round(power(10, mediana - valor), 1) || ' times as large'
            else round(power(10, valor - mediana), 1) || ' times smaller'
        end
    ) as ejemplo
from control.unusual_measures('magnitud', %(ultimos_dias)s::date[]);
