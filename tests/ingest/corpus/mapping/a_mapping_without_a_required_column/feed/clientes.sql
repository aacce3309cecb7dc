select _archivo, _linea, cliente_id, fecha from crudo.clientes
