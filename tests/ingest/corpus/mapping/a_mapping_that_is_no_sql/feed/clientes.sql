select _archivo, _linea, cliente_id fecha from from crudo.clientes
