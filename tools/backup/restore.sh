#!/bin/sh
# Put the databases of a backup in the place of those of a stack: restore.sh FOLDER JOBS OVERWRITE [check]. PostgreSQL's programs are in
# PATH, and libpq's variables lead to the server, as a superuser. What there was is dropped once both are restored, and stays otherwise.
# With check, nothing is done but to say why it would be refused, and to end what a restoring that was killed began.
set -eu
folder=$1 jobs=$2 overwrite=$3
aside=_before_restore replaced=_replaced

fail() {
  echo "client360: $1" >&2
  exit 1
}
ask() { # a database, a query that may use :backup, and its answer
  printf '%s\n' '\set backup `cat "$folder/backup.json"`' "$2" | folder=$folder psql -XAtq --set ON_ERROR_STOP=1 --dbname "$1"
}
exists() { [ -n "$(ask postgres "select 1 from pg_database where datname = '$1'")" ]; }
drop() { ask postgres "set client_min_messages = warning; drop database if exists $1 with (force)"; }
rename() { # which nobody uses from now on
  ask postgres "alter database $1 allow_connections false"
  ask postgres "select pg_terminate_backend(pid) from pg_stat_activity where datname = '$1'" > /dev/null
  ask postgres "alter database $1 rename to $2"
}
known_erased() { exists "$1" && [ -n "$(ask "$1" "select to_regclass('control.olvidados')")" ]; }
people_erased() { ask client360 "select count(*) from control.olvidados where columna = 'cliente_id'"; }
drop_replaced() { # what there was before, of a restoring that is done
  for place in client360 airflow; do drop "$place$replaced"; done
}
put_back() { # what there was before, where it was put aside
  for place in client360 airflow; do
    if exists "$place$aside"; then
      drop "$place"
      rename "$place$aside" "$place"
    fi
    ! exists "$place" || ask postgres "alter database $place allow_connections true"
  done
}

[ -e "$folder/backup.json" ] || fail "$folder is no whole backup: it has no backup.json"
# a restoring that was killed
drop_replaced
put_back
made_by=$(ask postgres "select :'backup'::json ->> 'postgresql'")
newer=$(ask postgres "select (:'backup'::json ->> 'postgresql_number')::int / 10000 > current_setting('server_version_num')::int / 10000")
[ "$newer" = f ] || fail "the backup was made by PostgreSQL $made_by, which is newer than this server"
lacking=$(ask postgres "select string_agg(role, ', ') from json_array_elements_text(:'backup'::json -> 'roles') as role
  where role not in (select rolname from pg_roles)")
[ -z "$lacking" ] || fail "the backup has roles that this server has not: $lacking; roles.sql in it makes them, without passwords"
filled() { # whether a table is there and has rows
  [ -n "$(ask "$1" "select to_regclass('$2')")" ] && [ -n "$(ask "$1" "select 1 from $2 limit 1")" ]
}
if [ "$overwrite" != 1 ]; then
  for table in client360.control.cargas client360.control.entregas airflow.public.dag_run; do
    ! exists "${table%%.*}" || ! filled "${table%%.*}" "${table#*.}" ||
      fail "the stack holds days or runs, which would be gone: to replace them, restore with OVERWRITE=1"
  done
fi

[ "${4:-}" != check ] || exit 0
# who was erased stays known, whatever the backup knows
erased=
! known_erased client360 || erased=$(ask client360 "select format('insert into control.olvidados select %L, %L, %L, %L
  where not exists (select from control.olvidados where clave <> %L) on conflict do nothing;', huella, columna, clave, momento, clave)
  from control.olvidados")
for name in client360 airflow; do
  ! exists "$name" || rename "$name" "$name$aside"
  pg_restore --create --exit-on-error --jobs="$jobs" --dbname=postgres "$folder/$name" || {
    put_back
    fail "$name could not be restored: see above; the stack is as it was"
  }
done
if [ -n "$erased" ]; then
  if known_erased client360; then
    before=$(people_erased)
    ask client360 "$erased"
    since=$(($(people_erased) - before))
  else # the backup is of a version that erased nobody
    since=$(printf '%s\n' "$erased" | grep -c "'cliente_id'")
  fi
  [ "$since" = 0 ] || echo "client360: $since people were erased since the backup was made, and what it has of them is back: erase them again"
fi
# both are restored: from here on, what there was before is never put back, which would take one of both from a stack at work
ask postgres "begin;
  select format('alter database %I rename to %I', datname, replace(datname, '$aside', '$replaced')) from pg_database
  where datname in ('client360$aside', 'airflow$aside') \\gexec
  commit"
drop_replaced
for name in client360 airflow; do ask "$name" analyze; done
