"""What each column of cliente_360 means, in a sentence, in Spanish; the models say it in English, and in full."""

MEANINGS = {
    "cliente_id": "El cliente.",
    "nombre": "Nombre y apellido.",
    "edad": "Años cumplidos a la fecha de corte.",
    "provincia": "Provincia en la que vive a la fecha de corte.",
    "ingresos_mensuales": (
        "Ingreso mensual fijo: la mediana del sueldo o la jubilación de los últimos 6 meses observados, sin "
        "aguinaldo; sin ninguno, la de otros depósitos, si los hubo en la mayoría de ellos; si no, lo que declaró."
    ),
    "gasto_mensual_promedio": (
        "Promedio de los meses observados de compras con tarjeta, servicios, débitos automáticos y extracciones."
    ),
    "score_endeudamiento": "Promedio mensual de servicios y débitos automáticos, dividido por los ingresos mensuales.",
    "origen_ingresos": (
        "De dónde se conocen los ingresos: observado, de sueldos; depositos, de otro dinero recibido; o declarado."
    ),
    "meses_observados": (
        "De los últimos 12 meses completos, aquellos en que fue cliente todos los días y, si se conocen los "
        "titulares, tuvo una cuenta al final del mes o algún movimiento."
    ),
    "ocupacion": "Ocupación a la fecha de corte.",
    "antiguedad_meses": "Meses completos como cliente.",
    "segmento_ingresos": (
        "Quintil de los ingresos mensuales entre los clientes del día, como los da ntile(5), 1 el más bajo; iguales, el del "
        "primero."
    ),
    "compras_12m": "Pedidos de los 365 días que terminan en la fecha de corte, sin los cancelados ni los devueltos.",
    "monto_compras_12m": "Importe de esos pedidos.",
    "ticket_promedio": "Importe medio de esos pedidos, sin lo devuelto.",
    "primera_compra": "Día del primer pedido desde el comienzo de la historia.",
    "ultima_compra": "Día del último pedido desde el comienzo de la historia.",
    "dias_sin_comprar": "Días desde el último pedido hasta la fecha de corte.",
    "tipo_comprador": (
        "Sin compras; nuevo, si su primer pedido es de los últimos 90 días; recurrente, con dos o más en 365 días;"
        " ocasional, con uno; inactivo, con ninguno."
    ),
    "segmento_rfm": (
        "Quintiles de la última compra, la cantidad de compras y su monto, tres dígitos, 5 el mejor; iguales, el "
        "del primero."
    ),
    "categoria_favorita": "Categoría con el mayor importe de los pedidos de 365 días, sin lo devuelto.",
    "entregas_demoradas_pct": (
        "De las entregas de 365 días con día prometido, las que llegaron después de él, por ciento."
    ),
    "contactos_campania_12m": "Campañas que lo contactaron en los 365 días.",
    "fecha_corte": "El día al que vale todo lo demás.",
    "monto_devuelto_12m": "Lo que se le devolvió en los 365 días por partes de pedidos.",
    "monto_neto_12m": "El monto de las compras menos lo devuelto.",
    "posible_duplicado_de": (
        "El cliente que puede ser la misma persona: mismo documento, o mismo correo y fecha de nacimiento."
    ),
    "medio_pago_preferido": "El medio con el que más pagó en los 365 días, menos lo reembolsado.",
    "pais": "País de residencia, dos letras (ISO 3166-1).",
    "ingresos_totales_promedio": "Promedio mensual de todo el dinero que entra, sin ahorro ni moneda extranjera.",
    "egresos_totales_promedio": "Promedio mensual de todo el dinero que sale, sin ahorro ni moneda extranjera.",
    "ahorro_promedio": "Promedio mensual de lo que entra menos lo que sale.",
    "deuda_total": (
        "Lo que debe: de préstamos el saldo, aunque sea 0 y queden cuotas, o, si no viene, el capital de las cuotas impagas; de "
        "cada tarjeta el último resumen, menos lo pagado."
    ),
    "cuota_sobre_ingreso": (
        "Cuotas y pagos mínimos de tarjetas que vencen en el mes, divididos por los ingresos mensuales."
    ),
    "uso_de_limite": "Deuda de tarjetas dividida por los límites de las abiertas.",
    "dias_mora_max": (
        "La mayor cantidad de días de mora de una cuota, también de un préstamo sin saldo, o de un resumen."
    ),
    "situacion": (
        "De 1 a 5 según los días de mora: hasta 31, 90, 180, 365 y más, la escala del Banco Central para consumo."
    ),
    "productos": (
        "Lo que tiene: tipos de cuenta (si es autorizado, solo con una parte), orden permanente, préstamo con saldo o en mora, "
        "tarjeta de crédito, o ninguno."
    ),
    "saldo_total": "Saldo de sus cuentas a la fecha de corte, en su parte; vacío si no tiene ninguna.",
    "saldo_minimo_90d": "El menor saldo de sus cuentas al cierre de uno de los últimos 90 días, en su parte.",
}
