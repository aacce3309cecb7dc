"""Feeds: the accounts of files that somebody else wrote, and provinces of which not all is known."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import CreateSchema

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute(CreateSchema("crudo"))
    op.create_table(
        "entregas",
        sa.Column(
            "archivo", sa.Text(collation="C"), nullable=False, comment="file of a feed, relative to its input folder"
        ),
        sa.Column(
            "entrega",
            sa.Integer(),
            sa.Identity(),
            nullable=False,
            comment="number by which its rows in the schema crudo know it",
        ),
        sa.Column(
            "tabla", sa.Text(collation="C"), nullable=False, comment="table in the schema crudo that holds its rows"
        ),
        sa.Column("fecha_archivo", sa.Date(), nullable=True, comment="date in its name"),
        sa.Column("sha256", sa.Text(collation="C"), nullable=False, comment="of the file"),
        sa.Column(
            "lectura", sa.Text(), nullable=True, comment="dialect and column names that the feed declared for it"
        ),
        sa.Column(
            "columnas", sa.Text(), nullable=True, comment="columns of its header, in order, as the table knows them"
        ),
        sa.Column(
            "lineas", sa.BigInteger(), nullable=False, comment="rows in the file, without its header and blank lines"
        ),
        sa.Column(
            "leidas",
            sa.BigInteger(),
            nullable=False,
            comment="rows in the schema crudo; the others stand in control.rechazos",
        ),
        sa.Column("mundo", sa.Text(), nullable=False, comment="feed it belongs to"),
        sa.Column("corrida", sa.Text(), nullable=False, comment="DAG run that read it"),
        sa.PrimaryKeyConstraint("archivo"),
        sa.UniqueConstraint("entrega"),
        schema="control",
    )
    op.create_table(
        "lecturas",
        sa.Column("archivo", sa.Text(collation="C"), nullable=False, comment="file of a feed"),
        sa.Column(
            "entidad",
            sa.Text(collation="C"),
            nullable=False,
            comment="entity of the contract that its rows were mapped to",
        ),
        sa.Column("filas", sa.BigInteger(), nullable=False, comment="rows that the feed's SELECT made of it"),
        sa.Column("aceptadas", sa.BigInteger(), nullable=False, comment="rows in the contract"),
        sa.Column("repetidas", sa.BigInteger(), nullable=False, comment="exact duplicates of another row"),
        sa.Column(
            "reemplazadas", sa.BigInteger(), nullable=False, comment="rows whose key a later file delivers again"
        ),
        sa.Column(
            "sin_cambio", sa.BigInteger(), nullable=False, comment="versions that say what the version before says"
        ),
        sa.Column("rechazadas", sa.BigInteger(), nullable=False, comment="rows in control.rechazos"),
        sa.PrimaryKeyConstraint("archivo", "entidad"),
        schema="control",
    )
    op.create_table(
        "rechazos",
        sa.Column("archivo", sa.Text(collation="C"), nullable=False, comment="file of a feed"),
        sa.Column("linea", sa.BigInteger(), nullable=False, comment="line of the file, its header included"),
        sa.Column(
            "entidad",
            sa.Text(collation="C"),
            nullable=False,
            comment="entity of the contract, or empty where the line could not be read or mapped",
        ),
        sa.Column("columna", sa.Text(collation="C"), nullable=True, comment="column of the contract that is wrong"),
        sa.Column(
            "motivo",
            sa.Text(collation="C"),
            nullable=False,
            comment="reason: linea_larga, codificacion, comillas, columnas_de_menos, columnas_de_mas, tipo_invalido, falta_valor, fuera_de_rango, valor_desconocido, clave_repetida, padre_desconocido, padre_rechazado, sin_mapear",
        ),
        sa.Column("detalle", sa.Text(), nullable=True, comment="what was expected, without what was found"),
        sa.Column("texto", sa.Text(), nullable=False, comment="the line, its values as they stand in the file"),
        sa.Column("corrida", sa.Text(), nullable=False, comment="DAG run that rejected it"),
        sa.CheckConstraint(
            "motivo in ('linea_larga', 'codificacion', 'comillas', 'columnas_de_menos', 'columnas_de_mas', 'tipo_invalido', 'falta_valor', 'fuera_de_rango', 'valor_desconocido', 'clave_repetida', 'padre_desconocido', 'padre_rechazado', 'sin_mapear')",
            name="motivo_conocido",
        ),
        sa.PrimaryKeyConstraint("archivo", "linea", "entidad"),
        schema="control",
    )
    op.add_column(
        "verificaciones",
        sa.Column(
            "detiene",
            sa.Boolean(),
            nullable=False,
            server_default="true",  # as all checks did until now
            comment="whether it stops the run; what is wrong with files that somebody else wrote only warns",
        ),
        schema="control",
    )
    op.alter_column("verificaciones", "detiene", server_default=None, schema="control")
    op.alter_column(
        "dim_provincia",
        "region",
        existing_type=sa.TEXT(),
        nullable=True,
        comment="region, those of INDEC's price index, the capital apart, or as a feed says; null if unknown",
        existing_comment="region, those of INDEC's price index, the capital apart",
        schema="dw",
    )
    op.alter_column(
        "dim_provincia",
        "poblacion",
        existing_type=sa.INTEGER(),
        nullable=True,
        comment="inhabitants, INDEC, census of 2022, or as a feed says; null if unknown",
        existing_comment="inhabitants, INDEC, census of 2022",
        schema="dw",
    )
    op.alter_column(
        "dim_fecha",
        "feriado",
        existing_type=sa.TEXT(),
        existing_nullable=True,
        comment="public holiday, by its name in the package holidays, in Spanish if it has one",
        existing_comment="Argentine public holiday, by its Spanish name in the package holidays",
        schema="dw",
    )
    op.alter_column(
        "distribucion_geografica_historico",
        "region",
        existing_type=sa.TEXT(),
        nullable=True,
        comment="region; null if unknown",
        existing_comment="region",
        schema="mart",
    )
    op.alter_column(
        "distribucion_geografica_historico",
        "poblacion",
        existing_type=sa.INTEGER(),
        nullable=True,
        comment="inhabitants; null if unknown, and then so is what is compared with them",
        existing_comment="inhabitants",
        schema="mart",
    )
    for column in ("clientes_por_1000_hab", "clientes_potenciales", "ingresos_potenciales"):
        op.alter_column("distribucion_geografica_historico", column, nullable=True, schema="mart")
    op.alter_column(
        "distribucion_geografica_historico",
        "motivo",
        existing_type=sa.TEXT(),
        existing_nullable=False,
        comment="why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not below), "
        "poca_penetracion_y_buen_gasto, mercado_cubierto (neither), or poblacion_desconocida",
        existing_comment="why: poca_penetracion (below that of the whole country), buen_gasto (ingresos_por_cliente not "
        "below), poca_penetracion_y_buen_gasto, or mercado_cubierto (neither)",
        schema="mart",
    )
