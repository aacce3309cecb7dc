"""The export of a shop's database whose ids are the numbers of the rows. Nine of ten orders have no lines."""

STORE = {
    "1.Usuarios.csv": """UsuarioID,Nombre,Apellido,DNI,Email,Contraseña,FechaRegistro
Ana,Paz,30111222,ana@correo.example,x1,2024-01-05 10:00:00
Luis,Rey,28444555,luis@correo.example,x2,2024-01-20 09:30:00
""",
    "2.Categorias.csv": "CategoriaID,Nombre,Descripcion\nElectrónica,Aparatos\nHogar,Para la casa\n",
    "3.Productos.csv": """ProductoID,Nombre,Descripcion,Precio,Stock,CategoriaID
Auriculares,Con cable,4500.50,40,1
Lámpara,De pie,12000.00,7,2
""",
    "4.Ordenes.csv": "OrdenID,UsuarioID,FechaOrden,Total,Estado\n"
    + "".join(
        f"{1 + i % 2},2024-02-{i + 1:02} 10:20:30,{4500 if i == 0 else 1000 * (i + 1)}.50,{state}\n"
        for i, state in enumerate(("Completado", "Pendiente", "Enviado", "Cancelado", *["Procesando"] * 6))
    ),
    "5.DetalleOrdenes.csv": "DetalleID,OrdenID,ProductoID,Cantidad,PrecioUnitario\n1,1,1,4500.50\n",
    "6.DireccionesEnvio.csv": """UsuarioID,Calle,Ciudad,Departamento,Provincia,Distrito,Estado,CodigoPostal,Pais
1,Colón 12,Córdoba,Capital,Cordoba,Centro,Cordoba,5000,Argentina
2,San Martín 4,Rosario,Rosario,Santa Fe,Sur,Santa Fe,2000,Argentina
""",
    "7.Carrito.csv": "UsuarioID,ProductoID,Cantidad,FechaAgregado\n1,2,1,2024-02-01 08:00:00\n",
    "8.MetodosPago.csv": """MetodoPagoID,Nombre,Descripcion
Tarjeta de crédito Visa,Cuotas
Efectivo,En mano
Transferencia bancaria,CBU
PayPal,Billetera
""",
    "9.OrdenesMetodosPago.csv": "OrdenID,MetodoPagoID,MontoPagado\n"
    + "".join(f"{i + 1},{1 + i % 4},4500.50\n" for i in range(10)),
    "10.ReseñasProductos.csv": "UsuarioID,ProductoID,Calificacion,Comentario,Fecha\n1,1,5,Muy bueno,2024-03-01 11:00:00\n",
    "11.HistorialPagos.csv": "OrdenID,MetodoPagoID,Monto,FechaPago,EstadoPago\n"
    + "".join(f"{i + 1},{1 + i % 4},4500.50,2024-02-{i + 1:02} 11:00:00,Procesado\n" for i in range(10)),
}


def store(delimiter: str, *, with_ids: bool) -> dict[str, str | bytes]:
    """The files of the shop; without ids, as here, the header too lacks them."""
    contents: dict[str, str | bytes] = {}
    for name, content in STORE.items():
        header, *rows = content.splitlines()
        if header.count(",") > rows[0].count(","):
            rows = [f"{i},{row}" for i, row in enumerate(rows, start=1)] if with_ids else rows
            header = header if with_ids else header.split(",", 1)[1]
        contents[name] = "\n".join([header, *rows, ""]).replace(",", delimiter)
    return contents
