# La respuesta a una consulta, como la lee el asesor de crédito.

answer-verdict = { $outcome }: { $meaning }
answer-meaning-pass = nada en la política se opone a este préstamo
answer-meaning-refer = una persona debe decidir
answer-meaning-decline = la política dice que no
answer-question = { $purpose }; consultado por { $asker }
answer-question-loan = { $purpose }, { $loan } ({ $kind }); consultado por { $asker }
answer-policy = { $name }, versión { $version } del { $day }

answer-covers =
    { $lenders ->
        [one] Cubre { $covered } de { $lenders } entidad: { $state }
       *[other] Cubre { $covered } de { $lenders } entidades: { $state }
    }
answer-complete = completa
answer-not-complete = INCOMPLETA, es posible que el cliente deba más de lo que se muestra
answer-missing = falta
answer-stale = muy antiguo
answer-not-read = no leído
answer-member = { $name } ({ $id }): { $figures }, { $heard }
answer-no-data = todavía sin datos
answer-figures-of = cifras del { $day }
answer-never-heard = nunca se supo de ella
answer-last-heard = últimas noticias del { $moment }
answer-rows-not-read =
    { $count ->
        [one] { $count } registro de { $lender }: { $why }
       *[other] { $count } registros de { $lender }: { $why }
    }

answer-why = Por qué

answer-household = Lo que debe el hogar por sus propios préstamos
answer-column-own = esta entidad
answer-column-others = otras
answer-column-together = en total
answer-column-after = con el préstamo
answer-row-owed = { $currency } saldo
answer-row-overdue = { $currency } vencido
answer-row-monthly = { $currency } al mes
answer-row-written-off = { $currency } castigado
answer-all-in = todo en { $currency }
answer-row-lenders = entidades con préstamos vigentes
answer-row-active = préstamos vigentes
answer-row-written-off-ended = castigados, terminados
answer-row-worst = días de atraso, el peor
answer-row-band = categoría
answer-plus-not-reported = { $figure } (+{ $count } no reportado)
answer-plus-not-known = { $figure } (+{ $count } desconocido)
answer-partly-estimated = { $figure } (de ello { $estimated } est.)
answer-apart-group = Préstamos a un grupo entero, en ninguna suma de arriba: { $loans } en { $lenders }: { $sums }
answer-apart-guaranteed = Préstamos garantizados, en ninguna suma de arriba: { $loans } en { $lenders }: { $sums }
answer-apart-sum = saldo { $owed }, vencido { $overdue }, al mes { $monthly }
answer-burden = Ingreso del hogar { $income } al mes; cuotas { $instalment }
answer-burden-share = Ingreso del hogar { $income } al mes; cuotas { $instalment }, el { $share } del ingreso
answer-left-over = quedan { $amount } después de los gastos declarados

answer-lenders = Entidad por entidad
answer-no-record = ningún registro en las entidades que cubre esta respuesta
answer-this-lender = { $lender } (esta entidad)
answer-lender-figures-of = { $lender }, cifras del { $day }
answer-no-loans = sin préstamos
answer-loan-paid-out = { $amount } desembolsados
answer-loan-ended = terminado el { $day }
answer-loan-worst = el peor atraso { $days }
answer-loan-written-off = { $amount } castigados
answer-loan-written-off-on = el { $day }
answer-loan-owed = saldo { $amount }
answer-loan-of = de { $amount }
answer-loan-overdue = vencido { $amount }
answer-loan-days = días de atraso { $days }
answer-loan-monthly = { $amount } al mes
answer-loan-monthly-estimated = { $amount } al mes (estimado)
answer-loan-monthly-unknown = cuota desconocida
answer-loan-until = hasta el { $day }
answer-loan-disputed = EN RECLAMO por el cliente

answer-persons = Persona por persona, préstamos propios en la moneda de referencia
answer-column-lenders = entidades
answer-column-active = vigentes
answer-column-owed = saldo
answer-column-overdue = vencido
answer-column-monthly = al mes
answer-column-worst = peor atraso (días)
answer-column-written-off = castigados
answer-guarantor-apart = un garante está fuera del hogar y no entra en ninguna de sus sumas

answer-person = { $role }: { $found }
answer-not-found = no se encontró en ninguna entidad
answer-found = se encontró con { $schemes }
answer-found-weak = se encontró solo con un identificador débil
answer-found-weak-under = se encontró solo con { $schemes }, que es débil
answer-possible = Posible coincidencia en { $lenders }: hallada solo con un identificador débil, sin abrir, en ninguna suma
answer-possible-named = { $lenders } ({ $names })
answer-inquiries = Consultas de otras entidades: { $others }; de esta entidad: { $own }
answer-inquiries-within =
    { $days ->
        [one] { $count } en { $days } día
       *[other] { $count } en { $days } días
    }
answer-inquiries-not-read = no leídas
answer-disputes = Reclama por lo que reporta { $lender }, desde el { $moment } (registro { $record })
answer-consent = Consentimiento { $consent }
answer-ground = SIN CONSENTIMIENTO: la consulta se apoya en el fundamento legal «{ $ground }».

answer-rate = Tasa de referencia: { $one } = { $other }, del { $day }
answer-answered = Respondido el { $moment } en { $network }, transacción { $transaction }
