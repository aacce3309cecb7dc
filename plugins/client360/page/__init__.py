"""The page "Client 360" in Airflow: what became of a business day, for the people who may see the DAG's runs.

They need not be those who may see customers, so the page shows nobody: counts, sums over many, and checks, whose examples name
no customer. The CSV files hold what the warehouse holds of people; they are for those who may also trigger the DAG.
"""
