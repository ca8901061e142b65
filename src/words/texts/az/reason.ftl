# Nəticənin səbəbi: hər qayda üçün bir cümlə, kredit mütəxəssisinin müştəriyə dediyi kimi.

reason-judged = { $found }; { $limit }.
reason-judged-converted = { $found } (arayış məzənnələri ilə çevrilib); { $limit }.
reason-cannot-be-judged = { $subject }: qiymətləndirmək mümkün deyil; { $limit }.
reason-not-known = Məlum deyil: { $needs }.
reason-not-asked = { $subject }: soruşulmayıb.
reason-replaces-none = Bu kredit başqa krediti əvəz etmir.
reason-at-least = ən azı { $figure }

reason-found-lenders =
    { $when ->
        [after] Bu kreditdən sonra, bu kreditor da daxil olmaqla, { $count } kreditor olacaq
       *[now] Hazırda { $count } kreditor var
    }
reason-found-exposure =
    { $when ->
        [after] Bu kreditdən sonra ailənin borcu ({ $class }): { $total }
       *[now] Ailənin hazırkı borcu ({ $class }): { $total }
    }
reason-found-instalments =
    { $when ->
        [after] Bu kreditdən sonra aylıq ödənişlər: { $monthly }, { $share }
       *[now] Hazırkı aylıq ödənişlər: { $monthly }, { $share }
    }
reason-partly-estimated = { $amount } (təxmini hissəsi: { $estimated })
reason-share-of-income = ailə gəlirində payı { $share } (gəlir: { $income })
reason-no-income = ailənin gəliri isə yoxdur
reason-found-income = Ailənin illik gəliri: { $income }
reason-found-arrears = Ən çox gecikən kredit üzrə gecikmə: { $days }
reason-found-arrears-beyond = Ən çox gecikən kredit üzrə gecikmə: { $days }, gecikməsi { $limit } gündən çox olan kreditlər üzrə vaxtı keçmiş məbləğ: { $overdue }
reason-found-refinancing = Yeni kredit: { $new }; əvəz etdiyi kredit üzrə verilmiş məbləğ: { $old }; nisbət: { $share }
reason-more-than-any-share = istənilən nisbətdən çox
reason-found-inquiries = Son { $days } gündə başqa kreditorlar bu müştəri haqqında { $count } dəfə sorğu edib
reason-found-written-off =
    { $count ->
        [0] Silinmiş kredit yoxdur.
       *[other] { $count } kredit silinib, borc isə qalır.
    }
reason-found-disputed =
    { $count ->
        [0] Müştəri heç bir kreditə etiraz etmir.
       *[other] Müştəri { $count } kreditə etiraz edir: rəqəmlər səhv ola bilər.
    }
reason-complete = Bütün kreditorların məlumatı bu cavabdadır.
reason-not-complete = Bu cavab tam deyil: { $lacking }. Müştərinin borcu göstəriləndən çox ola bilər.
reason-lacking-missing = { $count } kreditordan xəbər yoxdur
reason-lacking-stale = { $count } kreditorun məlumatı çox köhnədir
reason-lacking-unreadable = { $count } qeydi oxumaq mümkün olmayıb

reason-limit = hədd: { $figure }
reason-limit-income = mikrokredit üçün illik gəlirin həddi: { $income }
reason-limit-of-policy = həddi şəbəkənin qaydaları müəyyən edir
reason-days-and-overdue = { $days }, vaxtı keçmiş məbləğ { $overdue } məbləğindən çox olduqda

reason-subject-lenders-max = Kreditorların sayı
reason-subject-exposure-max = Ailənin borcu
reason-subject-instalment-share-max = Ödənişlərin ailə gəlirində payı
reason-subject-income-ceiling = Ailənin illik gəliri
reason-subject-days-past-due-max = Gecikmə günləri
reason-subject-refinancing-max = Yenidən maliyyələşdirmənin həcmi
reason-subject-recent-inquiries-max = Son sorğuların sayı
reason-subject-written-off = Silinmiş kreditlər
reason-subject-disputed = Müştərinin etiraz etdiyi kreditlər
reason-subject-incomplete-data = Cavabın tam olması

reason-class-all = öz kreditləri
reason-class-individual = fərdi kreditləri
reason-class-group-member = qruplarda öz kreditləri
reason-class-group = qruplarına verilən kreditlər
reason-class-guarantor = zamin olduğu kreditlər
reason-class-with-group-and-guaranteed = bütün kreditlər, qruplarına verilənlər və zamin olduqları da daxil olmaqla

reason-need-outstanding = { $count } kredit üzrə qalıq borc
reason-need-instalment = { $count } kredit üzrə ödəniş
reason-need-days-past-due = { $count } kredit üzrə gecikmə günləri
reason-need-overdue = { $count } kredit üzrə vaxtı keçmiş məbləğ
reason-need-household-income = ailənin aylıq gəliri
reason-need-requested-loan = yeni kreditin məbləği
reason-need-requested-instalment = yeni kreditin ödənişi və ya müddəti
reason-need-refinanced-loan = əvəz olunacaq kredit; bu kreditorun davam edən kreditləri arasında yoxdur
reason-need-refinanced-disbursed = əvəz olunacaq kredit üzrə verilmiş məbləğ
