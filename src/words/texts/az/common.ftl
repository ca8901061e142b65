# Digər faylların paylaşdığı sözlər: rəqəmlər, siyahılar, adlar.

# Dilin öz adı.
common-language-name = Azərbaycanca

common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = bəli
common-no = xeyr
common-days = { $count } gün
common-lenders = { $count } kreditor
common-loans = { $count } kredit
common-list-comma = { $first }, { $next }
common-list-and = { $first } və { $last }
common-not-reported = məlumat verilməyib

common-outcome-pass = UYĞUN
common-outcome-refer = BAXILSIN
common-outcome-decline = RƏDD

common-role-applicant = Müraciətçi
common-role-spouse = Həyat yoldaşı
common-role-household-member = Ailə üzvü
common-role-guarantor = Zamin

common-purpose-loan-application = kredit müraciəti
common-purpose-guarantee = zaminlik
common-purpose-restructuring = kreditin yeni şərtləri
common-purpose-loan-monitoring = davam edən kreditə nəzarət
common-purpose-subject-access = müştərinin öz sorğusu

common-kind-individual = fərdi kredit
common-kind-group-member = qrupda öz krediti
common-kind-group = qrupa verilən kredit
common-kind-guarantor = zamin olunan kredit

common-status-current = vaxtında ödənilir
common-status-delinquent = gecikmədə
common-status-restructured = restrukturizasiya olunub
common-status-written-off = silinib
common-status-closed = bitib

common-band-current = gecikmə yoxdur
common-band-sma-0 = SMA-0
common-band-sma-1 = SMA-1
common-band-sma-2 = SMA-2
common-band-npa = NPA
common-band-unknown = məlum deyil

common-unreadable-bad-proof = sübutu düzgün deyil
common-unreadable-does-not-open = şəbəkənin açarı ilə açılmır
common-unreadable-bad-content = içindəki qeyd deyil
common-unreadable-unknown-currency = valyutası burada tanınmır
common-unreadable-key-gone = o dövrün açarı artıq yoxdur
common-unreadable-not-covered = kreditoru onu hələ imzalamayıb
common-unreadable-too-many = bir dəfəyə açıla biləndən çoxdur
