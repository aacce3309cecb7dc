"""The trigger form in Airflow, in the language of the page: the parameters of a run, their bounds and defaults."""

import os

from airflow.sdk import Param

from client360.days import MONTHS
from client360.ingest.feed_spec import feed_names
from client360.publish import formats
from client360.run import parameters
from client360.simulate import EARLIEST, LARGEST, LARGEST_SEED, World
from client360.simulate.corrupt import MAX_SHARE
from reading.language import _


def between(least: float, most: float) -> list[dict[str, float]]:
    """The bounds of a number, for `allOf`. As `minimum` and `maximum` of the field itself the browser would know them, and turn a
    number beyond them into the nearest bound, without a word; so the server refuses it."""
    return [{"minimum": least, "maximum": most}]


def form() -> dict[str, Param]:
    """The parameters of the DAG. Raises ValueError, in one line, for an invalid default in the environment."""
    defaults = parameters.defaults(os.environ)
    return {
        "fecha": Param(
            None,
            type=["null", "string"],
            format="date",
            title=_("Fecha de corte"),
            description=_(
                "El día que se procesa. Lo decide este campo; la fecha lógica de Airflow solo da nombre a la corrida. Vacío: el "
                "día de la fecha lógica o, si no terminó o no la hay, el último día terminado en la zona horaria de la fuente."
            ),
        ),
        "inicio": Param(
            defaults["inicio"],
            type=["null", "string"],
            format="date",
            title=_("Primer día de la historia"),
            description=_(
                "Desde el {earliest}, y no después de la fecha de corte. Vacío: el {first} o, de archivos, el primer día con un "
                "movimiento del banco o un pedido."
            ).format(earliest=EARLIEST, first=World.first_day),
        ),
        "clientes": Param(
            defaults["clientes"],
            type="integer",
            allOf=between(1, LARGEST),
            title=_("Clientes"),
            description=_("Tamaño de la cartera: cada día hay más o menos tantos activos."),
            section=_("Mundo"),
        ),
        "semilla": Param(
            defaults["semilla"],
            type="integer",
            allOf=between(0, LARGEST_SEED),
            title=_("Semilla"),
            description=_(
                "Otra semilla da otro mundo. Con la misma, los mismos clientes y el mismo primer día, las mismas filas."
            ),
            section=_("Mundo"),
        ),
        "intervencion": Param(
            defaults["intervencion"],
            type=["null", "string"],
            minLength=1,
            title=_("Qué cambia: un gemelo"),
            description=_(
                "Un hecho declarado que es otro en un gemelo del mundo, con los mismos sorteos: campania:<id>, "
                "precio:<producto o categoría>:<mes o día>, deposito:<depósito>:<desde>..<hasta> o demoras. Vacío: el mundo "
                "mismo."
            ),
            section=_("Mundo"),
        ),
        "suciedad": Param(
            defaults["suciedad"],
            type="number",
            allOf=between(0, MAX_SHARE),
            title=_("Filas corrompidas, proporción"),
            description=_(
                "Proporción de las filas que el mundo corrompe a propósito en sus archivos. Se leen como los de otros, y toda "
                "fila corrompida tiene que estar en control.rechazos."
            ),
            section=_("Mundo"),
        ),
        "fuente": Param(
            defaults["fuente"],
            type="string",
            enum=feed_names(),
            title=_("Fuente"),
            description=_(
                "Cómo se leen los archivos: una carpeta de include/sql/feeds. simulador, sin carpeta, genera el mundo de "
                "arriba."
            ),
            section=_("Origen"),
        ),
        "entrada": Param(
            defaults["entrada"],
            type=["null", "string"],
            minLength=1,
            title=_("Carpeta de los archivos"),
            description=_("Relativa a la carpeta de datos, y dentro de ella o de una que CLIENT360_FOLDERS nombre."),
            section=_("Origen"),
        ),
        "umbral": Param(
            defaults["umbral"],
            type=["null", "number"],
            allOf=between(0, 100),
            title=_("Filas rechazadas que detienen la corrida, por ciento"),
            description=_(
                "De las filas de una entidad. Vacío: el umbral de la fuente. Hasta él la corrida sigue, sin las filas rechazadas."
            ),
            section=_("Origen"),
        ),
        "reemplazar": Param(
            False,
            type="boolean",
            title=_("Reemplazar lo que hay en el almacén"),
            description=_(
                "Calcula todo de nuevo junto a lo que hay en el almacén, y lo reemplaza cuando pasan las verificaciones. Lo "
                "cargado de archivos se pierde entonces."
            ),
            section=_("Almacén"),
        ),
        "recalcular": Param(
            False,
            type="boolean",
            title=_("Juzgar todos los archivos de nuevo"),
            description=_(
                "También si ningún archivo cambió. El resultado es el mismo, salvo que alguien haya cambiado el almacén a mano."
            ),
            section=_("Origen"),
        ),
        "anonimo": Param(
            defaults["anonimo"],
            type="boolean",
            title=_("Publicar archivos anónimos"),
            description=_(
                "Sin nombres y con hashes en lugar de los identificadores de clientes, en processed/anonimo. Los archivos "
                "abiertos quedan como están."
            ),
            section=_("Publicación"),
        ),
        "formatos": Param(
            defaults["formatos"],
            type=["null", "array"],
            items={"type": "string", "enum": list(formats.CHOICES)},
            examples=list(formats.CHOICES),
            title=_("Formatos además de CSV"),
            description=_(
                "excel: un libro, con una hoja por relación. csv_regional: CSV con ; y coma decimal. parquet: archivos con "
                "tipos, para programas. Los CSV comunes se escriben siempre."
            ),
            section=_("Publicación"),
        ),
        "conservar": Param(
            defaults["conservar"],
            type="integer",
            allOf=between(0, MONTHS),
            title=_("Meses en que se conserva cada día publicado"),
            description=_(
                "Antes de esos meses, contados desde el último día publicado, la corrida quita todo menos el último día "
                "publicado de cada mes: filas de mart y archivos. Un día ejecutado hace menos de un día queda hasta entonces. 0: "
                "no se quita nada."
            ),
            section=_("Conservación"),
        ),
        "limpiar": Param(
            defaults["limpiar"],
            type="boolean",
            title=_("Quitar los archivos de entrada ya cargados"),
            description=_(
                "Los de un mundo simulado, un día después de escritos; puede generarlos de nuevo. Los archivos de otros quedan."
            ),
            section=_("Conservación"),
        ),
    }
