common-language-name = English
common-money = { $currency } { $amount }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = yes
common-no = no
common-days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
