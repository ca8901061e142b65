### La console : les pages web d'un nœud pour le personnel d'un prêteur.

## Sur chaque page

console-title = Tallystick
console-skip = Aller au contenu
console-areas = Parties de la console
console-languages = Langues
console-network = Réseau { $network }
console-sign-in = Se connecter
console-sign-out = Se déconnecter
console-to-start = Vers la première page
console-continue = Continuer
console-cancel = Annuler
console-next-page = Page suivante
console-print = Imprimer
console-print-hint = Vous pouvez aussi imprimer cette page avec la commande d'impression de votre navigateur.
console-wait = En cours. Cela peut prendre quelques secondes.
console-errors = Veuillez vérifier ces points
console-when = Quand
console-lender = Prêteur
console-purpose = Objet
console-yes = Oui
console-home = Accueil
console-home-greeting = Bienvenue, { $name }
console-home-nothing = Votre compte n'a encore aucune partie de la console. Demandez un rôle à votre administrateur.

console-area-officer = Agent de crédit
console-area-officer-about = Enregistrer le consentement d'un client, demander ce qu'il doit, imprimer la réponse ; contestations et rapports des clients.
console-area-clerk = Saisie des données
console-area-clerk-about = Charger le portefeuille de prêts, voir les lignes rejetées et pourquoi, et l'historique des chargements.
console-area-operator = Réseau
console-area-operator-about = Membres et âge de leurs données, détenteurs de clés, alarmes et connexions.
console-area-auditor = Auditeur
console-area-auditor-about = Chercher dans le journal, suivre une consultation, vérifier et emporter les preuves.

## Ce qui peut mal tourner

console-trouble-forbidden = Vous ne pouvez pas voir cette page
console-trouble-forbidden-text = Votre compte n'a pas le droit que cette page demande.
console-trouble-forbidden-out = Si vous en avez besoin pour votre travail, demandez à votre administrateur.
console-trouble-not-found = Il n'y a rien ici
console-trouble-not-found-text = La page n'existe pas, ne vous est pas destinée ou a été oubliée. Les demandes en cours sont oubliées après huit heures et au redémarrage du nœud.
console-trouble-not-found-out = Recommencez depuis la première page. Les consentements et réponses enregistrés sont conservés.
console-trouble-session-over = Ce formulaire n'est plus valable
console-trouble-session-over-text = Il appartient à une session terminée, ou ne vient pas de cette console. Rien n'a été fait.
console-trouble-session-over-out = Revenez en arrière, rechargez la page et envoyez le formulaire encore une fois.
console-trouble-form = Le formulaire n'a pas pu être lu
console-trouble-form-text = Il n'est pas arrivé entier, ou il était trop grand. Rien n'a été fait.
console-trouble-form-out = Revenez en arrière et envoyez-le encore une fois.
console-trouble-file-large = Le fichier est trop grand
console-trouble-file-large-text = { $n } Mo au plus sont acceptés.
console-trouble-file-large-out = Prenez une photographie plus petite, ou numérisez en gris.
console-trouble-internal = Le nœud a échoué
console-trouble-internal-text = Quelque chose s'est mal passé dans le nœud. Son journal technique dit quoi.
console-trouble-internal-out = Essayez encore une fois. Si cela se répète, dites-le à la personne qui s'occupe du nœud.
console-trouble-damaged = Des données enregistrées sont endommagées
console-trouble-damaged-text = Le nœud a trouvé sur son disque quelque chose qui n'est pas comme il l'a écrit. Il ne devine pas.
console-trouble-damaged-out = Dites-le tout de suite à la personne qui s'occupe du nœud : elle a une sauvegarde à remettre en place.
console-trouble-disk-full = Le disque du nœud est plein
console-trouble-disk-full-text = Rien ne peut être enregistré avant qu'il y ait de la place.
console-trouble-disk-full-out = Dites-le à la personne qui s'occupe du nœud.
console-trouble-store = Le nœud ne peut pas écrire
console-trouble-store-text = Son disque refuse, et rien n'a donc été enregistré.
console-trouble-store-out = Dites-le à la personne qui s'occupe du nœud.
console-trouble-not-settled = Le nœud n'est pas encore prêt
console-trouble-not-settled-text = Il vient de démarrer et demande d'abord aux autres membres si son journal est entier. Jusque-là il n'enregistre rien.
console-trouble-not-settled-out = Réessayez dans une minute. Ce que vous avez saisi est conservé.
console-trouble-no-keys = Le réseau n'a pas encore de clés
console-trouble-no-keys-text = Personne ne peut rien demander avant que les détenteurs de clés aient leurs parts.
console-trouble-no-keys-out = L'opérateur du réseau les distribue.
console-trouble-holders = Trop peu de détenteurs de clés sont joignables
console-trouble-holders-text = Il en faut { $needed } et { $answered } ont répondu. Non joints : { $away }.
console-trouble-holders-out = Réessayez dans quelques minutes : ce que vous avez saisi est conservé, et le consentement n'est pas dépensé deux fois. Si cela dure, dites-le à la personne qui s'occupe du nœud.
console-trouble-not-allowed = La politique du réseau ne le permet pas
console-trouble-not-allowed-out = Changez ce que la politique ne permet pas et renvoyez le formulaire.
console-trouble-question = La question ne peut pas être posée ainsi
console-trouble-question-out = Changez-la et demandez encore. Ce que vous avez saisi est conservé.
console-trouble-unfinished = Une consultation précédente n'est pas terminée
console-trouble-unfinished-out = Demandez avec les mêmes chiffres qu'avant, et cette consultation reprend où elle s'est arrêtée.
console-trouble-other-question = Cette consultation a déjà une réponse
console-trouble-other-question-out = Les chiffres ont changé depuis : commencez une nouvelle demande avec un nouveau consentement.
console-trouble-answer-unfinished = Cette consultation n'a pas encore de réponse
console-trouble-answer-unfinished-text = Elle a été commencée et n'est pas arrivée à sa fin.
console-trouble-answer-unfinished-out = Revenez à la demande et demandez encore avec les mêmes chiffres : elle reprend où elle s'est arrêtée, et aucun consentement n'est dépensé deux fois.
console-trouble-not-a-lender = Ce nœud n'est pas celui d'un prêteur
console-trouble-not-a-lender-text = Le réseau liste ce membre sans le rôle de prêteur.
console-trouble-not-a-lender-out = L'opérateur du réseau donne les rôles aux membres.
console-trouble-not-in-answer = La fiche n'est dans aucune réponse qui nommait son prêteur
console-trouble-not-in-answer-text = Seul ce que le client a vu peut être contesté, avec le nom du prêteur.
console-trouble-not-in-answer-out = Faites d'abord le rapport du client : il nomme les prêteurs. Ouvrez ensuite la contestation à partir de là.
console-trouble-dispute = La contestation ne peut pas être changée ainsi
console-trouble-dispute-out = Changez ce qui est dit ci-dessus et renvoyez-le.
console-trouble-already-disputed = Cette fiche est déjà contestée
console-trouble-already-disputed-text = Une contestation à son sujet est ouverte sous ce consentement.
console-trouble-already-disputed-out = Trouvez-la dans la liste des contestations.
console-trouble-proposal-over = Cela est déjà décidé
console-trouble-proposal-over-text = Ou le délai est passé.
console-trouble-proposal-over-out = Regardez ci-dessous ce qu'il en est advenu.
console-trouble-proposal-own = Votre propre proposition demande une autre personne
console-trouble-proposal-own-text = Qui propose est déjà l'une des personnes.
console-trouble-proposal-own-out = Demandez à un collègue qui peut approuver.
console-trouble-proposal-twice = Vous avez déjà approuvé
console-trouble-proposal-twice-text = Une personne compte une fois.
console-trouble-proposal-twice-out = Il faut une autre personne qui peut approuver.
console-trouble-proposal-not-own = Seul qui a proposé reprend sa proposition
console-trouble-proposal-not-own-text = Les autres la refusent.
console-trouble-proposal-not-own-out = Adressez-vous à qui l'a proposée, ou refusez-la.
console-trouble-proposal-many = Trop de propositions
console-trouble-proposal-many-text = Vous avez proposé cette semaine plus que quiconque ne peut examiner.
console-trouble-proposal-many-out = Reprenez-en, ou attendez que d'autres soient décidées.
console-trouble-proposal = Cela ne peut pas être proposé ou décidé ainsi
console-trouble-proposal-out = Changez-le et renvoyez-le.
console-trouble-erasure = Cela ne peut pas être effacé
console-trouble-erasure-out = Changez ce qui est dit ci-dessus, ou attendez. Rien n'a été effacé.
console-trouble-load-state = Le chargement n'est pas dans un état qui le permet
console-trouble-load-state-out = Regardez la liste des chargements : quelqu'un a peut-être déjà décidé.
console-trouble-file = Le fichier ne peut pas être utilisé
console-trouble-file-out = Corrigez le fichier, ou choisissez un autre format ou une autre correspondance, et chargez-le encore. Rien de lui n'est dans le portefeuille.
console-trouble-in-english = Le nœud dit, en anglais : { $english }
console-trouble-busy = Un autre chargement est en cours
console-trouble-busy-text = Les chargements se font l'un après l'autre.
console-trouble-busy-out = Attendez qu'il soit terminé, puis chargez votre fichier.
console-trouble-renews = Il se renouvelle le { $time }.

console-refused-no-consent = Il n'y a pas de consentement
console-refused-no-consent-text = Les détenteurs de clés n'ont trouvé dans le journal aucun consentement pour cela.
console-refused-no-consent-out = Enregistrez d'abord le consentement du client.
console-refused-wrong-purpose = Le consentement est pour un autre objet
console-refused-wrong-purpose-text = Le client a accepté autre chose.
console-refused-wrong-purpose-out = Demandez pour l'objet qu'il a accepté, ou enregistrez un nouveau consentement.
console-refused-not-yet-valid = Le consentement n'a pas commencé
console-refused-not-yet-valid-text = Son premier jour est encore à venir.
console-refused-not-yet-valid-out = Demandez encore quand il aura commencé.
console-refused-expired = Le consentement est terminé
console-refused-expired-text = Son dernier jour est passé.
console-refused-expired-out = Demandez au client un nouveau consentement.
console-refused-withdrawn = Le client a retiré son consentement
console-refused-withdrawn-text = Plus rien ne peut être demandé sur lui sous ce consentement.
console-refused-withdrawn-out = Seul un nouveau consentement de sa part permet une nouvelle consultation.
console-refused-used-up = Le consentement est épuisé
console-refused-used-up-text = Il permettait un nombre de consultations, et elles ont été faites.
console-refused-used-up-out = Demandez au client un nouveau consentement.
console-refused-clock = Les horloges des nœuds diffèrent trop
console-refused-clock-text = Les détenteurs de clés ne pouvaient pas être sûrs que le consentement est valable maintenant.
console-refused-clock-out = La personne qui s'occupe du nœud règle son horloge.
console-refused-quota = Le quota de ce prêteur est épuisé
console-refused-quota-text = Le réseau limite ce qu'un membre peut demander par jour.
console-refused-quota-out = Demandez encore quand il se renouvelle. Ce que vous avez saisi est conservé.
console-refused-ahead = Des clients chargés ne sont pas encore publiés
console-refused-ahead-text = Ce prêteur a localisé plus de clients qu'il n'en a publiés.
console-refused-ahead-out = Demandez encore quand les chargements seront publiés. Ce que vous avez saisi est conservé.
console-refused-apart = Les membres ne peuvent pas se joindre
console-refused-apart-text = Des témoins ou des détenteurs de clés sont coupés depuis trop longtemps et ne répondent pas avant de s'être retrouvés.
console-refused-apart-out = Réessayez plus tard. Si cela dure, dites-le à la personne qui s'occupe du nœud.
console-refused-not-permitted = Ce membre n'a pas le droit de demander
console-refused-not-permitted-text = Le réseau ne lui donne pas le rôle pour cela.
console-refused-not-permitted-out = L'opérateur du réseau donne les rôles aux membres.
console-refused-logs-disagree = Les journaux ne concordent pas
console-refused-logs-disagree-text = Un détenteur de clé dit que le journal de ce nœud n'est pas comme il devrait être. Rien n'a été ouvert.
console-refused-logs-disagree-out = Dites-le à la personne qui s'occupe du nœud : les deux journaux doivent être gardés, et l'opérateur doit le savoir.

## Agent de crédit : le début

console-officer-new = Nouvelle demande de prêt
console-officer-in-work = Demandes en cours
console-officer-none = Vous n'en avez aucune en cours.
console-officer-begun = Commencée
console-officer-persons = Personnes
console-officer-forgotten = Vous seul les voyez. Elles sont oubliées huit heures après votre dernière action ; les consentements et réponses enregistrés sont conservés.
console-officer-beside = En plus
console-today = Consultations du jour
console-today-about = Ce qui a été demandé pour votre agence, avec la réponse.
console-today-of = Consultations du { $day }
console-today-none = Aucune ce jour-là.
console-today-by = Demandé par
console-today-unfinished = non terminée
console-today-refused = refusée, rien n'a été ouvert
console-branch = Agence
console-day = Jour
console-day-before = Le jour d'avant
console-day-after = Le jour d'après
console-show = Afficher
console-consents = Consentements
console-consents-about = Tous les consentements enregistrés : où ils en sont, demander sous l'un d'eux, le retirer.
console-consents-none = Aucun n'est encore enregistré ici.
console-application = Demande
console-application-forget = Abandonner cette demande
console-application-forget-about = Ce qui a été saisi est oublié. Les consentements enregistrés restent enregistrés.

console-steps = Étapes
console-step-person = Demandeur
console-step-consent = Consentement
console-step-question = Prêt
console-step-answer = Réponse

## La personne

console-person-title = Qui demande ?
console-person-add = Ajouter une personne
console-person-remove = Retirer cette personne
console-person-role = Qui est cette personne pour le demandeur ?
console-person-purpose = Pour quel objet ?
console-person-numbers = Numéros de la personne
console-person-numbers-hint = Saisissez-en au moins un, tel qu'il figure sur le document. Plus vous en donnez, plus sûrement la personne est trouvée.
console-person-number-weak = D'autres peuvent partager ce numéro : ce qui est trouvé sous lui seul n'est qu'une correspondance possible.
console-person-number-missing = Saisissez au moins un numéro de la personne.
console-person-number-wrong = { $name } : ce n'est pas un tel numéro. Comparez-le avec le document.
console-person-purpose-missing = Choisissez l'objet de la consultation.
console-person-role-missing = Choisissez qui est cette personne pour le demandeur.
console-person-notice = Langue de l'avis
console-person-notice-missing = Choisissez la langue dans laquelle l'avis lui est lu.
console-person-days = Valable combien de jours
console-person-days-wrong = Le consentement peut être valable de 1 à { $n } jours.
console-person-uses = Combien de consultations
console-person-uses-wrong =
    { $n ->
        [one] Un consentement permet ici une consultation.
       *[other] Un consentement permet ici de 1 à { $n } consultations.
    }
console-person-weak = Cette personne accepte aussi que soient ouvertes les fiches sous des numéros que d'autres peuvent partager
console-person-too-many =
    { $n ->
        [one] Une consultation porte sur une personne.
       *[other] Une consultation porte sur { $n } personnes au plus.
    }
console-person-open = consentement pas encore enregistré
console-person-recording = consentement en cours d'enregistrement
console-person-recorded = consentement enregistré
console-person-earlier-consent = sous un consentement enregistré auparavant

console-role-applicant = Demandeur
console-role-spouse = Conjoint
console-role-household-member = Autre personne du ménage
console-role-guarantor = Garant

console-scheme-phone = Numéro de téléphone
console-scheme-slk-581 = Clé SLK-581
console-scheme-kh-nid = Carte nationale d'identité (Cambodge)
console-scheme-az-fin = Code FIN (Azerbaïdjan)
console-scheme-in-aadhaar = Numéro Aadhaar
console-scheme-in-pan = PAN

console-purpose-loan-application = Demande de prêt
console-purpose-guarantee = Garantie pour le prêt d'une autre personne
console-purpose-restructuring = Modification d'un prêt en cours
console-purpose-loan-monitoring = Suivi d'un prêt en cours
console-purpose-subject-access = Rapport du client lui-même

## Consentement

console-consent = Consentement
console-consent-go = Enregistrer son consentement
console-consent-title = Consentement
console-consent-read = Lisez-lui ceci, dans sa langue
console-consent-no-notice = La politique du réseau n'a pas d'avis dans cette langue. Choisissez-en une autre.
console-consent-permits = Ce que la personne permet
console-consent-from = À partir du
console-consent-until = Jusqu'au
console-consent-times = Consultations
console-consent-weak = Les correspondances possibles peuvent être ouvertes
console-consent-proof = Comment montre-t-elle son accord ?
console-consent-proof-about = Choisissez l'un des deux. Son consentement est écrit dans le journal de ce nœud avant que quiconque soit interrogé, et d'autres membres voient qu'il l'a été.
console-consent-record = Enregistrer son consentement
console-consent-refuses = La personne n'est pas d'accord
console-consent-refuses-about = Alors rien n'est demandé sur elle. Abandonnez ce qui a été saisi.
console-consent-state = État
console-consent-officer = Enregistré par
console-consent-evidence = Attesté par
console-consent-leaf = Numéro dans le journal
console-consent-numbers-hidden = (les numéros eux-mêmes ne sont pas montrés)
console-consent-uses = { $spent } sur { $uses } utilisées
console-consent-ground = La personne n'a pas consenti. La consultation repose sur le fondement légal « { $ground } », approuvé par { $by }.
console-consent-withdraw = Retirer ce consentement
console-consent-withdraw-about = À utiliser quand le client reprend ici son consentement. Cela ne peut pas être annulé ; les réponses données restent dans le journal.
console-consent-requested = demandé
console-consent-given = en vigueur
console-consent-refused = refusé
console-consent-withdrawn = retiré
console-consent-expired = terminé
console-consent-used-up = épuisé

console-evidence-paper = Sur papier
console-evidence-paper-about = Imprimez le formulaire, faites-le signer ou faites prendre l'empreinte du pouce devant témoin, et photographiez-le. Le papier reste chez vous ; ce nœud ne garde qu'une empreinte numérique de la photographie, classez donc aussi cette photographie même.
console-evidence-form = Formulaire à imprimer
console-evidence-kind = Qu'y a-t-il sur le papier ?
console-evidence-signed-form = Sa signature
console-evidence-thumbprint = L'empreinte de son pouce, devant témoin
console-evidence-one-time-password = Un mot de passe à usage unique
console-evidence-client-key = Sa propre clé
console-evidence-order = Un ordre d'un tribunal ou d'une autorité
console-evidence-photo = Photographie ou numérisation du formulaire signé
console-evidence-photo-hint = Une image ou un PDF de 32 Mo au plus. Il n'est pas conservé ici.
console-evidence-missing = La photographie manque
console-evidence-missing-text = Aucun fichier n'est arrivé, ou il était vide.
console-evidence-missing-out = Choisissez la photographie et envoyez-la encore.
console-evidence-other = Ce n'est ni une image ni un PDF
console-evidence-other-text = Le fichier est d'une autre sorte, ou abîmé.
console-evidence-other-out = Choisissez la photographie ou la numérisation du formulaire, en JPEG, PNG, HEIC, WebP, TIFF ou PDF.
console-evidence-kind-missing = Dites ce qu'il y a sur le papier
console-evidence-kind-missing-text = C'est soit sa signature, soit l'empreinte de son pouce.
console-evidence-kind-missing-out = Choisissez l'un des deux et envoyez encore la photographie.

console-code-title = Par téléphone : un mot de passe à usage unique
console-code-about = Le nœud produit six chiffres. Vous les envoyez au téléphone de la personne comme votre institution envoie ses SMS ; elle vous les relit. Cela montre que le mot de passe a été produit et rendu à temps. Qu'il soit arrivé sur son téléphone et non sur un autre, seul le relevé de vos SMS le montre : gardez-le. Le papier prouve davantage.
console-code-make = Produire un mot de passe
console-code-again = Produire un autre mot de passe
console-code-send = Envoyez ce texte à son téléphone
console-code-message = { $code } est votre mot de passe pour { $lender } : { $purpose }. Ne le dites à l'agent de crédit que si vous acceptez que l'on demande à d'autres prêteurs ce que vous devez.
console-code-given = Ce que la personne relit
console-code-tries =
    { $n ->
        [one] Il reste un essai.
       *[other] Il reste { $n } essais.
    }
console-code-until = Il peut être utilisé jusqu'au { $time }.
console-code-wrong = Ce n'est pas le mot de passe
console-code-wrong-text = C'est un autre nombre, ou son temps ou ses essais sont épuisés.
console-code-wrong-out = Essayez encore, ou produisez un nouveau mot de passe.

console-form-title = Consentement à interroger d'autres prêteurs
console-form-number = Numéro de ce formulaire
console-form-notice = Ce qui m'a été dit
console-form-agree = Cela m'a été dit dans une langue que je comprends, et je suis d'accord. Je peux reprendre mon consentement à tout moment avec le code de mon reçu.
console-form-name = Nom
console-form-date = Date
console-form-signature = Signature ou empreinte du pouce
console-form-witness = Témoin (pour une empreinte du pouce)
console-form-code = Code avec le numéro du formulaire et l'empreinte numérique de l'avis
console-back-to-consent = Retour au consentement

console-receipt-title = Son reçu
console-receipt-show = Afficher le reçu
console-receipt-about = Le consentement est enregistré. Imprimez le reçu et remettez-le maintenant : il contient le code qui permet de retirer le consentement, et ce code n'est pas conservé ici. Il ne peut être montré que tant que cette demande est en cours.
console-receipt-not-located = Trop peu de détenteurs de clés étaient joignables, et la consultation n'a donc pas été préparée. Le consentement est enregistré quand même ; cela se fera avec la consultation.
console-receipt-form = Numéro du formulaire papier : { $number }
console-receipt-file = Le reçu sous forme de fichier (JWS)
console-receipt-evidence = Preuve à classer
console-receipt-evidence-about = Classez ce texte avec le relevé de vos SMS : son empreinte numérique est la preuve à laquelle le journal s'engage.

## La question

console-question-go = Interroger les prêteurs
console-application-answer = Voir la réponse
console-question-title = Le prêt et les moyens du ménage
console-question-loan = Prêt demandé
console-question-amounts-hint = Écrivez les montants sans signe entre les milliers, comme 1500 ou 1500.50. Laissez vide ce que vous ne savez pas.
console-question-amount = Montant
console-question-currency = Devise
console-question-term = Mois
console-question-instalment = Échéance, si elle est fixée
console-question-frequency = À payer
console-question-kind = À quel titre il sera dû
console-question-refinances = Compte qu'il remplace
console-question-refinances-hint = Seulement si le prêt en solde un de votre propre institution : son numéro de compte.
console-question-means = Le ménage, chaque mois
console-question-income = Revenu
console-question-expenses = Dépenses sans les échéances
console-question-spends = Demander dépense une utilisation de chaque consentement, et s'écrit dans le journal sous votre nom. Le client peut voir plus tard que vous avez demandé.
console-question-ask = Demander maintenant
console-question-amount-missing = Saisissez le montant du prêt. Le consentement vaut pour cette question : elle n'est pas posée sans lui.
console-question-amount-wrong = { $name } : ce montant peut se lire de deux façons, ou d'aucune. Écrivez-le sans signe entre les milliers.
console-question-currency-wrong = Choisissez une devise du réseau.
console-question-term-wrong = Mois : écrivez un nombre entier.

console-frequency-daily = chaque jour
console-frequency-weekly = chaque semaine
console-frequency-fortnightly = toutes les deux semaines
console-frequency-four-weekly = toutes les quatre semaines
console-frequency-monthly = chaque mois
console-frequency-two-monthly = tous les deux mois
console-frequency-quarterly = tous les trois mois
console-frequency-half-yearly = tous les six mois
console-frequency-yearly = chaque année
console-frequency-bullet = tout à la fin

console-kind-individual = prêt propre
console-kind-group-member = prêt propre dans un groupe
console-kind-group = prêt à un groupe
console-kind-guarantor = garantie

## La réponse

console-answer = Réponse
console-answer-pass = Pas d'objection
console-answer-pass-meaning = Rien dans la politique ne s'oppose à ce prêt. La décision vous appartient.
console-answer-refer = Une personne doit décider
console-answer-refer-meaning = La politique ne tranche pas d'elle-même. Regardez les raisons.
console-answer-decline = Contraire à la politique
console-answer-decline-meaning = Au moins une limite de la politique est dépassée.
console-why-pass = En ordre
console-why-refer = À décider
console-why-decline = Dépassé
console-answer-asked = { $purpose } : { $amount }
console-answer-policy = { $name }, version { $version } du { $day }
console-answer-covers = Couvre { $covered } prêteurs sur { $lenders }
console-answer-complete = Les données récentes de tous les prêteurs y sont.
console-answer-incomplete = Cette réponse n'est pas complète : le client doit peut-être plus qu'elle ne le montre. Ce qui manque figure plus bas.
console-answer-why = Pourquoi
console-answer-instalments = Échéances après le prêt
console-answer-burden = { $share } du revenu du ménage va aux échéances.
console-answer-limit = La limite est de { $share }.
console-answer-over = au-dessus de la limite
console-answer-within = dans la limite
console-answer-key-now = prêts en cours
console-answer-key-new = le nouveau prêt
console-answer-key-limit = limite de la politique
console-answer-income = Revenu par mois
console-answer-instalments-after = Mensualités, après le prêt
console-answer-instalment-new = dont le nouveau prêt
console-answer-left-over = Reste après les dépenses et les mensualités
console-answer-owes = Ce que le ménage doit
console-answer-own = ce prêteur
console-answer-others = autres
console-answer-together = ensemble
console-answer-after = après le prêt
console-answer-row-owed = Reste dû, { $currency }
console-answer-row-overdue = Impayés, { $currency }
console-answer-row-monthly = Mensualités, { $currency }
console-answer-row-reference = Reste dû, tout en { $currency }
console-answer-row-lenders = Prêteurs avec prêts en cours
console-answer-row-active = Prêts en cours
console-answer-row-written-off = Passés en pertes
console-answer-row-days = Jours de retard, au pire
console-answer-unknown-part =
    { $n ->
        [one] (un prêt non déclaré)
       *[other] ({ $n } prêts non déclarés)
    }
console-answer-estimated-part = (dont { $amount } estimés)
console-answer-estimated = (estimé)
console-answer-not-reported = non déclaré
console-answer-group =
    { $n ->
        [one] En plus, dans aucune somme : un prêt à un groupe entier, reste dû { $owed }.
       *[other] En plus, dans aucune somme : { $n } prêts à un groupe entier, reste dû { $owed }.
    }
console-answer-guaranteed =
    { $n ->
        [one] En plus, dans aucune somme : un prêt garanti pour une autre personne, reste dû { $owed }.
       *[other] En plus, dans aucune somme : { $n } prêts garantis pour d'autres personnes, reste dû { $owed }.
    }
console-answer-lenders = Prêteur par prêteur
console-answer-masked = La politique du réseau ne nomme pas les autres prêteurs. Les numéros ne disent rien de leur identité.
console-answer-no-record = Aucune fiche chez les prêteurs que cette réponse couvre.
console-answer-no-loans = Aucun prêt.
console-answer-figures-of = chiffres du { $day }
console-answer-lacks = Ce qui manque
console-answer-state = État
console-answer-as-of = Chiffres du
console-answer-heard = Dernières nouvelles
console-answer-missing = pas de nouvelles
console-answer-stale = chiffres trop anciens
console-answer-no-data = pas encore de données
console-answer-never = jamais
console-answer-unreadable =
    { $n ->
        [one] Une fiche de { $lender } n'a pas été lue : { $why }.
       *[other] { $n } fiches de { $lender } n'ont pas été lues : { $why }.
    }
console-answer-persons = Personne par personne
console-answer-not-found = inconnu de tous les prêteurs
console-answer-found = trouvé sous { $numbers }
console-answer-found-weak = trouvé sous { $numbers } seulement, que d'autres peuvent partager
console-answer-possible =
    { $n ->
        [one] Correspondance possible chez un prêteur, sous un numéro que d'autres peuvent partager. Elle n'a pas été ouverte et n'entre dans aucune somme.
       *[other] Correspondance possible chez { $n } prêteurs, sous un numéro que d'autres peuvent partager. Elles n'ont pas été ouvertes et n'entrent dans aucune somme.
    }
console-answer-owes-alone = Doit
console-answer-pays-alone = Mensualités
console-answer-asked-others = Consultations d'autres prêteurs
console-answer-asked-own = Consultations de ce prêteur
console-answer-inquiry-counts = { $days30 } en 30 jours, { $days90 } en 90, { $days180 } en 180
console-answer-inquiries = Qui s'est renseigné
console-answer-dispute = Le client conteste ce que { $lender } déclare, depuis le { $time }.
console-answer-proof = Pour le dossier
console-answer-transaction = Consultation
console-answer-commitment = Engagement sur la question
console-answer-rates = Taux
console-answer-rate = { $rate } { $currency } pour une unité, du { $day }

console-loan = Prêt
console-loan-status = État
console-loan-owed = Reste dû
console-loan-disbursed = Versé
console-loan-overdue = Impayés
console-loan-days = Jours de retard
console-loan-monthly = Par mois
console-loan-ends = Jusqu'au
console-loan-disputed = contesté

console-status-current = en cours, sans impayés
console-status-delinquent = en cours, avec impayés
console-status-restructured = en cours, conditions modifiées
console-status-written-off = passé en pertes, toujours dû
console-status-closed = terminé

console-unreadable-bad-proof = sa preuve n'est pas valable
console-unreadable-does-not-open = elle ne s'ouvre pas avec la clé du réseau
console-unreadable-bad-content = son contenu n'est pas une fiche
console-unreadable-unknown-currency = sa devise n'est pas connue ici
console-unreadable-key-gone = la clé de son époque n'existe plus
console-unreadable-not-covered = son prêteur ne l'a pas encore signée
console-unreadable-too-many = il y en a plus qu'une consultation n'en ouvre

## Rapport du client, retrait

console-report = Rapport du client lui-même
console-report-about = Tout ce qui est enregistré sur lui et qui s'est renseigné, dans sa langue, à emporter.
console-report-go = Vers son rapport
console-report-spends = Sa demande est un consentement pour ce seul rapport. Le faire interroge tous les prêteurs et les nomme.
console-report-make = Faire le rapport
console-report-dispute = Le client dit que quelque chose est faux
console-report-dispute-about = Choisissez ce qu'il conteste. Ce qu'il dit va sous scellé au prêteur qui le déclare, et chaque réponse montre entre-temps que c'est contesté.
console-report-dispute-all = Toute la fiche

console-withdraw = Retirer avec un reçu
console-withdraw-about = Un client de n'importe quel prêteur peut mettre fin à un consentement avec le code de son reçu. Tous les membres en sont informés, et plus personne ne peut demander sous ce consentement.
console-withdraw-code = Code du reçu
console-withdraw-code-hint = 32 signes par groupes de quatre, comme ab12-cd34-…
console-withdraw-wrong = Ce n'est pas un code entier. Il a 32 signes : des chiffres et les lettres a à f.
console-withdraw-done = Le consentement est retiré
console-withdraw-known = Ce consentement avait déjà été retiré
console-withdraw-lender = Le prêteur auquel il a été donné : { $lenders }.
console-withdraw-unknown = Aucun consentement portant ce code n'a été trouvé
console-withdraw-unknown-text = Comparez le code avec le reçu, signe par signe. S'il est exact, un membre qui n'a pas été joint connaît peut-être le consentement : le code a été transmis dans tous les cas.
console-withdraw-told =
    { $n ->
        [0] Aucun autre membre n'a encore pu être informé.
        [one] Un autre membre le sait.
       *[other] { $n } autres membres le savent.
    }
console-withdraw-not-told = Pas encore joints, et informés dès leur retour : { $members }.

## Contestations

console-dispute = Contestation
console-disputes = Contestations
console-disputes-about = Ce que les clients disent être faux : chez d'autres prêteurs, et chez nous.
console-disputes-none = Il n'y en a aucune.
console-disputes-all = Afficher aussi celles qui sont closes
console-disputes-open-only = Afficher seulement celles qui sont ouvertes
console-dispute-open = Ouvrir une contestation
console-dispute-open-about = Écrivez ce que dit le client, dans ses mots. Cela va sous scellé au prêteur ; le journal dit seulement qu'il y a une contestation.
console-dispute-opened = Ouverte
console-dispute-where = Avec qui
console-dispute-about-us = { $member } nous dit que son client conteste ce que nous déclarons
console-dispute-about-them = Notre client conteste ce que { $member } déclare
console-dispute-reason = Ce qui est faux
console-dispute-state = État
console-dispute-left = Temps restant
console-dispute-days-left =
    { $n ->
        [one] un jour
       *[other] { $n } jours
    }
console-dispute-over-time =
    { $n ->
        [one] un jour de trop
       *[other] { $n } jours de trop
    }
console-dispute-record = Fiche
console-dispute-facility = Lequel des prêts
console-dispute-text = Ce que dit le client
console-dispute-text-hint = 2 000 signes au plus. Ne nommez personne d'autre que lui.
console-dispute-meant = Prêt visé
console-dispute-client = Client dans notre portefeuille
console-dispute-account = Compte dans notre portefeuille
console-dispute-said = Ce que dit le client
console-dispute-answer = Ce que dit le prêteur
console-dispute-answer-ours = Notre réponse
console-dispute-answer-accepted = Ce sera corrigé
console-dispute-answer-rejected = La déclaration est maintenue, avec des raisons
console-dispute-reasons = Raisons, pour le client
console-dispute-send = Envoyer la réponse
console-dispute-corrected-about = Quand les chiffres corrigés sont chargés et publiés, fermez la contestation.
console-dispute-close = La fermer
console-dispute-told = Les raisons ont été dites au client
console-dispute-take-back = Le client la retire
console-dispute-ended = Comment elle s'est terminée
console-dispute-outcome-corrected = C'est corrigé
console-dispute-outcome-rejected = La déclaration est maintenue
console-dispute-outcome-taken-back = Le client l'a retirée
console-dispute-about-wrong = On ne sait pas de quelle fiche il s'agit
console-dispute-about-wrong-text = Consentement, prêteur ou fiche ne sont pas comme une réponse les montre.
console-dispute-about-wrong-out = Ouvrez la contestation à partir du rapport du client.
console-dispute-text-wrong = Dites ce qui est faux
console-dispute-text-wrong-text = Choisissez une raison et écrivez de 1 à 2 000 signes, sans signes qui changent le sens de l'écriture.
console-dispute-text-wrong-out = Écrivez-le et renvoyez-le. Ce que vous avez saisi est conservé.
console-dispute-reason-not-mine = le prêt est celui d'une autre personne
console-dispute-reason-already-paid = il a été remboursé
console-dispute-reason-wrong-amount = un montant est faux
console-dispute-reason-wrong-arrears = les impayés sont faux
console-dispute-reason-wrong-status = son état est faux
console-dispute-reason-reported-twice = un prêt figure deux fois
console-dispute-reason-other = autre chose
console-dispute-state-sending = en route vers le prêteur
console-dispute-state-refused = le nœud du prêteur ne l'accepte pas
console-dispute-state-open = chez le prêteur, pas encore de réponse
console-dispute-state-accepted = le prêteur va corriger
console-dispute-state-rejected = le prêteur maintient sa déclaration
console-dispute-state-resolved = close

## Connexion et compte personnel

console-sign-in-name = Nom
console-sign-in-password = Mot de passe
console-sign-in-code = Code de votre application d'authentification
console-sign-in-code-hint = Six chiffres qui changent toutes les trente secondes.
console-sign-in-code-needed = Saisissez encore votre mot de passe, et le code que votre application d'authentification affiche maintenant.
console-sign-in-refused = Le nom, le mot de passe ou le code est faux.
console-sign-in-locked =
    { $n ->
        [one] Trop d'essais. Réessayez dans une minute.
       *[other] Trop d'essais. Réessayez dans { $n } minutes.
    }
console-sign-in-failed = Le nœud n'a pas pu vérifier. Réessayez ; si cela continue, dites-le à votre administrateur.
console-sign-in-help = Vous avez oublié votre mot de passe ? Votre administrateur vous en donne un nouveau.
console-account = Mon compte
console-account-password = Changer le mot de passe
console-account-old = Votre mot de passe actuel
console-account-new = Nouveau mot de passe
console-account-new-hint = Au moins 10 caractères. Quelques mots se retiennent mieux que des signes.
console-account-again = Le nouveau mot de passe encore une fois
console-account-change = Changer le mot de passe
console-account-differ = Les deux nouveaux mots de passe diffèrent. Rien n'a été changé.
console-account-old-wrong = Votre mot de passe actuel est faux. Rien n'a été changé.
console-account-weak = Le nouveau mot de passe ne convient pas : il est trop court, trop long ou trop facile à deviner. Rien n'a été changé.
console-account-factor = Second facteur
console-account-factor-on = Un code de votre application d'authentification est demandé à la connexion. Si vous perdez votre appareil, votre administrateur peut retirer cela.
console-account-factor-off = Vous vous connectez avec votre seul mot de passe. Avec une application d'authentification sur votre téléphone, personne qui apprend votre mot de passe ne peut se connecter.
console-account-factor-begin = Installer une application d'authentification
console-account-factor-scan = Faites lire cette image à votre application d'authentification, ou saisissez les lettres en dessous. Saisissez ensuite le code qu'elle affiche.
console-account-factor-confirm = Confirmer
console-account-factor-done = Désormais un code est demandé à la connexion.
console-account-factor-wrong = Le code ne correspond pas. Vérifiez l'heure de votre téléphone et recommencez.
console-account-hands = Qui est intervenu sur votre compte
console-own-password = Choisissez votre propre mot de passe
console-own-password-why = Le mot de passe avec lequel vous vous êtes connecté vous a été donné par quelqu'un d'autre. Il ne sert qu'à cette page : choisissez-en un que personne d'autre ne connaît, et connectez-vous avec lui.
console-own-password-given = C'est le mot de passe qui vous a été donné. Choisissez-en un autre.
console-own-password-choose = Prendre ce mot de passe
console-news = Au sujet de votre compte
console-news-admitted = { $by } vous a admis et vous a donné un mot de passe : { $time }.
console-news-password = { $by } vous a donné un nouveau mot de passe : { $time }.
console-news-factor = { $by } a retiré votre second facteur : { $time }.
console-news-machine = Quelqu'un à la machine du nœud
console-news-before = Vous vous étiez connecté auparavant : { $time }.
console-news-first = Vous ne vous étiez pas connecté auparavant.
console-news-failures = Tentatives de connexion échouées sous votre nom depuis lors : { $n }.
console-news-check = Si vous n'avez pas demandé cela, ou si ce n'est pas vous qui vous êtes connecté alors, dites-le tout de suite à votre responsable, et pas seulement à l'administrateur.
console-news-go-on = Continuer
console-interface = Interface
console-interface-about = Ce que d'autres systèmes peuvent demander à ce nœud, chacun avec un jeton d'accès. La description est tirée du programme, en anglais.
console-role-loan-officer = Agent de crédit
console-role-supervisor = Superviseur
console-role-data-clerk = Saisie des données
console-role-operator = Opérateur
console-role-auditor = Auditeur
console-role-administrator = Administrateur

## Saisie des données

console-clerk-load = Charger un fichier
console-clerk-format = Format du fichier
console-clerk-format-csv = CSV : texte en colonnes
console-clerk-format-xlsx = Classeur (XLSX)
console-clerk-format-cdf = CDF : le format commun des centrales de l'Inde
console-clerk-format-fineract = JSON d'Apache Fineract
console-clerk-format-missing = Choisissez le format du fichier.
console-clerk-full = Le fichier contient tous les prêts de ses agences : ce qu'il omet est terminé
console-clerk-look = Seulement regarder : montrer comment le fichier est compris, et ne rien écrire
console-clerk-more = Vos propres colonnes, et ce que le fichier ne dit pas
console-clerk-currency = Devise des lignes qui n'en nomment pas
console-clerk-currency-wrong = Choisissez une devise du réseau.
console-clerk-as-of = Jour des chiffres
console-clerk-day-wrong = Écrivez le jour comme année, mois et jour : 2026-11-22.
console-clerk-branch = Agence des lignes qui n'en nomment pas
console-clerk-mapping = Correspondance des colonnes
console-clerk-mapping-hint = Collez ici votre fichier de correspondance (TOML). Un fichier avec nos noms de colonnes n'en a pas besoin.
console-clerk-mapping-wrong = La correspondance ne peut pas être utilisée : { $why }
console-clerk-file = Le fichier
console-clerk-file-hint = Il va directement dans le portefeuille chiffré ; aucune copie ne reste nulle part.
console-clerk-file-missing = Choisissez le fichier.
console-clerk-go = Charger
console-clerk-sending = Le fichier est en cours d'envoi. Laissez cette page ouverte jusqu'à la suivante.
console-clerk-history = Chargements
console-clerk-none = Rien n'a encore été chargé.
console-clerk-older = Les chargements plus anciens ne figurent pas ici.
console-clerk-running = Le fichier est en cours de chargement
console-clerk-phase-reading = Lecture du fichier et comparaison avec le portefeuille
console-clerk-phase-loading = Entrée des lignes dans le portefeuille
console-clerk-phase-closing = Fermeture de ce que le fichier omet
console-clerk-rows = Lignes
console-clerk-leave = Vous pouvez quitter cette page : le chargement continue, et figure dans la liste quand il est terminé.
console-clerk-failed = Le fichier n'a pas été chargé
console-clerk-back = Retour aux chargements
console-clerk-looked = Regardé, rien d'écrit
console-clerk-looked-text = Voici comment le fichier est compris. Chargez-le sans « seulement regarder » quand c'est juste.
console-clerk-same = Ce fichier même a déjà été chargé
console-clerk-same-as = Rien n'a été changé. C'est le chargement { $n }.
console-clerk-would-hold = Le chargement serait retenu
console-clerk-findings = Sur tout le fichier
console-clerk-rejects = Lignes rejetées
console-clerk-rejects-about = Elles ne sont pas dans le portefeuille. Corrigez-les dans le fichier ou dans votre système bancaire et chargez encore le fichier ; les lignes qui étaient bonnes ne changent rien la seconde fois. Le fait que vous les ayez regardées est écrit dans le journal, car elles concernent des personnes.
console-clerk-notes = Remarques sur des lignes acceptées
console-clerk-note = Remarque
console-clerk-line = Ligne
console-clerk-line-n = Ligne { $n }
console-clerk-field = Champ
console-clerk-why = Ce qui est faux
console-clerk-fault = Faute
console-clerk-empty = (vide)
console-clerk-row-gone = La ligne elle-même n'est pas conservée : elle était trop longue, ou trop de lignes ont été rejetées.
console-clerk-understood = Les premières lignes, comme elles sont comprises
console-clerk-account = Compte
console-clerk-client = Client

console-load = Chargement { $n }
console-load-number = Numéro
console-load-file = Fichier
console-load-state = État
console-load-good = Lignes acceptées
console-load-rejected = Lignes rejetées
console-load-skipped = Lignes qui ne sont pas des prêts
console-load-full = tous les prêts de ses agences
console-load-new = Nouveaux prêts
console-load-changed = Prêts modifiés
console-load-unchanged = Prêts inchangés
console-load-older = Lignes plus anciennes que le portefeuille
console-load-closed = Prêts fermés parce que le fichier les omet
console-load-figures = Chiffres du fichier
console-load-median = Reste dû, prêt médian
console-load-decided = décidé par { $by }
console-load-held-for = Le chargement est retenu
console-load-was-held-for = Le chargement a été retenu
console-load-decide = Rien de lui n'est dans le portefeuille. Une personne décide, nommément : acceptez-le si les chiffres sont justes, sinon rejetez-le et chargez un meilleur fichier.
console-load-release = L'accepter dans le portefeuille
console-load-discard = Le rejeter
console-load-undo = Annuler ce chargement
console-load-undo-about = Le portefeuille redevient ce qu'il était avant ce chargement, et les autres prêteurs le voient en quelques minutes.
console-load-reading = en lecture
console-load-held = retenu, à décider
console-load-loading = en cours d'entrée dans le portefeuille
console-load-loaded = dans le portefeuille
console-load-undoing = en cours de sortie du portefeuille
console-load-undone = annulé
console-load-discarded = rejeté

## Réseau : pour l'opérateur

console-alarms = À regarder
console-alarms-none = Rien ne demande votre attention maintenant.
console-alarm-failed = Ne fonctionne pas
console-alarm-warning = À vérifier
console-alarm-disk = Le disque de ce nœud est plein. Il n'écrit rien et ne sert personne.
console-alarm-disk-out = Faites de la place, puis redémarrez le nœud.
console-alarm-asking = Ce nœud attend que d'autres membres disent si son journal est entier.
console-alarm-asking-out = D'ordinaire une minute après un démarrage. Si cela dure, testez les connexions.
console-alarm-behind = La base de ce nœud est une copie plus ancienne d'elle-même. Il n'écrit rien et ne sert personne.
console-alarm-behind-out = Il demande aux autres ce qui lui manque. Testez les connexions ; le chapitre des mauvais jours du guide d'exploitation dit que faire quand les autres sont partis pour de bon.
console-alarm-holders = { $near } des { $needed } détenteurs de clés nécessaires sont joignables : aucune consultation ne reçoit de réponse. Absents : { $away }.
console-alarm-holders-out = Testez les connexions vers eux, et appelez ceux qui s'occupent de leurs nœuds.
console-alarm-holders-just = Tout juste les { $needed } détenteurs de clés nécessaires sont joignables. Absents : { $away }.
console-alarm-holders-just-out = Un de moins, et toutes les consultations s'arrêtent. Appelez ceux qui s'occupent de leurs nœuds.
console-alarm-no-keys = Le réseau n'a pas encore de clés, et personne ne peut donc rien demander.
console-alarm-no-keys-out = Distribuez-les par la cérémonie des clés.
console-alarm-own-feed = Des lignes du propre flux de ce prêteur ne sont plus sur son disque comme elles ont été publiées, depuis le { $time }.
console-alarm-own-feed-out = Le nœud les répare de lui-même. Si cela revient, testez le disque.
console-alarm-loads =
    { $n ->
        [one] Un chargement est retenu jusqu'à ce qu'une personne décide.
       *[other] { $n } chargements sont retenus jusqu'à ce qu'une personne décide.
    }
console-alarm-loads-out = Un superviseur décide sur les pages de saisie des données.
console-alarm-disputes =
    { $n ->
        [one] Une contestation est ouverte au-delà du délai de la politique.
       *[other] { $n } contestations sont ouvertes au-delà du délai de la politique.
    }
console-alarm-disputes-out = La personne chargée des contestations les trouve dans la liste.
console-alarm-escalated =
    { $n ->
        [one] Des membres ont signalé à cet opérateur une contestation hors délai.
       *[other] Des membres ont signalé à cet opérateur { $n } contestations hors délai.
    }
console-alarm-escalated-out = Demandez aux prêteurs concernés ce qui fait obstacle.
console-alarm-certificate = Le certificat de ce nœud se termine le { $time }.
console-alarm-certificate-out = Demandez-en un nouveau à l'opérateur avant la fin (`tally network renew`) et installez-le avec `tally member install` : le nœud le prend sans redémarrer.
console-alarm-member-certificate = Le certificat de { $member } se termine le { $time }.
console-alarm-member-certificate-out = L'opérateur le renouvelle (`tally network renew`) et le membre l'installe. Après la fin, plus personne ne laisse entrer ce membre.
console-alarm-roster = La liste des membres qui est suivie se termine le { $time }.
console-alarm-roster-out = L'opérateur en signe une nouvelle.
console-alarm-forked = { $member } a été surpris avec deux histoires de son journal.
console-alarm-forked-out = Les preuves sont gardées. L'opérateur doit décider au sujet de ce membre.
console-alarm-two-states = { $member } a signé deux états différents de son flux sous un même numéro.
console-alarm-two-states-out = Les preuves sont gardées. Demandez au membre, et dites-le à l'auditeur.
console-alarm-differs = Ce qui est tenu ici de { $member } n'est pas ce qu'il a signé.
console-alarm-differs-out = Cela est repris de soi-même. Si cela dure, demandez au membre de regarder son nœud.
console-alarm-carrier = { $member } a mal transmis le flux d'un autre membre, et n'est pas sollicité pendant un temps.
console-alarm-carrier-out = Une fois, ce peut être un mauvais disque. Si cela revient, demandez au membre.
console-alarm-pattern-out = Inhabituel, et à lui seul aucune preuve. Demandez au membre ; un auditeur peut tirer un échantillon.
console-pattern-reporting-above-rows = { $member } a demandé { $n } identifiants de plus, pour les déclarer, qu'il n'a suivi de lignes ({ $of } lignes en 30 jours).
console-pattern-refused-evaluations = { $n } évaluations sur { $of } demandées par { $member } ont été refusées à cause de ce qu'il demandait.
console-pattern-quota-refusals = { $member } a été refusé { $n } fois pour quota épuisé, ou pour avance sur son flux.
console-pattern-unused-consents = { $n } consentements sur { $of } de { $member } n'ont pas été utilisés en une semaine.
console-pattern-located-not-asked = Sous { $n } consentements sur { $of } de { $member }, des clients ont été localisés et personne n'a demandé en une semaine.
console-pattern-burst-of-inquiries = { $member } a demandé { $n } fois le { $day } ; les autres jours { $of } fois en moyenne.
console-pattern-inquiries-at-night = { $member } a demandé { $n } fois à des heures où il ne demande presque jamais, sur { $of } en une semaine.
console-pattern-unknown-withdrawal-codes = { $n } codes de retrait qui n'appartiennent à aucun consentement sont arrivés au réseau par { $member }.
console-pattern-recoveries = Le journal de { $member } est revenu { $n } fois à une copie plus ancienne.
console-pattern-market-counted-again = { $member } a compté ses clients { $n } fois plus d'une fois pour les chiffres du marché d'un même mois.

console-members = Membres
console-member = Membre
console-member-data = Données
console-member-quality = Indice de qualité
console-member-quality-about = L'indice va de 0 à 100 et se calcule à partir de ce que ce nœud voit : 50 points pour l'âge des chiffres, 30 pour un flux signé à temps, 20 pour des lignes et un journal qui concordent avec ce qui a été signé. Il ne dit pas si les chiffres sont vrais.
console-member-contact = Dernier contact
console-member-rows = Lignes
console-member-no-lender = ne déclare pas
console-member-fresh = récentes
console-member-stale = chiffres trop anciens
console-member-missing = pas de nouvelles
console-member-never = jamais de nouvelles
console-member-no-data = pas encore de chiffres
console-member-role-lender = prêteur
console-member-role-key-holder = détenteur de clé
console-member-role-witness = témoin
console-member-role-operator = opérateur

console-holders = Détenteurs de clés
console-holders-needed = Nécessaires à chaque consultation
console-holders-near = Joignables
console-holders-away = Absents
console-quotas = Utilisé ici aujourd'hui
console-quotas-about = Comme ce détenteur de clé compte, depuis minuit UTC. Les autres détenteurs comptent pour eux-mêmes.
console-quota-inquiries = Consultations
console-quota-points = Points de consultation
console-quota-reporting = Points de déclaration
console-operator-used = { $n } sur { $most }
console-operator-node = Ce nœud
console-operator-unknown = pas connu ici
console-operator-certificate = Fin de son certificat
console-operator-roster = Liste des membres, version
console-operator-roster-until = Fin de cette liste
console-operator-log = Feuilles dans son journal
console-operator-rows = Lignes dans son flux
console-operator-waiting = Clients en attente de publication
console-operator-certificates-others = La fin du certificat d'un autre membre est connue ici dès que ce membre s'est connecté. La commande `tally network list` de l'opérateur les montre toutes.

console-connections = Connexions
console-connections-about = Un test demande à l'autre nœud sa liste de membres et attend la réponse. Il n'ouvre rien et ne dépense rien.
console-connections-none = Il n'y a pas d'autre membre.
console-peer-address = Adresse
console-peer-dials = aucune : il nous appelle
console-peer-failure = Dernier échec
console-peer-test = Tester
console-peer-test-of = Tester la connexion à { $member }
console-peer-detail = Pour les techniciens :
console-peer-answered =
    { $n ->
        [one] Il a répondu en une milliseconde.
       *[other] Il a répondu en { $n } millisecondes.
    }
console-peer-same-roster = Il suit la même liste de membres que ce nœud.
console-peer-other-roster = Il suit la version { $n } de la liste des membres, qui n'est pas la nôtre. La plus récente se répand d'elle-même en quelques minutes.
console-peer-not-here = Il n'a pas de connexion ouverte vers nous maintenant, et pas d'adresse où l'appeler.
console-peer-not-here-out = C'est à lui d'appeler : demandez à la personne qui s'en occupe s'il marche et s'il a accès à Internet.
console-peer-unreachable = Il n'est pas joignable.
console-peer-unreachable-out = Demandez à la personne qui s'en occupe s'il marche, et si son adresse et son port sont toujours ceux ci-dessus. Si personne n'est joignable, regardez notre propre accès à Internet.
console-peer-wrong = Il a répondu quelque chose qui n'est pas une réponse.
console-peer-wrong-out = Son programme est peut-être d'une autre version. Dites-le à la personne qui s'en occupe.
console-peer-silent = Il a pris la connexion et n'a pas répondu à temps.
console-peer-silent-out = Il est peut-être surchargé. Réessayez dans quelques minutes, puis dites-le à la personne qui s'en occupe.

console-market = Chiffres du marché
console-market-about = Combien de clients sont connus d'un, deux, trois, et quatre prêteurs ou plus. Chaque prêteur compte ses propres clients et ajoute du bruit avant de le dire ; aucune fiche n'est ouverte, et personne ne peut être retrouvé dans les chiffres.
console-market-none = Dans les journaux qui sont ici, aucun prêteur n'a encore compté. Chacun le fait une fois par mois, de lui-même.
console-market-chart = Part des clients connus de deux, trois, et quatre prêteurs ou plus, par mois
console-market-month = Mois
console-market-class =
    { $n ->
        [one] un prêteur
       *[other] { $n } prêteurs
    }
console-market-class-more = { $n } ou plus
console-market-all = Tous les clients
console-market-within = Écart au plus
console-market-lenders = Prêteurs ayant compté
console-market-few = moins de { $n }
console-market-missing = N'ont pas encore compté : { $members }. Les chiffres sont trop bas.
console-market-not-here = Les journaux de ces membres ne sont pas ici : { $members }. Les chiffres sont trop bas ici ; l'opérateur les voit tous.
console-market-partial = Des prêteurs ont compté sans toutes les lignes. Les chiffres sont trop bas.
console-market-csv = Chiffres en CSV
console-market-privacy = Ce qu'ils coûtent à la vie privée des clients
console-market-privacy-about = Le bruit est tiré une fois et gardé : redemander ne coûte rien et n'apprend rien de plus. « Écart au plus » est vrai 19 fois sur 20.
console-market-budget = Dépensé en douze mois : ε { $spent } sur { $most } ; un mois coûte { $month }.

## Auditeur

console-browse = Chercher dans le journal
console-browse-about = Chaque feuille du journal de ce nœud et de ceux qui sont recopiés ici, par sorte, par jour, par tout ce qu'elle contient.
console-browse-leaves = Feuilles
console-browse-every-kind = toutes les sortes
console-browse-find = Ce qu'elle contient
console-browse-find-hint = Le numéro d'un consentement ou d'une consultation, une empreinte, ou un mot de la feuille : lettres, chiffres et tirets.
console-browse-none = Aucune feuille de ce genre n'a été trouvée.
console-browse-stopped = La recherche s'est arrêtée après beaucoup de feuilles. Continuez avec de plus anciennes.
console-browse-older = Feuilles plus anciennes
console-logs = Journaux présents ici
console-log-of = Journal de
console-log-own = ce nœud
console-log-leaves = Feuilles
console-log-forks = Deux histoires
console-log-no-forks = aucune vue
console-log-verified = Vérifié maintenant
console-log-origin = Nom du journal
console-log-root = Racine de l'arbre
console-log-quorum = Témoins
console-log-quorum-yes = Un point de contrôle a les cosignatures du quorum des témoins.
console-log-quorum-no = Aucun point de contrôle n'a encore le quorum des témoins.
console-checkpoint = Dernier point de contrôle de ce nœud
console-verify = Vérifier chaque journal présent ici
console-verify-about = Recalcule chaque arbre à partir de ses feuilles et le compare à ce que son propriétaire a signé. Un long journal prend quelques minutes. Si cette machine est digne de confiance, seul le vérificateur sur votre propre machine peut le dire : emportez les preuves.
console-verified = Voici le résultat.
console-verify-whole =
    { $n ->
        [one] Sa seule feuille mène à ce que son propriétaire a signé.
       *[other] Ses { $n } feuilles mènent toutes à ce que son propriétaire a signé.
    }
console-verify-forked = Son propriétaire a signé deux arbres différents de ces tailles : { $sizes }.
console-verify-damaged = Il n'est pas vérifiable : { $why }.
console-evidence-take = Emporter les preuves
console-evidence-take-about = Une archive de ce que `tally log export` écrit : tuiles, point de contrôle, listes de membres, ce qui est connu d'autres journaux, flux. `tally audit verify` la lit hors ligne, une fois décompressée.

console-follow = Suivre une consultation
console-follow-about = Un consentement ou une consultation à travers chaque journal présent ici : ce que le demandeur a écrit, ce que les détenteurs de clés ont écrit en regard, et si les deux concordent.
console-follow-number = Numéro
console-follow-number-hint = D'une consultation ou d'un consentement (32 chiffres), ou l'empreinte d'une feuille (64 chiffres).
console-follow-wrong = Ce n'est pas un tel numéro : 32 ou 64 chiffres hexadécimaux.
console-follow-none = Aucun journal présent ici ne connaît ce numéro.
console-follow-sides = Les deux côtés
console-follow-agree = Concorde
console-follow-differ = Diffère
console-follow-open = Pas vu
console-follow-course = Dans l'ordre du temps
console-follow-logs = Parcourus : les journaux de { $logs }.
console-follow-cut = Des feuilles plus anciennes d'un long journal ont été laissées de côté, ou il y en a trop à montrer.
console-follow-served = Ouverture { $index } de { $log } : { $served } détenteurs de clés ont écrit qu'ils l'ont servie, et il en faut { $needed }.
console-follow-served-few = Ouverture { $index } de { $log } : les journaux présents montrent { $served } détenteurs de clés qui l'ont servie, sur { $needed } nécessaires. Les journaux des autres détenteurs ne sont pas recopiés ici, ou ne la montrent pas : comparez leurs propres exports.
console-follow-other-leaf = { $holder } a écrit avoir servi la feuille { $index } de { $log }, mais cette feuille est une autre dans le journal présent ici.
console-follow-leaf-missing = { $holder } a écrit avoir servi la feuille { $index } de { $log }, et le journal présent ici ne la montre pas.
console-follow-log-missing = { $holder } a écrit avoir servi la feuille { $index } de { $log }, dont le journal n'est pas ici.

console-leaf-kind = Sorte
console-leaf-says = Ce qu'elle dit
console-leaf-transaction = Transaction
console-leaf-index = Place dans le journal
console-leaf-hash = Empreinte
console-leaf-names = Feuilles qu'elle nomme
console-leaf-text = Mot pour mot
console-leaf-before = La feuille d'avant
console-leaf-after = La feuille d'après
console-leaf-under = sous la feuille { $index }
console-leaf-unknown = une sorte d'un programme plus récent
console-leaf-consent-given = Consentement donné
console-leaf-consent-withdrawn = Consentement retiré
console-leaf-withdrawal-received = Code de retrait reçu
console-leaf-inquiry-opened = Consultation ouverte
console-leaf-inquiry-answered = Consultation répondue
console-leaf-inquiry-refused = Consultation refusée
console-leaf-accessed = Vu ou enregistré par un utilisateur
console-leaf-evaluation-served = Évaluation servie
console-leaf-evaluation-refused = Évaluation refusée
console-leaf-reporting-batch = Clients publiés pour la première fois
console-leaf-feed-state = État du flux signé
console-leaf-load-decided = Chargement décidé
console-leaf-dispute-opened = Contestation ouverte
console-leaf-dispute-received = Contestation reçue
console-leaf-dispute-answered = Contestation répondue
console-leaf-dispute-resolved = Contestation close
console-leaf-dispute-escalated = Contestation hors délai, opérateur informé
console-leaf-erasure = Explication effacée
console-leaf-binding-made = Points expliqués à un auditeur
console-leaf-market-counted = Clients comptés pour les chiffres du marché
console-leaf-log-opened = Journal ouvert
console-leaf-roster-accepted = Liste des membres acceptée
console-leaf-shares-installed = Parts de clés installées
console-leaf-log-recovered = Journal rétabli
console-leaf-log-succeeds = Le journal en continue un autre
console-access-consent-recorded = consentement enregistré
console-access-consent-read = consentement lu
console-access-consent-withdrawn = consentement retiré
console-access-inquiry = demandé
console-access-answer-read = réponse lue
console-access-subject-report = rapport du client fait
console-access-erasure = effacé
console-access-dispute-step = contestation modifiée
console-access-dispute-read = contestations lues
console-access-load = chargement
console-access-rejects-read = lignes rejetées lues
console-access-binding = expliqué à un auditeur
console-access-backup = sauvegarde faite
console-access-user-admitted = utilisateur admis
console-access-user-changed = utilisateur modifié
console-access-sign-in-reset = mot de passe ou second facteur remplacé
console-access-token-issued = jeton d'accès délivré
console-access-token-revoked = jeton d'accès retiré
console-access-proposed = proposé
console-access-proposal-read = propositions lues
console-access-approved = approuvé
console-access-proposal-ended = proposition terminée
