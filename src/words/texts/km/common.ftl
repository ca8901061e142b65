common-language-name = ខ្មែរ
common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = បាទ/ចាស
common-no = ទេ
common-days = { $count } ថ្ងៃ
