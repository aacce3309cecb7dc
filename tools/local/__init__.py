"""The whole stack on one machine without Docker: an embedded PostgreSQL, and Airflow in one process."""
