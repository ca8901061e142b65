### Pourquoi un chargement attend, ne ferme rien ou ne peut être décidé ; et pourquoi un fichier ne peut pas être utilisé.

hold-closing = Il fermerait { $closing } des { $active } prêts en cours ({ $share } ; au-delà de { $limit }, il est retenu) : manque-t-il une partie du fichier ?
hold-total = Il ferait passer le total du reste dû en { $currency } de { $before } à { $after } (au-delà de { $limit } fois, il est retenu) : l'unité et la devise des montants sont-elles justes ?
hold-median = Le reste dû du prêt médian en { $larger }, { $larger-median }, vaut { $times } fois celui du prêt médian en { $smaller }, { $smaller-median } (au-delà de { $limit } fois, il est retenu) : l'unité et la devise des montants sont-elles justes ?
hold-older = Ses chiffres sont du { $as-of }, plus anciens que ceux du chargement { $last }, du { $last-as-of }.

hold-not-closed-rejected = Aucun prêt n'a été fermé pour son absence : lignes rejetées : { $rows } ; un prêt dont la ligne est fautive n'est pas terminé.
hold-not-closed-cut = Aucun prêt n'a été fermé pour son absence : le fichier a été coupé, ou contient plus que ce qui a été lu, et ce qui manque n'est pas terminé.
hold-not-closed-branches = Aucun prêt n'a été fermé pour son absence : le fichier a plus de { $max } agences. Chargez-le en plusieurs parties.

hold-state-unknown = Il n'y a pas de chargement { $load }.
hold-state-page-lost = Le chargement { $load } a perdu une partie de ses prêts : rejetez-le et chargez le fichier encore une fois.
hold-state-not-held-release = Le chargement { $load } n'est pas retenu : seul un chargement retenu peut être accepté.
hold-state-not-held-discard = Le chargement { $load } n'est pas retenu : seul un chargement retenu peut être rejeté.
hold-state-not-in-book = Le chargement { $load } n'est pas dans le portefeuille : seul celui qui y est peut être annulé.
hold-state-later = Un chargement plus récent repose sur le chargement { $load } : annulez d'abord celui-là.
hold-state-old = Le chargement { $load } est trop ancien pour être annulé : ce qu'il y avait avant lui n'est plus conservé.

hold-file-unread = La lecture du fichier a échoué. Envoyez-le encore une fois.
hold-file-empty = Le fichier est vide.
hold-file-other = Ce n'est pas un fichier du format choisi : { $hint }
hold-file-column-missing = L'en-tête n'a pas de colonne « { $column } » pour { $field }. Donnez une correspondance qui nomme les colonnes du fichier.
hold-file-column-near = L'en-tête n'a pas de colonne « { $column } » pour { $field }. Est-ce « { $nearest } » ?
hold-file-column-twice = L'en-tête a deux fois la colonne « { $column } ». Renommez-en une.
hold-file-no-identifier = Aucune colonne ne contient de numéro de personne. Donnez à une colonne le nom d'un type de numéro du réseau, ou donnez une correspondance.
hold-file-no-day = Rien ne dit à quel jour les chiffres sont vrais. Donnez le jour avec le fichier, ou mettez une colonne en correspondance avec as_of.
hold-file-header-long = La ligne d'en-tête dépasse { $bytes } octets ou { $columns } colonnes.
hold-file-header-encoding = La ligne d'en-tête n'est pas du texte { $declared }. Enregistrez le fichier en UTF-8.
hold-file-mapping = La correspondance ne peut pas être utilisée. En anglais : { $english }
hold-file-sheet = Le classeur n'a pas de feuille « { $sheet } ». Nommez une de ses feuilles dans la correspondance ([file] sheet).
hold-file-large = Le fichier dépasse { $bytes } octets (décompressé), le maximum pour ce format. Utilisez CSV.
hold-file-json = Ce n'est plus du JSON à partir de la ligne { $line }, colonne { $column } : le téléchargement a peut-être été coupé.

hold-hint-damaged-workbook = l'archive ou son XML est endommagé, chiffré ou d'un type ancien. Enregistrez-le à nouveau en .xlsx.
hold-hint-no-workbook = ce n'est pas une archive zip. Enregistrez un ancien .xls en .xlsx.
hold-hint-utf16 = c'est de l'UTF-16 (« texte Unicode »). Enregistrez-le en CSV UTF-8.
hold-hint-is-workbook = c'est un classeur. Choisissez le format « Classeur (XLSX) ».
hold-hint-cr = ses lignes se terminent par CR seul. Enregistrez-le avec des fins de ligne ordinaires.
hold-hint-no-cdf-header = il ne commence pas par HDRHMMFI. Un CSV avec les mêmes colonnes se charge comme CSV, avec une correspondance.
hold-hint-no-segment = aucun segment ne commence dans les 1024 premiers caractères.
hold-hint-no-json = ce n'est ni un tableau ni un objet. Enregistrez la réponse de l'API telle quelle.
hold-hint-api-error = c'est une erreur que l'API a répondue. Demandez encore avec le bon utilisateur et le bon « tenant ».
hold-hint-no-loans = ses objets n'ont ni status ni accountNo. Demandez /loans à l'API.
