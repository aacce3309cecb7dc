# The dashboard uses the same base image, to share its layers, and has its own requirements.
FROM apache/airflow:slim-3.3.2-python3.13 AS dashboard

COPY requirements-dashboard.in constraints.txt /
RUN uv pip install --no-cache --compile-bytecode --requirements /requirements-dashboard.in --constraints /constraints.txt
ENV PYTHONPATH=/opt/airflow
COPY --chown=airflow:root reading /opt/airflow/reading
COPY --chown=airflow:root dashboard /opt/airflow/dashboard

# So do the notebooks; people save their own in work/, a volume.
FROM apache/airflow:slim-3.3.2-python3.13 AS notebook

COPY requirements-notebook.in constraints.txt /
RUN uv pip install --no-cache --compile-bytecode --requirements /requirements-notebook.in --constraints /constraints.txt
ENV PYTHONPATH=/opt/airflow:/opt/airflow/notebooks CLIENT360_DATA=/opt/airflow/data
COPY --chown=airflow:root reading /opt/airflow/reading
COPY --chown=airflow:root notebooks /opt/airflow/notebooks
RUN mkdir --mode=775 /opt/airflow/notebooks/work

FROM apache/airflow:slim-3.3.2-python3.13 AS airflow

COPY requirements.txt /
RUN uv pip install --no-cache --compile-bytecode --requirements /requirements.txt

ENV PYTHONPATH=/opt/airflow:/opt/airflow/plugins CLIENT360_DATA=/opt/airflow/data
COPY --chown=airflow:root include /opt/airflow/include
COPY --chown=airflow:root reading /opt/airflow/reading
COPY --chown=airflow:root plugins /opt/airflow/plugins
COPY --chown=airflow:root dags /opt/airflow/dags
RUN python -m compileall -q /opt/airflow/plugins /opt/airflow/reading
