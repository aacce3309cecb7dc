select _archivo, _linea, cliente_id, fecha, alta as fecha_alta, nombre as nombres from crudo.clientes
