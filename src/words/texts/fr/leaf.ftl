### Ce que les feuilles du journal disent outre leur genre, en un mot ou deux.

leaf-refused-wrong-origin = journal d'un autre membre
leaf-refused-bad-checkpoint-signature = le point de contrôle n'est pas signé par son journal
leaf-refused-inconsistent-log = le journal ne mène pas à son point de contrôle
leaf-refused-old-checkpoint = le journal est plus court qu'avant
leaf-refused-no-quorum = trop peu de témoins récents
leaf-refused-leaf-missing = la feuille n'est pas dans le journal
leaf-refused-wrong-leaf = une feuille d'un autre genre
leaf-refused-wrong-points = d'autres points que ceux de la feuille
leaf-refused-wrong-key = une clé qui n'est pas en usage
leaf-refused-no-consent = pas de consentement
leaf-refused-wrong-purpose = consentement pour un autre objet
leaf-refused-not-yet-valid = consentement pas encore commencé
leaf-refused-expired = consentement terminé
leaf-refused-withdrawn = consentement retiré
leaf-refused-used-up = consentement épuisé
leaf-refused-clock-skew = horloges trop différentes
leaf-refused-quota-spent = quota épuisé
leaf-refused-bad-points = points impossibles
leaf-refused-not-permitted = le membre n'a pas le droit de demander cela
leaf-refused-isolated = détenteur de clé coupé depuis trop longtemps
leaf-refused-ahead-of-feed = plus de clients localisés que publiés

leaf-evaluation-reporting = pour publier un client
leaf-evaluation-locate = pour localiser un client
leaf-evaluation-footprint = pour compter les consultations précédentes
leaf-evaluation-open = pour ouvrir des fiches

leaf-load-loaded = accepté dans le portefeuille
leaf-load-held = retenu
leaf-load-released = accepté par une personne
leaf-load-undone = annulé
leaf-load-discarded = rejeté
