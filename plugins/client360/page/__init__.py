"""The page "Client 360" in Airflow: the result of a business day, for users who may see the DAG's runs.

Such users may not be allowed to see customers, so the page shows none: only counts, sums over many, and checks, whose examples
name no customer. The CSV files hold personal data; users who may also trigger the DAG can download them.
"""
