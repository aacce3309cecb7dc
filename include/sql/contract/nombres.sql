-- Where names without a schema are looked up, until the transaction ends.

select set_config('search_path', %(esquemas)s::text, true);
