"""What each check says where it found nothing, by group, in the order in which people read them."""

from reading.language import _

GROUPS: dict[str, dict[str, str]] = {
    "Lo que se cargó": {
        "historia_completa": "Todos los días desde el inicio están cargados.",
        "cargas_cuadran": "De cada archivo se cargaron todas las filas.",
        "cuentas_cuadran": "De los archivos de cuentas se cargaron todas las filas.",
        "cargas_de_credito_cuadran": "De los archivos de créditos se cargaron todas las filas.",
        "entregas_cuadran": "Cada línea recibida se leyó o quedó registrada como rechazada.",
        "lecturas_cuadran": "De cada fila leída se sabe qué pasó con ella.",
    },
    "Clientes": {
        "versiones_contiguas": "Los datos de cada cliente y producto no tienen huecos en el tiempo.",
        "cliente_360_completo": "cliente_360 tiene una fila por cliente, y ninguna otra.",
        "cliente_360_en_rango": "Las columnas de cliente_360 tienen valores posibles y concuerdan entre sí.",
        "baja_despues_de_alta": "Nadie se va antes de haber llegado.",
        "cliente_sin_duplicado": "Nadie figura dos veces, con el mismo documento o el mismo correo y nacimiento.",
        "documento_de_una_persona": "Ningún documento ni correo es de más de cinco clientes.",
        "edad_posible": "Todas las edades son posibles.",
        "provincia_reconocida": "Todas las provincias se reconocen.",
    },
    "Banco": {
        "transaccion_unica": "Ningún movimiento está repetido en su mes.",
        "transaccion_de_un_mes": "Ningún movimiento está en dos meses.",
        "transaccion_de_cliente": "Cada movimiento es de alguien que ese día era cliente.",
        "transaccion_de_cuenta": "Cada movimiento es de una cuenta abierta ese día, o de un cliente.",
        "movimiento_al_dia": "Los movimientos en otra moneda valen lo que dice la cotización de su día.",
        "gasto_mensual_cuadra": "Los gastos de cada mes suman lo mismo que sus movimientos.",
        "cuenta_mensual_cuadra": "Las cuentas de cada mes suman lo mismo que sus movimientos.",
        "titularidad_cuadra": "Cada cuenta es de quienes la fuente dice, en partes que suman el todo.",
        "reparto_cuadra": "Lo que se reparte entre los titulares de una cuenta suma lo que la cuenta tiene.",
        "movimiento_con_sentido": "De cada movimiento se sabe si entra o sale.",
        "movimiento_de_tarjeta": "Las tarjetas que los movimientos nombran existen.",
        "movimiento_de_titular": "Las cuentas que los movimientos nombran tienen titular.",
        "saldo_al_dia": "Ninguna cuenta con movimientos tiene un saldo más viejo que las demás.",
        "saldo_cuadra": "Los saldos recibidos son los que dan los movimientos.",
        "tipo_reconocido": "De cada movimiento se conoce el tipo.",
        "titular_es_cliente": "Los titulares de las cuentas son clientes.",
        "titulares_suman": "Las partes de los titulares de cada cuenta suman 100.",
    },
    "Créditos": {
        "credito_de_titular": "Los préstamos, tarjetas y débitos son de cuentas con titular.",
        "credito_del_mismo_cliente": "Las cuotas y los resúmenes son del cliente de su préstamo o tarjeta.",
        "cuotas_cuadran": "Las cuotas de cada préstamo suman lo prestado.",
        "resumen_cuadra": "Cada resumen suma el resto del anterior, sus cuotas, y los intereses y cargos de la tarjeta.",
        "resumen_en_orden": "Ningún resumen vence antes de cerrar, ni pide un mínimo mayor que su total.",
        "riesgo_cuadra": "El riesgo crediticio concuerda con las deudas de cliente_360.",
    },
    "Comercio": {
        "venta_unica": "Ningún pedido está repetido.",
        "venta_de_cliente_y_producto": "Cada pedido es de un cliente, y de productos que ya se vendían.",
        "pedido_cuadra": "Los pedidos tienen las líneas y los importes de la fuente.",
        "anulacion_cuadra": "Los pedidos anulados lo están desde el día en que se supo.",
        "costo_al_dia": "Cada línea tiene la categoría y el costo de su día.",
        "pago_de_pedido": "Cada pago es de un pedido del mismo cliente, y no anterior a él.",
        "pago_unico": "Ningún pago está repetido.",
        "devolucion_unica": "Ninguna devolución está repetida.",
        "devolucion_de_cliente_y_producto": "Cada devolución es de un cliente y un producto conocidos, y posterior a su pedido.",
        "devolucion_derivada": "Cada devolución tiene la categoría y el costo de su día.",
        "envio_cuadra": "Los envíos tienen la entrega que la fuente dice.",
        "contacto_de_campania": "Cada contacto es de una campaña y un cliente conocidos.",
        "movimiento_unico": "Ningún movimiento de stock está repetido.",
        "stock_mensual_cuadra": "El stock de cada mes suma lo mismo que sus movimientos.",
        "pedido_con_lineas": "Todos los pedidos tienen líneas.",
        "venta_cuadra": "El total de cada pedido es la suma de sus líneas.",
        "pago_cuadra": "Cada pedido se paga por lo que vale, ni más ni menos.",
        "devolucion_cuadra": "No vuelve más de lo que se vendió.",
        "envio_en_orden": "Ningún envío se despacha antes del pedido, ni se entrega antes del despacho.",
        "stock_no_negativo": "Ningún depósito tiene menos que nada de un producto.",
        "precio_de_lista": "Nada se vende por el quíntuple de su precio de lista, ni por la quinta parte.",
        "tarjeta_cuadra": "Lo que se paga con la tarjeta del banco es lo mismo para el banco y para el comercio.",
    },
    "Lo habitual": {
        "frescura_habitual": "Nada lleva sin llegar más tiempo que de costumbre.",
        "volumen_habitual": "De todo llegan tantas filas como en días parecidos.",
        "magnitud_habitual": "Los importes son del tamaño de los de días parecidos.",
        "nulos_habituales": "A ninguna columna le faltan más valores que en días parecidos.",
        "valores_habituales": "Las columnas de pocos valores tienen tantos como en días parecidos.",
        "iguales_habituales": "No llegan más filas repetidas con otra clave que en días parecidos.",
        "centinelas_habituales": "No hay más valores de relleno, como 999999 o TEST, que en días parecidos.",
        "categoria_de_una_grafia": "Ningún valor se escribe de otra manera que antes.",
    },
    "Respuestas": {
        "respuestas_cuadran": "Las respuestas concuerdan entre sí y con los pedidos.",
        "distribucion_cuadra": "La distribución geográfica cuenta a cada cliente donde vive.",
        "respuestas_con_datos": "La fuente trae todo lo que las respuestas necesitan.",
    },
}
OTHERS = "Otras"
"""The group of checks that a warehouse has of another version."""


def group_of(check: str) -> str:
    """The group of a check, by its name in the code."""
    return next((group for group, sentences in GROUPS.items() if check in sentences), OTHERS)


def sentence(check: str) -> str:
    """What the check says; its name where that is not known."""
    return _(GROUPS.get(group_of(check), {}).get(check, check))
