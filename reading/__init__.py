"""What people read the warehouse with: the dashboard, the notebooks and their reports, and the page in Airflow share it.

It reads and never writes. It imports nothing of `client360`, which the images of the dashboard and the notebooks do not hold.
`warehouse`, `formats` and `questions` do without pandas, so that the page in Airflow does not load it.
"""
