common-language-name = Français
common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = oui
common-no = non
common-days = { $count ->
    [one] { $count } jour
   *[other] { $count } jours
}
