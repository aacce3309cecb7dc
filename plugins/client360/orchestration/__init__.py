"""All code that knows Airflow, except for the page."""
