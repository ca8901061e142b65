### Yükləmə niyə gözləyir, heç nəyi bağlamır və ya haqqında qərar verilə bilmir; fayldan niyə istifadə etmək olmur.

hold-closing = Davam edən { $active } kreditdən { $closing } krediti bağlayardı ({ $share }; { $limit } həddindən çoxu saxlanılır): faylın bir hissəsi çatışmır?
hold-total = { $currency } üzrə ümumi qalıq borcu { $before } məbləğindən { $after } məbləğinə dəyişərdi ({ $limit } dəfədən çox dəyişiklik saxlanılır): məbləğlərin vahidi və valyutası düzgündür?
hold-median = { $larger } ilə olan kreditlərin orta (median) qalıq borcu, { $larger-median }, { $smaller } ilə olanlarınkından, { $smaller-median }, { $times } dəfə böyükdür ({ $limit } dəfədən çoxu saxlanılır): məbləğlərin vahidi və valyutası düzgündür?
hold-older = Rəqəmləri { $as-of } gününündür, { $last } nömrəli yükləmənin rəqəmlərindən ({ $last-as-of }) köhnədir.

hold-not-closed-rejected = Faylda olmadığına görə heç bir kredit bağlanmadı: { $rows } sətir rədd edilib, sətri səhv olan kredit isə bitmiş sayılmır.
hold-not-closed-cut = Faylda olmadığına görə heç bir kredit bağlanmadı: fayl kəsilib və ya oxunandan çoxdur, çatışmayan isə bitmiş sayılmır.
hold-not-closed-branches = Faylda olmadığına görə heç bir kredit bağlanmadı: faylda { $max } filialdan çoxu var. Onu hissə-hissə yükləyin.

hold-state-unknown = { $load } nömrəli yükləmə yoxdur.
hold-state-page-lost = { $load } nömrəli yükləmə kreditlərinin bir hissəsini itirib: onu atın və faylı yenidən yükləyin.
hold-state-not-held-release = { $load } nömrəli yükləmə saxlanılmayıb: yalnız saxlanılmış yükləmə qəbul edilə bilər.
hold-state-not-held-discard = { $load } nömrəli yükləmə saxlanılmayıb: yalnız saxlanılmış yükləmə atıla bilər.
hold-state-not-in-book = { $load } nömrəli yükləmə portfeldə deyil: yalnız portfeldə olan geri qaytarıla bilər.
hold-state-later = { $load } nömrəli yükləmənin üstündə sonrakı yükləmə var: əvvəl onu geri qaytarın.
hold-state-old = { $load } nömrəli yükləmə geri qaytarılmaq üçün çox köhnədir: ondan əvvəl olan artıq saxlanılmır.

hold-file-unread = Faylı oxumaq alınmadı. Onu bir daha göndərin.
hold-file-empty = Fayl boşdur.
hold-file-other = Bu, seçilmiş formatda fayl deyil: { $hint }
hold-file-column-missing = Başlıqda { $field } üçün “{ $column }” sütunu yoxdur. Faylın sütunlarını adlandıran uyğunlaşdırma verin.
hold-file-column-near = Başlıqda { $field } üçün “{ $column }” sütunu yoxdur. Bəlkə “{ $nearest }”?
hold-file-column-twice = Başlıqda “{ $column }” sütunu iki dəfə var. Birinin adını dəyişin.
hold-file-no-identifier = Heç bir sütunda şəxsin nömrəsi yoxdur. Sütunu şəbəkənin nömrə növünün adı ilə adlandırın və ya uyğunlaşdırma verin.
hold-file-no-day = Rəqəmlərin hansı günə aid olduğu deyilmir. Günü faylla birlikdə verin və ya as_of sütununu uyğunlaşdırın.
hold-file-header-long = Başlıq sətri { $bytes } baytdan uzundur və ya { $columns } sütundan çoxdur.
hold-file-header-encoding = Başlıq sətri { $declared } mətni deyil. Faylı UTF-8 kimi saxlayın.
hold-file-mapping = Uyğunlaşdırmadan istifadə etmək olmur. İngiliscə: { $english }
hold-file-sheet = İş kitabında “{ $sheet }” vərəqi yoxdur. Uyğunlaşdırmada ([file] sheet) onun vərəqlərindən birini göstərin.
hold-file-large = Fayl (açılmış halda) bu format üçün ən çox olan { $bytes } baytdan böyükdür. CSV istifadə edin.
hold-file-json = { $line }. sətir, { $column }. sütundan etibarən JSON deyil: endirmə yarımçıq qalmış ola bilər.

hold-hint-damaged-workbook = arxiv və ya onun XML-i zədələnib, şifrələnib və ya köhnə növdəndir. Yenidən .xlsx kimi saxlayın.
hold-hint-no-workbook = zip arxivi deyil. Köhnə .xls faylını .xlsx kimi saxlayın.
hold-hint-utf16 = UTF-16-dır (“Unicode mətni”). CSV UTF-8 kimi saxlayın.
hold-hint-is-workbook = iş kitabıdır. “İş kitabı (XLSX)” formatını seçin.
hold-hint-cr = sətirləri yalnız CR ilə bitir. Onu adi sətir sonları ilə saxlayın.
hold-hint-no-cdf-header = HDRHMMFI ilə başlamır. Eyni sütunları olan CSV uyğunlaşdırma ilə CSV kimi yüklənir.
hold-hint-no-segment = ilk 1024 simvolda heç bir seqment başlamır.
hold-hint-no-json = nə massiv, nə də obyektdir. API-nin cavabını olduğu kimi saxlayın.
hold-hint-api-error = API-nin cavab verdiyi xətadır. Düzgün istifadəçi və “tenant” ilə yenidən soruşun.
hold-hint-no-loans = obyektlərində nə status, nə də accountNo var. API-dən /loans istəyin.
