# El comprobante impreso de un consentimiento: lo que el cliente se lleva.

receipt-title = Comprobante de consentimiento
receipt-lender = Entidad
receipt-network = Red de entidades
receipt-given-at = Usted consintió el
receipt-what-it-permits = Lo que usted permite
receipt-purpose = Para
receipt-evidence = Acreditado por
receipt-may-read = Lo que se puede leer
receipt-what-is-read = Lo que usted debe a otras entidades de la red, cómo paga, quién consultó sobre usted últimamente y por qué reclama usted
receipt-from = Desde
receipt-until = Hasta (no después)
receipt-uses = Cuántas veces
receipt-notice = Aviso que se le mostró
receipt-to-withdraw = Para retirar su consentimiento
receipt-how-to-withdraw = Usted puede retirarlo en cualquier momento. Muestre o envíe este código a cualquier entidad de la red o a su asociación; no hace falta que la entidad nombrada arriba esté de acuerdo. Lo que ya se leyó, leído queda.
receipt-where-to-withdraw = Dónde: { $members }
receipt-keep-it = Guarde este comprobante. Quien tenga el código puede retirar su consentimiento, y nada más.
receipt-to-verify = Para verificar este comprobante
receipt-how-to-verify = El código de abajo es este comprobante, firmado por la entidad (JWS). Cualquiera puede verificarlo con la clave de la entidad, que la asociación publica.
receipt-consent-number = Consentimiento
receipt-log-leaf = Bitácora y hoja

receipt-purpose-loan-application = su solicitud de préstamo
receipt-purpose-guarantee = su garantía para el préstamo de otra persona
receipt-purpose-restructuring = nuevas condiciones para un préstamo que usted tiene
receipt-purpose-loan-monitoring = el seguimiento de un préstamo que usted tiene
receipt-purpose-subject-access = su propio pedido de ver lo que se guarda sobre usted

receipt-evidence-signed-form = un formulario que usted firmó
receipt-evidence-thumbprint = su huella digital ante un testigo
receipt-evidence-one-time-password = una contraseña de un solo uso que se le envió
receipt-evidence-client-key = una firma con su propia clave
receipt-evidence-order = una orden de un tribunal o de una autoridad
