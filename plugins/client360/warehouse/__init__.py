"""The warehouse in PostgreSQL: tables, migrations, locks, ownership, redaction of errors."""
