### Qué está mal en lo que se pidió, y la salida.

mend-purpose = La red no conoce esta finalidad. Conoce: { $known }.
mend-persons = Nombre de 1 a { $most } personas, cada una con un consentimiento.
mend-applicants = Una sola persona es el solicitante; las otras son cónyuge, miembro del hogar o garante.
mend-consent-twice = Cada persona necesita su propio consentimiento; uno está aquí dos veces.
mend-consent-number = El número de un consentimiento no es tal número.
mend-currency = { $field }: { $currency } no es una moneda de esta red.
mend-amount-form = { $field }: escriba cifras con un solo punto decimal como máximo, como 1234.50.
mend-amount-decimals = { $field }: más decimales que { $decimals }, los que { $currency } tiene aquí.
mend-amount-large = { $field }: el monto es demasiado grande.
mend-negative = { $field }: no puede ser menos que cero.
mend-zero = { $field }: escriba más que cero.
mend-term = { $field }: { $most } como máximo.
mend-unfinished = La consulta { $inquiry } con este consentimiento está inconclusa. Pregunte lo mismo otra vez, y sigue donde se detuvo.
mend-other-question = La consulta { $inquiry } era sobre otra pregunta.
mend-other-purpose = El consentimiento es para otra finalidad: { $purpose }. Registre la petición del propio cliente para su reporte.
mend-name = El nombre de una persona tiene de 1 a { $most } signos, entre ellos una letra o un dígito, y ninguno que cambie la dirección de la escritura.

mend-dispute-nobody-consented = Nadie consintió en esto. Registre la petición del propio cliente.
mend-dispute-withdrawn = El cliente retiró este consentimiento. Registre una nueva petición suya.
mend-dispute-facility = Préstamos de esa entidad que muestra la respuesta, contados desde 1: { $shown }. Dé el número de uno de ellos.
mend-dispute-no-member = Ahora no hay ningún miembro { $member } en la red.
mend-dispute-no-reasons = Diga por qué se rechaza el reclamo: el cliente tiene derecho a las razones.
mend-dispute-text = Un texto aquí tiene de 1 a { $most } signos, sin signos que cambien la dirección de la escritura.
mend-dispute-closed = El reclamo está cerrado.
mend-dispute-answered = Ya se respondió; la respuesta la tiene la otra parte, y queda en pie.
mend-dispute-not-rejected = La entidad no lo rechazó: solo el cliente puede retirarlo.
mend-dispute-opener-closes = Fue rechazado: lo cierra el miembro donde se abrió.
mend-dispute-not-answered = Respóndalo primero.
mend-dispute-not-corrected = La cartera dice de este cliente lo mismo que cuando llegó el reclamo. Cargue primero la corrección.

mend-identifiers = Dé de 1 a { $most } números de la persona.
mend-no-identifier = Dé al menos un número de la persona.
mend-scheme = Esta red no usa números del tipo { $scheme }.
mend-purpose-not-allowed = Para esta finalidad la red no permite un consentimiento. Permite: { $allowed }.
mend-ground-purpose = El fundamento { $ground } permite: { $allowed }.
mend-no-ground = La política no conoce otro fundamento que el consentimiento.
mend-ground-unknown = La política no conoce el fundamento { $ground }. Conoce: { $known }.
mend-evidence = Una orden es prueba de un fundamento legal, y de nada más.
mend-uses = Usos: esta red permite de 1 a { $most }.
mend-ended = El consentimiento terminaría antes de empezar.
mend-period = Días: esta red permite { $most } como máximo.
mend-no-notice = La política no tiene aviso que mostrar a un cliente. El operador de la red agrega uno.
mend-notice-language = Esta red tiene avisos en: { $known }.

mend-approvals-many = Dé { $most } nombres como máximo.
mend-approvals-same = La misma persona está ahí dos veces.
mend-approvals-few = Personas distintas que deben aprobar: { $needed }.
mend-order = Un borrado por orden nombra el documento de la orden, y ningún otro lo hace.
mend-proposal-long = Un texto tiene aquí { $most } signos como máximo.
mend-proposal-control = El texto contiene signos de control, que no se escriben. Escríbalo de nuevo.
mend-proposal-reason = Diga por qué, para que quien lo propuso lo sepa.
mend-erase-nothing = Aquí no se guarda nada que se pueda borrar por eso.
mend-erase-young = La política guarda para la auditoría lo que explica la bitácora. Esto se puede borrar desde el { $day }, o por una orden.
mend-erase-dispute = El reclamo { $dispute } está abierto. Ciérrelo primero.
mend-erase-weak = Un número del tipo { $scheme } no designa a una sola persona. Dé uno más seguro, o el consentimiento.
