### La consola: las páginas web de un nodo para el personal de una entidad.

## En cada página

console-title = Tallystick
console-skip = Ir al contenido
console-areas = Partes de la consola
console-languages = Idiomas
console-network = Red { $network }
console-sign-in = Iniciar sesión
console-sign-out = Cerrar sesión
console-to-start = A la primera página
console-continue = Continuar
console-cancel = Cancelar
console-next-page = Página siguiente
console-print = Imprimir
console-print-hint = También puede imprimir esta página con el comando de impresión de su navegador.
console-wait = En proceso. Puede tardar unos segundos.
console-errors = Por favor revise estos puntos
console-when = Cuándo
console-lender = Entidad
console-purpose = Finalidad
console-yes = Sí
console-home = Inicio
console-home-greeting = Bienvenido, { $name }
console-home-nothing = Su cuenta todavía no tiene ninguna parte de la consola. Pida un rol a su administrador.

console-area-officer = Asesor de crédito
console-area-officer-about = Registrar el consentimiento de un cliente, consultar lo que debe, imprimir la respuesta; reclamos y reportes de los clientes.
console-area-clerk = Carga de datos
console-area-clerk-about = Cargar la cartera, ver las filas rechazadas y por qué, y el historial de cargas.
console-area-operator = Red
console-area-operator-about = Miembros y antigüedad de sus datos, custodios de claves, alarmas y conexiones.
console-area-auditor = Auditor
console-area-auditor-about = Buscar en la bitácora, seguir una consulta, verificar y llevarse las pruebas.

## Lo que puede salir mal

console-trouble-forbidden = Usted no puede ver esta página
console-trouble-forbidden-text = Su cuenta no tiene el derecho que esta página necesita.
console-trouble-forbidden-out = Si lo necesita para su trabajo, pídalo a su administrador.
console-trouble-not-found = Aquí no hay nada
console-trouble-not-found-text = La página no existe, no es para usted o se ha olvidado. Las solicitudes en curso se olvidan después de ocho horas y cuando el nodo se reinicia.
console-trouble-not-found-out = Empiece de nuevo desde la primera página. Los consentimientos y respuestas registrados se conservan.
console-trouble-session-over = Este formulario ya no es válido
console-trouble-session-over-text = Pertenece a una sesión terminada, o no vino de esta consola. No se hizo nada.
console-trouble-session-over-out = Vuelva atrás, cargue la página de nuevo y envíe el formulario otra vez.
console-trouble-form = No se pudo leer el formulario
console-trouble-form-text = No llegó entero, o era demasiado grande. No se hizo nada.
console-trouble-form-out = Vuelva atrás y envíelo otra vez.
console-trouble-file-large = El archivo es demasiado grande
console-trouble-file-large-text = Se aceptan { $n } MB como máximo.
console-trouble-file-large-out = Tome una fotografía más pequeña, o escanéela en gris.
console-trouble-internal = El nodo falló
console-trouble-internal-text = Algo salió mal dentro del nodo. Su diario técnico dice qué.
console-trouble-internal-out = Intente otra vez. Si se repite, avise a quien cuida el nodo.
console-trouble-damaged = Hay datos guardados dañados
console-trouble-damaged-text = El nodo encontró en su disco algo que no está como lo escribió. No adivina.
console-trouble-damaged-out = Avise de inmediato a quien cuida el nodo: tiene una copia de respaldo de la cual volver.
console-trouble-disk-full = El disco del nodo está lleno
console-trouble-disk-full-text = No se puede registrar nada hasta que haya espacio.
console-trouble-disk-full-out = Avise a quien cuida el nodo.
console-trouble-store = El nodo no puede escribir
console-trouble-store-text = Su disco se niega, así que no se registró nada.
console-trouble-store-out = Avise a quien cuida el nodo.
console-trouble-not-settled = El nodo todavía no está listo
console-trouble-not-settled-text = Acaba de iniciarse y primero pregunta a otros miembros si su bitácora está completa. Hasta entonces no registra nada.
console-trouble-not-settled-out = Intente de nuevo en un minuto. Lo que escribió se conserva.
console-trouble-no-keys = La red todavía no tiene claves
console-trouble-no-keys-text = Nadie puede consultar nada hasta que los custodios de claves tengan sus partes.
console-trouble-no-keys-out = El operador de la red las reparte.
console-trouble-holders = Se alcanza a muy pocos custodios de claves
console-trouble-holders-text = Hacen falta { $needed } y respondieron { $answered }. No se alcanzó a: { $away }.
console-trouble-holders-out = Intente de nuevo en unos minutos: lo que escribió se conserva y el consentimiento no se gasta dos veces. Si persiste, avise a quien cuida el nodo.
console-trouble-not-allowed = La política de la red no lo permite
console-trouble-not-allowed-out = Cambie lo que la política no permite y envíe el formulario de nuevo.
console-trouble-question = La consulta no se puede hacer así
console-trouble-question-out = Cámbiela y consulte de nuevo. Lo que escribió se conserva.
console-trouble-unfinished = Una consulta anterior no ha terminado
console-trouble-unfinished-out = Consulte con las mismas cifras que antes, y esa consulta sigue donde se detuvo.
console-trouble-other-question = Esta consulta ya fue respondida
console-trouble-other-question-out = Las cifras cambiaron desde entonces: empiece una nueva solicitud con un nuevo consentimiento.
console-trouble-answer-unfinished = Esta consulta todavía no tiene respuesta
console-trouble-answer-unfinished-text = Se empezó y no llegó a su fin.
console-trouble-answer-unfinished-out = Vuelva a la solicitud y consulte de nuevo con las mismas cifras: sigue donde se detuvo y ningún consentimiento se gasta dos veces.
console-trouble-not-a-lender = Este nodo no es el de una entidad que presta
console-trouble-not-a-lender-text = La red tiene a este miembro sin el rol de prestar.
console-trouble-not-a-lender-out = El operador de la red da los roles a los miembros.
console-trouble-not-in-answer = El registro no está en ninguna respuesta que nombrara a su entidad
console-trouble-not-in-answer-text = Solo se puede reclamar por lo que el cliente ha visto, con el nombre de la entidad.
console-trouble-not-in-answer-out = Haga primero el reporte del cliente: nombra a las entidades. Luego abra el reclamo desde allí.
console-trouble-dispute = El reclamo no se puede cambiar así
console-trouble-dispute-out = Cambie lo que se dice arriba y envíelo de nuevo.
console-trouble-already-disputed = Este registro ya está en reclamo
console-trouble-already-disputed-text = Hay un reclamo abierto sobre él con este consentimiento.
console-trouble-already-disputed-out = Búsquelo en la lista de reclamos.
console-trouble-proposal-over = Esto ya se decidió
console-trouble-proposal-over-text = O pasó su plazo.
console-trouble-proposal-over-out = Vea abajo en qué quedó.
console-trouble-proposal-own = Su propia propuesta necesita a otra persona
console-trouble-proposal-own-text = Quien propone ya es una de las personas.
console-trouble-proposal-own-out = Pida a un colega que pueda aprobar.
console-trouble-proposal-twice = Usted ya aprobó
console-trouble-proposal-twice-text = Una persona cuenta una vez.
console-trouble-proposal-twice-out = Hace falta otra persona que pueda aprobar.
console-trouble-proposal-not-own = Solo quien propuso retira la propuesta
console-trouble-proposal-not-own-text = Los demás la rechazan.
console-trouble-proposal-not-own-out = Hable con quien la propuso, o rechácela.
console-trouble-proposal-many = Demasiadas propuestas
console-trouble-proposal-many-text = Usted propuso esta semana más de lo que alguien puede revisar.
console-trouble-proposal-many-out = Retire algunas, o espere a que otras se decidan.
console-trouble-proposal = Esto no se puede proponer o decidir así
console-trouble-proposal-out = Cámbielo y envíelo de nuevo.
console-trouble-erasure = Esto no se puede borrar
console-trouble-erasure-out = Cambie lo que se dice arriba, o espere. No se borró nada.
console-trouble-load-state = La carga no está en un estado que lo permita
console-trouble-load-state-out = Mire la lista de cargas: quizá alguien ya decidió.
console-trouble-file = No se puede usar el archivo
console-trouble-file-out = Corrija el archivo, o elija otro formato u otra correspondencia, y cárguelo de nuevo. Nada de él está en la cartera.
console-trouble-in-english = El nodo dice, en inglés: { $english }
console-trouble-busy = Hay otra carga en curso
console-trouble-busy-text = Las cargas se hacen una tras otra.
console-trouble-busy-out = Espere a que termine y luego cargue su archivo.
console-trouble-renews = Se renueva el { $time }.

console-refused-no-consent = No hay consentimiento
console-refused-no-consent-text = Los custodios de claves no encontraron en la bitácora un consentimiento para esto.
console-refused-no-consent-out = Registre primero el consentimiento del cliente.
console-refused-wrong-purpose = El consentimiento es para otra finalidad
console-refused-wrong-purpose-text = El cliente aceptó otra cosa.
console-refused-wrong-purpose-out = Consulte para la finalidad que aceptó, o registre un nuevo consentimiento.
console-refused-not-yet-valid = El consentimiento no ha empezado
console-refused-not-yet-valid-text = Su primer día está por venir.
console-refused-not-yet-valid-out = Consulte de nuevo cuando haya empezado.
console-refused-expired = El consentimiento terminó
console-refused-expired-text = Su último día ya pasó.
console-refused-expired-out = Pida al cliente un nuevo consentimiento.
console-refused-withdrawn = El cliente retiró su consentimiento
console-refused-withdrawn-text = Con él ya no se puede consultar nada sobre el cliente.
console-refused-withdrawn-out = Solo un nuevo consentimiento suyo permite una nueva consulta.
console-refused-used-up = El consentimiento está agotado
console-refused-used-up-text = Permitía un número de consultas, y ya se hicieron.
console-refused-used-up-out = Pida al cliente un nuevo consentimiento.
console-refused-clock = Los relojes de los nodos difieren demasiado
console-refused-clock-text = Los custodios de claves no podían estar seguros de que el consentimiento sea válido ahora.
console-refused-clock-out = Quien cuida el nodo ajusta su reloj.
console-refused-quota = La cuota de esta entidad está gastada
console-refused-quota-text = La red limita cuánto puede consultar un miembro en un día.
console-refused-quota-out = Consulte de nuevo cuando se renueve. Lo que escribió se conserva.
console-refused-ahead = Hay clientes cargados que todavía no se han publicado
console-refused-ahead-text = Esta entidad ha localizado más clientes de los que ha publicado.
console-refused-ahead-out = Consulte de nuevo cuando las cargas estén publicadas. Lo que escribió se conserva.
console-refused-apart = Los miembros no se alcanzan entre sí
console-refused-apart-text = Testigos o custodios de claves llevan demasiado tiempo incomunicados y no responden antes de haberse reencontrado.
console-refused-apart-out = Intente más tarde. Si persiste, avise a quien cuida el nodo.
console-refused-not-permitted = Este miembro no puede consultar
console-refused-not-permitted-text = La red no le da el rol para esto.
console-refused-not-permitted-out = El operador de la red da los roles a los miembros.
console-refused-logs-disagree = Las bitácoras no concuerdan
console-refused-logs-disagree-text = Un custodio de claves dice que la bitácora de este nodo no está como debería. No se abrió nada.
console-refused-logs-disagree-out = Avise a quien cuida el nodo: hay que guardar ambas bitácoras, y el operador tiene que saberlo.

## Asesor de crédito: el comienzo

console-officer-new = Nueva solicitud de préstamo
console-officer-in-work = Solicitudes en curso
console-officer-none = Usted no tiene ninguna en curso.
console-officer-begun = Empezada
console-officer-persons = Personas
console-officer-forgotten = Solo usted las ve. Se olvidan ocho horas después de la última vez que las tocó; los consentimientos y respuestas registrados se conservan.
console-officer-beside = Además
console-today = Consultas de hoy
console-today-about = Lo que se consultó para su agencia, con su respuesta.
console-today-of = Consultas del { $day }
console-today-none = Ninguna en este día.
console-today-by = Consultado por
console-today-unfinished = sin terminar
console-today-refused = rechazada, no se abrió nada
console-branch = Agencia
console-day = Día
console-day-before = El día anterior
console-day-after = El día siguiente
console-show = Mostrar
console-consents = Consentimientos
console-consents-about = Todos los consentimientos registrados: en qué estado están, consultar con uno, retirarlo.
console-consents-none = Todavía no hay ninguno registrado aquí.
console-application = Solicitud
console-application-forget = Desechar esta solicitud
console-application-forget-about = Lo que se escribió se olvida. Los consentimientos registrados siguen registrados.

console-steps = Pasos
console-step-person = Solicitante
console-step-consent = Consentimiento
console-step-question = Préstamo
console-step-answer = Respuesta

## La persona

console-person-title = ¿Quién solicita?
console-person-add = Agregar una persona
console-person-remove = Quitar a esta persona
console-person-role = ¿Quién es para el solicitante?
console-person-purpose = ¿Para qué es?
console-person-numbers = Números de la persona
console-person-numbers-hint = Escriba al menos uno, como está en el documento. Cuantos más dé, con más seguridad se la encuentra.
console-person-number-weak = Otros pueden compartir este número: lo que se encuentra solo con él es apenas una posible coincidencia.
console-person-number-missing = Escriba al menos un número de la persona.
console-person-number-wrong = { $name }: esto no es un número así. Compárelo con el documento.
console-person-purpose-missing = Elija para qué es la consulta.
console-person-role-missing = Elija quién es para el solicitante.
console-person-notice = Idioma del aviso
console-person-notice-missing = Elija el idioma en que se le lee el aviso.
console-person-days = Válido por cuántos días
console-person-days-wrong = El consentimiento puede ser válido de 1 a { $n } días.
console-person-uses = Cuántas consultas
console-person-uses-wrong =
    { $n ->
        [one] Un consentimiento permite aquí una consulta.
       *[other] Un consentimiento permite aquí de 1 a { $n } consultas.
    }
console-person-weak = También acepta que se abran registros con números que otros pueden compartir
console-person-too-many =
    { $n ->
        [one] Una consulta trata de una persona.
       *[other] Una consulta trata de { $n } personas como máximo.
    }
console-person-open = consentimiento aún no registrado
console-person-recording = el consentimiento se está registrando
console-person-recorded = consentimiento registrado
console-person-earlier-consent = con un consentimiento registrado antes

console-role-applicant = Solicitante
console-role-spouse = Cónyuge
console-role-household-member = Otra persona del hogar
console-role-guarantor = Garante

console-scheme-phone = Número de teléfono
console-scheme-slk-581 = Clave SLK-581
console-scheme-kh-nid = Cédula nacional de identidad (Camboya)
console-scheme-az-fin = Código FIN (Azerbaiyán)
console-scheme-in-aadhaar = Número Aadhaar
console-scheme-in-pan = PAN

console-purpose-loan-application = Solicitud de préstamo
console-purpose-guarantee = Garantía para el préstamo de otra persona
console-purpose-restructuring = Cambio de un préstamo vigente
console-purpose-loan-monitoring = Seguimiento de un préstamo vigente
console-purpose-subject-access = El reporte del propio cliente

## Consentimiento

console-consent = Consentimiento
console-consent-go = Registrar su consentimiento
console-consent-title = Consentimiento
console-consent-read = Léale esto, en su idioma
console-consent-no-notice = La política de la red no tiene aviso en este idioma. Elija otro.
console-consent-permits = Lo que permite
console-consent-from = Desde
console-consent-until = Hasta
console-consent-times = Consultas
console-consent-weak = Se pueden abrir posibles coincidencias
console-consent-proof = ¿Cómo muestra que está de acuerdo?
console-consent-proof-about = Elija uno de los dos. Su consentimiento se escribe en la bitácora de este nodo antes de consultar a nadie, y otros miembros ven que así fue.
console-consent-record = Registrar su consentimiento
console-consent-refuses = No está de acuerdo
console-consent-refuses-about = Entonces no se consulta nada sobre esta persona. Deseche lo que se escribió.
console-consent-state = Estado
console-consent-officer = Registrado por
console-consent-evidence = Acreditado por
console-consent-leaf = Número en la bitácora
console-consent-numbers-hidden = (los números mismos no se muestran)
console-consent-uses = { $spent } de { $uses } usadas
console-consent-ground = No hubo consentimiento. La consulta se apoya en el fundamento legal «{ $ground }», aprobado por { $by }.
console-consent-withdraw = Retirar este consentimiento
console-consent-withdraw-about = Úselo cuando el cliente retira aquí su consentimiento. No se puede deshacer; las respuestas dadas quedan en la bitácora.
console-consent-requested = pedido
console-consent-given = vigente
console-consent-refused = negado
console-consent-withdrawn = retirado
console-consent-expired = terminado
console-consent-used-up = agotado

console-evidence-paper = En papel
console-evidence-paper-about = Imprima el formulario, haga que lo firme o ponga su huella ante un testigo, y fotografíelo. El papel se queda con ustedes; este nodo guarda solo una huella digital de la fotografía, así que archive también esa misma fotografía.
console-evidence-form = Formulario para imprimir
console-evidence-kind = ¿Qué hay en el papel?
console-evidence-signed-form = Su firma
console-evidence-thumbprint = Su huella, ante un testigo
console-evidence-one-time-password = Una contraseña de un solo uso
console-evidence-client-key = Su propia clave
console-evidence-order = Una orden de un tribunal o de una autoridad
console-evidence-photo = Fotografía o escaneo del formulario firmado
console-evidence-photo-hint = Una imagen o un PDF de 32 MB como máximo. No se guarda aquí.
console-evidence-missing = Falta la fotografía
console-evidence-missing-text = No llegó ningún archivo, o estaba vacío.
console-evidence-missing-out = Elija la fotografía y envíela otra vez.
console-evidence-other = No es una imagen ni un PDF
console-evidence-other-text = El archivo es de otra clase, o está dañado.
console-evidence-other-out = Elija la fotografía o el escaneo del formulario, como JPEG, PNG, HEIC, WebP, TIFF o PDF.
console-evidence-kind-missing = Diga qué hay en el papel
console-evidence-kind-missing-text = Es su firma o su huella.
console-evidence-kind-missing-out = Elija una y envíe la fotografía otra vez.

console-code-title = Por teléfono: una contraseña de un solo uso
console-code-about = El nodo hace seis dígitos. Usted los envía al teléfono de la persona como su institución envía mensajes de texto; ella se los lee de vuelta. Esto muestra que la contraseña se hizo y se devolvió a tiempo. Que llegó a su teléfono y no al de otra persona, solo lo muestra el registro de sus mensajes: guárdelo. El papel prueba más.
console-code-make = Hacer una contraseña
console-code-again = Hacer otra contraseña
console-code-send = Envíe este texto a su teléfono
console-code-message = { $code } es su contraseña para { $lender }: { $purpose }. Dígala al asesor de crédito solo si acepta que se pregunte a otras entidades cuánto debe usted.
console-code-given = Lo que la persona lee
console-code-tries =
    { $n ->
        [one] Queda un intento.
       *[other] Quedan { $n } intentos.
    }
console-code-until = Se puede usar hasta el { $time }.
console-code-wrong = Esta no es la contraseña
console-code-wrong-text = Es otro número, o se acabó su tiempo o sus intentos.
console-code-wrong-out = Intente de nuevo, o haga una nueva contraseña.

console-form-title = Consentimiento para consultar a otras entidades
console-form-number = Número de este formulario
console-form-notice = Lo que se me dijo
console-form-agree = Se me dijo esto en un idioma que entiendo, y estoy de acuerdo. Puedo retirar mi consentimiento en cualquier momento con el código de mi comprobante.
console-form-name = Nombre
console-form-date = Fecha
console-form-signature = Firma o huella
console-form-witness = Testigo (para una huella)
console-form-code = Código con el número del formulario y la huella digital del aviso
console-back-to-consent = Volver al consentimiento

console-receipt-title = Su comprobante
console-receipt-show = Mostrar el comprobante
console-receipt-about = El consentimiento está registrado. Imprima el comprobante y entréguelo ahora: contiene el código con el que se puede retirar, y ese código no se guarda aquí. Solo se puede mostrar mientras esta solicitud está en curso.
console-receipt-not-located = Se alcanzó a muy pocos custodios de claves, así que la consulta no quedó preparada. El consentimiento está registrado de todos modos; esto se hará con la consulta.
console-receipt-form = Número del formulario en papel: { $number }
console-receipt-file = El comprobante como archivo (JWS)
console-receipt-evidence = Prueba para archivar
console-receipt-evidence-about = Archive este texto con el registro de sus mensajes: su huella digital es la prueba con la que la bitácora se compromete.

## La consulta

console-question-go = Consultar a las entidades
console-application-answer = Ver la respuesta
console-question-title = El préstamo y los medios del hogar
console-question-loan = Préstamo solicitado
console-question-amounts-hint = Escriba los montos sin signo entre los miles, como 1500 o 1500.50. Deje vacío lo que no sepa.
console-question-amount = Monto
console-question-currency = Moneda
console-question-term = Meses
console-question-instalment = Cuota, si está fijada
console-question-frequency = Se paga
console-question-kind = Cómo lo deberá
console-question-refinances = Cuenta que reemplaza
console-question-refinances-hint = Solo si el préstamo paga otro de su propia institución: su número de cuenta.
console-question-means = El hogar, cada mes
console-question-income = Ingreso
console-question-expenses = Gastos sin cuotas
console-question-spends = Consultar gasta un uso de cada consentimiento y se escribe en la bitácora con el nombre de usted. El cliente puede ver después que usted consultó.
console-question-ask = Consultar ahora
console-question-amount-missing = Escriba el monto del préstamo. El consentimiento vale para esta consulta: sin él no se hace.
console-question-amount-wrong = { $name }: este monto se puede leer de dos maneras, o de ninguna. Escríbalo sin signo entre los miles.
console-question-currency-wrong = Elija una moneda de la red.
console-question-term-wrong = Meses: escriba un número entero.

console-frequency-daily = cada día
console-frequency-weekly = cada semana
console-frequency-fortnightly = cada dos semanas
console-frequency-four-weekly = cada cuatro semanas
console-frequency-monthly = cada mes
console-frequency-two-monthly = cada dos meses
console-frequency-quarterly = cada tres meses
console-frequency-half-yearly = cada seis meses
console-frequency-yearly = cada año
console-frequency-bullet = todo al final

console-kind-individual = préstamo propio
console-kind-group-member = préstamo propio en un grupo
console-kind-group = préstamo a un grupo
console-kind-guarantor = garantía

## La respuesta

console-answer = Respuesta
console-answer-pass = Sin objeción
console-answer-pass-meaning = Nada en la política se opone a este préstamo. La decisión es suya.
console-answer-refer = Debe decidir una persona
console-answer-refer-meaning = La política no da una respuesta por sí sola. Mire las razones.
console-answer-decline = Contra la política
console-answer-decline-meaning = Se excede al menos un límite de la política.
console-why-pass = En orden
console-why-refer = Por decidir
console-why-decline = Excedido
console-answer-asked = { $purpose }: { $amount }
console-answer-policy = { $name }, versión { $version } del { $day }
console-answer-covers = Cubre { $covered } de { $lenders } entidades
console-answer-complete = Los datos recientes de todas las entidades están en ella.
console-answer-incomplete = Esta respuesta no está completa: es posible que el cliente deba más de lo que muestra. Lo que falta está más abajo.
console-answer-why = Por qué
console-answer-instalments = Cuotas después del préstamo
console-answer-burden = El { $share } del ingreso del hogar se va en cuotas.
console-answer-limit = El límite es { $share }.
console-answer-over = por encima del límite
console-answer-within = dentro del límite
console-answer-key-now = préstamos vigentes
console-answer-key-new = el nuevo préstamo
console-answer-key-limit = límite de la política
console-answer-income = Ingreso al mes
console-answer-instalments-after = Cuotas al mes, después del préstamo
console-answer-instalment-new = de ellas, el nuevo préstamo
console-answer-left-over = Queda después de gastos y cuotas
console-answer-owes = Lo que debe el hogar
console-answer-own = esta entidad
console-answer-others = otras
console-answer-together = en total
console-answer-after = con el préstamo
console-answer-row-owed = Saldo, { $currency }
console-answer-row-overdue = Vencido, { $currency }
console-answer-row-monthly = Cuotas al mes, { $currency }
console-answer-row-reference = Saldo, todo en { $currency }
console-answer-row-lenders = Entidades con préstamos vigentes
console-answer-row-active = Préstamos vigentes
console-answer-row-written-off = Castigados
console-answer-row-days = Días de atraso, el peor
console-answer-unknown-part =
    { $n ->
        [one] (un préstamo no reportado)
       *[other] ({ $n } préstamos no reportados)
    }
console-answer-estimated-part = (de ello { $amount } estimado)
console-answer-estimated = (estimado)
console-answer-not-reported = no reportado
console-answer-group =
    { $n ->
        [one] Aparte, en ninguna suma: un préstamo a un grupo entero, saldo { $owed }.
       *[other] Aparte, en ninguna suma: { $n } préstamos a un grupo entero, saldo { $owed }.
    }
console-answer-guaranteed =
    { $n ->
        [one] Aparte, en ninguna suma: garantiza un préstamo, saldo { $owed }.
       *[other] Aparte, en ninguna suma: garantiza { $n } préstamos, saldo { $owed }.
    }
console-answer-lenders = Entidad por entidad
console-answer-masked = La política de la red no nombra a las otras entidades. Los números no dicen quiénes son.
console-answer-no-record = Ningún registro en las entidades que cubre esta respuesta.
console-answer-no-loans = Sin préstamos.
console-answer-figures-of = cifras del { $day }
console-answer-lacks = Lo que falta
console-answer-state = Estado
console-answer-as-of = Cifras del
console-answer-heard = Últimas noticias
console-answer-missing = no se sabe nada de ella
console-answer-stale = cifras demasiado antiguas
console-answer-no-data = todavía sin datos
console-answer-never = nunca
console-answer-unreadable =
    { $n ->
        [one] Un registro de { $lender } no se leyó: { $why }.
       *[other] { $n } registros de { $lender } no se leyeron: { $why }.
    }
console-answer-persons = Persona por persona
console-answer-not-found = no se encontró en ninguna entidad
console-answer-found = se encontró con { $numbers }
console-answer-found-weak = se encontró solo con { $numbers }, que otros pueden compartir
console-answer-possible =
    { $n ->
        [one] Posible coincidencia en una entidad, con un número que otros pueden compartir. No se abrió y no está en ninguna suma.
       *[other] Posible coincidencia en { $n } entidades, con un número que otros pueden compartir. No se abrieron y no están en ninguna suma.
    }
console-answer-owes-alone = Debe
console-answer-pays-alone = Cuotas al mes
console-answer-asked-others = Consultas de otras entidades
console-answer-asked-own = Consultas de esta entidad
console-answer-inquiry-counts = { $days30 } en 30 días, { $days90 } en 90, { $days180 } en 180
console-answer-inquiries = Quién consultó
console-answer-dispute = El cliente reclama por lo que reporta { $lender }, desde el { $time }.
console-answer-proof = Para el expediente
console-answer-transaction = Consulta
console-answer-commitment = Compromiso con la pregunta
console-answer-rates = Tasa
console-answer-rate = { $rate } { $currency } por una unidad, del { $day }

console-loan = Préstamo
console-loan-status = Estado
console-loan-owed = Saldo
console-loan-disbursed = Desembolsado
console-loan-overdue = Vencido
console-loan-days = Días de atraso
console-loan-monthly = Al mes
console-loan-ends = Hasta
console-loan-disputed = en reclamo

console-status-current = vigente, al día
console-status-delinquent = vigente, con atraso
console-status-restructured = vigente, condiciones cambiadas
console-status-written-off = castigado, todavía se debe
console-status-closed = terminado

console-unreadable-bad-proof = su prueba no es válida
console-unreadable-does-not-open = no se abre con la clave de la red
console-unreadable-bad-content = su contenido no es un registro
console-unreadable-unknown-currency = aquí no se conoce su moneda
console-unreadable-key-gone = la clave de su época ya no existe
console-unreadable-not-covered = su entidad todavía no lo ha firmado
console-unreadable-too-many = hay más registros de los que abre una consulta

## El reporte del cliente, retiro

console-report = El reporte del propio cliente
console-report-about = Todo lo que se guarda sobre el cliente y quién consultó, en su idioma, para que se lo lleve.
console-report-go = A su reporte
console-report-spends = Su pedido es un consentimiento para este único reporte. Hacerlo consulta a todas las entidades y las nombra.
console-report-make = Hacer el reporte
console-report-dispute = El cliente dice que algo está mal
console-report-dispute-about = Elija por qué reclama. Lo que dice va sellado a la entidad que lo reporta, y entretanto cada respuesta muestra que está en reclamo.
console-report-dispute-all = Todo el registro

console-withdraw = Retirar con un comprobante
console-withdraw-about = Un cliente de cualquier entidad puede terminar un consentimiento con el código de su comprobante. Se avisa a todos los miembros, y ya nadie puede consultar con él.
console-withdraw-code = Código del comprobante
console-withdraw-code-hint = 32 signos en grupos de cuatro, como ab12-cd34-…
console-withdraw-wrong = Este no es un código completo. Tiene 32 signos: dígitos y las letras de la a a la f.
console-withdraw-done = El consentimiento está retirado
console-withdraw-known = Este consentimiento ya se había retirado
console-withdraw-lender = La entidad a la que se dio: { $lenders }.
console-withdraw-unknown = No se encontró ningún consentimiento con este código
console-withdraw-unknown-text = Compare el código con el comprobante, signo por signo. Si es correcto, un miembro que no se alcanzó puede conocer el consentimiento: el código se transmitió de todos modos.
console-withdraw-told =
    { $n ->
        [0] Todavía no se pudo avisar a ningún otro miembro.
        [one] Otro miembro lo sabe.
       *[other] Otros { $n } miembros lo saben.
    }
console-withdraw-not-told = Aún no alcanzados, y avisados en cuanto vuelvan: { $members }.

## Reclamos

console-dispute = Reclamo
console-disputes = Reclamos
console-disputes-about = Lo que los clientes dicen que está mal: en reportes de otras entidades y en los nuestros.
console-disputes-none = No hay ninguno.
console-disputes-all = Mostrar también los cerrados
console-disputes-open-only = Mostrar solo los abiertos
console-dispute-open = Abrir un reclamo
console-dispute-open-about = Escriba lo que dice el cliente, con sus palabras. Va sellado a la entidad; la bitácora solo dice que hay un reclamo.
console-dispute-opened = Abierto
console-dispute-where = Con quién
console-dispute-about-us = { $member } nos dice que su cliente reclama por lo que reportamos
console-dispute-about-them = Nuestro cliente reclama por lo que reporta { $member }
console-dispute-reason = Qué está mal
console-dispute-state = Estado
console-dispute-left = Tiempo restante
console-dispute-days-left =
    { $n ->
        [one] un día
       *[other] { $n } días
    }
console-dispute-over-time =
    { $n ->
        [one] un día fuera de plazo
       *[other] { $n } días fuera de plazo
    }
console-dispute-record = Registro
console-dispute-facility = Cuál de los préstamos
console-dispute-text = Lo que dice el cliente
console-dispute-text-hint = 2000 signos como máximo. No nombre a nadie más que al cliente.
console-dispute-meant = Préstamo en cuestión
console-dispute-client = Cliente en nuestra cartera
console-dispute-account = Cuenta en nuestra cartera
console-dispute-said = Lo que dice el cliente
console-dispute-answer = Lo que dice la entidad
console-dispute-answer-ours = Nuestra respuesta
console-dispute-answer-accepted = Se corregirá
console-dispute-answer-rejected = El reporte se mantiene, con razones
console-dispute-reasons = Razones para el cliente
console-dispute-send = Enviar la respuesta
console-dispute-corrected-about = Cuando las cifras corregidas estén cargadas y publicadas, cierre el reclamo.
console-dispute-close = Cerrarlo
console-dispute-told = Se le dijeron las razones al cliente
console-dispute-take-back = El cliente lo retira
console-dispute-ended = Cómo terminó
console-dispute-outcome-corrected = Se corrigió
console-dispute-outcome-rejected = El reporte se mantiene
console-dispute-outcome-taken-back = El cliente lo retiró
console-dispute-about-wrong = No está claro de qué registro se trata
console-dispute-about-wrong-text = El consentimiento, la entidad o el registro no son como los muestra una respuesta.
console-dispute-about-wrong-out = Abra el reclamo desde el reporte del cliente.
console-dispute-text-wrong = Diga qué está mal
console-dispute-text-wrong-text = Elija una razón y escriba de 1 a 2000 signos, sin signos que cambien la dirección de la escritura.
console-dispute-text-wrong-out = Escríbalo y envíelo de nuevo. Lo que escribió se conserva.
console-dispute-reason-not-mine = el préstamo es de otra persona
console-dispute-reason-already-paid = ya se pagó
console-dispute-reason-wrong-amount = un monto está mal
console-dispute-reason-wrong-arrears = el atraso está mal
console-dispute-reason-wrong-status = su estado está mal
console-dispute-reason-reported-twice = un préstamo aparece dos veces
console-dispute-reason-other = otra cosa
console-dispute-state-sending = en camino a la entidad
console-dispute-state-refused = el nodo de la entidad no lo recibe
console-dispute-state-open = en la entidad, todavía sin respuesta
console-dispute-state-accepted = la entidad lo corregirá
console-dispute-state-rejected = la entidad dice que su reporte se mantiene
console-dispute-state-resolved = cerrado

## Inicio de sesión y la propia cuenta

console-sign-in-name = Nombre
console-sign-in-password = Contraseña
console-sign-in-code = Código de su aplicación de autenticación
console-sign-in-code-hint = Seis dígitos que cambian cada medio minuto.
console-sign-in-code-needed = Escriba otra vez su contraseña y el código que su aplicación de autenticación muestra ahora.
console-sign-in-refused = El nombre, la contraseña o el código están mal.
console-sign-in-locked =
    { $n ->
        [one] Demasiados intentos. Intente de nuevo en un minuto.
       *[other] Demasiados intentos. Intente de nuevo en { $n } minutos.
    }
console-sign-in-failed = El nodo no pudo comprobarlo. Intente de nuevo; si continúa, avise a su administrador.
console-sign-in-help = ¿Olvidó su contraseña? Su administrador le da una nueva.
console-account = Mi cuenta
console-account-password = Cambiar la contraseña
console-account-old = Su contraseña actual
console-account-new = Nueva contraseña
console-account-new-hint = Al menos 10 caracteres. Unas cuantas palabras se recuerdan mejor que signos.
console-account-again = La nueva contraseña otra vez
console-account-change = Cambiar la contraseña
console-account-differ = Las dos contraseñas nuevas difieren. No se cambió nada.
console-account-old-wrong = Su contraseña actual está mal. No se cambió nada.
console-account-weak = La nueva contraseña no sirve: es demasiado corta, demasiado larga o demasiado fácil de adivinar. No se cambió nada.
console-account-factor = Segundo factor
console-account-factor-on = Al iniciar sesión se pide un código de su aplicación de autenticación. Si pierde su aparato, su administrador puede quitarlo.
console-account-factor-off = Usted inicia sesión solo con su contraseña. Con una aplicación de autenticación en su teléfono, nadie que llegue a saber su contraseña puede entrar.
console-account-factor-begin = Instalar una aplicación de autenticación
console-account-factor-scan = Haga que su aplicación de autenticación lea esta imagen, o escriba las letras de abajo. Luego escriba el código que muestra.
console-account-factor-confirm = Confirmar
console-account-factor-done = De ahora en adelante se pide un código al iniciar sesión.
console-account-factor-wrong = El código no coincide. Revise la hora de su teléfono y empiece de nuevo.
console-account-hands = Quién intervino en su cuenta
console-own-password = Elija su propia contraseña
console-own-password-why = La contraseña con la que inició sesión se la dio otra persona. Sirve solo para esta página: elija una que nadie más conozca e inicie sesión con ella.
console-own-password-given = Esa es la contraseña que le dieron. Elija otra.
console-own-password-choose = Tomar esta contraseña
console-news = Sobre su cuenta
console-news-admitted = { $by } le dio de alta y le dio una contraseña: { $time }.
console-news-password = { $by } le dio una nueva contraseña: { $time }.
console-news-factor = { $by } quitó su segundo factor: { $time }.
console-news-machine = Alguien en la máquina del nodo
console-news-before = Usted había iniciado sesión antes: { $time }.
console-news-first = Usted no había iniciado sesión antes.
console-news-failures = Intentos fallidos de iniciar sesión con su nombre después de eso: { $n }.
console-news-check = Si usted no pidió esto, o no fue usted quien inició sesión entonces, dígalo enseguida a su jefe, y no solo al administrador.
console-news-go-on = Continuar
console-interface = Interfaz
console-interface-about = Lo que otros sistemas pueden pedir a este nodo, cada uno con un token de acceso. La descripción sale del programa, en inglés.
console-role-loan-officer = Asesor de crédito
console-role-supervisor = Supervisor
console-role-data-clerk = Carga de datos
console-role-operator = Operador
console-role-auditor = Auditor
console-role-administrator = Administrador

## Carga de datos

console-clerk-load = Cargar un archivo
console-clerk-format = Formato del archivo
console-clerk-format-csv = CSV: texto en columnas
console-clerk-format-xlsx = Libro de cálculo (XLSX)
console-clerk-format-cdf = CDF: el formato común de las centrales de la India
console-clerk-format-fineract = JSON de Apache Fineract
console-clerk-format-missing = Elija el formato del archivo.
console-clerk-full = El archivo contiene todos los préstamos de sus agencias: lo que omite ha terminado
console-clerk-look = Solo mirar: mostrar cómo se entiende el archivo, y no escribir nada
console-clerk-more = Columnas propias, y lo que el archivo no dice
console-clerk-currency = Moneda de las filas que no nombran ninguna
console-clerk-currency-wrong = Elija una moneda de la red.
console-clerk-as-of = Día de las cifras
console-clerk-day-wrong = Escriba el día como año, mes y día: 2026-11-22.
console-clerk-branch = Agencia de las filas que no nombran ninguna
console-clerk-mapping = Correspondencia de columnas
console-clerk-mapping-hint = Pegue aquí su archivo de correspondencia (TOML). Un archivo con nuestros nombres de columnas no necesita ninguno.
console-clerk-mapping-wrong = No se puede usar la correspondencia: { $why }
console-clerk-file = El archivo
console-clerk-file-hint = Va directo a la cartera cifrada; no queda copia en ningún lugar.
console-clerk-file-missing = Elija el archivo.
console-clerk-go = Cargar
console-clerk-sending = El archivo se está enviando. Por favor deje esta página abierta hasta que venga la siguiente.
console-clerk-history = Cargas
console-clerk-none = Todavía no se ha cargado nada.
console-clerk-older = Las cargas más antiguas no figuran aquí.
console-clerk-running = El archivo se está cargando
console-clerk-phase-reading = Leyendo el archivo y comparándolo con la cartera
console-clerk-phase-loading = Pasando las filas a la cartera
console-clerk-phase-closing = Cerrando lo que el archivo omite
console-clerk-rows = Filas
console-clerk-leave = Puede salir de esta página: la carga sigue, y figura en la lista de cargas cuando haya terminado.
console-clerk-failed = El archivo no se cargó
console-clerk-back = Volver a las cargas
console-clerk-looked = Mirado, nada escrito
console-clerk-looked-text = Así se entiende el archivo. Cárguelo sin «solo mirar» cuando esté bien.
console-clerk-same = Este mismo archivo ya se cargó antes
console-clerk-same-as = No se cambió nada. Es la carga { $n }.
console-clerk-would-hold = La carga quedaría retenida
console-clerk-findings = Sobre el archivo entero
console-clerk-rejects = Filas rechazadas
console-clerk-rejects-about = No están en la cartera. Corríjalas en el archivo o en su sistema central y cargue el archivo de nuevo; las filas que estaban bien no cambian nada la segunda vez. Queda en la bitácora que usted las miró, porque tratan de personas.
console-clerk-notes = Observaciones sobre filas aceptadas
console-clerk-note = Observación
console-clerk-line = Línea
console-clerk-line-n = Línea { $n }
console-clerk-field = Campo
console-clerk-why = Qué está mal
console-clerk-fault = Falla
console-clerk-empty = (vacío)
console-clerk-row-gone = La fila misma no se guarda: era demasiado larga, o se rechazaron demasiadas.
console-clerk-understood = Las primeras filas, como se entienden
console-clerk-account = Cuenta
console-clerk-client = Cliente

console-load = Carga { $n }
console-load-number = Número
console-load-file = Archivo
console-load-state = Estado
console-load-good = Filas aceptadas
console-load-rejected = Filas rechazadas
console-load-skipped = Filas que no son préstamos
console-load-full = todos los préstamos de sus agencias
console-load-new = Préstamos nuevos
console-load-changed = Préstamos cambiados
console-load-unchanged = Préstamos sin cambio
console-load-older = Filas más antiguas que la cartera
console-load-closed = Préstamos cerrados porque el archivo los omite
console-load-figures = Cifras del archivo
console-load-median = Saldo, el préstamo mediano
console-load-decided = decidido por { $by }
console-load-held-for = La carga está retenida
console-load-was-held-for = La carga estuvo retenida
console-load-decide = Nada de ella está en la cartera. Decide una persona, con su nombre: acéptela si las cifras están bien; si no, deséchela y cargue un archivo mejor.
console-load-release = Aceptarla en la cartera
console-load-discard = Desecharla
console-load-undo = Deshacer esta carga
console-load-undo-about = La cartera vuelve a lo que era antes de esta carga, y las otras entidades lo ven en unos minutos.
console-load-reading = en lectura
console-load-held = retenida, por decidir
console-load-loading = entrando en la cartera
console-load-loaded = en la cartera
console-load-undoing = saliendo de la cartera
console-load-undone = deshecha
console-load-discarded = desechada

## Red: para el operador

console-alarms = Qué mirar
console-alarms-none = Nada le necesita ahora.
console-alarm-failed = No funciona
console-alarm-warning = Revíselo
console-alarm-disk = El disco de este nodo está lleno. No escribe nada y no sirve a nadie.
console-alarm-disk-out = Haga espacio y luego reinicie el nodo.
console-alarm-asking = Este nodo espera que otros miembros digan si su bitácora está completa.
console-alarm-asking-out = Por lo general un minuto después de iniciarse. Si persiste, pruebe las conexiones.
console-alarm-behind = El almacén de este nodo es una copia más antigua de sí mismo. No escribe nada y no sirve a nadie.
console-alarm-behind-out = Pide a los otros lo que le falta. Pruebe las conexiones; el capítulo de los días malos de la guía de operación dice qué hacer cuando se han ido para siempre.
console-alarm-holders = Se alcanza a { $near } de los { $needed } custodios de claves que hacen falta: no se responde ninguna consulta. Ausentes: { $away }.
console-alarm-holders-out = Pruebe las conexiones con ellos y llame a quienes cuidan sus nodos.
console-alarm-holders-just = Se alcanza apenas a los { $needed } custodios de claves que hacen falta. Ausentes: { $away }.
console-alarm-holders-just-out = Si se va uno más, se detienen todas las consultas. Llame a quienes cuidan sus nodos.
console-alarm-no-keys = La red todavía no tiene claves, así que nadie puede consultar nada.
console-alarm-no-keys-out = Repártalas con la ceremonia de claves.
console-alarm-own-feed = Algunas filas del flujo propio de esta entidad no están en su disco como se publicaron, desde el { $time }.
console-alarm-own-feed-out = El nodo las corrige por sí mismo. Si vuelve a pasar, pruebe el disco.
console-alarm-loads =
    { $n ->
        [one] Una carga está retenida hasta que decida una persona.
       *[other] { $n } cargas están retenidas hasta que decida una persona.
    }
console-alarm-loads-out = Un supervisor decide en las páginas de carga de datos.
console-alarm-disputes =
    { $n ->
        [one] Un reclamo está abierto más allá del plazo de la política.
       *[other] { $n } reclamos están abiertos más allá del plazo de la política.
    }
console-alarm-disputes-out = Quien responde por los reclamos los encuentra en la lista.
console-alarm-escalated =
    { $n ->
        [one] Los miembros avisaron a este operador de un reclamo fuera de plazo.
       *[other] Los miembros avisaron a este operador de { $n } reclamos fuera de plazo.
    }
console-alarm-escalated-out = Pregunte a las entidades del caso qué lo impide.
console-alarm-certificate = El certificado de este nodo termina el { $time }.
console-alarm-certificate-out = Pida uno nuevo al operador antes de que termine (`tally network renew`) e instálelo con `tally member install`: el nodo lo toma sin reiniciarse.
console-alarm-member-certificate = El certificado de { $member } termina el { $time }.
console-alarm-member-certificate-out = El operador lo renueva (`tally network renew`) y el miembro lo instala. Después nadie deja entrar a ese miembro.
console-alarm-roster = La lista de miembros que se sigue termina el { $time }.
console-alarm-roster-out = El operador firma una nueva.
console-alarm-forked = Se sorprendió a { $member } con dos historias de su bitácora.
console-alarm-forked-out = Las pruebas están guardadas. El operador tiene que decidir sobre este miembro.
console-alarm-two-states = { $member } firmó dos estados distintos de su flujo con un mismo número.
console-alarm-two-states-out = Las pruebas están guardadas. Pregunte al miembro y avise al auditor.
console-alarm-differs = Lo que se tiene aquí de { $member } no es lo que firmó.
console-alarm-differs-out = Se trae de nuevo por sí mismo. Si persiste, pida al miembro que revise su nodo.
console-alarm-carrier = { $member } transmitió mal el flujo de otro miembro, y por un tiempo no se le pide.
console-alarm-carrier-out = Una vez puede ser un disco malo. Si vuelve a pasar, pregunte al miembro.
console-alarm-pattern-out = Inusual, y por sí solo no prueba nada. Pregunte al miembro; un auditor puede tomar una muestra.
console-pattern-reporting-above-rows = { $member } pidió { $n } identificadores más, para reportarlos, que las filas que siguieron ({ $of } filas en 30 días).
console-pattern-refused-evaluations = { $n } de { $of } evaluaciones que pidió { $member } se rechazaron por lo que pedía.
console-pattern-quota-refusals = A { $member } se le rechazó { $n } veces por cuota gastada, o por adelantarse a su flujo.
console-pattern-unused-consents = { $n } de { $of } consentimientos de { $member } no se usaron en una semana.
console-pattern-located-not-asked = Con { $n } de { $of } consentimientos de { $member } se localizó a clientes y nadie consultó en una semana.
console-pattern-burst-of-inquiries = { $member } consultó { $n } veces el { $day }; en sus otros días { $of } veces en promedio.
console-pattern-inquiries-at-night = { $member } consultó { $n } veces en horas en que casi nunca consulta, de { $of } en una semana.
console-pattern-unknown-withdrawal-codes = { $n } códigos de retiro que no pertenecen a ningún consentimiento llegaron a la red por { $member }.
console-pattern-recoveries = La bitácora de { $member } volvió { $n } veces a una copia más antigua.
console-pattern-market-counted-again = { $member } contó a sus clientes { $n } veces más de una vez para las cifras del mercado de un mismo mes.

console-members = Miembros
console-member = Miembro
console-member-data = Datos
console-member-quality = Índice de calidad
console-member-quality-about = El índice va de 0 a 100 y se calcula con lo que este nodo ve: 50 puntos por la antigüedad de las cifras, 30 por un flujo firmado a tiempo, 20 por filas y bitácora que concuerdan con lo firmado. No dice si las cifras son verdaderas.
console-member-contact = Último contacto
console-member-rows = Filas
console-member-no-lender = no reporta
console-member-fresh = recientes
console-member-stale = cifras demasiado antiguas
console-member-missing = no se sabe nada de él
console-member-never = nunca se supo de él
console-member-no-data = todavía sin cifras
console-member-role-lender = entidad
console-member-role-key-holder = custodio de clave
console-member-role-witness = testigo
console-member-role-operator = operador

console-holders = Custodios de claves
console-holders-needed = Hacen falta para cada consulta
console-holders-near = Al alcance
console-holders-away = Ausentes
console-quotas = Usado aquí hoy
console-quotas-about = Como cuenta este custodio de clave, desde la medianoche UTC. Los otros custodios cuentan por su lado.
console-quota-inquiries = Consultas
console-quota-points = Puntos para consultas
console-quota-reporting = Puntos para reportar
console-operator-used = { $n } de { $most }
console-operator-node = Este nodo
console-operator-unknown = no se sabe aquí
console-operator-certificate = Su certificado termina
console-operator-roster = Lista de miembros, versión
console-operator-roster-until = Esa lista termina
console-operator-log = Hojas en su bitácora
console-operator-rows = Filas en su flujo
console-operator-waiting = Clientes que esperan publicarse
console-operator-certificates-others = El fin del certificado de otro miembro se conoce aquí cuando ese miembro se ha conectado. La orden `tally network list` del operador los muestra todos.

console-connections = Conexiones
console-connections-about = Una prueba pide al otro nodo su lista de miembros y espera la respuesta. No abre nada y no gasta nada.
console-connections-none = No hay otro miembro.
console-peer-address = Dirección
console-peer-dials = ninguna: él nos llama
console-peer-failure = Última falla
console-peer-test = Probar
console-peer-test-of = Probar la conexión con { $member }
console-peer-detail = Para los técnicos:
console-peer-answered =
    { $n ->
        [one] Respondió en un milisegundo.
       *[other] Respondió en { $n } milisegundos.
    }
console-peer-same-roster = Sigue la misma lista de miembros que este nodo.
console-peer-other-roster = Sigue la versión { $n } de la lista de miembros, que no es la nuestra. La más nueva se difunde por sí misma en unos minutos.
console-peer-not-here = No tiene ahora una conexión abierta con nosotros, ni una dirección a la que podamos llamarlo.
console-peer-not-here-out = Él tiene que llamarnos: pregunte a quien lo cuida si está en marcha y si tiene salida a internet.
console-peer-unreachable = No se lo alcanza.
console-peer-unreachable-out = Pregunte a quien lo cuida si está en marcha, y si su dirección y su puerto siguen siendo los de arriba. Si no se alcanza a nadie, mire nuestra propia salida a internet.
console-peer-wrong = Respondió con algo que no es una respuesta.
console-peer-wrong-out = Su programa puede ser de otra versión. Avise a quien lo cuida.
console-peer-silent = Tomó la conexión y no respondió a tiempo.
console-peer-silent-out = Puede estar sobrecargado. Intente de nuevo en unos minutos y luego avise a quien lo cuida.

console-market = Cifras del mercado
console-market-about = Cuántos clientes conocen una, dos, tres, y cuatro o más entidades. Cada entidad cuenta a sus propios clientes y agrega ruido antes de decirlo; no se abre ningún registro, y no se puede encontrar a nadie en las cifras.
console-market-none = En las bitácoras que están aquí, ninguna entidad ha contado todavía. Cada una lo hace una vez al mes, por sí sola.
console-market-chart = Parte de los clientes que conocen dos, tres, y cuatro o más entidades, por mes
console-market-month = Mes
console-market-class =
    { $n ->
        [one] una entidad
       *[other] { $n } entidades
    }
console-market-class-more = { $n } o más
console-market-all = Todos los clientes
console-market-within = Error de a lo sumo
console-market-lenders = Entidades que contaron
console-market-few = menos de { $n }
console-market-missing = Aún no contaron: { $members }. Las cifras son demasiado bajas.
console-market-not-here = Las bitácoras de estos miembros no están aquí: { $members }. Aquí las cifras son demasiado bajas; el operador las ve todas.
console-market-partial = Algunas entidades contaron sin todas las filas. Las cifras son demasiado bajas.
console-market-csv = Cifras en CSV
console-market-privacy = Lo que cuestan de la privacidad de los clientes
console-market-privacy-about = El ruido se saca una vez y se guarda: volver a preguntar no cuesta nada y no dice nada más. «Error de a lo sumo» vale 19 veces de 20.
console-market-budget = Gastado en doce meses: ε { $spent } de { $most }; un mes cuesta { $month }.

## Auditor

console-browse = Buscar en la bitácora
console-browse-about = Cada hoja de la bitácora de este nodo y de las que se copian aquí, por clase, por día, por cualquier cosa que contenga.
console-browse-leaves = Hojas
console-browse-every-kind = todas las clases
console-browse-find = Lo que contiene
console-browse-find-hint = El número de un consentimiento o de una consulta, un hash, o una palabra de la hoja: letras, dígitos y guiones.
console-browse-none = No se encontró ninguna hoja así.
console-browse-stopped = La búsqueda se detuvo después de muchas hojas. Siga con otras más antiguas.
console-browse-older = Hojas más antiguas
console-logs = Bitácoras que están aquí
console-log-of = Bitácora de
console-log-own = este nodo
console-log-leaves = Hojas
console-log-forks = Dos historias
console-log-no-forks = ninguna vista
console-log-verified = Verificada ahora
console-log-origin = Nombre de la bitácora
console-log-root = Raíz del árbol
console-log-quorum = Testigos
console-log-quorum-yes = Un punto de control tiene las cofirmas del quórum de testigos.
console-log-quorum-no = Ningún punto de control tiene todavía el quórum de testigos.
console-checkpoint = Último punto de control de este nodo
console-verify = Verificar todas las bitácoras de aquí
console-verify-about = Calcula cada árbol de nuevo a partir de sus hojas y lo compara con lo que firmó su dueño. Una bitácora larga tarda unos minutos. Si esta máquina es de confianza, solo lo puede decir el verificador en una máquina suya: llévese las pruebas.
console-verified = Este es el resultado.
console-verify-whole =
    { $n ->
        [one] Su única hoja lleva a lo que firmó su dueño.
       *[other] Sus { $n } hojas llevan todas a lo que firmó su dueño.
    }
console-verify-forked = Su dueño firmó dos árboles distintos de estos tamaños: { $sizes }.
console-verify-damaged = No se verifica: { $why }.
console-evidence-take = Llevarse las pruebas
console-evidence-take-about = Un archivo con lo que escribe `tally log export`: mosaicos, punto de control, listas de miembros, lo que se sabe de otras bitácoras, flujos. `tally audit verify` lo lee sin conexión, una vez desempaquetado.

console-follow = Seguir una consulta
console-follow-about = Un consentimiento o una consulta por todas las bitácoras que están aquí: lo que anotó quien consultó, lo que anotaron los custodios de claves, y si ambos concuerdan.
console-follow-number = Número
console-follow-number-hint = De una consulta o un consentimiento (32 dígitos), o el hash de una hoja (64 dígitos).
console-follow-wrong = Este no es un número así: 32 o 64 dígitos hexadecimales.
console-follow-none = Ninguna bitácora de aquí conoce este número.
console-follow-sides = Ambos lados
console-follow-agree = Concuerda
console-follow-differ = Difiere
console-follow-open = No visto
console-follow-course = En orden de tiempo
console-follow-logs = Recorridas: las bitácoras de { $logs }.
console-follow-cut = Se dejaron fuera hojas más antiguas de una bitácora larga, o hay demasiadas para mostrar.
console-follow-served = Apertura { $index } de { $log }: { $served } custodios de claves anotaron que la sirvieron, y hacen falta { $needed }.
console-follow-served-few = Apertura { $index } de { $log }: las bitácoras de aquí muestran { $served } custodios de claves que la sirvieron, de { $needed } que hacen falta. Las bitácoras de los otros custodios no se copian aquí, o no la muestran: compare sus propias exportaciones.
console-follow-other-leaf = { $holder } anotó que sirvió la hoja { $index } de { $log }, pero esa hoja es otra en la bitácora de aquí.
console-follow-leaf-missing = { $holder } anotó que sirvió la hoja { $index } de { $log }, y la bitácora de aquí no la muestra.
console-follow-log-missing = { $holder } anotó que sirvió la hoja { $index } de { $log }, cuya bitácora no está aquí.

console-leaf-kind = Clase
console-leaf-says = Lo que dice
console-leaf-transaction = Transacción
console-leaf-index = Lugar en la bitácora
console-leaf-hash = Hash
console-leaf-names = Hojas que nombra
console-leaf-text = Palabra por palabra
console-leaf-before = La hoja anterior
console-leaf-after = La hoja siguiente
console-leaf-under = bajo la hoja { $index }
console-leaf-unknown = una clase de un programa posterior
console-leaf-consent-given = Consentimiento dado
console-leaf-consent-withdrawn = Consentimiento retirado
console-leaf-withdrawal-received = Código de retiro recibido
console-leaf-inquiry-opened = Consulta abierta
console-leaf-inquiry-answered = Consulta respondida
console-leaf-inquiry-refused = Consulta rechazada
console-leaf-accessed = Visto o registrado por un usuario
console-leaf-evaluation-served = Evaluación servida
console-leaf-evaluation-refused = Evaluación rechazada
console-leaf-reporting-batch = Clientes publicados por primera vez
console-leaf-feed-state = Estado del flujo firmado
console-leaf-load-decided = Carga decidida
console-leaf-dispute-opened = Reclamo abierto
console-leaf-dispute-received = Reclamo recibido
console-leaf-dispute-answered = Reclamo respondido
console-leaf-dispute-resolved = Reclamo cerrado
console-leaf-dispute-escalated = Reclamo fuera de plazo, operador avisado
console-leaf-erasure = Explicación borrada
console-leaf-binding-made = Puntos explicados a un auditor
console-leaf-market-counted = Clientes contados para las cifras del mercado
console-leaf-log-opened = Bitácora abierta
console-leaf-roster-accepted = Lista de miembros aceptada
console-leaf-shares-installed = Partes de claves instaladas
console-leaf-log-recovered = Bitácora recuperada
console-leaf-log-succeeds = La bitácora continúa otra
console-access-consent-recorded = consentimiento registrado
console-access-consent-read = consentimiento leído
console-access-consent-withdrawn = consentimiento retirado
console-access-inquiry = consultado
console-access-answer-read = respuesta leída
console-access-subject-report = reporte del cliente hecho
console-access-erasure = borrado
console-access-dispute-step = reclamo cambiado
console-access-dispute-read = reclamos leídos
console-access-load = carga
console-access-rejects-read = filas rechazadas leídas
console-access-binding = explicado a un auditor
console-access-backup = copia de respaldo hecha
console-access-user-admitted = usuario dado de alta
console-access-user-changed = usuario cambiado
console-access-sign-in-reset = contraseña o segundo factor restablecidos
console-access-token-issued = token de acceso entregado
console-access-token-revoked = token de acceso revocado
console-access-proposed = propuesto
console-access-proposal-read = propuestas leídas
console-access-approved = aprobado
console-access-proposal-ended = propuesta terminada
