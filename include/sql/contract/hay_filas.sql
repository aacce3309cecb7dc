-- Whether a table has rows.

select exists(
    select
    from %(filas)s
) as hay;
