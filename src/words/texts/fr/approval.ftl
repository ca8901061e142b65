### Ce qui demande plus d'une personne : le proposer et l'approuver dans la console.

approval-area = Approbations
approval-area-waiting = Approbations ({ $n })
approval-area-waiting-more = Approbations ({ $n }+)
approval-area-about = Consultations sans consentement et effacements : ce qui a été proposé, et ce qui attend une deuxième personne.
approval-list = Approbations
approval-list-about = Une consultation sans le consentement du client et un effacement demandent plus d'une personne : l'une propose, une autre regarde et approuve avec sa propre connexion. Ce qui attend prend fin de lui-même après sept jours.
approval-waiting = En attente
approval-waiting-none = Rien n'attend.
approval-for-you = Cela vous attend.
approval-past = Décidé
approval-past-none = Rien n'a été décidé ces dernières semaines.
approval-what = Quoi
approval-state = État
approval-state-waiting = attend une approbation
approval-state-trouble = approuvé, pas exécuté
approval-state-recorded = approuvé et enregistré
approval-state-erased = approuvé et effacé
approval-state-refused = refusé
approval-state-taken-back = repris
approval-state-expired = pas approuvé à temps
approval-state-dropped = abandonné
approval-what-ground = Consultation sans consentement, sur le fondement « { $ground } » : { $purpose }
approval-what-erasure = Effacement : { $ground }

## Proposer

approval-propose = Proposer
approval-ground-propose = Proposer une consultation sans consentement
approval-ground-about = La politique du réseau déclare des fondements qui tiennent lieu de consentement, comme l'ordre d'un tribunal. Une autre personne doit approuver avant l'enregistrement. Le journal montre que le client n'a pas consenti.
approval-ground-none = La politique du réseau ne déclare aucun fondement autre que le consentement.
approval-ground = Fondement
approval-days-hint = Compté à partir d'aujourd'hui, non de l'approbation.
approval-weak = Les fiches sous des numéros que d'autres peuvent partager peuvent être ouvertes
approval-order = L'ordre : une photographie, une numérisation ou le fichier
approval-order-hint = 32 Mo au plus. Son empreinte est prise ; le fichier n'est pas conservé ici. Vous le classez.
approval-order-only = Il le faut pour le motif « un ordre », et pour aucun autre.
approval-order-missing = Choisissez le fichier de l'ordre.
approval-order-hash = SHA-256 de l'ordre
approval-note = Pour qui approuve
approval-note-hint = Où l'ordre ou la demande est classé, et son numéro. Cela disparaît avec la décision.
approval-erasure-propose = Proposer un effacement
approval-erasure-about = Ce qui explique le journal au sujet d'une personne est détruit pour toujours : on ne pourra plus montrer à personne de qui il s'agissait. Le portefeuille de prêts n'est pas touché. D'autres personnes doivent l'approuver.
approval-erasure-consent = Tout ce qui est conservé sous ce consentement :
approval-erasure-person = Effacer plutôt tout ce qui concerne une personne
approval-because = Pourquoi
approval-because-client-request = le client l'a demandé
approval-because-retention-over = la durée de conservation est passée
approval-because-order = un ordre d'un tribunal ou d'une autorité
approval-because-missing = Dites pourquoi cela doit être effacé.

## Une proposition

approval-proposed-by = Proposé par
approval-approved-by = Approuvé par
approval-no-person = Encore personne
approval-no-person-about = Un système l'a proposé ; il ne compte pour personne.
approval-until = Attend jusqu'au
approval-decided = Décidé
approval-reason = Raison
approval-reason-hint = Qui l'a proposé lira ceci. N'écrivez rien sur le client : cela reste trente jours.
approval-why = Pourquoi
approval-dropped-about = Ce dont il s'agissait a été effacé entre-temps, ou le nœud a été remis d'une sauvegarde.
approval-erased-consents = Consentements effacés
approval-erased-inquiries = Consultations effacées
approval-erased-batches = Déclarations écourtées
approval-erased-disputes = Contestations effacées
approval-too-young = Trop récent
approval-too-young-about = { $n ->
    [one] Une entrée est restée pour l'audit, jusqu'au { $day }.
   *[other] { $n } entrées sont restées pour l'audit, la dernière jusqu'au { $day }.
}
approval-recorded-about = La consultation est enregistrée à la place d'un consentement.
approval-recorded-show = La montrer, et demander sur ce fondement
approval-consent-show = Montrer ce consentement
approval-compare = Comparer l'ordre
approval-compare-about = Choisissez le fichier que l'auteur de la proposition a classé. Il est lu, et n'est pas conservé. Une autre photographie du même papier est un autre fichier.
approval-compare-same = C'est le fichier que la proposition désigne.
approval-compare-other = Ce n'est pas le fichier que la proposition désigne : son SHA-256 est { $hash }. Demandez le fichier même avant d'approuver.
approval-not-compared = Rien n'a été comparé
approval-asked = Ce qui est demandé
approval-asked-hidden = Qui l'a proposé, et qui peut approuver, voient ce qui est demandé.
approval-asked-gone = Ce qui était demandé n'est plus conservé.
approval-not-carried-out = Cela n'a pas pu être exécuté
approval-not-carried-out-out = Corrigez ce qui est dit ; ensuite, qui peut approuver essaie de nouveau.
approval-approve = Approuver
approval-approve-about = Comparez chaque numéro avec l'ordre ou la demande. Ce que vous approuvez est exécuté en votre nom, et le journal le dit.
approval-turn = Vous êtes la personne { $n } sur { $needed }.
approval-again-about = Vous l'avez approuvé. Essayez encore une fois de l'exécuter.
approval-password = Votre mot de passe
approval-password-hint = Encore une fois, pour qu'un écran laissé ouvert n'approuve rien.
approval-password-wrong = Le mot de passe ou le code est faux.
approval-not-confirmed = Rien n'a été approuvé
approval-not-confirmed-out = Saisissez-le encore une fois. Les erreurs comptent comme des essais de connexion.
approval-refuse = Refuser
approval-take-back = Reprendre
approval-take-back-about = Vous l'avez proposé. Vous ne pouvez pas l'approuver vous-même.
