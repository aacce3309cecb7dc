# The targets that act on a stack, on the embedded one.

backfill: .venv/.installed ## run the DAG for each day from DESDE to HASTA
	@$(LOCAL) backfill "--desde=$$DESDE" "--hasta=$$HASTA" $(WORLD)

dashboard: .venv/.dashboard ## the dashboard in a browser, on PORT (8501), until Ctrl-C
	@$(LOCAL) dashboard "--port=$$PORT"

notebook: .venv/.notebook ## the notebooks in JupyterLab, on PORT (8888), until Ctrl-C
	@$(LOCAL) notebook "--port=$$PORT"

psql: .venv/.installed ## the warehouse in psql; SQL="select ..." runs one statement
	@$(LOCAL) psql "--sql=$$SQL"

explain: .venv/.installed ## where a cell of cliente_360 comes from: CLIENTE=C000000010 COLUMNA=score_endeudamiento; CSV=1 prints all its rows
	@$(LOCAL) explain "--cliente=$$CLIENTE" "--columna=$$COLUMNA" "--fecha=$$FECHA" "--csv=$$CSV"

check: .venv/.installed ## all that a CHECK finds up to FECHA (the newest computed day), of which a run names one: CHECK=saldo_cuadra
	@$(LOCAL) check "--check=$$CHECK" "--fecha=$$FECHA"

withdraw: .venv/.installed ## have the next run forget a FILE of your own, given by its path below ENTRADA
	@$(LOCAL) withdraw "--file=$$FILE"

leftovers: .venv/.installed ## list files in data of other sources than the warehouse holds; REMOVE=1 removes them
	@$(LOCAL) leftovers "--remove=$$REMOVE"

backup: .venv/.installed ## dump the databases into BACKUP, a new folder (backups/<time>)
	@$(LOCAL) backup "--backup=$$BACKUP"

restore: .venv/.installed ## put the databases of BACKUP in the place of those there are; OVERWRITE=1 where they hold days
	@$(LOCAL) restore "--backup=$$BACKUP" "--overwrite=$$OVERWRITE"

erase: .venv/.installed ## erase CLIENTE, or those in the file LISTA, one a line, from all tables and files; prints a certificate
	@$(LOCAL) erase "--cliente=$$CLIENTE" "--lista=$$LISTA"

alert: .venv/.installed ## send a message on trial to the addresses of CLIENT360_ALERTS
	@$(LOCAL) alert

airflow: .venv/.installed ## Airflow's own command: ARGS="dags list"
	@$(LOCAL) airflow "--args=$$ARGS"

logs: ## the end of the newest log
	@tail -n 100 "$$(ls -t "$${CLIENT360_LOCAL:-.local}"/logs/*.log | head -n 1)"
