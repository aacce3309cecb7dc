-- control.verificaciones: without the results of the checks of fecha, which judged the rows that are about to be
-- replaced.

delete from control.verificaciones
where fecha_corte = %(fecha)s::date;
