#!/bin/sh
# Dump the warehouse and Airflow's database into a new folder, each by several processes: dump.sh FOLDER JOBS. PostgreSQL's programs
# are in PATH, and libpq's variables lead to the server, as a superuser. No run changes the warehouse meanwhile: runs wait.
set -eu
folder=$1 jobs=$2
export folder jobs

fail() {
  echo "client360: $1" >&2
  exit 1
}
ask() { psql -XAtq --set ON_ERROR_STOP=1 --dbname "$1" --command "$2"; }

[ -z "$(ask client360 "select 1 from pg_extension where extname = 'citus'")" ] ||
  fail "the warehouse is on a cluster of Citus, which pg_dump does not know: back its nodes up (docs/operations.md)"
umask 077
mkdir -- "$folder" 2> /dev/null || fail "the folder $folder is there already, or can not be made: name a new one"
trap 'test -e "$folder/backup.json" || rm -rf -- "$folder"' EXIT
trap 'exit 130' HUP INT TERM

psql -XAtq --set ON_ERROR_STOP=1 --dbname client360 --output /dev/null << 'SQL'
begin;
select control.lock_warehouse();
\! for name in client360 airflow; do pg_dump --format=directory --jobs="$jobs" --file="$folder/$name" "$name" || exit; done; touch "$folder/dumped"
SQL
[ -e "$folder/dumped" ] || fail "the databases could not be dumped: see above"
rm -- "$folder/dumped"

pg_dumpall --roles-only --no-role-passwords > "$folder/roles.sql"
revision() { ask "$1" "select coalesce((select string_agg(version_num, ',') from $2), '')"; }
ask postgres "select json_build_object('made', now(), 'postgresql', current_setting('server_version'),
  'postgresql_number', current_setting('server_version_num')::int,
  'revisions', json_build_object('client360', '$(revision client360 control.alembic_version)', 'airflow', '$(revision airflow alembic_version)'),
  'roles', (select json_agg(rolname order by rolname) from pg_roles where rolname !~ '^pg_'))" > "$folder/backup.json.part"
mv -- "$folder/backup.json.part" "$folder/backup.json"
