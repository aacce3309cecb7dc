# Everything people do with client360. `make help` lists it.

ifeq ($(OS),Windows_NT)
$(error client360: Windows itself has no place for make: run it in WSL2, or use Docker Desktop; docs/windows.md)
endif

# What is given with make reaches programs as typed, in the environment: recipes say "$$NAME", never $(NAME), which make or the shell
# would run. This comes before all else, because make hands expanded variables on to every program that it starts.
GIVEN := $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name)))
$(foreach name,$(GIVEN),$(eval override export $(name) := $$(value $(name))))
READ := ANONIMO ARGS BACKUP CHART CHECK CLIENTE CLIENTES COLUMNA CONSERVAR CSV DESDE ENTRADA FAULTS FECHA FILE FORMATOS FUENTE HASTA INICIO \
	INTERVENCION LIMPIAR LISTA MESSAGE NAME ONLY OVERWRITE PORT PYTHON RECALCULAR REEMPLAZAR REMOVE SEED SEMILLA SQL SUCIEDAD SUITE \
	UMBRAL VOLUMES CLIENT360_% AIRFLOW_% STREAMLIT_% $(shell sed -n 's/^\#* *\([A-Z0-9_]*\)=.*/\1/p' .env.example 2> /dev/null)
$(foreach name,$(filter-out $(READ),$(GIVEN)),$(error client360: nothing here reads $(name): make help lists what does. \
	What is for another program comes before make: $(name)=... make))
# the environment may have those that make itself reads here; WSL sets NAME to the machine's
$(foreach name,ONLY SUITE VOLUMES,$(if $(filter environment,$(origin $(name))),$(eval $(name) := $$(value $(name)))))
ifeq ($(origin NAME),environment)
unexport NAME
endif

PY := .venv/bin/python
# scripts of .venv would hold the path at which it was made; text is UTF-8 whatever the language of the shell
LOCAL := PYTHONUTF8=1 PYTHONPATH=plugins:notebooks:. $(PY) -m tools.local
SQL_FOLDERS := include reading tools tests
WORLD := "--clientes=$$CLIENTES" "--inicio=$$INICIO" "--semilla=$$SEMILLA" "--reemplazar=$$REEMPLAZAR" "--anonimo=$$ANONIMO" \
	"--intervencion=$$INTERVENCION" "--suciedad=$$SUCIEDAD" "--fuente=$$FUENTE" "--entrada=$$ENTRADA" "--umbral=$$UMBRAL" \
	"--recalcular=$$RECALCULAR" "--conservar=$$CONSERVAR" "--limpiar=$$LIMPIAR" "--formatos=$$FORMATOS"

LIST := awk -F ':.*\#\# ' '/^[a-z-]+:.*\#\# / {printf "  make %-10s %s\n", $$1, $$2}'

.DEFAULT_GOAL := help
.PHONY: help run backfill truth feed withdraw ui dashboard notebook report psql explain check airflow alert backup restore erase leftovers logs
.PHONY: up down test test-citus test-faults test-helm lint format metrics realism strengths monitors bench erd contract migration lock clean

help: ## list the targets
	@$(LIST) Makefile
	@echo
	@echo "  on the stack in Docker where it runs, else on the embedded one:"
	@$(LIST) $(STACK)/stack.mk
	@echo
	@echo "  run, backfill: CLIENTES=1000 INICIO=2025-01-01 SEMILLA=42 REEMPLAZAR=0 ANONIMO=0; data go to CLIENT360_DATA (data)"
	@echo "  FORMATOS=\"excel csv_regional parquet\" also publishes a workbook, CSV with ; and decimal commas, Parquet, or some of them"
	@echo "  INTERVENCION=campania:K25010 makes the twin of a world in which that is not sent; also precio:, deposito:, demoras"
	@echo "  SUCIEDAD=0.02 corrupts that share of the rows on purpose, and grades what the pipeline rejects"
	@echo "  your own CSV files instead of a simulated world: FUENTE=feed ENTRADA=folder UMBRAL=5 (% of rejected rows that stops it)"
	@echo "  RECALCULAR=1 judges all of them anew, also where none has changed"
	@echo "  CONSERVAR=13 removes published days older than 13 months, but for the last of each month; LIMPIAR=1 loaded landing files"

# In Docker where the stack runs there (`make up` writes .env), unless CLIENT360_LOCAL names an embedded one.
# Both files define the same targets: backfill, dashboard, notebook, psql, explain, check, withdraw, leftovers, backup, restore, erase, alert,
# airflow, logs.
STACK := $(shell test -e .env -a -z "$$CLIENT360_LOCAL" && docker compose ps --quiet --status running postgres 2> /dev/null \
	| grep -q . && echo docker || echo tools/local)
include $(STACK)/stack.mk

run: .venv/.installed ## run the DAG for FECHA (the last complete day) on an embedded PostgreSQL
	@$(LOCAL) run "--fecha=$$FECHA" $(WORLD)

truth: .venv/.installed ## write what is true in a simulated world, and what its rows do not tell, as CSV and Parquet: data/verdad
	@$(LOCAL) truth "--fecha=$$FECHA" $(WORLD)

feed: .venv/.installed ## draft a feed of your own CSV files, for you to complete: NAME=my_feed ENTRADA=folder
	@$(LOCAL) feed "--name=$$NAME" "--entrada=$$ENTRADA"

ui: .venv/.installed ## Airflow in a browser, on PORT (8080), until Ctrl-C
	@$(LOCAL) ui "--port=$$PORT"

report: .venv/.notebook ## render the notebooks of FECHA (the newest published day) as HTML, beside its CSV files
	@$(LOCAL) report "--fecha=$$FECHA"

up: .engine ## start the stack in Docker, on 127.0.0.1: PostgreSQL, Airflow and its schedule; .env configures it
	@docker/prepare
	@docker/pin keep
	@docker compose up --build --detach --wait --remove-orphans || { docker compose logs --tail 25 init; docker compose ps --all; \
		echo "client360: the stack in Docker is not healthy: see above, and make logs" >&2; exit 1; }
	@echo "Airflow is at http://$$(docker compose port api-server 8080): user admin, password: grep ADMIN_PASSWORD .env"

pin: .engine ## download the newest images of the stack, and have all later `make up` use these: docker/images.lock has their digests
	@docker/prepare
	@docker/pin

down: ## stop the stack in Docker; VOLUMES=1 also removes its database and logs, after asking
	@test "$$VOLUMES" != 1 || { printf "The database and the logs in Docker will be gone; data stays. Type yes: "; \
		read answer && test "$$answer" = yes; }
	@docker compose --profile "*" down --remove-orphans $(if $(filter 1,$(VOLUMES)),--volumes)

# what a suite of tests needs on top; pytest shares the others among processes
NEEDS_OF_notebooks := .venv/.notebook
NEEDS_OF_browser := .venv/.dashboard .venv/.browser
NEEDS_OF_docker := .engine .venv/.browser
OPTIONS_OF_ := -m "not long"
OPTIONS_OF_long := -m long
OPTIONS_OF_notebooks := --numprocesses=0
OPTIONS_OF_browser := --numprocesses=0
OPTIONS_OF_docker := --numprocesses=0 --verbose --exitfirst

test: .venv/.installed $(NEEDS_OF_$(SUITE)) ## run the tests; SUITE=long|local|notebooks|browser|docker runs those that take minutes; ARGS="-k word"
	@PYTEST_ADDOPTS="$$PYTEST_ADDOPTS $$ARGS" $(PY) -m pytest $(if $(filter-out long,$(SUITE)),"tests/$$SUITE") $(OPTIONS_OF_$(SUITE))

test-citus: .venv/.installed ## run the tests on a cluster: CLIENT360_CITUS=postgresql://... names a database, whose schemas they drop
	@test -n "$$CLIENT360_CITUS" || { echo "client360: CLIENT360_CITUS names no database of a cluster" >&2; exit 1; }
	@PYTEST_ADDOPTS="$$PYTEST_ADDOPTS $$ARGS" $(PY) -m pytest tests/citus --numprocesses=0

test-faults: .engine .venv/.installed ## break the stack in Docker FAULTS=40 times at random moments, drawn by SEED=1, and write docs/faults.md
	@PYTEST_ADDOPTS="$$PYTEST_ADDOPTS $$ARGS" $(PY) -m pytest tests/faults --numprocesses=0 --verbose

test-helm: .venv/.installed ## render helm/values.yaml with Airflow's chart: CHART names it, a folder, an archive or a chart of a repository
	@test -n "$$CHART" || { echo "client360: CHART names no chart: helm repo add it, then CHART=apache-airflow/airflow" >&2; exit 1; }
	@CLIENT360_CHART="$$CHART" PYTEST_ADDOPTS="$$PYTEST_ADDOPTS $$ARGS" $(PY) -m pytest tests/helm --numprocesses=0

lint: .venv/.dashboard .venv/.notebook ## check style, types and imports of Python, and style of SQL
	@$(PY) -m ruff check
	@$(PY) -m ruff format --check
	@$(PY) -m mypy
	@PYTHONPATH=plugins $(PY) -c 'from importlinter.cli import lint_imports_command as lint; lint()' --no-logo --no-cache
	@$(PY) -m sqlfluff lint $(SQL_FOLDERS)

format: .venv/.notebook ## format Python and SQL, and clear the outputs of notebooks
	@$(PY) -m ruff check --fix
	@$(PY) -m ruff format
	@$(PY) -m nbconvert --log-level=ERROR --clear-output --inplace notebooks/*.ipynb
	@$(PY) -m sqlfluff fix $(SQL_FOLDERS)

metrics: .venv/.installed ## measure the code: lines of functions, files and SQL, circular imports, what the image holds
	@PYTHONPATH=plugins:. $(PY) -m tools.metrics

realism: .venv/.installed ## compare a generated world with what world.yaml declares
	@PYTHONPATH=plugins:. $(PY) -m proof.realism

strengths: .venv/.installed ## estimate the declared strengths of causes in 40 worlds, and count the intervals that hold them
	@PYTHONPATH=plugins:. $(PY) -m proof.strengths

monitors: .venv/.installed ## measure how often the monitors warn of clean worlds, and how many corrupted days they notice
	@PYTHONPATH=plugins:. $(PY) -m tools.monitors

bench: $(if $(filter docker,$(ONLY)),.engine) .venv/.bench .venv/.dashboard .venv/.browser ## measure each step beside its bare minimum; ONLY=generate|coherence|load|steps|months|plans|feeds|daily|growth|newest|whole|dashboard|docker
	@PYTHONPATH=plugins:tests/local:tests/docker $(PY) -m bench "$$ONLY"

erd: .venv/.installed ## draw docs/erd.md, the star schema, from the models
	@PYTHONPATH=plugins $(PY) docs/erd.py

contract: .venv/.installed ## draw docs/contract.md, the columns that a feed can provide, from the models
	@PYTHONPATH=plugins:. $(PY) docs/contract.py

migration: .venv/.installed ## draft the revision that changed models need: MESSAGE="what changes"; read it before you commit it
	@$(LOCAL) migration "--message=$$MESSAGE"
	@$(PY) -m ruff check --quiet --fix plugins/client360/warehouse/migrations && $(PY) -m ruff format --quiet plugins/client360/warehouse/migrations

lock: .venv/.installed ## resolve the requirements anew: requirements.txt for the DAG, constraints.txt for all else
	@$(LOCK) requirements.in --output-file requirements.txt
	@$(LOCK) --constraints requirements.txt requirements-*.in --output-file constraints.txt

clean: ## remove the virtual environment, the embedded database and the caches; keep data
	@-test ! -x $(PY) || CLIENT360_LOCAL= $(LOCAL) clean
	@rm -rf .venv .local .mypy_cache .ruff_cache .pytest_cache .hypothesis

# The virtual environment: what the DAG needs, and on top of it what one purpose needs, when it is first needed.
# jsonschema imports rfc3987-syntax where it is installed, which would slow the start of every Airflow process by a second.
USABLE := import ensurepip, sys; sys.exit(not (3, 10) <= sys.version_info < (3, 14))
INSTALL := echo rfc3987-syntax | $(PY) -m uv pip install --quiet --python $(PY) --constraints constraints.txt --excludes -
LOCK := $(PY) -m uv pip compile --quiet --universal --python-version 3.10 --generate-hashes --upgrade

# A Python that was updated or removed since leaves a .venv that starts no more, which is made anew.
$(PY): | .path
	@set -- "$$PYTHON"; test -n "$$PYTHON" || set -- python3 python3.13 python3.12 python3.11 python3.10; \
	for python; do "$$python" -c '$(USABLE)' 2> /dev/null && exec "$$python" -m venv --clear .venv; done; \
	echo "client360: there is no Python 3.10 to 3.13: install one, or name it: make PYTHON=..." >&2; exit 1

.venv/.installed: $(PY) requirements.txt requirements-dev.in constraints.txt
	@echo "client360: installing the locked requirements in .venv, once"
	@$(PY) -m pip install --quiet --disable-pip-version-check 'uv>=0.10'
	@$(INSTALL) --requirements requirements.txt --requirements requirements-dev.in
	@touch $@

.venv/.bench .venv/.browser .venv/.dashboard .venv/.notebook: .venv/.%: requirements-%.in .venv/.installed
	@$(INSTALL) --requirements $<
	@touch $@

.path: # never made; Python refuses a : late, Airflow a %, PostgreSQL a line break
	@path=$$(pwd -P; echo .); case $${path%??} in *[[:cntrl:]:%]*) \
		echo "client360: the path of this checkout has a :, a % or a line break: rename the folder that has it" >&2; exit 1 ;; esac

.engine: # never made
	@docker compose version > /dev/null 2>&1 && docker info > /dev/null 2>&1 || { \
		echo "client360: no Docker engine with compose answers here: install or start one (make run needs none)" >&2; exit 1; }
