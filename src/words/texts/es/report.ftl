# El reporte para el cliente: todo lo que se guarda sobre él, dicho a él.

report-title = Lo que se guarda sobre usted
report-made-by = Hecho por
report-made-at = Hecho el
report-network = Red de entidades
report-your-request = Su pedido
report-log-leaf = Bitácora y hoja
report-this-lender = Lo que esta entidad reporta sobre usted
report-other-lenders = Lo que otras entidades reportan sobre usted
report-nothing = Nada.
report-lender-as-of = { $lender }, al { $day }
report-loan = Préstamo
report-state = Estado
report-state-disputed = { $state }; usted reclama
report-disbursed = Desembolsado
report-outstanding = Saldo que debe
report-overdue = Vencido
report-days-past-due = Días de atraso
report-instalment = Cuota
report-opened = Desde
report-matures = Hasta
report-possible = Entidades que tienen un registro solo con su número de teléfono o su nombre; puede ser de otra persona y no se abrió: { $lenders }
report-who-asked = Quién consultó sobre usted
report-when = Cuándo
report-lender = Entidad
report-purpose = Para
report-amount = Monto
report-disputes = Por qué reclama usted
report-lender-says = La entidad dice
report-record = Registro
report-consents = Consentimientos que esta entidad registró de usted
report-consent = Consentimiento
report-recorded = Registrado
report-period = Desde, hasta
report-uses = Usado
report-ground = Sin su consentimiento, con fundamento en
report-inquiries = Consultas hechas con él (hojas de la bitácora)
report-completeness = Si esto es todo
report-complete = Todas las entidades de la red respondieron con datos recientes.
report-not-complete = No se pudo leer todo. Es posible que estas entidades tengan más sobre usted:
report-missing = { $lender }: no se sabe nada de ella
report-stale = { $lender }: sus cifras son antiguas
report-not-read =
    { $count ->
        [one] { $lender }: { $count } registro no se pudo leer: { $why }
       *[other] { $lender }: { $count } registros no se pudieron leer: { $why }
    }
report-rights = Lo que usted puede hacer
report-your-rights = Si algo está mal, dígaselo a la entidad que lo reporta, o a cualquier entidad de la red, que debe transmitirlo. Usted puede retirar un consentimiento con el código de su comprobante en cualquier entidad o en la asociación. Puede volver a pedir este reporte.

report-kind-individual = su propio préstamo
report-kind-group-member = su propio préstamo en un grupo
report-kind-group = préstamo a su grupo
report-kind-guarantor = préstamo de otra persona que usted garantiza

report-status-current = vigente, al día
report-status-delinquent = vigente, con atraso
report-status-restructured = vigente, con condiciones cambiadas
report-status-written-off = castigado, todavía se debe
report-status-closed = terminado

report-consent-requested = pedido
report-consent-given = vigente
report-consent-refused = negado por usted
report-consent-withdrawn = retirado
report-consent-expired = terminado
report-consent-used-up = usado

report-dispute-sending = en camino a la entidad
report-dispute-refused = el sistema de la entidad no lo recibe
report-dispute-open = en la entidad, todavía sin respuesta
report-dispute-accepted = la entidad lo corregirá
report-dispute-rejected = la entidad no está de acuerdo
report-dispute-corrected = cerrado: corregido
report-dispute-taken-back = cerrado: usted lo retiró
report-dispute-stands = cerrado: el reporte de la entidad se mantiene
