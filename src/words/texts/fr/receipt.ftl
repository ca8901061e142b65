# Le reçu imprimé d'un consentement : ce que le client emporte.

receipt-title = Reçu de consentement
receipt-lender = Prêteur
receipt-network = Réseau de prêteurs
receipt-given-at = Vous avez consenti le
receipt-what-it-permits = Ce que vous permettez
receipt-purpose = Pour
receipt-evidence = Attesté par
receipt-may-read = Ce qui peut être lu
receipt-what-is-read = Ce que vous devez à d'autres prêteurs du réseau, comment vous remboursez, qui s'est renseigné sur vous récemment et ce que vous contestez
receipt-from = À partir du
receipt-until = Jusqu'au (pas après)
receipt-uses = Combien de fois
receipt-notice = Avis qui vous a été présenté
receipt-to-withdraw = Pour retirer votre consentement
receipt-how-to-withdraw = Vous pouvez le retirer à tout moment. Montrez ou envoyez ce code à n'importe quel prêteur du réseau ou à son association ; l'accord du prêteur nommé ci-dessus n'est pas nécessaire. Ce qui a été lu auparavant reste lu.
receipt-where-to-withdraw = Où : { $members }
receipt-keep-it = Gardez ce reçu. Celui qui a le code peut retirer votre consentement, et rien d'autre.
receipt-to-verify = Pour vérifier ce reçu
receipt-how-to-verify = Le code ci-dessous est ce reçu, signé par le prêteur (JWS). Chacun peut le vérifier avec la clé du prêteur, que l'association publie.
receipt-consent-number = Consentement
receipt-log-leaf = Journal et feuille

receipt-purpose-loan-application = votre demande de prêt
receipt-purpose-guarantee = votre garantie pour le prêt d'une autre personne
receipt-purpose-restructuring = de nouvelles conditions pour un prêt que vous avez
receipt-purpose-loan-monitoring = le suivi d'un prêt que vous avez
receipt-purpose-subject-access = votre propre demande de voir ce qui est enregistré sur vous

receipt-evidence-signed-form = un formulaire que vous avez signé
receipt-evidence-thumbprint = l'empreinte de votre pouce devant témoin
receipt-evidence-one-time-password = un mot de passe à usage unique qui vous a été envoyé
receipt-evidence-client-key = une signature avec votre propre clé
receipt-evidence-order = un ordre d'un tribunal ou d'une autorité
