# Lo que comparten los demás archivos: cifras, listas y nombres de las cosas.

# El nombre que la lengua se da.
common-language-name = Español

common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = sí
common-no = no
common-days =
    { $count ->
        [one] { $count } día
       *[other] { $count } días
    }
common-lenders =
    { $count ->
        [one] { $count } entidad
       *[other] { $count } entidades
    }
common-loans =
    { $count ->
        [one] { $count } préstamo
       *[other] { $count } préstamos
    }
common-list-comma = { $first }, { $next }
common-list-and = { $first } y { $last }
common-not-reported = no reportado

common-outcome-pass = CONFORME
common-outcome-refer = REVISAR
common-outcome-decline = RECHAZO

common-role-applicant = Solicitante
common-role-spouse = Cónyuge
common-role-household-member = Miembro del hogar
common-role-guarantor = Garante

common-purpose-loan-application = solicitud de préstamo
common-purpose-guarantee = garantía
common-purpose-restructuring = nuevas condiciones de un préstamo
common-purpose-loan-monitoring = seguimiento de un préstamo vigente
common-purpose-subject-access = pedido del propio cliente

common-kind-individual = préstamo individual
common-kind-group-member = préstamo propio en un grupo
common-kind-group = préstamo al grupo
common-kind-guarantor = préstamo garantizado

common-status-current = al día
common-status-delinquent = con atraso
common-status-restructured = reestructurado
common-status-written-off = castigado
common-status-closed = terminado

common-band-current = al día
common-band-sma-0 = SMA-0
common-band-sma-1 = SMA-1
common-band-sma-2 = SMA-2
common-band-npa = NPA
common-band-unknown = desconocido

common-unreadable-bad-proof = su prueba no es válida
common-unreadable-does-not-open = no se abre con la clave de la red
common-unreadable-bad-content = su contenido no es un registro
common-unreadable-unknown-currency = aquí no se conoce su moneda
common-unreadable-key-gone = la clave de su época ya no existe
common-unreadable-not-covered = su entidad todavía no lo ha firmado
common-unreadable-too-many = hay más de los que caben en una apertura
