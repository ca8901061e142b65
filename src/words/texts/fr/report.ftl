# Le rapport destiné au client : tout ce qui est enregistré sur lui, dit à lui-même.

report-title = Ce qui est enregistré sur vous
report-made-by = Établi par
report-made-at = Établi le
report-network = Réseau de prêteurs
report-your-request = Votre demande
report-log-leaf = Journal et feuille
report-this-lender = Ce que ce prêteur déclare sur vous
report-other-lenders = Ce que d'autres prêteurs déclarent sur vous
report-nothing = Rien.
report-lender-as-of = { $lender }, au { $day }
report-loan = Prêt
report-state = État
report-state-disputed = { $state } ; vous le contestez
report-disbursed = Versé
report-outstanding = Reste dû
report-overdue = Impayés
report-days-past-due = Jours de retard
report-instalment = Échéance
report-opened = Depuis
report-matures = Jusqu'au
report-possible = Prêteurs qui ont une fiche sous votre seul numéro de téléphone ou votre seul nom ; elle peut être celle d'une autre personne et n'a pas été ouverte : { $lenders }
report-who-asked = Qui s'est renseigné sur vous
report-when = Quand
report-lender = Prêteur
report-purpose = Pour
report-amount = Montant
report-disputes = Ce que vous contestez
report-lender-says = Le prêteur dit
report-record = Fiche
report-consents = Consentements que ce prêteur a enregistrés pour vous
report-consent = Consentement
report-recorded = Enregistré
report-period = Du, au
report-uses = Utilisé
report-ground = Sans votre consentement, sur le fondement de
report-inquiries = Consultations faites avec lui (feuilles du journal)
report-completeness = Est-ce que tout y est
report-complete = Tous les prêteurs du réseau ont répondu avec des données récentes.
report-not-complete = Tout n'a pas pu être lu. Ces prêteurs ont peut-être d'autres données sur vous :
report-missing = { $lender } : pas de nouvelles
report-stale = { $lender } : ses chiffres sont anciens
report-not-read =
    { $count ->
        [one] { $lender } : { $count } fiche n'a pas pu être lue : { $why }
       *[other] { $lender } : { $count } fiches n'ont pas pu être lues : { $why }
    }
report-rights = Ce que vous pouvez faire
report-your-rights = Si quelque chose est faux, dites-le au prêteur qui le déclare, ou à n'importe quel prêteur du réseau, qui doit le transmettre. Vous pouvez retirer un consentement avec le code de son reçu chez n'importe quel prêteur ou à l'association. Vous pouvez redemander ce rapport.

report-kind-individual = votre propre prêt
report-kind-group-member = votre propre prêt dans un groupe
report-kind-group = prêt à votre groupe
report-kind-guarantor = prêt d'une autre personne que vous garantissez

report-status-current = en cours, sans impayés
report-status-delinquent = en cours, avec impayés
report-status-restructured = en cours, à des conditions modifiées
report-status-written-off = passé en pertes, toujours dû
report-status-closed = terminé

report-consent-requested = demandé
report-consent-given = en vigueur
report-consent-refused = refusé par vous
report-consent-withdrawn = retiré
report-consent-expired = terminé
report-consent-used-up = utilisé

report-dispute-sending = en route vers le prêteur
report-dispute-refused = le système du prêteur ne l'accepte pas
report-dispute-open = chez le prêteur, pas encore de réponse
report-dispute-accepted = le prêteur va corriger
report-dispute-rejected = le prêteur n'est pas d'accord
report-dispute-corrected = close : corrigé
report-dispute-taken-back = close : vous l'avez retirée
report-dispute-stands = close : la déclaration du prêteur est maintenue
