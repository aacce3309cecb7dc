"""One run of the DAG in this process, with progress a person can read; Airflow's own log goes to a file."""
