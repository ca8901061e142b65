### Bir nəfərdən çox adam tələb edən işlər: konsolda təklif etmək və təsdiqləmək.

approval-area = Təsdiqlər
approval-area-waiting = Təsdiqlər ({ $n })
approval-area-waiting-more = Təsdiqlər ({ $n }+)
approval-area-about = Razılıqsız baxışlar və silinmələr: nə təklif olunub və nə ikinci şəxsi gözləyir.
approval-list = Təsdiqlər
approval-list-about = Müştərinin razılığı olmadan baxış və silinmə bir nəfərdən çox adam tələb edir: biri təklif edir, başqası baxır və öz girişi ilə təsdiqləyir. Gözləyən təklif yeddi gündən sonra özü bitir.
approval-waiting = Gözləyir
approval-waiting-none = Heç nə gözləmir.
approval-for-you = Sizi gözləyir.
approval-past = Qərar verilib
approval-past-none = Son həftələrdə heç nəyə qərar verilməyib.
approval-what = Nə
approval-state = Vəziyyət
approval-state-waiting = təsdiq gözləyir
approval-state-trouble = təsdiqlənib, icra olunmayıb
approval-state-recorded = təsdiqlənib və qeydə alınıb
approval-state-erased = təsdiqlənib və silinib
approval-state-refused = rədd edilib
approval-state-taken-back = geri götürülüb
approval-state-expired = vaxtında təsdiqlənməyib
approval-state-dropped = qüvvədən düşüb
approval-what-ground = “{ $ground }” əsası ilə razılıqsız baxış: { $purpose }
approval-what-erasure = Silinmə: { $ground }

## Təklif etmək

approval-propose = Təklif et
approval-ground-propose = Razılıqsız baxış təklif et
approval-ground-about = Şəbəkənin qaydaları razılığı əvəz edən əsaslar müəyyən edir, məsələn məhkəmə qərarı. Qeydə alınmazdan əvvəl başqa bir şəxs təsdiqləməlidir. Jurnal müştərinin razılıq vermədiyini göstərir.
approval-ground-none = Şəbəkənin qaydaları razılıqdan başqa heç bir əsas müəyyən etmir.
approval-ground = Əsas
approval-days-hint = Təsdiqdən yox, bu gündən sayılır.
approval-weak = Başqalarının da ola biləcək nömrələr altındakı qeydlər açıla bilər
approval-order = Qərar: şəkil, skan və ya fayl
approval-order-hint = Ən çoxu 32 MB. Heşi götürülür; fayl burada saxlanılmır. Onu siz arxivə qoyursunuz.
approval-order-only = Yalnız “qərar” səbəbi üçün lazımdır, başqası üçün yox.
approval-order-missing = Qərarın faylını seçin.
approval-order-hash = Qərarın SHA-256 heşi
approval-note = Təsdiqləyən üçün
approval-note-hint = Qərarın və ya müraciətin harada saxlandığı və nömrəsi. Qərar verildikdə bu silinir.
approval-erasure-propose = Silinmə təklif et
approval-erasure-about = Jurnalı bir şəxs barədə izah edən məlumat həmişəlik məhv edilir: yazıların kimə aid olduğunu daha heç kimə göstərmək olmaz. Kredit portfelinə toxunulmur. Başqa şəxslər təsdiqləməlidir.
approval-erasure-consent = Bu razılıq altında saxlanılan hər şey:
approval-erasure-person = Əvəzinə bir şəxs barədə hər şeyi sil
approval-because = Səbəb
approval-because-client-request = müştəri xahiş edib
approval-because-retention-over = saxlama müddəti bitib
approval-because-order = məhkəmənin və ya dövlət orqanının qərarı
approval-because-missing = Nə üçün silinməli olduğunu göstərin.

## Bir təklif

approval-proposed-by = Təklif edən
approval-approved-by = Təsdiqləyən
approval-no-person = Hələ heç bir şəxs yoxdur
approval-no-person-about = Bunu bir sistem təklif edib; o, heç kim sayılmır.
approval-until = Bu vaxtadək gözləyir
approval-decided = Qərar verilib
approval-reason = Səbəb
approval-reason-hint = Bunu təklif edən oxuyur. Müştəri barədə heç nə yazmayın: otuz gün qalır.
approval-why = Niyə
approval-dropped-about = Aid olduğu məlumat bu arada silinib və ya qovşaq ehtiyat nüsxəsindən bərpa olunub.
approval-erased-consents = Silinmiş razılıqlar
approval-erased-inquiries = Silinmiş sorğular
approval-erased-batches = Qısaldılmış bildirişlər
approval-erased-disputes = Silinmiş etirazlar
approval-too-young = Hələ tezdir
approval-too-young-about = { $n ->
    [one] Audit üçün bir yazı qalıb, { $day } tarixinədək.
   *[other] Audit üçün { $n } yazı qalıb, sonuncusu { $day } tarixinədək.
}
approval-recorded-about = Baxış razılığın yerinə qeydə alınıb.
approval-recorded-show = Göstər və ona əsasən soruş
approval-consent-show = Bu razılığı göstər
approval-compare = Qərarı tutuşdurun
approval-compare-about = Təklif edənin arxivə qoyduğu faylı seçin. O oxunur və saxlanılmır. Eyni kağızın başqa şəkli başqa fayldır.
approval-compare-same = Təklifdə göstərilən fayl budur.
approval-compare-other = Bu, təklifdə göstərilən fayl deyil: onun SHA-256 heşi { $hash }. Təsdiqləməzdən əvvəl həmin faylın özünü istəyin.
approval-not-compared = Heç nə tutuşdurulmadı
approval-asked = Nə istənilir
approval-asked-hidden = Nə istənildiyini təklif edən və təsdiqləyə bilənlər görür.
approval-asked-gone = Nə istənildiyi daha saxlanılmır.
approval-not-carried-out = İcra etmək mümkün olmadı
approval-not-carried-out-out = Deyiləni düzəldin; sonra təsdiqləyə bilən yenidən cəhd edir.
approval-approve = Təsdiqlə
approval-approve-about = Hər nömrəni qərarla və ya müraciətlə tutuşdurun. Təsdiqlədiyiniz sizin adınızdan icra olunur və jurnal bunu göstərir.
approval-turn = Siz { $needed } şəxsdən { $n }-cisiniz.
approval-again-about = Siz bunu təsdiqləmisiniz. Bir daha icra etməyə cəhd edin.
approval-password = Parolunuz
approval-password-hint = Bir daha, ki açıq qalmış ekran heç nəyi təsdiqləməsin.
approval-password-wrong = Parol və ya kod yanlışdır.
approval-not-confirmed = Heç nə təsdiqlənmədi
approval-not-confirmed-out = Bir daha yazın. Yanlışlar giriş cəhdi sayılır.
approval-refuse = Rədd et
approval-take-back = Geri götür
approval-take-back-about = Bunu siz təklif etmisiniz. Özünüz təsdiqləyə bilməzsiniz.
