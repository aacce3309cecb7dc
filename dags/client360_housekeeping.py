"""
### What piles up, removed by its age

Once a week, if it is switched on: rows of old runs in Airflow's database, old logs, and landing files that were loaded long ago.

**Dry first.** Without `aplicar` each task only says in its log what would go. Runs of the schedule do what `.env` says, and
without `CLIENT360_HOUSEKEEPING_APLICAR=1` they remove nothing.

**What stays.** What a run at work needs, files of a feed, published days: these go by `conservar`, at the end of each run of
`client360`.
"""

from datetime import timedelta

from airflow.sdk import DAG

from client360.orchestration import housekeeping

with DAG(
    dag_id="client360_housekeeping",
    description="Removes old rows of Airflow's database, old logs and old landing files; says only which, unless told to",
    doc_md=__doc__,
    schedule="@weekly",
    catchup=False,
    is_paused_upon_creation=True,
    max_active_runs=1,
    params=housekeeping.form(),
    default_args={
        "owner": "client360",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "execution_timeout": timedelta(hours=2),
    },
    dagrun_timeout=timedelta(hours=12),
    tags=["client360", "housekeeping"],
) as dag:
    housekeeping.metadata()
    housekeeping.task_logs()
    housekeeping.landing_files()
