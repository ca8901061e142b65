### Lo que dicen las hojas de la bitácora además de su clase, en una palabra o dos.

leaf-refused-wrong-origin = bitácora de otro miembro
leaf-refused-bad-checkpoint-signature = el punto de control no lleva la firma de su bitácora
leaf-refused-inconsistent-log = la bitácora no lleva a su punto de control
leaf-refused-old-checkpoint = la bitácora es más corta que antes
leaf-refused-no-quorum = muy pocos testigos recientes
leaf-refused-leaf-missing = la hoja no está en la bitácora
leaf-refused-wrong-leaf = una hoja de otra clase
leaf-refused-wrong-points = otros puntos que los de la hoja
leaf-refused-wrong-key = una clave que no está en uso
leaf-refused-no-consent = sin consentimiento
leaf-refused-wrong-purpose = consentimiento para otra finalidad
leaf-refused-not-yet-valid = consentimiento todavía sin empezar
leaf-refused-expired = consentimiento terminado
leaf-refused-withdrawn = consentimiento retirado
leaf-refused-used-up = consentimiento agotado
leaf-refused-clock-skew = los relojes difieren demasiado
leaf-refused-quota-spent = cuota gastada
leaf-refused-bad-points = puntos imposibles
leaf-refused-not-permitted = el miembro no puede pedir esto
leaf-refused-isolated = custodio de clave incomunicado demasiado tiempo
leaf-refused-ahead-of-feed = más clientes localizados que publicados

leaf-evaluation-reporting = para publicar un cliente
leaf-evaluation-locate = para localizar un cliente
leaf-evaluation-footprint = para contar consultas anteriores
leaf-evaluation-open = para abrir registros

leaf-load-loaded = aceptada en la cartera
leaf-load-held = retenida
leaf-load-released = aceptada por una persona
leaf-load-undone = deshecha
leaf-load-discarded = desechada
