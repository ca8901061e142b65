# La réponse à une consultation, telle que l'agent de crédit la lit.

answer-verdict = { $outcome } : { $meaning }
answer-meaning-pass = rien dans la politique ne s'oppose à ce prêt
answer-meaning-refer = une personne doit décider
answer-meaning-decline = la politique dit non
answer-question = { $purpose } ; demandé par { $asker }
answer-question-loan = { $purpose }, { $loan } ({ $kind }) ; demandé par { $asker }
answer-policy = { $name }, version { $version } du { $day }

answer-covers =
    { $lenders ->
        [one] Couvre { $covered } prêteur sur { $lenders } : { $state }
       *[other] Couvre { $covered } prêteurs sur { $lenders } : { $state }
    }
answer-complete = complète
answer-not-complete = INCOMPLÈTE, le client doit peut-être plus que ceci ne le montre
answer-missing = absent
answer-stale = trop ancien
answer-not-read = non lu
answer-member = { $name } ({ $id }) : { $figures }, { $heard }
answer-no-data = pas encore de données
answer-figures-of = chiffres du { $day }
answer-never-heard = jamais de nouvelles
answer-last-heard = dernières nouvelles le { $moment }
answer-rows-not-read =
    { $count ->
        [one] { $count } fiche de { $lender } : { $why }
       *[other] { $count } fiches de { $lender } : { $why }
    }

answer-why = Pourquoi

answer-household = Ce que le ménage doit sur ses propres prêts
answer-column-own = ce prêteur
answer-column-others = autres
answer-column-together = ensemble
answer-column-after = après le prêt
answer-row-owed = { $currency } reste dû
answer-row-overdue = { $currency } impayés
answer-row-monthly = { $currency } par mois
answer-row-written-off = { $currency } passé en pertes
answer-all-in = tout en { $currency }
answer-row-lenders = prêteurs avec prêts en cours
answer-row-active = prêts en cours
answer-row-written-off-ended = passés en pertes, terminés
answer-row-worst = jours de retard, au pire
answer-row-band = classe
answer-plus-not-reported = { $figure } (+{ $count } non déclaré)
answer-plus-not-known = { $figure } (+{ $count } inconnu)
answer-partly-estimated = { $figure } (dont { $estimated } est.)
answer-apart-group = Prêts à un groupe entier, dans aucune somme ci-dessus : { $loans } chez { $lenders } : { $sums }
answer-apart-guaranteed = Prêts garantis, dans aucune somme ci-dessus : { $loans } chez { $lenders } : { $sums }
answer-apart-sum = reste dû { $owed }, impayés { $overdue }, par mois { $monthly }
answer-burden = Revenu du ménage { $income } par mois ; mensualités { $instalment }
answer-burden-share = Revenu du ménage { $income } par mois ; mensualités { $instalment }, soit { $share } du revenu
answer-left-over = il reste { $amount } après les dépenses déclarées

answer-lenders = Prêteur par prêteur
answer-no-record = aucune fiche chez les prêteurs que cette réponse couvre
answer-this-lender = { $lender } (ce prêteur)
answer-lender-figures-of = { $lender }, chiffres du { $day }
answer-no-loans = aucun prêt
answer-loan-paid-out = { $amount } versés
answer-loan-ended = terminé le { $day }
answer-loan-worst = au pire { $days } de retard
answer-loan-written-off = { $amount } passés en pertes
answer-loan-written-off-on = le { $day }
answer-loan-owed = reste dû { $amount }
answer-loan-of = sur { $amount }
answer-loan-overdue = impayés { $amount }
answer-loan-days = jours de retard { $days }
answer-loan-monthly = { $amount } par mois
answer-loan-monthly-estimated = { $amount } par mois (estimé)
answer-loan-monthly-unknown = échéance inconnue
answer-loan-until = jusqu'au { $day }
answer-loan-disputed = CONTESTÉ par le client

answer-persons = Personne par personne, prêts propres dans la devise de référence
answer-column-lenders = prêteurs
answer-column-active = en cours
answer-column-owed = reste dû
answer-column-overdue = impayés
answer-column-monthly = par mois
answer-column-worst = pire retard (jours)
answer-column-written-off = pertes
answer-guarantor-apart = un garant est hors du ménage et n'entre dans aucune de ses sommes

answer-person = { $role } : { $found }
answer-not-found = inconnu de tous les prêteurs
answer-found = trouvé sous { $schemes }
answer-found-weak = trouvé sous un identifiant faible seulement
answer-found-weak-under = trouvé sous { $schemes } seulement, ce qui est faible
answer-possible = Correspondance possible chez { $lenders } : trouvée sous un identifiant faible seulement, non ouverte, dans aucune somme
answer-possible-named = { $lenders } ({ $names })
answer-inquiries = Consultations d'autres prêteurs : { $others } ; de ce prêteur : { $own }
answer-inquiries-within =
    { $days ->
        [one] { $count } en { $days } jour
       *[other] { $count } en { $days } jours
    }
answer-inquiries-not-read = non lues
answer-disputes = Conteste ce que { $lender } déclare, depuis le { $moment } (fiche { $record })
answer-consent = Consentement { $consent }
answer-ground = SANS CONSENTEMENT : la consultation repose sur le fondement légal « { $ground } ».

answer-rate = Taux de référence : { $one } = { $other }, du { $day }
answer-answered = Répondu le { $moment } dans { $network }, transaction { $transaction }
