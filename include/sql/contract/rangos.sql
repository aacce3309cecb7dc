-- Lets the index of deliveries know the rows that came since it was last told; it is not as they come.

select brin_summarize_new_values(to_regclass(%(indice)s::text)) as rangos;
