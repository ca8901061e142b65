common-language-name = Español
common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = sí
common-no = no
common-days = { $count ->
    [one] { $count } día
   *[other] { $count } días
}
