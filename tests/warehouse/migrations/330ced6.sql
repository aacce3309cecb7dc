-- The warehouse as commit 330ced6 left it, the last one before revisions were recorded: pg_dump --column-inserts of a run
-- of 2026-09-01 for 2 customers since 2026-08-31. Revision 0001 describes its tables.
CREATE SCHEMA control;
CREATE SCHEMA dw;
CREATE SCHEMA mart;
CREATE SCHEMA staging;
CREATE TABLE control.cargas (
    entidad text NOT NULL COLLATE pg_catalog."C",
    fecha date NOT NULL,
    filas integer NOT NULL,
    archivo text NOT NULL,
    sha256 text NOT NULL COLLATE pg_catalog."C",
    mundo text NOT NULL,
    corrida text NOT NULL,
    capa text NOT NULL,
    capa_alcanzada text NOT NULL,
    CONSTRAINT capa_alcanzada_conocida CHECK ((capa_alcanzada = ANY (ARRAY['staging'::text, 'dw'::text, 'mart'::text]))),
    CONSTRAINT capa_conocida CHECK ((capa = ANY (ARRAY['staging'::text, 'dw'::text, 'mart'::text])))
);
COMMENT ON COLUMN control.cargas.entidad IS 'landing file';
COMMENT ON COLUMN control.cargas.fecha IS 'business day';
COMMENT ON COLUMN control.cargas.filas IS 'rows of the day';
COMMENT ON COLUMN control.cargas.archivo IS 'file they came from, relative to the data folder';
COMMENT ON COLUMN control.cargas.sha256 IS 'of that file';
COMMENT ON COLUMN control.cargas.mundo IS 'world or feed they belong to';
COMMENT ON COLUMN control.cargas.corrida IS 'DAG run that loaded them';
COMMENT ON COLUMN control.cargas.capa IS 'layer that the last delivery of the day has reached: staging, dw or mart';
COMMENT ON COLUMN control.cargas.capa_alcanzada IS 'furthest layer that any delivery of the day has reached; it only goes up';
CREATE TABLE control.verificaciones (
    fecha_corte date NOT NULL,
    verificacion text NOT NULL COLLATE pg_catalog."C",
    correcta boolean NOT NULL,
    hallazgos integer NOT NULL,
    ejemplo text,
    corrida text NOT NULL
);
COMMENT ON COLUMN control.verificaciones.fecha_corte IS 'business day';
COMMENT ON COLUMN control.verificaciones.verificacion IS 'check: its file in include/sql/check';
COMMENT ON COLUMN control.verificaciones.correcta IS 'whether nothing was found';
COMMENT ON COLUMN control.verificaciones.hallazgos IS 'number of things found wrong';
COMMENT ON COLUMN control.verificaciones.ejemplo IS 'one of them';
COMMENT ON COLUMN control.verificaciones.corrida IS 'DAG run that checked';
CREATE TABLE dw.dim_cliente (
    cliente_id text NOT NULL COLLATE pg_catalog."C",
    vigente_desde date NOT NULL,
    vigente_hasta date NOT NULL,
    dni text COLLATE pg_catalog."C",
    nombre text,
    apellido text,
    email text,
    fecha_nacimiento date,
    provincia text,
    ciudad text,
    ocupacion text,
    ingresos_mensuales numeric(14,2),
    fecha_alta date NOT NULL,
    fecha_baja date
);
COMMENT ON COLUMN dw.dim_cliente.cliente_id IS 'customer';
COMMENT ON COLUMN dw.dim_cliente.vigente_desde IS 'first day of this version';
COMMENT ON COLUMN dw.dim_cliente.vigente_hasta IS 'first day of the next version; 9999-12-31 while there is none';
COMMENT ON COLUMN dw.dim_cliente.dni IS 'national identity number';
COMMENT ON COLUMN dw.dim_cliente.nombre IS 'first name';
COMMENT ON COLUMN dw.dim_cliente.apellido IS 'surname';
COMMENT ON COLUMN dw.dim_cliente.email IS 'e-mail address';
COMMENT ON COLUMN dw.dim_cliente.fecha_nacimiento IS 'date of birth';
COMMENT ON COLUMN dw.dim_cliente.provincia IS 'province of residence';
COMMENT ON COLUMN dw.dim_cliente.ciudad IS 'city of residence';
COMMENT ON COLUMN dw.dim_cliente.ocupacion IS 'occupation';
COMMENT ON COLUMN dw.dim_cliente.ingresos_mensuales IS 'monthly income as declared by the customer, in pesos';
COMMENT ON COLUMN dw.dim_cliente.fecha_alta IS 'first day as a customer';
COMMENT ON COLUMN dw.dim_cliente.fecha_baja IS 'first day no longer a customer';
CREATE TABLE dw.hecho_transacciones (
    cliente_id text NOT NULL COLLATE pg_catalog."C",
    fecha date NOT NULL,
    transaccion_id text NOT NULL COLLATE pg_catalog."C",
    tipo_transaccion text NOT NULL,
    monto numeric(14,2) NOT NULL,
    rubro text,
    venta_id text COLLATE pg_catalog."C"
)
PARTITION BY RANGE (fecha);
COMMENT ON COLUMN dw.hecho_transacciones.cliente_id IS 'customer';
COMMENT ON COLUMN dw.hecho_transacciones.fecha IS 'business day of the movement';
COMMENT ON COLUMN dw.hecho_transacciones.transaccion_id IS 'bank movement';
COMMENT ON COLUMN dw.hecho_transacciones.tipo_transaccion IS 'kind of movement: compra_tarjeta, transferencia, debito_automatico, extraccion_cajero, pago_servicio, ingreso_sueldo';
COMMENT ON COLUMN dw.hecho_transacciones.monto IS 'amount in pesos, always positive';
COMMENT ON COLUMN dw.hecho_transacciones.rubro IS 'category of a purchase, bill, salary or transfer';
COMMENT ON COLUMN dw.hecho_transacciones.venta_id IS 'order of the shop that the movement pays or refunds';
CREATE TABLE dw.hecho_transacciones_202608 (
    cliente_id text CONSTRAINT hecho_transacciones_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    fecha date CONSTRAINT hecho_transacciones_fecha_not_null NOT NULL,
    transaccion_id text CONSTRAINT hecho_transacciones_transaccion_id_not_null NOT NULL COLLATE pg_catalog."C",
    tipo_transaccion text CONSTRAINT hecho_transacciones_tipo_transaccion_not_null NOT NULL,
    monto numeric(14,2) CONSTRAINT hecho_transacciones_monto_not_null NOT NULL,
    rubro text,
    venta_id text COLLATE pg_catalog."C"
);
CREATE TABLE dw.hecho_transacciones_202609 (
    cliente_id text CONSTRAINT hecho_transacciones_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    fecha date CONSTRAINT hecho_transacciones_fecha_not_null NOT NULL,
    transaccion_id text CONSTRAINT hecho_transacciones_transaccion_id_not_null NOT NULL COLLATE pg_catalog."C",
    tipo_transaccion text CONSTRAINT hecho_transacciones_tipo_transaccion_not_null NOT NULL,
    monto numeric(14,2) CONSTRAINT hecho_transacciones_monto_not_null NOT NULL,
    rubro text,
    venta_id text COLLATE pg_catalog."C"
);
CREATE TABLE mart.cliente_360_historico (
    cliente_id text NOT NULL COLLATE pg_catalog."C",
    nombre text,
    edad integer,
    provincia text,
    ingresos_mensuales numeric(14,2),
    gasto_mensual_promedio numeric(14,2),
    score_endeudamiento numeric(14,4),
    origen_ingresos text,
    meses_observados integer NOT NULL,
    ocupacion text,
    antiguedad_meses integer NOT NULL,
    segmento_ingresos integer,
    fecha_corte date NOT NULL
)
PARTITION BY RANGE (fecha_corte);
COMMENT ON COLUMN mart.cliente_360_historico.cliente_id IS 'customer';
COMMENT ON COLUMN mart.cliente_360_historico.nombre IS 'first name and surname';
COMMENT ON COLUMN mart.cliente_360_historico.edad IS 'age in whole years at fecha_corte';
COMMENT ON COLUMN mart.cliente_360_historico.provincia IS 'province of residence at fecha_corte';
COMMENT ON COLUMN mart.cliente_360_historico.ingresos_mensuales IS 'estimate of fixed monthly income, in pesos: median, over those of the last 6 observed months that had one, of the month''s salary or pension without aguinaldo; with none, the income declared by the customer';
COMMENT ON COLUMN mart.cliente_360_historico.gasto_mensual_promedio IS 'mean over the observed months of card purchases, bills, direct debits and cash withdrawals, in pesos; null with no observed month (a complete month of the last 12 in which the person was a customer from its first day)';
COMMENT ON COLUMN mart.cliente_360_historico.score_endeudamiento IS 'mean monthly bills and direct debits over ingresos_mensuales; null when the income is 0 or unknown';
COMMENT ON COLUMN mart.cliente_360_historico.origen_ingresos IS 'observado (from movements) or declarado (by the customer)';
COMMENT ON COLUMN mart.cliente_360_historico.meses_observados IS 'number of observed months, 0 to 12';
COMMENT ON COLUMN mart.cliente_360_historico.ocupacion IS 'occupation at fecha_corte';
COMMENT ON COLUMN mart.cliente_360_historico.antiguedad_meses IS 'whole months as a customer at fecha_corte';
COMMENT ON COLUMN mart.cliente_360_historico.segmento_ingresos IS 'income quintile among the customers at fecha_corte, 1 the lowest';
COMMENT ON COLUMN mart.cliente_360_historico.fecha_corte IS 'business day as of which the row holds';
CREATE VIEW mart.cliente_360 AS
 SELECT cliente_id,
    nombre,
    edad,
    provincia,
    ingresos_mensuales,
    gasto_mensual_promedio,
    score_endeudamiento,
    origen_ingresos,
    meses_observados,
    ocupacion,
    antiguedad_meses,
    segmento_ingresos,
    fecha_corte
   FROM mart.cliente_360_historico
  WHERE (fecha_corte = ( SELECT max(dia.fecha_corte) AS max
           FROM ( SELECT verificaciones.fecha_corte
                   FROM control.verificaciones
                  GROUP BY verificaciones.fecha_corte
                 HAVING bool_and(verificaciones.correcta)) dia));
CREATE TABLE mart.cliente_360_historico_202608 (
    cliente_id text CONSTRAINT cliente_360_historico_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    nombre text,
    edad integer,
    provincia text,
    ingresos_mensuales numeric(14,2),
    gasto_mensual_promedio numeric(14,2),
    score_endeudamiento numeric(14,4),
    origen_ingresos text,
    meses_observados integer CONSTRAINT cliente_360_historico_meses_observados_not_null NOT NULL,
    ocupacion text,
    antiguedad_meses integer CONSTRAINT cliente_360_historico_antiguedad_meses_not_null NOT NULL,
    segmento_ingresos integer,
    fecha_corte date CONSTRAINT cliente_360_historico_fecha_corte_not_null NOT NULL
);
CREATE TABLE mart.cliente_360_historico_202609 (
    cliente_id text CONSTRAINT cliente_360_historico_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    nombre text,
    edad integer,
    provincia text,
    ingresos_mensuales numeric(14,2),
    gasto_mensual_promedio numeric(14,2),
    score_endeudamiento numeric(14,4),
    origen_ingresos text,
    meses_observados integer CONSTRAINT cliente_360_historico_meses_observados_not_null NOT NULL,
    ocupacion text,
    antiguedad_meses integer CONSTRAINT cliente_360_historico_antiguedad_meses_not_null NOT NULL,
    segmento_ingresos integer,
    fecha_corte date CONSTRAINT cliente_360_historico_fecha_corte_not_null NOT NULL
);
CREATE TABLE mart.gasto_mensual (
    cliente_id text NOT NULL COLLATE pg_catalog."C",
    mes date NOT NULL,
    ingresos numeric(14,2),
    aguinaldo numeric(14,2) NOT NULL,
    compra_tarjeta numeric(14,2) NOT NULL,
    pago_servicio numeric(14,2) NOT NULL,
    debito_automatico numeric(14,2) NOT NULL,
    extraccion_cajero numeric(14,2) NOT NULL,
    movimientos integer NOT NULL
)
PARTITION BY RANGE (mes);
COMMENT ON COLUMN mart.gasto_mensual.cliente_id IS 'customer';
COMMENT ON COLUMN mart.gasto_mensual.mes IS 'first day of the month';
COMMENT ON COLUMN mart.gasto_mensual.ingresos IS 'salary or pension received, without aguinaldo, in pesos; null without one';
COMMENT ON COLUMN mart.gasto_mensual.aguinaldo IS 'half-yearly bonus received, in pesos';
COMMENT ON COLUMN mart.gasto_mensual.compra_tarjeta IS 'card purchases, in pesos';
COMMENT ON COLUMN mart.gasto_mensual.pago_servicio IS 'bills paid, in pesos';
COMMENT ON COLUMN mart.gasto_mensual.debito_automatico IS 'direct debits, in pesos';
COMMENT ON COLUMN mart.gasto_mensual.extraccion_cajero IS 'cash withdrawals, in pesos';
COMMENT ON COLUMN mart.gasto_mensual.movimientos IS 'number of movements of any kind';
CREATE TABLE mart.gasto_mensual_202608 (
    cliente_id text CONSTRAINT gasto_mensual_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    mes date CONSTRAINT gasto_mensual_mes_not_null NOT NULL,
    ingresos numeric(14,2),
    aguinaldo numeric(14,2) CONSTRAINT gasto_mensual_aguinaldo_not_null NOT NULL,
    compra_tarjeta numeric(14,2) CONSTRAINT gasto_mensual_compra_tarjeta_not_null NOT NULL,
    pago_servicio numeric(14,2) CONSTRAINT gasto_mensual_pago_servicio_not_null NOT NULL,
    debito_automatico numeric(14,2) CONSTRAINT gasto_mensual_debito_automatico_not_null NOT NULL,
    extraccion_cajero numeric(14,2) CONSTRAINT gasto_mensual_extraccion_cajero_not_null NOT NULL,
    movimientos integer CONSTRAINT gasto_mensual_movimientos_not_null NOT NULL
);
CREATE TABLE mart.gasto_mensual_202609 (
    cliente_id text CONSTRAINT gasto_mensual_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    mes date CONSTRAINT gasto_mensual_mes_not_null NOT NULL,
    ingresos numeric(14,2),
    aguinaldo numeric(14,2) CONSTRAINT gasto_mensual_aguinaldo_not_null NOT NULL,
    compra_tarjeta numeric(14,2) CONSTRAINT gasto_mensual_compra_tarjeta_not_null NOT NULL,
    pago_servicio numeric(14,2) CONSTRAINT gasto_mensual_pago_servicio_not_null NOT NULL,
    debito_automatico numeric(14,2) CONSTRAINT gasto_mensual_debito_automatico_not_null NOT NULL,
    extraccion_cajero numeric(14,2) CONSTRAINT gasto_mensual_extraccion_cajero_not_null NOT NULL,
    movimientos integer CONSTRAINT gasto_mensual_movimientos_not_null NOT NULL
);
CREATE TABLE staging.clientes (
    cliente_id text NOT NULL COLLATE pg_catalog."C",
    fecha date NOT NULL,
    dni text COLLATE pg_catalog."C",
    nombre text,
    apellido text,
    email text,
    fecha_nacimiento date,
    provincia text,
    ciudad text,
    ocupacion text,
    ingresos_mensuales numeric(14,2),
    fecha_alta date NOT NULL,
    fecha_baja date,
    CONSTRAINT fecha_alta_finita CHECK (isfinite(fecha_alta)),
    CONSTRAINT fecha_baja_finita CHECK (isfinite(fecha_baja)),
    CONSTRAINT fecha_nacimiento_finita CHECK (isfinite(fecha_nacimiento)),
    CONSTRAINT ingresos_no_negativos CHECK (((ingresos_mensuales >= (0)::numeric) AND (ingresos_mensuales < 'Infinity'::numeric)))
)
PARTITION BY RANGE (fecha);
COMMENT ON COLUMN staging.clientes.cliente_id IS 'customer';
COMMENT ON COLUMN staging.clientes.fecha IS 'business day on which this version became known';
COMMENT ON COLUMN staging.clientes.dni IS 'national identity number';
COMMENT ON COLUMN staging.clientes.nombre IS 'first name';
COMMENT ON COLUMN staging.clientes.apellido IS 'surname';
COMMENT ON COLUMN staging.clientes.email IS 'e-mail address';
COMMENT ON COLUMN staging.clientes.fecha_nacimiento IS 'date of birth';
COMMENT ON COLUMN staging.clientes.provincia IS 'province of residence';
COMMENT ON COLUMN staging.clientes.ciudad IS 'city of residence';
COMMENT ON COLUMN staging.clientes.ocupacion IS 'occupation';
COMMENT ON COLUMN staging.clientes.ingresos_mensuales IS 'monthly income as declared by the customer, in pesos';
COMMENT ON COLUMN staging.clientes.fecha_alta IS 'first day as a customer';
COMMENT ON COLUMN staging.clientes.fecha_baja IS 'first day no longer a customer';
CREATE TABLE staging.clientes_202608 (
    cliente_id text CONSTRAINT clientes_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    fecha date CONSTRAINT clientes_fecha_not_null NOT NULL,
    dni text COLLATE pg_catalog."C",
    nombre text,
    apellido text,
    email text,
    fecha_nacimiento date,
    provincia text,
    ciudad text,
    ocupacion text,
    ingresos_mensuales numeric(14,2),
    fecha_alta date CONSTRAINT clientes_fecha_alta_not_null NOT NULL,
    fecha_baja date,
    CONSTRAINT fecha_alta_finita CHECK (isfinite(fecha_alta)),
    CONSTRAINT fecha_baja_finita CHECK (isfinite(fecha_baja)),
    CONSTRAINT fecha_nacimiento_finita CHECK (isfinite(fecha_nacimiento)),
    CONSTRAINT ingresos_no_negativos CHECK (((ingresos_mensuales >= (0)::numeric) AND (ingresos_mensuales < 'Infinity'::numeric)))
);
CREATE TABLE staging.clientes_202609 (
    cliente_id text CONSTRAINT clientes_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    fecha date CONSTRAINT clientes_fecha_not_null NOT NULL,
    dni text COLLATE pg_catalog."C",
    nombre text,
    apellido text,
    email text,
    fecha_nacimiento date,
    provincia text,
    ciudad text,
    ocupacion text,
    ingresos_mensuales numeric(14,2),
    fecha_alta date CONSTRAINT clientes_fecha_alta_not_null NOT NULL,
    fecha_baja date,
    CONSTRAINT fecha_alta_finita CHECK (isfinite(fecha_alta)),
    CONSTRAINT fecha_baja_finita CHECK (isfinite(fecha_baja)),
    CONSTRAINT fecha_nacimiento_finita CHECK (isfinite(fecha_nacimiento)),
    CONSTRAINT ingresos_no_negativos CHECK (((ingresos_mensuales >= (0)::numeric) AND (ingresos_mensuales < 'Infinity'::numeric)))
);
CREATE TABLE staging.transacciones (
    transaccion_id text NOT NULL COLLATE pg_catalog."C",
    fecha date NOT NULL,
    cliente_id text NOT NULL COLLATE pg_catalog."C",
    tipo_transaccion text NOT NULL,
    monto numeric(14,2) NOT NULL,
    rubro text,
    venta_id text COLLATE pg_catalog."C",
    CONSTRAINT monto_positivo CHECK (((monto > (0)::numeric) AND (monto < 'Infinity'::numeric))),
    CONSTRAINT tipo_transaccion_conocido CHECK ((tipo_transaccion = ANY (ARRAY['compra_tarjeta'::text, 'transferencia'::text, 'debito_automatico'::text, 'extraccion_cajero'::text, 'pago_servicio'::text, 'ingreso_sueldo'::text])))
)
PARTITION BY RANGE (fecha);
COMMENT ON COLUMN staging.transacciones.transaccion_id IS 'bank movement';
COMMENT ON COLUMN staging.transacciones.fecha IS 'business day of the movement';
COMMENT ON COLUMN staging.transacciones.cliente_id IS 'customer';
COMMENT ON COLUMN staging.transacciones.tipo_transaccion IS 'kind of movement: compra_tarjeta, transferencia, debito_automatico, extraccion_cajero, pago_servicio, ingreso_sueldo';
COMMENT ON COLUMN staging.transacciones.monto IS 'amount in pesos, always positive';
COMMENT ON COLUMN staging.transacciones.rubro IS 'category of a purchase, bill, salary or transfer';
COMMENT ON COLUMN staging.transacciones.venta_id IS 'order of the shop that the movement pays or refunds';
CREATE TABLE staging.transacciones_202608 (
    transaccion_id text CONSTRAINT transacciones_transaccion_id_not_null NOT NULL COLLATE pg_catalog."C",
    fecha date CONSTRAINT transacciones_fecha_not_null NOT NULL,
    cliente_id text CONSTRAINT transacciones_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    tipo_transaccion text CONSTRAINT transacciones_tipo_transaccion_not_null NOT NULL,
    monto numeric(14,2) CONSTRAINT transacciones_monto_not_null NOT NULL,
    rubro text,
    venta_id text COLLATE pg_catalog."C",
    CONSTRAINT monto_positivo CHECK (((monto > (0)::numeric) AND (monto < 'Infinity'::numeric))),
    CONSTRAINT tipo_transaccion_conocido CHECK ((tipo_transaccion = ANY (ARRAY['compra_tarjeta'::text, 'transferencia'::text, 'debito_automatico'::text, 'extraccion_cajero'::text, 'pago_servicio'::text, 'ingreso_sueldo'::text])))
);
CREATE TABLE staging.transacciones_202609 (
    transaccion_id text CONSTRAINT transacciones_transaccion_id_not_null NOT NULL COLLATE pg_catalog."C",
    fecha date CONSTRAINT transacciones_fecha_not_null NOT NULL,
    cliente_id text CONSTRAINT transacciones_cliente_id_not_null NOT NULL COLLATE pg_catalog."C",
    tipo_transaccion text CONSTRAINT transacciones_tipo_transaccion_not_null NOT NULL,
    monto numeric(14,2) CONSTRAINT transacciones_monto_not_null NOT NULL,
    rubro text,
    venta_id text COLLATE pg_catalog."C",
    CONSTRAINT monto_positivo CHECK (((monto > (0)::numeric) AND (monto < 'Infinity'::numeric))),
    CONSTRAINT tipo_transaccion_conocido CHECK ((tipo_transaccion = ANY (ARRAY['compra_tarjeta'::text, 'transferencia'::text, 'debito_automatico'::text, 'extraccion_cajero'::text, 'pago_servicio'::text, 'ingreso_sueldo'::text])))
);
ALTER TABLE ONLY dw.hecho_transacciones ATTACH PARTITION dw.hecho_transacciones_202608 FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
ALTER TABLE ONLY dw.hecho_transacciones ATTACH PARTITION dw.hecho_transacciones_202609 FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');
ALTER TABLE ONLY mart.cliente_360_historico ATTACH PARTITION mart.cliente_360_historico_202608 FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
ALTER TABLE ONLY mart.cliente_360_historico ATTACH PARTITION mart.cliente_360_historico_202609 FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');
ALTER TABLE ONLY mart.gasto_mensual ATTACH PARTITION mart.gasto_mensual_202608 FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
ALTER TABLE ONLY mart.gasto_mensual ATTACH PARTITION mart.gasto_mensual_202609 FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');
ALTER TABLE ONLY staging.clientes ATTACH PARTITION staging.clientes_202608 FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
ALTER TABLE ONLY staging.clientes ATTACH PARTITION staging.clientes_202609 FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');
ALTER TABLE ONLY staging.transacciones ATTACH PARTITION staging.transacciones_202608 FOR VALUES FROM ('2026-08-01') TO ('2026-09-01');
ALTER TABLE ONLY staging.transacciones ATTACH PARTITION staging.transacciones_202609 FOR VALUES FROM ('2026-09-01') TO ('2026-10-01');
INSERT INTO control.cargas (entidad, fecha, filas, archivo, sha256, mundo, corrida, capa, capa_alcanzada) VALUES ('clientes', '2026-08-31', 2, 'raw/clientes/clientes_2026-08-31.csv', '61c66c5d04fd5a8949ab63b45451307e8ea35d65b810afb57ac82149fdb7e4d9', 'simulador semilla=42 clientes=2 inicio=2026-08-31 version=b245d3680438', 'manual__2026-11-21T23:41:40.785503+00:00', 'dw', 'dw');
INSERT INTO control.cargas (entidad, fecha, filas, archivo, sha256, mundo, corrida, capa, capa_alcanzada) VALUES ('clientes', '2026-09-01', 0, 'raw/clientes/clientes_2026-09-01.csv', 'cd3c46eff2a563e75aacfd06f24dd8cd097766307dd6f62455052977be59bc8c', 'simulador semilla=42 clientes=2 inicio=2026-08-31 version=b245d3680438', 'manual__2026-11-21T23:41:40.785503+00:00', 'dw', 'dw');
INSERT INTO control.cargas (entidad, fecha, filas, archivo, sha256, mundo, corrida, capa, capa_alcanzada) VALUES ('transacciones', '2026-08-31', 2, 'raw/transacciones/transacciones_2026-08-31.csv', '0b6bf5f96e89fe461db7de2d63e115ee546e94e4619c67e0d6523dbe74b6a240', 'simulador semilla=42 clientes=2 inicio=2026-08-31 version=b245d3680438', 'manual__2026-11-21T23:41:40.785503+00:00', 'mart', 'mart');
INSERT INTO control.cargas (entidad, fecha, filas, archivo, sha256, mundo, corrida, capa, capa_alcanzada) VALUES ('transacciones', '2026-09-01', 2, 'raw/transacciones/transacciones_2026-09-01.csv', 'bd11442aba9983e4194fdc7ea9cd3865619cdbb5e70289b4b268ce6d7332f7e7', 'simulador semilla=42 clientes=2 inicio=2026-08-31 version=b245d3680438', 'manual__2026-11-21T23:41:40.785503+00:00', 'mart', 'mart');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'cliente_360_completo', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'cliente_360_en_rango', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'clientes_cargados', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'gasto_mensual_cuadra', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'historia_completa', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'transaccion_de_cliente', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'transaccion_unica', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'transacciones_cargadas', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO control.verificaciones (fecha_corte, verificacion, correcta, hallazgos, ejemplo, corrida) VALUES ('2026-09-01', 'versiones_contiguas', true, 0, NULL, 'manual__2026-11-21T23:41:40.785503+00:00');
INSERT INTO dw.dim_cliente (cliente_id, vigente_desde, vigente_hasta, dni, nombre, apellido, email, fecha_nacimiento, provincia, ciudad, ocupacion, ingresos_mensuales, fecha_alta, fecha_baja) VALUES ('C000000001', '2026-08-31', '9999-12-31', '32000004', 'Sofia', 'Valdez', 'sofia.valdez.1@example.net', '1987-04-07', 'Salta', 'Salta', 'profesional', 1900000.00, '2020-07-12', NULL);
INSERT INTO dw.dim_cliente (cliente_id, vigente_desde, vigente_hasta, dni, nombre, apellido, email, fecha_nacimiento, provincia, ciudad, ocupacion, ingresos_mensuales, fecha_alta, fecha_baja) VALUES ('C000000002', '2026-08-31', '9999-12-31', '22000008', 'Mateo', 'Flores', 'mateo.flores.2@example.net', '1972-09-12', 'Neuquen', 'Neuquen', 'docente', 1463000.00, '2023-05-08', NULL);
INSERT INTO dw.hecho_transacciones_202608 (cliente_id, fecha, transaccion_id, tipo_transaccion, monto, rubro, venta_id) VALUES ('C000000001', '2026-08-31', 'T00000000126080014', 'compra_tarjeta', 32228.25, 'almacen_kiosco', NULL);
INSERT INTO dw.hecho_transacciones_202608 (cliente_id, fecha, transaccion_id, tipo_transaccion, monto, rubro, venta_id) VALUES ('C000000002', '2026-08-31', 'T00000000226080011', 'compra_tarjeta', 25481.03, 'restaurante', NULL);
INSERT INTO dw.hecho_transacciones_202609 (cliente_id, fecha, transaccion_id, tipo_transaccion, monto, rubro, venta_id) VALUES ('C000000001', '2026-09-01', 'T00000000126090001', 'compra_tarjeta', 16654.98, 'farmacia', NULL);
INSERT INTO dw.hecho_transacciones_202609 (cliente_id, fecha, transaccion_id, tipo_transaccion, monto, rubro, venta_id) VALUES ('C000000002', '2026-09-01', 'T00000000226095000', 'ingreso_sueldo', 1507744.33, 'haberes', NULL);
INSERT INTO mart.cliente_360_historico_202609 (cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento, origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos, fecha_corte) VALUES ('C000000002', 'Mateo Flores', 53, 'Neuquen', 1463000.00, NULL, NULL, 'declarado', 0, 'docente', 39, 1, '2026-09-01');
INSERT INTO mart.cliente_360_historico_202609 (cliente_id, nombre, edad, provincia, ingresos_mensuales, gasto_mensual_promedio, score_endeudamiento, origen_ingresos, meses_observados, ocupacion, antiguedad_meses, segmento_ingresos, fecha_corte) VALUES ('C000000001', 'Sofia Valdez', 39, 'Salta', 1900000.00, NULL, NULL, 'declarado', 0, 'profesional', 73, 2, '2026-09-01');
INSERT INTO mart.gasto_mensual_202608 (cliente_id, mes, ingresos, aguinaldo, compra_tarjeta, pago_servicio, debito_automatico, extraccion_cajero, movimientos) VALUES ('C000000001', '2026-08-01', NULL, 0.00, 32228.25, 0.00, 0.00, 0.00, 1);
INSERT INTO mart.gasto_mensual_202608 (cliente_id, mes, ingresos, aguinaldo, compra_tarjeta, pago_servicio, debito_automatico, extraccion_cajero, movimientos) VALUES ('C000000002', '2026-08-01', NULL, 0.00, 25481.03, 0.00, 0.00, 0.00, 1);
INSERT INTO mart.gasto_mensual_202609 (cliente_id, mes, ingresos, aguinaldo, compra_tarjeta, pago_servicio, debito_automatico, extraccion_cajero, movimientos) VALUES ('C000000001', '2026-09-01', NULL, 0.00, 16654.98, 0.00, 0.00, 0.00, 1);
INSERT INTO mart.gasto_mensual_202609 (cliente_id, mes, ingresos, aguinaldo, compra_tarjeta, pago_servicio, debito_automatico, extraccion_cajero, movimientos) VALUES ('C000000002', '2026-09-01', 1507744.33, 0.00, 0.00, 0.00, 0.00, 0.00, 1);
ALTER TABLE ONLY control.cargas
    ADD CONSTRAINT cargas_pkey PRIMARY KEY (entidad, fecha);
ALTER TABLE ONLY control.verificaciones
    ADD CONSTRAINT verificaciones_pkey PRIMARY KEY (fecha_corte, verificacion);
ALTER TABLE ONLY dw.dim_cliente
    ADD CONSTRAINT dim_cliente_pkey PRIMARY KEY (cliente_id, vigente_desde);
ALTER TABLE ONLY dw.hecho_transacciones
    ADD CONSTRAINT hecho_transacciones_pkey PRIMARY KEY (cliente_id, fecha, transaccion_id);
ALTER TABLE ONLY dw.hecho_transacciones_202608
    ADD CONSTRAINT hecho_transacciones_202608_pkey PRIMARY KEY (cliente_id, fecha, transaccion_id);
ALTER TABLE ONLY dw.hecho_transacciones_202609
    ADD CONSTRAINT hecho_transacciones_202609_pkey PRIMARY KEY (cliente_id, fecha, transaccion_id);
ALTER TABLE ONLY mart.cliente_360_historico
    ADD CONSTRAINT cliente_360_historico_pkey PRIMARY KEY (cliente_id, fecha_corte);
ALTER TABLE ONLY mart.cliente_360_historico_202608
    ADD CONSTRAINT cliente_360_historico_202608_pkey PRIMARY KEY (cliente_id, fecha_corte);
ALTER TABLE ONLY mart.cliente_360_historico_202609
    ADD CONSTRAINT cliente_360_historico_202609_pkey PRIMARY KEY (cliente_id, fecha_corte);
ALTER TABLE ONLY mart.gasto_mensual
    ADD CONSTRAINT gasto_mensual_pkey PRIMARY KEY (cliente_id, mes);
ALTER TABLE ONLY mart.gasto_mensual_202608
    ADD CONSTRAINT gasto_mensual_202608_pkey PRIMARY KEY (cliente_id, mes);
ALTER TABLE ONLY mart.gasto_mensual_202609
    ADD CONSTRAINT gasto_mensual_202609_pkey PRIMARY KEY (cliente_id, mes);
ALTER INDEX dw.hecho_transacciones_pkey ATTACH PARTITION dw.hecho_transacciones_202608_pkey;
ALTER INDEX dw.hecho_transacciones_pkey ATTACH PARTITION dw.hecho_transacciones_202609_pkey;
ALTER INDEX mart.cliente_360_historico_pkey ATTACH PARTITION mart.cliente_360_historico_202608_pkey;
ALTER INDEX mart.cliente_360_historico_pkey ATTACH PARTITION mart.cliente_360_historico_202609_pkey;
ALTER INDEX mart.gasto_mensual_pkey ATTACH PARTITION mart.gasto_mensual_202608_pkey;
ALTER INDEX mart.gasto_mensual_pkey ATTACH PARTITION mart.gasto_mensual_202609_pkey;
