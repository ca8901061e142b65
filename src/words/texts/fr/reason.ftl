# Pourquoi le résultat est ce qu'il est : une phrase par règle, telle que l'agent de crédit la dit au client.

reason-judged = { $found } ; { $limit }.
reason-judged-converted = { $found } (converti aux taux de référence) ; { $limit }.
reason-cannot-be-judged = { $subject } : impossible à vérifier ; { $limit }.
reason-not-known = Non connu : { $needs }.
reason-not-asked = { $subject } : non demandé.
reason-replaces-none = Ce prêt n'en remplace aucun autre.
reason-at-least = au moins { $figure }

reason-found-lenders =
    { $count ->
        [one] { $count } prêteur
       *[other] { $count } prêteurs
    } { $when ->
        [after] après ce prêt, celui-ci compris
       *[now] actuellement
    }
reason-found-exposure =
    { $when ->
        [after] Après ce prêt, le ménage devrait { $total } sur { $class }
       *[now] Le ménage doit actuellement { $total } sur { $class }
    }
reason-found-instalments =
    { $when ->
        [after] Après ce prêt, les mensualités seraient de { $monthly }, { $share }
       *[now] Les mensualités sont actuellement de { $monthly }, { $share }
    }
reason-partly-estimated = { $amount } (dont { $estimated } estimés)
reason-share-of-income = soit { $share } du revenu du ménage, qui est de { $income }
reason-no-income = alors que le ménage n'a pas de revenu
reason-found-income = Le revenu annuel du ménage est de { $income }
reason-found-arrears = Le prêt le plus en retard a { $days } de retard
reason-found-arrears-beyond =
    { $limit ->
        [one] Le prêt le plus en retard a { $days } de retard, avec { $overdue } d'impayés sur les prêts au-delà de { $limit } jour
       *[other] Le prêt le plus en retard a { $days } de retard, avec { $overdue } d'impayés sur les prêts au-delà de { $limit } jours
    }
reason-found-refinancing = Le nouveau prêt de { $new } représente { $share } des { $old } versés sur le prêt qu'il remplace
reason-more-than-any-share = plus que toute proportion
reason-found-inquiries =
    D'autres prêteurs se sont renseignés { $count } fois sur ce client { $days ->
        [one] au cours du dernier jour
       *[other] au cours des { $days } derniers jours
    }
reason-found-written-off =
    { $count ->
        [0] Aucun prêt n'a été passé en pertes.
        [one] { $count } prêt a été passé en pertes et reste dû.
       *[other] { $count } prêts ont été passés en pertes et restent dus.
    }
reason-found-disputed =
    { $count ->
        [0] Le client ne conteste aucun prêt.
        [one] Le client conteste { $count } prêt : les chiffres peuvent être faux.
       *[other] Le client conteste { $count } prêts : les chiffres peuvent être faux.
    }
reason-complete = Les données de tous les prêteurs sont dans cette réponse.
reason-not-complete = Cette réponse n'est pas complète : { $lacking }. Le client doit peut-être plus qu'elle ne le montre.
reason-lacking-missing =
    { $count ->
        [one] { $count } prêteur n'a pas donné de nouvelles
       *[other] { $count } prêteurs n'ont pas donné de nouvelles
    }
reason-lacking-stale =
    { $count ->
        [one] les données de { $count } prêteur sont trop anciennes
       *[other] les données de { $count } prêteurs sont trop anciennes
    }
reason-lacking-unreadable =
    { $count ->
        [one] { $count } fiche n'a pas pu être lue
       *[other] { $count } fiches n'ont pas pu être lues
    }

reason-limit = la limite est de { $figure }
reason-limit-income = jusqu'à { $income }, un prêt compte comme microcrédit
reason-limit-of-policy = la politique du réseau fixe la limite
reason-days-and-overdue = { $days } avec plus de { $overdue } d'impayés

reason-subject-lenders-max = Nombre de prêteurs
reason-subject-exposure-max = Ce que le ménage doit
reason-subject-instalment-share-max = Part des mensualités dans le revenu du ménage
reason-subject-income-ceiling = Revenu annuel du ménage
reason-subject-days-past-due-max = Jours de retard
reason-subject-refinancing-max = Taille du refinancement
reason-subject-recent-inquiries-max = Nombre de consultations récentes
reason-subject-written-off = Prêts passés en pertes
reason-subject-disputed = Prêts que le client conteste
reason-subject-incomplete-data = La réponse est-elle complète

reason-class-all = ses propres prêts
reason-class-individual = ses prêts individuels
reason-class-group-member = ses propres prêts dans des groupes
reason-class-group = les prêts à ses groupes
reason-class-guarantor = les prêts qu'il garantit
reason-class-with-group-and-guaranteed = tous les prêts, y compris ceux de ses groupes et ceux qu'il garantit

reason-need-outstanding =
    { $count ->
        [one] le reste dû de { $count } prêt
       *[other] le reste dû de { $count } prêts
    }
reason-need-instalment =
    { $count ->
        [one] l'échéance de { $count } prêt
       *[other] l'échéance de { $count } prêts
    }
reason-need-days-past-due =
    { $count ->
        [one] les jours de retard de { $count } prêt
       *[other] les jours de retard de { $count } prêts
    }
reason-need-overdue =
    { $count ->
        [one] les impayés de { $count } prêt
       *[other] les impayés de { $count } prêts
    }
reason-need-household-income = le revenu mensuel du ménage
reason-need-requested-loan = le montant du nouveau prêt
reason-need-requested-instalment = l'échéance ou la durée du nouveau prêt
reason-need-refinanced-loan = le prêt à remplacer, qui n'est pas parmi les prêts en cours de ce prêteur
reason-need-refinanced-disbursed = le montant versé sur le prêt à remplacer
