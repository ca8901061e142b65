# Sorğunun cavabı, kredit mütəxəssisinin oxuduğu kimi.

answer-verdict = { $outcome }: { $meaning }
answer-meaning-pass = qaydalarda bu kreditə mane olan heç nə yoxdur
answer-meaning-refer = qərarı insan verməlidir
answer-meaning-decline = qaydalar icazə vermir
answer-question = { $purpose }; sorğu edən: { $asker }
answer-question-loan = { $purpose }, { $loan } ({ $kind }); sorğu edən: { $asker }
answer-policy = { $name }, versiya { $version }, { $day }

answer-covers = { $lenders } kreditordan { $covered } kreditorun məlumatı var: { $state }
answer-complete = tamdır
answer-not-complete = TAM DEYİL, müştərinin borcu göstəriləndən çox ola bilər
answer-missing = yoxdur
answer-stale = köhnədir
answer-not-read = oxunmayıb
answer-member = { $name } ({ $id }): { $figures }, { $heard }
answer-no-data = hələ məlumat yoxdur
answer-figures-of = rəqəmlərin tarixi: { $day }
answer-never-heard = heç vaxt xəbər olmayıb
answer-last-heard = son xəbər: { $moment }
answer-rows-not-read = { $lender }, { $count } qeyd: { $why }

answer-why = Səbəbi

answer-household = Ailənin öz kreditləri üzrə borcu
answer-column-own = bu kreditor
answer-column-others = digərləri
answer-column-together = cəmi
answer-column-after = kreditdən sonra
answer-row-owed = { $currency } qalıq borc
answer-row-overdue = { $currency } vaxtı keçmiş
answer-row-monthly = { $currency } ayda
answer-row-written-off = { $currency } silinmiş
answer-all-in = hamısı { $currency } ilə
answer-row-lenders = davam edən krediti olan kreditorlar
answer-row-active = davam edən kreditlər
answer-row-written-off-ended = silinmiş, bitmiş
answer-row-worst = gecikmə günləri, ən çoxu
answer-row-band = kateqoriya
answer-plus-not-reported = { $figure } (+{ $count } məlumatsız)
answer-plus-not-known = { $figure } (+{ $count } naməlum)
answer-partly-estimated = { $figure } (təxmini: { $estimated })
answer-apart-group = Bütöv qrupa verilən kreditlər (yuxarıdakı cəmlərə daxil deyil): { $loans }, { $lenders }: { $sums }
answer-apart-guaranteed = Zamin olunan kreditlər (yuxarıdakı cəmlərə daxil deyil): { $loans }, { $lenders }: { $sums }
answer-apart-sum = qalıq borc { $owed }, vaxtı keçmiş { $overdue }, ayda { $monthly }
answer-burden = Ailənin aylıq gəliri { $income }; ödənişlər { $instalment }
answer-burden-share = Ailənin aylıq gəliri { $income }; ödənişlər { $instalment }, gəlirdə payı { $share }
answer-left-over = bəyan edilmiş xərclərdən sonra qalan məbləğ { $amount }

answer-lenders = Kreditorlar üzrə
answer-no-record = bu cavabın əhatə etdiyi kreditorların heç birində qeyd yoxdur
answer-this-lender = { $lender } (bu kreditor)
answer-lender-figures-of = { $lender }, rəqəmlərin tarixi: { $day }
answer-no-loans = kredit yoxdur
answer-loan-paid-out = verilmiş məbləğ { $amount }
answer-loan-ended = bitib: { $day }
answer-loan-worst = ən çox gecikmə { $days }
answer-loan-written-off = silinmiş məbləğ { $amount }
answer-loan-written-off-on = tarix: { $day }
answer-loan-owed = qalıq borc { $amount }
answer-loan-of = verilib { $amount }
answer-loan-overdue = vaxtı keçmiş { $amount }
answer-loan-days = gecikmə günləri { $days }
answer-loan-monthly = ayda { $amount }
answer-loan-monthly-estimated = ayda { $amount } (təxmini)
answer-loan-monthly-unknown = ödəniş məlum deyil
answer-loan-until = son tarix: { $day }
answer-loan-disputed = müştəri ETİRAZ EDİR

answer-persons = Şəxslər üzrə, öz kreditləri, arayış valyutasında
answer-column-lenders = kreditor
answer-column-active = davam edən
answer-column-owed = qalıq borc
answer-column-overdue = vaxtı keçmiş
answer-column-monthly = ayda
answer-column-worst = ən çox gün
answer-column-written-off = silinmiş
answer-guarantor-apart = zamin ailədən kənardır və onun heç bir cəminə daxil deyil

answer-person = { $role }: { $found }
answer-not-found = heç bir kreditorda tapılmayıb
answer-found = { $schemes } üzrə tapılıb
answer-found-weak = yalnız zəif eyniləşdirici ilə tapılıb
answer-found-weak-under = yalnız zəif eyniləşdirici ilə tapılıb: { $schemes }
answer-possible = Mümkün uyğunluq: { $lenders }; yalnız zəif eyniləşdirici ilə tapılıb, açılmayıb, heç bir cəmə daxil deyil
answer-possible-named = { $lenders } ({ $names })
answer-inquiries = Başqa kreditorların sorğuları: { $others }; bu kreditorun sorğuları: { $own }
answer-inquiries-within = { $days } gündə { $count }
answer-inquiries-not-read = oxunmayıb
answer-disputes = Etiraz edir: { $lender } verdiyi məlumat, { $moment } tarixindən (qeyd { $record })
answer-consent = Razılıq { $consent }
answer-ground = RAZILIQ OLMADAN: baxış bu qanuni əsasa söykənir: “{ $ground }”.

answer-rate = Arayış məzənnəsi: { $one } = { $other }, { $day }
answer-answered = Cavab verilib: { $moment }, şəbəkə { $network }, əməliyyat { $transaction }
