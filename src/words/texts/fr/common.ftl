# Ce que les autres fichiers partagent : chiffres, listes, noms des choses.

# Le nom que la langue se donne.
common-language-name = Français

common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = oui
common-no = non
common-days =
    { $count ->
        [one] { $count } jour
       *[other] { $count } jours
    }
common-lenders =
    { $count ->
        [one] { $count } prêteur
       *[other] { $count } prêteurs
    }
common-loans =
    { $count ->
        [one] { $count } prêt
       *[other] { $count } prêts
    }
common-list-comma = { $first }, { $next }
common-list-and = { $first } et { $last }
common-not-reported = non déclaré

common-outcome-pass = CONFORME
common-outcome-refer = À EXAMINER
common-outcome-decline = REFUS

common-role-applicant = Demandeur
common-role-spouse = Conjoint
common-role-household-member = Membre du ménage
common-role-guarantor = Garant

common-purpose-loan-application = demande de prêt
common-purpose-guarantee = garantie
common-purpose-restructuring = nouvelles conditions d'un prêt
common-purpose-loan-monitoring = suivi d'un prêt en cours
common-purpose-subject-access = demande du client lui-même

common-kind-individual = prêt individuel
common-kind-group-member = prêt personnel dans un groupe
common-kind-group = prêt au groupe
common-kind-guarantor = prêt garanti

common-status-current = à jour
common-status-delinquent = en retard
common-status-restructured = rééchelonné
common-status-written-off = passé en pertes
common-status-closed = terminé

common-band-current = à jour
common-band-sma-0 = SMA-0
common-band-sma-1 = SMA-1
common-band-sma-2 = SMA-2
common-band-npa = NPA
common-band-unknown = inconnue

common-unreadable-bad-proof = sa preuve n'est pas valable
common-unreadable-does-not-open = elle ne s'ouvre pas avec la clé du réseau
common-unreadable-bad-content = son contenu n'est pas une fiche
common-unreadable-unknown-currency = sa devise n'est pas connue ici
common-unreadable-key-gone = la clé de son époque n'existe plus
common-unreadable-not-covered = son prêteur ne l'a pas encore signée
common-unreadable-too-many = il y en a plus qu'une ouverture n'en prend
