### Lo que requiere más de una persona: proponerlo y aprobarlo en la consola.

approval-area = Aprobaciones
approval-area-waiting = Aprobaciones ({ $n })
approval-area-waiting-more = Aprobaciones ({ $n }+)
approval-area-about = Consultas sin consentimiento y borrados: lo que se propuso y lo que espera a una segunda persona.
approval-list = Aprobaciones
approval-list-about = Una consulta sin el consentimiento del cliente y un borrado requieren más de una persona: una lo propone, otra lo revisa y lo aprueba con su propio acceso. Lo que espera termina solo después de siete días.
approval-waiting = En espera
approval-waiting-none = Nada espera.
approval-for-you = Espera por usted.
approval-past = Decidido
approval-past-none = Nada se decidió en las últimas semanas.
approval-what = Qué
approval-state = Estado
approval-state-waiting = espera aprobación
approval-state-trouble = aprobado, no ejecutado
approval-state-recorded = aprobado y registrado
approval-state-erased = aprobado y borrado
approval-state-refused = rechazado
approval-state-taken-back = retirado por quien lo propuso
approval-state-expired = no aprobado a tiempo
approval-state-dropped = dejado sin efecto
approval-what-ground = Consulta sin consentimiento, por el fundamento «{ $ground }»: { $purpose }
approval-what-erasure = Borrado: { $ground }

## Proponer

approval-propose = Proponer
approval-ground-propose = Proponer una consulta sin consentimiento
approval-ground-about = La política de la red declara fundamentos que ocupan el lugar del consentimiento, como la orden de un tribunal. Otra persona debe aprobarla antes de que se registre. La bitácora muestra que el cliente no consintió.
approval-ground-none = La política de la red no declara ningún fundamento aparte del consentimiento.
approval-ground = Fundamento
approval-days-hint = Contados desde hoy, no desde la aprobación.
approval-weak = Se pueden abrir registros bajo números que otros pueden compartir
approval-order = La orden: una fotografía, un escaneo o el archivo
approval-order-hint = Como máximo 32 MB. Se toma su huella; el archivo no se guarda aquí. Usted lo archiva.
approval-order-only = Hace falta para el motivo «una orden», y para ningún otro.
approval-order-missing = Elija el archivo de la orden.
approval-order-hash = SHA-256 de la orden
approval-note = Para quien aprueba
approval-note-hint = Dónde está archivada la orden o la solicitud, y su número. Desaparece cuando se decide.
approval-erasure-propose = Proponer un borrado
approval-erasure-about = Lo que explica la bitácora sobre una persona se destruye para siempre: ya no se podrá mostrar a nadie de quién trataban las entradas. La cartera no se toca. Otras personas deben aprobarlo.
approval-erasure-consent = Todo lo que se guarda bajo este consentimiento:
approval-erasure-person = Borrar en cambio todo sobre una persona
approval-because = Por qué
approval-because-client-request = el cliente lo pidió
approval-because-retention-over = pasó el tiempo durante el que se guarda
approval-because-order = una orden de un tribunal o de una autoridad
approval-because-missing = Diga por qué se debe borrar.

## Una propuesta

approval-proposed-by = Propuesto por
approval-approved-by = Aprobado por
approval-no-person = Ninguna persona todavía
approval-no-person-about = Lo propuso un sistema; no cuenta por nadie.
approval-until = Espera hasta
approval-decided = Decidido
approval-reason = Motivo
approval-reason-hint = Lo lee quien lo propuso. No escriba nada sobre el cliente: queda treinta días.
approval-why = Por qué
approval-dropped-about = Aquello de que trataba fue borrado entretanto, o el nodo se restauró de una copia de respaldo.
approval-erased-consents = Consentimientos borrados
approval-erased-inquiries = Consultas borradas
approval-erased-batches = Reportes acortados
approval-erased-disputes = Reclamos borrados
approval-too-young = Demasiado reciente
approval-too-young-about = { $n ->
    [one] Una entrada quedó para la auditoría, hasta el { $day }.
   *[other] { $n } entradas quedaron para la auditoría, la última hasta el { $day }.
}
approval-recorded-about = La consulta está registrada en lugar de un consentimiento.
approval-recorded-show = Mostrarla, y consultar con ella
approval-consent-show = Mostrar este consentimiento
approval-compare = Comparar la orden
approval-compare-about = Elija el archivo que archivó quien hizo la propuesta. Se lee y no se guarda. Otra fotografía del mismo papel es otro archivo.
approval-compare-same = Es el archivo que nombra la propuesta.
approval-compare-other = No es el archivo que nombra la propuesta: su SHA-256 es { $hash }. Pida el mismo archivo antes de aprobar.
approval-not-compared = No se comparó nada
approval-asked = Lo que se pide
approval-asked-hidden = Quien lo propuso y quienes pueden aprobar ven lo que se pide.
approval-asked-gone = Lo que se pedía ya no se guarda.
approval-not-carried-out = No se pudo ejecutar
approval-not-carried-out-out = Corrija lo que dice; después, quien puede aprobar intenta de nuevo.
approval-approve = Aprobar
approval-approve-about = Compare cada número con la orden o la solicitud. Lo que usted aprueba se ejecuta en su nombre, y la bitácora lo dice.
approval-turn = Usted es la persona { $n } de { $needed }.
approval-again-about = Usted lo aprobó. Intente una vez más ejecutarlo.
approval-password = Su contraseña
approval-password-hint = Una vez más, para que una pantalla dejada abierta no apruebe nada.
approval-password-wrong = La contraseña o el código es incorrecto.
approval-not-confirmed = No se aprobó nada
approval-not-confirmed-out = Escríbala una vez más. Las incorrectas cuentan como intentos de acceso.
approval-refuse = Rechazar
approval-take-back = Retirar
approval-take-back-about = Usted lo propuso. No puede aprobarlo usted mismo.
