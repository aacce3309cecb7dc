# Root owns the code, so that who runs it can not change it.
# The dashboard uses the same base image, to share its layers, and has its own requirements.
FROM apache/airflow:slim-3.3.2-python3.13 AS dashboard

COPY requirements-dashboard.in constraints.txt /
RUN uv pip install --no-cache --compile-bytecode --requirements /requirements-dashboard.in --constraints /constraints.txt
ENV PYTHONPATH=/opt/airflow
COPY reading /opt/airflow/reading
COPY dashboard /opt/airflow/dashboard
USER root
RUN chmod -R a+rX,go-w /opt/airflow/reading /opt/airflow/dashboard
USER airflow

# So do the notebooks; people save their own in work/, a volume.
FROM apache/airflow:slim-3.3.2-python3.13 AS notebook

COPY requirements-notebook.in constraints.txt /
RUN uv pip install --no-cache --compile-bytecode --requirements /requirements-notebook.in --constraints /constraints.txt
ENV PYTHONPATH=/opt/airflow:/opt/airflow/notebooks CLIENT360_DATA=/opt/airflow/data
COPY reading /opt/airflow/reading
COPY notebooks /opt/airflow/notebooks
USER root
RUN chmod -R a+rX,go-w /opt/airflow/reading /opt/airflow/notebooks && mkdir --mode=775 /opt/airflow/notebooks/work
USER airflow

FROM apache/airflow:slim-3.3.2-python3.13 AS airflow

COPY requirements.txt /
RUN uv pip install --no-cache --compile-bytecode --requirements /requirements.txt

ENV PYTHONPATH=/opt/airflow:/opt/airflow/plugins CLIENT360_DATA=/opt/airflow/data
COPY include /opt/airflow/include
COPY reading /opt/airflow/reading
COPY plugins /opt/airflow/plugins
COPY dags /opt/airflow/dags
USER root
RUN chown root:root /opt/airflow/dags && \
    chmod -R a+rX,go-w /opt/airflow/include /opt/airflow/reading /opt/airflow/plugins /opt/airflow/dags && \
    python -m compileall -q /opt/airflow/plugins /opt/airflow/reading
USER airflow
