"""The warehouse in PostgreSQL: tables, migrations, locks, ownership, and what may be shown of its errors."""
