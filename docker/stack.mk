# The targets that act on a stack, on the one in Docker. `make report` reads the data folder of that stack.

ifeq ($(value CLIENT360_DATA),)
report: export CLIENT360_DATA := $(shell sed -n 's/^CLIENT360_DATA=//p' .env)
endif

backfill: ## have the scheduler run each day from DESDE to HASTA
	@docker/backfill

dashboard: ## the dashboard in a browser
	@docker compose up --build --detach --wait dashboard
	@echo "The dashboard is at http://$$(docker compose port dashboard 8501)"

notebook: ## the notebooks in JupyterLab
	@docker compose up --build --detach --wait notebook
	@echo "JupyterLab is at http://$$(docker compose port notebook 8888)/lab, token: grep NOTEBOOK_PASSWORD .env"

psql: ## the warehouse in psql, as the role that only reads; SQL="select ..." runs one statement
	@docker compose exec postgres psql --username client360_reader --dbname client360 $${SQL:+"--command=$$SQL"}

explain: ## where a cell of cliente_360 comes from: CLIENTE=C000000010 COLUMNA=score_endeudamiento; CSV=1 prints all its rows
	@docker compose build --quiet dashboard >&2
	@docker compose run --rm --no-deps -T dashboard python -m reading.explain "--cliente=$$CLIENTE" "--columna=$$COLUMNA" "--fecha=$$FECHA" "--csv=$$CSV"

check: ## all that a CHECK finds up to FECHA (the newest computed day), of which a run names one: CHECK=saldo_cuadra
	@docker compose exec -T scheduler python -W ignore::DeprecationWarning -m client360.orchestration.check "$$CHECK" "$$FECHA"

withdraw: ## have the next run forget a FILE of your own, given by its path below ENTRADA
	@docker compose exec scheduler python -W ignore::DeprecationWarning -m client360.orchestration.withdraw "$$FILE"

leftovers: ## list files in data of other sources than the warehouse holds; REMOVE=1 removes them
	@docker compose exec scheduler python -W ignore::DeprecationWarning -m client360.orchestration.leftovers "$$REMOVE"

backup: ## dump the databases into BACKUP, a new folder (backups/<time>)
	@docker/backup

restore: ## put the databases of BACKUP in the place of those there are; OVERWRITE=1 where they hold days
	@docker/backup restore

erase: ## erase CLIENTE, or those in the file LISTA, one a line, from all tables and files; prints a certificate
	@if test -n "$$CLIENTE"; then test -z "$$LISTA"; else test -r "$$LISTA"; fi || \
		{ echo "client360: give CLIENTE, or LISTA, a file with one a line" >&2; exit 1; }
	@if test -n "$$CLIENTE"; then printf '%s\n' "$$CLIENTE"; else cat -- "$$LISTA"; fi | \
		docker compose exec -T scheduler python -W ignore::DeprecationWarning -m client360.orchestration.erase

alert: ## send a message on trial to the addresses of CLIENT360_ALERTS
	@docker compose exec scheduler python -W ignore::DeprecationWarning -m client360.orchestration.alerts

airflow: ## Airflow's own command: ARGS="dags list"
	@docker compose exec --env "ARGS=$$ARGS" scheduler python -c \
		'import os, shlex; os.execvp("airflow", ["airflow", *shlex.split(os.environ["ARGS"])])'

logs: ## follow the logs of all containers
	@docker compose logs --follow --tail 100
