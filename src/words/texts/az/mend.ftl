### İstənilənin nəyi səhvdir və çıxış yolu.

mend-purpose = Şəbəkə bu məqsədi tanımır. Tanıdıqları: { $known }.
mend-persons = 1-dən { $most }-dək şəxs göstərin, hər birinin razılığı ilə.
mend-applicants = Bir şəxs müraciətçidir; digərləri həyat yoldaşı, ailə üzvü və ya zamindir.
mend-consent-twice = Hər şəxsin öz razılığı lazımdır; biri burada iki dəfə var.
mend-consent-number = Razılığın nömrəsi düzgün deyil.
mend-currency = { $field }: { $currency } bu şəbəkənin valyutası deyil.
mend-amount-form = { $field }: rəqəmləri ən çoxu bir onluq nöqtə ilə yazın: 1234.50.
mend-amount-decimals = { $field }: onluq rəqəmlər { $currency } üçün burada olan { $decimals } rəqəmdən çoxdur.
mend-amount-large = { $field }: məbləğ çox böyükdür.
mend-negative = { $field }: sıfırdan az ola bilməz.
mend-zero = { $field }: sıfırdan çox yazın.
mend-term = { $field }: ən çoxu { $most }.
mend-unfinished = Bu razılıq üzrə { $inquiry } sorğusu bitməyib. Eynisini yenidən soruşun, qaldığı yerdən davam edəcək.
mend-other-question = { $inquiry } sorğusu başqa sual haqqında idi.
mend-other-purpose = Razılıq başqa məqsəd üçündür: { $purpose }. Müştərinin öz hesabatı üçün öz istəyini qeydə alın.
mend-name = Şəxsin adı 1-dən { $most }-dək işarədir, aralarında hərf və ya rəqəm olmalı, yazının istiqamətini dəyişən işarə olmamalıdır.

mend-dispute-nobody-consented = Buna heç kim razılıq verməyib. Müştərinin öz istəyini qeydə alın.
mend-dispute-withdrawn = Müştəri bu razılığı geri götürüb. Onun yeni istəyini qeydə alın.
mend-dispute-facility = Cavab həmin kreditorun { $shown } kreditini göstərir, 1-dən sayılır. Onlardan birinin nömrəsini verin.
mend-dispute-no-member = İndi şəbəkədə { $member } adlı üzv yoxdur.
mend-dispute-no-reasons = Etirazın niyə rədd edildiyini deyin: müştərinin səbəbləri bilmək hüququ var.
mend-dispute-text = Buradakı mətn 1-dən { $most }-dək işarədir, yazının istiqamətini dəyişən işarə olmadan.
mend-dispute-closed = Etiraz bağlanıb.
mend-dispute-answered = Artıq cavab verilib; cavab qarşı tərəfdədir və qüvvədə qalır.
mend-dispute-not-rejected = Kreditor onu rədd etməyib: yalnız müştəri geri götürə bilər.
mend-dispute-opener-closes = Rədd edilib: onu açıldığı üzv bağlayır.
mend-dispute-not-answered = Əvvəlcə ona cavab verin.
mend-dispute-not-corrected = Portfel bu müştəri haqqında etiraz gələndə dediyini deyir. Əvvəlcə düzəlişi yükləyin.

mend-identifiers = Şəxsin 1-dən { $most }-dək nömrəsini verin.
mend-no-identifier = Şəxsin ən azı bir nömrəsini verin.
mend-scheme = Bu şəbəkə { $scheme } növlü nömrələrdən istifadə etmir.
mend-purpose-not-allowed = Şəbəkə bu məqsəd üçün razılığa icazə vermir. İcazə verdikləri: { $allowed }.
mend-ground-purpose = { $ground } əsasının icazə verdikləri: { $allowed }.
mend-no-ground = Qaydalar razılıqdan başqa əsas tanımır.
mend-ground-unknown = Qaydalar { $ground } əsasını tanımır. Tanıdıqları: { $known }.
mend-evidence = Sərəncam yalnız qanuni əsasın sübutudur.
mend-uses = İstifadələr: bu şəbəkə 1-dən { $most }-dək icazə verir.
mend-ended = Razılıq başlamamış bitərdi.
mend-period = Günlər: bu şəbəkə ən çoxu { $most } günə icazə verir.
mend-no-notice = Qaydalarda müştəriyə göstəriləcək bildiriş yoxdur. Onu şəbəkənin operatoru əlavə edir.
mend-notice-language = Bu şəbəkənin bildirişləri bu dillərdədir: { $known }.

mend-approvals-many = Ən çoxu { $most } ad verin.
mend-approvals-same = Eyni şəxs orada iki dəfə var.
mend-approvals-few = Təsdiqləməli olan ayrı-ayrı şəxslər: { $needed }.
mend-order = Sərəncam üzrə silinmə sərəncamın sənədini göstərir, başqası göstərmir.
mend-proposal-long = Mətn burada ən çoxu { $most } işarədir.
mend-proposal-control = Mətndə yazı deyil, idarəetmə işarələri var. Onu yenidən yazın.
mend-proposal-reason = Səbəbini deyin ki, təklif edən bilsin.
mend-erase-nothing = Burada bunun üçün silinə bilən heç nə saxlanılmır.
mend-erase-young = Qaydalar jurnalı izah edəni audit üçün saxlayır. Bu, { $day } tarixindən etibarən və ya sərəncamla silinə bilər.
mend-erase-dispute = { $dispute } etirazı açıqdır. Əvvəlcə onu bağlayın.
mend-erase-weak = { $scheme } növlü nömrə yalnız bir şəxsi göstərmir. Daha dəqiqini və ya razılığı verin.
