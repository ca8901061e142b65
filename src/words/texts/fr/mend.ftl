### Ce qui est faux dans ce qui a été demandé, et l'issue.

mend-purpose = Le réseau ne connaît pas cet objet. Il connaît : { $known }.
mend-persons = Nommez de 1 à { $most } personnes, chacune avec un consentement.
mend-applicants = Une seule personne est le demandeur ; les autres sont conjoint, membre du ménage ou garant.
mend-consent-twice = Chaque personne a besoin de son propre consentement ; l'un figure ici deux fois.
mend-consent-number = Le numéro d'un consentement n'en est pas un.
mend-currency = { $field } : { $currency } n'est pas une devise de ce réseau.
mend-amount-form = { $field } : écrivez des chiffres avec au plus un point décimal, comme 1234.50.
mend-amount-decimals = { $field } : plus de décimales que { $decimals }, ce que { $currency } a ici.
mend-amount-large = { $field } : le montant est trop grand.
mend-negative = { $field } : ne peut pas être inférieur à zéro.
mend-zero = { $field } : écrivez plus que zéro.
mend-term = { $field } : au plus { $most }.
mend-unfinished = La consultation { $inquiry } sous ce consentement est inachevée. Demandez la même chose encore une fois, et elle reprend où elle s'est arrêtée.
mend-other-question = La consultation { $inquiry } portait sur une autre question.
mend-other-purpose = Le consentement est pour un autre objet : { $purpose }. Enregistrez la demande du client pour son propre rapport.
mend-name = Le nom d'une personne a de 1 à { $most } signes, dont une lettre ou un chiffre, et aucun qui change le sens de l'écriture.

mend-dispute-nobody-consented = Personne n'y a consenti. Enregistrez la demande du client lui-même.
mend-dispute-withdrawn = Le client a retiré ce consentement. Enregistrez une nouvelle demande de sa part.
mend-dispute-facility = Prêts de ce prêteur que montre la réponse, comptés à partir de 1 : { $shown }. Donnez le numéro de l'un d'eux.
mend-dispute-no-member = Il n'y a pas de membre { $member } dans le réseau à présent.
mend-dispute-no-reasons = Dites pourquoi la contestation est rejetée : le client a droit aux raisons.
mend-dispute-text = Un texte ici a de 1 à { $most } signes, sans signes qui changent le sens de l'écriture.
mend-dispute-closed = La contestation est close.
mend-dispute-answered = Il y a déjà été répondu ; la réponse est chez l'autre partie, et elle reste.
mend-dispute-not-rejected = Le prêteur ne l'a pas rejetée : seul le client peut la retirer.
mend-dispute-opener-closes = Elle a été rejetée : c'est le membre où elle a été ouverte qui la clôt.
mend-dispute-not-answered = Répondez-y d'abord.
mend-dispute-not-corrected = Le portefeuille dit de ce client ce qu'il disait quand la contestation est arrivée. Chargez d'abord la correction.

mend-identifiers = Donnez de 1 à { $most } numéros de la personne.
mend-no-identifier = Donnez au moins un numéro de la personne.
mend-scheme = Ce réseau n'utilise pas les numéros du type { $scheme }.
mend-purpose-not-allowed = Pour cet objet, le réseau ne permet pas de consentement. Il permet : { $allowed }.
mend-ground-purpose = Le fondement { $ground } permet : { $allowed }.
mend-no-ground = La politique ne connaît pas d'autre fondement que le consentement.
mend-ground-unknown = La politique ne connaît pas le fondement { $ground }. Elle connaît : { $known }.
mend-evidence = Un ordre est la preuve d'un fondement légal, et de rien d'autre.
mend-uses = Utilisations : ce réseau en permet de 1 à { $most }.
mend-ended = Le consentement se terminerait avant de commencer.
mend-period = Jours : ce réseau en permet au plus { $most }.
mend-no-notice = La politique n'a pas d'avis à montrer à un client. L'opérateur du réseau en ajoute un.
mend-notice-language = Ce réseau a des avis en : { $known }.

mend-approvals-many = Donnez au plus { $most } noms.
mend-approvals-same = La même personne y figure deux fois.
mend-approvals-few = Personnes différentes qui doivent approuver : { $needed }.
mend-order = Un effacement sur ordre nomme le document de l'ordre, et aucun autre ne le fait.
mend-proposal-long = Un texte a ici au plus { $most } signes.
mend-proposal-control = Le texte contient des signes de commande, qui ne s'écrivent pas. Saisissez-le à nouveau.
mend-proposal-reason = Dites pourquoi, pour que la personne qui l'a proposé le sache.
mend-erase-nothing = Rien n'est conservé ici qui pourrait être effacé pour cela.
mend-erase-young = La politique garde pour l'audit ce qui explique le journal. Cela peut être effacé à partir du { $day }, ou sur ordre.
mend-erase-dispute = La contestation { $dispute } est ouverte. Clôturez-la d'abord.
mend-erase-weak = Un numéro du type { $scheme } ne désigne pas une seule personne. Donnez-en un plus sûr, ou le consentement.
