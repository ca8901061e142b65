common-language-name = Azərbaycanca
common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = bəli
common-no = xeyr
common-days = { $count } gün
