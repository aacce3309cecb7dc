"""Shared read access to the warehouse, for the dashboard, the notebooks and the page in Airflow.

It never writes. It imports nothing of `client360`, which the images of the dashboard and the notebooks do not contain.
`warehouse`, `formats` and `questions` do without pandas, so that the page in Airflow does not load it.
"""
