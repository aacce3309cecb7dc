"""Housekeeping: what is removed by its age, once a week or on request: Airflow's old rows and logs.

Old landing files are those of `publish/retention.py`, as published days are.
"""
