"""What the pipeline knows about its work."""

from sqlalchemy import CheckConstraint, Identity, PrimaryKeyConstraint, Text, false
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from client360.warehouse.models.base import (
    Base,
    Count,
    Day,
    Flag,
    Key,
    LargeCount,
    Moment,
    Share,
    Units,
    Word,
    doc,
    within,
)

MOTIVOS = (
    # of the line
    "linea_larga",
    "codificacion",
    "comillas",
    "columnas_de_menos",
    "columnas_de_mas",
    # of a value
    "tipo_invalido",
    "falta_valor",
    "fuera_de_rango",
    "valor_desconocido",
    # of the row among others
    "clave_repetida",
    "padre_desconocido",
    "padre_rechazado",
    "sin_mapear",
)
"""Why a row of a feed does not reach the contract."""

MEDIDAS = ("filas", "magnitud", "nulos", "categoria", "iguales", "centinelas")
"""What is measured of the rows of a day."""


class Cargas(Base):
    __tablename__ = "cargas"
    __table_args__ = (
        CheckConstraint("capa in ('staging', 'dw', 'mart')", name="capa_conocida"),
        CheckConstraint("capa_alcanzada in ('staging', 'dw', 'mart')", name="capa_alcanzada_conocida"),
        {"schema": "control"},
    )
    copied = True

    entidad: Mapped[Key] = doc("landing file", primary_key=True)
    fecha: Mapped[Day] = doc("business day", primary_key=True)
    filas: Mapped[Count] = doc("rows of the day")
    suma: Mapped[Units] = doc(
        "sum over those rows of monto, total, amount of the line, costo_envio, cantidad, precio, presupuesto or declared "
        "income, by landing file; 0 for one without amounts"
    )
    archivo: Mapped[Word] = doc("file they came from, relative to the data folder")
    sha256: Mapped[Key] = doc("of that file")
    mundo: Mapped[Word] = doc("world or feed they belong to")
    corrida: Mapped[Word] = doc("DAG run that loaded them")
    capa: Mapped[Word] = doc("layer that the last delivery of the day has reached: staging, dw or mart")
    capa_alcanzada: Mapped[Word] = doc("furthest layer that any delivery of the day has reached; it only goes up")


class Medidas(Base):
    __tablename__ = "medidas"
    __table_args__ = (
        PrimaryKeyConstraint("fecha", "entidad", "medida", "columna", "categoria"),  # days are looked up
        CheckConstraint(f"medida in {MEDIDAS}", name="medida_conocida"),
        {"schema": "control"},
    )

    entidad: Mapped[Key] = doc("landing file")
    fecha: Mapped[Day] = doc("business day")
    medida: Mapped[Key] = doc(
        "what is measured of its rows: filas (their number), magnitud (mean decimal logarithm of one more than the amounts of "
        "a column, without their sign), nulos (rows without a value in a column), categoria (rows with a value of a column of "
        "few values), iguales (rows that are another one under another key), centinelas (rows with a placeholder such as 999999, "
        "1900-01-01 or TEST in a column)",
    )
    columna: Mapped[Key] = doc("column; empty of filas and iguales")
    categoria: Mapped[Key] = doc("value of the column, of categoria; else empty")
    valor: Mapped[Units] = doc(
        "a number of rows or, of magnitud, a logarithm; no row where it would be 0, but of filas"
    )


class Fuentes(Base):
    __tablename__ = "fuentes"
    __table_args__ = within("control")
    copied = True

    mundo: Mapped[Key] = doc("world or feed that the warehouse holds", primary_key=True)
    zona: Mapped[Word] = doc("time zone of its days, by its name in the IANA database")
    moneda: Mapped[Key | None] = doc(
        "currency of its figures, ISO 4217; null where the last run was of a version that did not note it"
    )


class Verificaciones(Base):
    __tablename__ = "verificaciones"
    __table_args__ = within("control")
    copied = True

    fecha_corte: Mapped[Day] = doc("business day", primary_key=True)
    verificacion: Mapped[Key] = doc("check: its file in include/sql/check", primary_key=True)
    correcta: Mapped[Flag] = doc("whether nothing was found")
    hallazgos: Mapped[Count] = doc("number of things found wrong")
    ejemplo: Mapped[Word | None] = doc("one of them")
    corrida: Mapped[Word] = doc("DAG run that checked")
    detiene: Mapped[Flag] = doc(
        "whether it stops the run; what is wrong with files that somebody else wrote only warns"
    )
    momento: Mapped[Moment | None] = doc("when it was checked; null if that was before runs noted it")


class Cortes(Base):
    __tablename__ = "cortes"
    __table_args__ = within("control")

    fecha_corte: Mapped[Day] = doc("business day that was computed", primary_key=True)
    inicio: Mapped[Day] = doc("first day of the history that it looks at")
    pais: Mapped[Key] = doc("country of the source, ISO 3166-1 alpha-2")
    entidades: Mapped[list[str]] = mapped_column(
        ARRAY(Text), comment="entities of the contract that the source provides"
    )


class Entregas(Base):
    __tablename__ = "entregas"
    __table_args__ = within("control")

    archivo: Mapped[Key] = doc("file of a feed, relative to its input folder", primary_key=True)
    entrega: Mapped[Count] = doc(
        "number by which its rows in the schema crudo know it", server_default=Identity(), unique=True
    )
    tabla: Mapped[Key] = doc("table in the schema crudo that holds its rows")
    fecha_archivo: Mapped[Day | None] = doc("date in its name")
    sha256: Mapped[Key] = doc("of the file")
    lectura: Mapped[Word | None] = doc("dialect and column names that the feed declared for it")
    columnas: Mapped[Word | None] = doc("columns of its header, in order, as the table knows them")
    lineas: Mapped[LargeCount] = doc("rows in the file, without its header and blank lines")
    leidas: Mapped[LargeCount] = doc("rows that went to the schema crudo; the others stand in control.rechazos")
    mundo: Mapped[Word] = doc("feed it belongs to")
    corrida: Mapped[Word] = doc("DAG run that read it")
    copia_de: Mapped[Key | None] = doc("file of which it is a copy, so that its own rows do not count")
    sin_texto: Mapped[Flag] = doc(
        "whether its rows have left the schema crudo, because the feed keeps text for so long only",
        server_default=false(),
    )
    primera_corrida: Mapped[Word | None] = doc(
        "DAG run that read the file first; null if that was before runs noted it"
    )


class Retiros(Base):
    __tablename__ = "retiros"
    __table_args__ = within("control")

    archivo: Mapped[Key] = doc("file of a feed that was withdrawn", primary_key=True)
    momento: Mapped[Moment] = doc("when", primary_key=True)
    mundo: Mapped[Word] = doc("feed it belonged to")
    lineas: Mapped[LargeCount] = doc("its lines, rejected ones included")
    corrida: Mapped[Word | None] = doc("DAG run that loaded what was left without it; null until one has")


class Olvidados(Base):
    __tablename__ = "olvidados"
    __table_args__ = within("control")

    huella: Mapped[Key] = doc("keyed hash of a value that identified somebody who was erased", primary_key=True)
    columna: Mapped[Word] = doc("column that held it, of the contract or of files of a feed")
    clave: Mapped[Word] = doc("what identifies the key")
    momento: Mapped[Moment] = doc("when they were erased")


class Entradas(Base):
    __tablename__ = "entradas"
    __table_args__ = within("control")

    corrida: Mapped[Key] = doc("DAG run that looked into the folder", primary_key=True)
    fecha_corte: Mapped[Day] = doc("business day of the run")
    momento: Mapped[Moment] = doc("when it looked")
    mundo: Mapped[Word] = doc("feed whose files it looked for")
    carpeta: Mapped[Word] = doc("the folder")
    archivos: Mapped[Count] = doc("files of the feed in it")
    nuevos: Mapped[Count | None] = doc(
        "of these, files that no run had read before; null of runs that did not tell new and changed ones apart"
    )
    sin_leer: Mapped[Count] = doc(
        "files in it that are not read, because no name of the feed fits or for what is said of them"
    )
    sin_leer_primeros: Mapped[Word | None] = doc("the first of them, with what is known of each")
    tipos_sin_archivo: Mapped[Word | None] = doc(
        "kinds of files of the feed of which none has ever come, with the entities that lack them and the nearest name"
    )
    cambiados: Mapped[Count | None] = doc(
        "of the files of the feed, those that an earlier run had read, and this one reads again; null as in nuevos"
    )
    retirados: Mapped[Count | None] = doc(
        "files that were withdrawn since the last run that loaded; null where the run judged no rows"
    )
    cargada: Mapped[Flag | None] = doc(
        "whether the rows were loaded, and not more rejected than the threshold allows; null where the run judged no rows"
    )


class Recuentos(Base):
    __tablename__ = "recuentos"
    __table_args__ = within("control")

    corrida: Mapped[Key] = doc("DAG run that judged the rows, or found them judged", primary_key=True)
    entidad: Mapped[Key] = doc(
        "entity of the contract; ausentes (customers missing from a full list, who left) or regresos (customers on one again), "
        "of versions that come from no line; or what becomes no row of one: descartes (left out), copias (lines of copies), "
        "sin_mapear (lines that no SELECT returned), ilegibles (lines that could not be read)",
        primary_key=True,
    )
    aceptadas: Mapped[LargeCount] = doc("of the files that the run read: rows in the contract, or left out")
    repetidas: Mapped[LargeCount] = doc(
        "of these files: rows that add nothing: duplicates, replaced and unchanged ones"
    )
    rechazadas: Mapped[LargeCount] = doc("of these files: rows and lines in control.rechazos")
    aceptadas_en_total: Mapped[LargeCount] = doc("as aceptadas, of all files there were at the end of the run")
    repetidas_en_total: Mapped[LargeCount] = doc("as repetidas, of all files")
    rechazadas_en_total: Mapped[LargeCount] = doc("as rechazadas, of all files")


class Contratos(Base):
    __tablename__ = "contratos"
    __table_args__ = within("control")

    mundo: Mapped[Key] = doc("feed", primary_key=True)
    huella: Mapped[Key] = doc("hash of what all rows are judged by: the feed and the rules")
    corrida: Mapped[Word] = doc("DAG run that judged rows last")
    umbral: Mapped[Share] = doc("per cent of the rows of an entity that may be rejected")


class Lecturas(Base):
    __tablename__ = "lecturas"
    __table_args__ = within("control")

    archivo: Mapped[Key] = doc("file of a feed", primary_key=True)
    entidad: Mapped[Key] = doc(
        "entity of the contract that its rows were mapped to; descartes of rows that are left out; ausentes or regresos of "
        "versions that follow from who is missing from the list, or on it again",
        primary_key=True,
    )
    filas: Mapped[LargeCount] = doc("rows that the feed's SELECT made of it")
    aceptadas: Mapped[LargeCount] = doc("rows in the contract")
    repetidas: Mapped[LargeCount] = doc("exact duplicates of another row")
    reemplazadas: Mapped[LargeCount] = doc("rows whose key a later file delivers again")
    sin_cambio: Mapped[LargeCount] = doc("versions that say what the version before says")
    rechazadas: Mapped[LargeCount] = doc("rows in control.rechazos")


class Rechazos(Base):
    __tablename__ = "rechazos"
    __table_args__ = (
        CheckConstraint(f"motivo in {MOTIVOS}", name="motivo_conocido"),
        {"schema": "control"},
    )

    archivo: Mapped[Key] = doc("file of a feed", primary_key=True)
    linea: Mapped[LargeCount] = doc("line of the file, its header included", primary_key=True)
    entidad: Mapped[Key] = doc(
        "entity of the contract, or empty where the line could not be read or mapped", primary_key=True
    )
    columna: Mapped[Key | None] = doc("column of the contract that is wrong")
    motivo: Mapped[Key] = doc("reason: " + ", ".join(MOTIVOS))
    detalle: Mapped[Word | None] = doc("what was expected, without what was found")
    texto: Mapped[Word] = doc("the line, its values as they stand in the file")
    corrida: Mapped[Word] = doc("DAG run that rejected it")
