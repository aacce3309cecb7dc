-- Lets the index of deliveries know the rows that came since it was last told.

select control.summarize_new_ranges(%(indice)s::text) as rangos;
