-- Whether a table has rows.

select exists(
    select
    from %(tabla)s
) as hay;
