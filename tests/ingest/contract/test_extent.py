"""How much of a SELECT is evaluated again when one of its files has changed."""

from dataclasses import replace

import pytest
from raw_feed import CLIENTES, CONTRACT, PRODUCTOS, TRANSACCIONES, VENTAS, Raw, movement
from sqlalchemy import Connection, Engine, text

from client360.ingest import contract
from client360.ingest.contract import extent as extents
from client360.ingest.contract.extent import Extent
from client360.ingest.feed_spec import Feed
from client360.ingest.raw_file import RawFile

COLUMNS = "transaccion_id, fecha, cliente_id, tipo_transaccion, monto, venta_id"
OF_T = ", ".join(f"t.{column}" for column in COLUMNS.split(", "))
MOVEMENTS = f"select _archivo, _linea, {COLUMNS} from crudo.transacciones"
ROW_BY_ROW = {
    "a plain SELECT": MOVEMENTS,
    "with conditions and casts": f"{MOVEMENTS} where monto ~ '[0-9]' and upper(cliente_id) <> 'X'",
    "without its schema": MOVEMENTS.replace("crudo.", ""),
    "quoted": MOVEMENTS.replace("crudo.transacciones", 'CRUDO . "transacciones"'),
    "named in a comment and a text": f"{MOVEMENTS} -- from crudo.transacciones\n where monto <> 'crudo.transacciones'",
    "with columns of the whole name": f"select {COLUMNS.replace('fecha', 'crudo.transacciones.fecha')}, _archivo, _linea "
    "from crudo.transacciones",
    "sorted": f"{MOVEMENTS} order by monto",
    "of two kinds, one after the other": f"{MOVEMENTS} union all select _archivo, _linea, venta_id, fecha, cliente_id, "
    "'transferencia', total, null from crudo.ventas",
    "twice of the same lines": f"{MOVEMENTS} union all select _archivo, _linea, transaccion_id || '-b', fecha, cliente_id, "
    "tipo_transaccion, monto, venta_id from crudo.transacciones",
    "in a WITH": f"with m as materialized ({MOVEMENTS}) select * from m",
    "with parts of a row": f"select _archivo, _linea, {COLUMNS} from crudo.transacciones, lateral (select 1 as uno) as l",
    "with a function of feeds in FROM": f"select t._archivo, t._linea, {OF_T} from crudo.transacciones as t "
    "cross join lateral crudo.dia(array[t.fecha], array['x']) as d",
    "with functions of PostgreSQL and of feeds": MOVEMENTS.replace(
        "monto", "crudo.numero(to_char(monto::numeric, 'FM99.99'), '.') as monto"
    ),
    "with an immutable function of a user": MOVEMENTS.replace("monto", "public.halved(monto) as monto"),
    "joined with a lookup": f"select t._archivo, t._linea, {OF_T} from crudo.transacciones as t "
    "left join crudo.productos as p on t.monto = p.precio",
    "with the sum of a lookup": f"select t._archivo, t._linea, {OF_T} from crudo.transacciones as t left join "
    "(select precio, count(*) from crudo.productos group by precio) as p on t.monto = p.precio",
    "that a lookup has": f"{MOVEMENTS} where monto in (select precio from crudo.productos)",
    "that no lookup has": f"{MOVEMENTS} as t where not exists (select from crudo.productos as p where p.precio = t.monto)",
    "with the greatest of a lookup": MOVEMENTS.replace(
        "monto", "coalesce(monto, (select max(precio) from crudo.productos)) as monto"
    ),
}  # fmt: skip
DEPENDS_ON_OTHERS = {
    "numbered": MOVEMENTS.replace("transaccion_id", "row_number() over (order by _linea) as transaccion_id"),
    "the last of each": f"select distinct on (cliente_id) _archivo, _linea, {COLUMNS} from crudo.transacciones "
    "order by cliente_id, fecha",
    "without duplicates": MOVEMENTS.replace("select", "select distinct"),
    "summed": "select min(_archivo) as _archivo, min(_linea) as _linea, transaccion_id, fecha, cliente_id, 'transferencia' as "
    "tipo_transaccion, sum(monto::numeric) as monto from crudo.transacciones group by transaccion_id, fecha, cliente_id",
    "the first ones": f"{MOVEMENTS} order by monto limit 1",
    "joined with itself": f"select t._archivo, t._linea, {OF_T} "
    "from crudo.transacciones as t join crudo.transacciones as o on t.monto = o.monto",
    "joined with another kind": f"select t._archivo, t._linea, {OF_T} "
    "from crudo.transacciones as t left join crudo.ventas as v on t.venta_id = v.venta_id",
    "that another kind has": f"{MOVEMENTS} where venta_id in (select venta_id from crudo.ventas)",
    "that no other row has": f"{MOVEMENTS} as t where not exists (select from crudo.transacciones as o where o.monto < t.monto)",
    "compared with all": f"{MOVEMENTS} where monto = (select max(monto) from crudo.transacciones)",
    "both of two": f"{MOVEMENTS} intersect {MOVEMENTS}",
    "either of two": f"{MOVEMENTS} union {MOVEMENTS}",
    "of files": f"{MOVEMENTS} where _archivo = (select max(archivo) from control.entregas)",
    "until today": f"{MOVEMENTS} where fecha <= current_date::text",
    "until now": f"{MOVEMENTS} where fecha <= to_char(now(), 'YYYY-MM-DD')",
    "by chance": f"{MOVEMENTS} where random() < 2",
    "by the clock": f"{MOVEMENTS} where fecha::date < clock_timestamp()",
    "with a stable function of a user": MOVEMENTS.replace("monto", "public.of_a_table(monto) as monto"),
    "with a volatile function of a user": MOVEMENTS.replace("monto", 'public."of chance"(monto) as monto'),
    "with what was loaded": f"{MOVEMENTS} where cliente_id not in (select cliente_id from staging.clientes)",
    "in a WITH that numbers": "with m as materialized ("
    f"{MOVEMENTS.replace('transaccion_id', 'row_number() over (order by _linea) as transaccion_id')}) select * from m",
    "in a WITH that is read twice": f"with m as materialized ({MOVEMENTS}) select m.* from m join m as o on m.monto = o.monto",
}  # fmt: skip


def of(select: str) -> Feed:
    files: dict[str, RawFile] = {**CONTRACT.files}
    files["productos"] = files["productos"].model_copy(update={"lookup": True})
    mapping = {name: sql for name, sql in CONTRACT.mapping.items() if name != "productos"}
    return replace(CONTRACT, files=files, mapping=mapping | {"transacciones": select})


@pytest.fixture
def seen(monkeypatch: pytest.MonkeyPatch) -> dict[str, Extent]:
    """The extent of each entity in the last run."""
    found: dict[str, Extent] = {}
    of_select = extents.of_select

    def note(context: object, changes: object, name: str, mapping: object) -> Extent:
        found[name] = of_select(context, changes, name, mapping)  # type: ignore[arg-type]
        return found[name]

    monkeypatch.setattr(contract.typed_rows, "of_select", note)
    return found


FUNCTIONS = """
    create or replace function public.halved(text) returns text language plpgsql immutable
    as $$ begin return round($1::numeric / 2, 2); end $$;
    create or replace function public.of_a_table(text) returns text language plpgsql stable
    as $$ begin return (select max(lineas) from control.entregas); end $$;
    create or replace function public."of chance"(text) returns text language plpgsql volatile
    as $$ begin return round(random()::numeric, 2); end $$;
"""


def judged(warehouse: Engine, feed: Feed) -> Raw:
    raw = Raw(warehouse, feed)
    with warehouse.begin() as connection:
        connection.exec_driver_sql(FUNCTIONS)
    raw.deliver("clientes", CLIENTES, "C1,2025-01-01,Salta,2025-01-01,")
    raw.deliver("productos", PRODUCTOS, "P1,2025-01-01,hogar,10.50,2025-01-01")
    raw.deliver("ventas", VENTAS, "V1,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10")
    raw.deliver("transacciones", TRANSACCIONES, movement(), name="transacciones_1.csv")
    raw.apply_contract()
    raw.deliver("transacciones", TRANSACCIONES, movement(transaccion_id="T2", monto="7"), name="transacciones_2.csv")
    return raw


@pytest.mark.parametrize("select", ROW_BY_ROW)
def test_of_a_select_that_goes_row_by_row_the_changed_files(warehouse: Engine, seen: dict, select: str) -> None:
    raw = judged(warehouse, of(ROW_BY_ROW[select]))
    raw.apply_contract(rebuild=False)
    assert seen.pop("transacciones") is Extent.FILES
    assert set(seen.values()) == {Extent.NOTHING}
    left = raw.state()
    raw.apply_contract(rebuild=True)
    assert raw.state() == left


@pytest.mark.parametrize("select", DEPENDS_ON_OTHERS)
def test_of_a_select_whose_rows_depend_on_others_all(warehouse: Engine, seen: dict, select: str) -> None:
    raw = judged(warehouse, of(DEPENDS_ON_OTHERS[select]))
    raw.apply_contract(rebuild=False)
    assert seen.pop("transacciones") is Extent.WHOLE


def test_of_a_select_that_reads_a_kind_that_is_not_said_to_belong_together_all(warehouse: Engine, seen: dict) -> None:
    together = {"transacciones": {"transacciones": ("venta_id",)}}
    raw = judged(warehouse, replace(of(DEPENDS_ON_OTHERS["that another kind has"]), together=together))
    raw.deliver("ventas", VENTAS, "V2,2025-01-10,2025-01-10,C1,tarjeta,Salta,,completada,10")
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.WHOLE


@pytest.mark.parametrize("together", [{}, {"transacciones": {"transacciones": ("cliente_id",)}}])
def test_of_a_select_whose_lookup_has_changed_all(warehouse: Engine, seen: dict, together: dict) -> None:
    raw = judged(warehouse, replace(of(ROW_BY_ROW["joined with a lookup"]), together=together))
    raw.deliver("productos", PRODUCTOS, "P1,2025-01-01,hogar,7,2025-01-01")
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.WHOLE


@pytest.mark.parametrize(
    "select", ["joined with a lookup", "that no lookup has", "of the lines of a lookup", "of a lookup too"]
)
def test_of_a_select_that_belongs_together_with_a_lookup_that_has_changed_their_groups(
    warehouse: Engine, seen: dict, select: str
) -> None:
    together = {"transacciones": {"transacciones": ("monto",), "productos": ("precio",)}}
    written = (ROW_BY_ROW | OF_OTHERS)[select].replace("p.producto_id = 'P1'", "p.precio = t.monto")
    raw = judged(warehouse, replace(of(written), together=together))
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is (Extent.FILES if select in ROW_BY_ROW else Extent.GROUPS)
    raw.deliver("productos", PRODUCTOS, "P1,2025-01-01,hogar,7,2025-01-01")
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.GROUPS
    left = raw.state()
    raw.apply_contract(rebuild=True)
    assert raw.state() == left


def test_of_a_select_whose_rows_belong_together_their_groups(warehouse: Engine, seen: dict) -> None:
    select = MOVEMENTS.replace(
        "transaccion_id",
        "cliente_id || row_number() over (partition by cliente_id order by _archivo) as transaccion_id",
    )
    raw = judged(warehouse, replace(of(select), together={"transacciones": {"transacciones": ("cliente_id",)}}))
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.GROUPS
    assert raw.query("select transaccion_id, _estado from crudo._transacciones order by 1") == [
        ("C11", None),
        ("C12", None),
    ]


def test_rows_of_a_file_that_belong_together_are_joined_by_it(warehouse: Engine, seen: dict) -> None:
    select = (
        f"select t._archivo, t._linea, {OF_T} from crudo.transacciones as t "
        "inner join crudo.transacciones as o on t._archivo = o._archivo and t._linea = o._linea"
    )
    raw = judged(warehouse, replace(of(select), together={"transacciones": {"transacciones": ("_archivo",)}}))
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.GROUPS


@pytest.mark.parametrize("anywhere", [-(2**63), 2**63 - 1], ids=["below all hashes", "above all hashes"])
def test_a_wrong_declaration_is_found_out(
    warehouse: Engine, seen: dict, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, anywhere: int
) -> None:
    monkeypatch.setattr(contract.parts, "_anywhere", lambda _: anywhere)
    select = MOVEMENTS.replace("transaccion_id", "row_number() over (order by monto::numeric desc) as transaccion_id")
    raw = judged(warehouse, replace(of(select), together={"transacciones": {"transacciones": ("cliente_id",)}}))
    many = "\n".join(movement(cliente_id=f"C{number}", monto=str(number)) for number in range(100, 300))
    raw.deliver("transacciones", TRANSACCIONES, many, name="transacciones_3.csv")
    raw.apply_contract()
    raw.deliver("transacciones", TRANSACCIONES, movement(cliente_id="C9", monto="1000"), name="transacciones_4.csv")
    raw.apply_contract(rebuild=False)
    assert (
        "together, transacciones: rows of transacciones.sql depend on more than those of equal cliente_id"
        in caplog.text
    )
    assert seen["transacciones"] is Extent.WHOLE
    assert raw.query(
        "select transaccion_id, cliente_id from crudo._transacciones where monto > 298 order by monto"
    ) == [
        ("2", "C299"),
        ("1", "C9"),
    ]


NUMBERED = MOVEMENTS.replace(
    "transaccion_id", "row_number() over (partition by cliente_id order by _archivo, _linea) as transaccion_id"
)
BY_CUSTOMER = {"transacciones": {"transacciones": ("cliente_id",)}}


def test_the_groups_that_must_come_out_as_before_are_not_those_that_grow_with_history(
    warehouse: Engine, seen: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = judged(warehouse, replace(of(NUMBERED), together=BY_CUSTOMER))
    lines = [movement(cliente_id="") for _ in range(2000)] + [movement(cliente_id=f"C{n}") for n in range(100, 200)] * 2
    raw.deliver("transacciones", TRANSACCIONES, "\n".join(lines), name="transacciones_3.csv")
    raw.apply_contract()
    monkeypatch.setattr(contract.parts, "_anywhere", lambda _: 1)  # the hash of a group of nulls
    sample: list[tuple] = []
    show_groups = contract.parts.show_groups

    def note(connection: Connection, *given: object) -> None:
        query = "select entrega, linea from linea_de_grupo where muestra"
        sample.extend(tuple(row) for row in connection.execute(text(query)))
        show_groups(connection, *given)  # type: ignore[arg-type]

    monkeypatch.setattr(contract.parts, "show_groups", note)
    raw.deliver("transacciones", TRANSACCIONES, movement(cliente_id="C9"), name="transacciones_4.csv")
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.GROUPS
    assert 20 < len(sample) < 200


def test_an_index_by_columns_that_no_longer_belong_together_goes(warehouse: Engine) -> None:
    by_groups = (
        r"select indexdef from pg_indexes where schemaname = 'crudo' and indexname ~ '^_transacciones_[0-9a-f]{8}$'"
    )
    raw = judged(warehouse, replace(of(NUMBERED), together=BY_CUSTOMER))
    raw.apply_contract(rebuild=False)
    ((before,),) = raw.query(by_groups)
    assert "cliente_id" in before
    raw.apply_contract(rebuild=True)
    assert raw.query(by_groups) == [(before,)]
    raw.feed = replace(raw.feed, together={"transacciones": {"transacciones": ("fecha",)}})
    for number in (5, 6):
        raw.deliver("transacciones", TRANSACCIONES, movement(), name=f"transacciones_{number}.csv")
        raw.apply_contract(rebuild=False)
    ((after,),) = raw.query(by_groups)
    assert "fecha" in after
    raw.feed = replace(raw.feed, together={})
    raw.apply_contract(rebuild=False)
    assert raw.query(by_groups) == []
    assert raw.query("select count(*) from pg_indexes where tablename = 'transacciones_filas'") == [(1,)]


def test_judging_everything_finds_rows_that_are_not_as_they_were_kept(
    warehouse: Engine, caplog: pytest.LogCaptureFixture
) -> None:
    raw = judged(warehouse, of(MOVEMENTS))
    for _ in range(2):  # with a new file, and without
        raw.apply_contract(rebuild=True)
        assert "up to date" not in caplog.text
    insert = "insert into crudo._resumen select entidad, entrega, fecha, 1, filas, numeradas, lineas, 0, 0"
    for spoil in ("update crudo._resumen set huella = huella + 1", "delete", f"{insert} from crudo._resumen"):
        with warehouse.begin() as connection:
            connection.execute(
                text(f"{spoil.replace('delete', 'delete from crudo._resumen')} where entidad = 'transacciones'")
            )
        caplog.clear()
        raw.apply_contract(rebuild=True)
        assert "transacciones was not up to date" in caplog.text


@pytest.mark.parametrize("kind", ["diferencia", "tocada", "juzgada", "rechazo", "grupos", "linea_de_grupo", "fila"])
def test_files_may_be_named_as_work_tables_are(warehouse: Engine, seen: dict, kind: str) -> None:
    files = {kind: CONTRACT.files["clientes"].model_copy(update={"name": f"{kind}_*.csv"})}
    select = f"select _archivo, _linea, cliente_id, fecha, provincia, fecha_alta, fecha_baja from {kind}"
    raw = Raw(warehouse, replace(CONTRACT, files=files, mapping={"clientes": select}))
    for rebuild in (True, False):
        raw.deliver(kind, CLIENTES, f"C{rebuild},2025-01-01,Salta,2025-01-01,", name=f"{kind}_{rebuild}.csv")
        raw.apply_contract(rebuild=rebuild)
    assert seen["clientes"] is Extent.FILES
    assert raw.staged("clientes", "cliente_id") == [("CFalse",), ("CTrue",)]


OF_OTHERS = {
    "of a lookup too": f"{MOVEMENTS} union all select _archivo, _linea, producto_id, fecha, 'C1', 'transferencia', precio, null "
    "from crudo.productos",
    "of the lines of a lookup": f"select p._archivo, p._linea, {OF_T} from crudo.transacciones as t "
    "join crudo.productos as p on p.producto_id = 'P1'",
    "of the lines of a lookup that it fits": f"select p._archivo, p._linea, {OF_T} from crudo.transacciones as t "
    "join crudo.productos as p on p.precio = t.monto",
    "of a constant line": f"{MOVEMENTS} union all "
    "select 'clientes_x.csv', 2, 'X', '2025-02-02', 'C1', 'transferencia', '1', null",
    "of the tables behind views": f"select e.archivo as _archivo, t._linea, {OF_T} from crudo.transacciones_filas as t "
    "join control.entregas as e on e.entrega = t._entrega",
    "with quotes around the schema": MOVEMENTS.replace("crudo.transacciones", '"crudo"."transacciones"'),
    "after an escaped quote": MOVEMENTS.replace("monto", r"replace(monto, E'\'', '') as monto") + " where monto <> 'x'",
    "after dollar quotes": MOVEMENTS.replace("monto", "replace(monto, $x$it's$x$, '') as monto") + " where monto <> 'x'",
    "after a quoted name": f"""select "it's" as _archivo, _linea, {COLUMNS} from """
    """(select _archivo as "it's", * from crudo.transacciones) as a where monto <> 'x'""",
    "of today": f"{MOVEMENTS} where fecha::date <= 'today'",
    "by chance": MOVEMENTS.replace("monto", "(array_shuffle(array[monto]))[1] as monto"),
    "of whole rows": f"select _archivo, _linea, {OF_T.replace('t.transaccion_id', 'md5(t::text) as transaccion_id')} "
    "from crudo.transacciones as t",
}  # fmt: skip


@pytest.mark.parametrize("together", [{}, {"transacciones": {"transacciones": ("cliente_id",)}}])
@pytest.mark.parametrize("select", OF_OTHERS)
def test_whatever_rows_a_select_gives_the_result_is_that_of_judging_everything(
    warehouse: Engine, select: str, together: dict
) -> None:
    raw = judged(warehouse, replace(of(OF_OTHERS[select]), together=together))
    kept = "select to_jsonb(fila)::text from crudo._{} as fila order by 1"

    def left() -> list[object]:
        tables = ("transacciones", "resumen", "conocidos_ventas")
        return [raw.state(), *(raw.query(kept.format(name)) for name in tables)]

    raw.apply_contract(rebuild=False)
    raw.deliver("transacciones", TRANSACCIONES, movement(monto="9"), name="transacciones_1.csv")
    raw.apply_contract(rebuild=False)
    found = left()
    raw.apply_contract(rebuild=True)
    assert found == left()
    with warehouse.begin() as connection:
        connection.execute(text("alter table crudo.transacciones_filas add column extra text default 'new'"))
    raw.deliver("transacciones", TRANSACCIONES, movement(transaccion_id="T3"), name="transacciones_3.csv")
    raw.apply_contract(rebuild=False)
    found = left()
    raw.apply_contract(rebuild=True)
    assert found == left()


def test_groups_of_files_of_which_none_has_come_are_none(warehouse: Engine, seen: dict) -> None:
    select = MOVEMENTS.replace("transaccion_id", "row_number() over (partition by cliente_id) as transaccion_id")
    together = {"transacciones": {"transacciones": ("cliente_id",), "envios": ("cliente_id",)}}
    raw = judged(warehouse, replace(of(select), together=together))
    raw.apply_contract(rebuild=False)
    assert seen["transacciones"] is Extent.GROUPS


@pytest.mark.parametrize("kind", ["fecha", "numero", "dia", "linea"])
def test_files_may_be_named_as_functions_are(warehouse: Engine, seen: dict, kind: str) -> None:
    files = {kind: CONTRACT.files["clientes"].model_copy(update={"name": f"{kind}_*.csv"})}
    day = "crudo.fecha(fecha, 'YYYY-MM-DD') as fecha"
    select = f"select _archivo, _linea, cliente_id, {day}, provincia, fecha_alta from crudo.{kind}"
    raw = Raw(warehouse, replace(CONTRACT, files=files, mapping={"clientes": select}))
    for rebuild in (True, False):
        raw.deliver(kind, CLIENTES, f"C{rebuild},2025-01-01,Salta,2025-01-01,", name=f"{kind}_{rebuild}.csv")
        raw.apply_contract(rebuild=rebuild)
    assert seen["clientes"] is Extent.FILES
    assert raw.staged("clientes", "cliente_id") == [("CFalse",), ("CTrue",)]


def test_a_file_that_is_read_again_with_the_same_content_keeps_its_rejected_lines(warehouse: Engine) -> None:
    raw = judged(warehouse, of(f"{MOVEMENTS} where monto <> '7'"))
    raw.apply_contract(rebuild=False)
    rejected = raw.rejected()
    assert [row[4] for row in rejected] == ["sin_mapear"]
    with warehouse.begin() as connection:  # as reading a file does
        connection.execute(text("delete from control.rechazos where entidad = ''"))
        connection.execute(text("update control.entregas set corrida = 'run 2' where archivo = 'transacciones_2.csv'"))
    raw.apply_contract(rebuild=False)
    assert raw.rejected() == rejected
