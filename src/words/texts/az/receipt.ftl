# Razılığın çap olunan qəbzi: müştərinin özü ilə apardığı.

receipt-title = Razılıq qəbzi
receipt-lender = Kreditor
receipt-network = Kreditorlar şəbəkəsi
receipt-given-at = Razılıq verdiyiniz vaxt
receipt-what-it-permits = Nəyə icazə verirsiniz
receipt-purpose = Məqsəd
receipt-evidence = Təsdiqi
receipt-may-read = Nə oxuna bilər
receipt-what-is-read = Şəbəkənin digər kreditorlarına nə qədər borcunuz olduğu, onu necə ödədiyiniz, son vaxtlar haqqınızda kimin sorğu etdiyi və nəyə etiraz etdiyiniz
receipt-from = Bu vaxtdan
receipt-until = Bu vaxtadək (sonra yox)
receipt-uses = Neçə dəfə
receipt-notice = Sizə göstərilmiş bildiriş
receipt-to-withdraw = Razılığınızı geri götürmək üçün
receipt-how-to-withdraw = Razılığınızı istənilən vaxt geri götürə bilərsiniz. Bu kodu şəbəkənin istənilən kreditoruna və ya assosiasiyasına göstərin və ya göndərin; yuxarıda adı çəkilən kreditorun razı olması lazım deyil. Əvvəl oxunmuş məlumat oxunmuş qalır.
receipt-where-to-withdraw = Harada: { $members }
receipt-keep-it = Bu qəbzi saxlayın. Kodu olan şəxs razılığınızı geri götürə bilər, başqa heç nə edə bilməz.
receipt-to-verify = Bu qəbzi yoxlamaq üçün
receipt-how-to-verify = Aşağıdakı kod kreditorun imzaladığı həmin qəbzdir (JWS). Onu hər kəs assosiasiyanın dərc etdiyi kreditor açarı ilə yoxlaya bilər.
receipt-consent-number = Razılıq
receipt-log-leaf = Jurnal və vərəq

receipt-purpose-loan-application = sizin kredit müraciətiniz
receipt-purpose-guarantee = başqasının kreditinə zaminliyiniz
receipt-purpose-restructuring = sizdə olan kreditin yeni şərtləri
receipt-purpose-loan-monitoring = sizdə olan kreditə nəzarət
receipt-purpose-subject-access = haqqınızda saxlanılanları görmək üçün öz sorğunuz

receipt-evidence-signed-form = imzaladığınız forma
receipt-evidence-thumbprint = şahid qarşısında barmaq iziniz
receipt-evidence-one-time-password = sizə göndərilmiş birdəfəlik parol
receipt-evidence-client-key = öz açarınızla imza
receipt-evidence-order = məhkəmənin və ya dövlət orqanının qərarı
