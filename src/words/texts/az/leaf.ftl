### Jurnal vərəqlərinin növündən başqa bir-iki sözlə dedikləri.

leaf-refused-wrong-origin = başqa üzvün jurnalı
leaf-refused-bad-checkpoint-signature = nəzarət nöqtəsini öz jurnalı imzalamayıb
leaf-refused-inconsistent-log = jurnal öz nəzarət nöqtəsinə aparmır
leaf-refused-old-checkpoint = jurnal əvvəlkindən qısadır
leaf-refused-no-quorum = son vaxtlar şahid çox azdır
leaf-refused-leaf-missing = bu vərəq jurnalda yoxdur
leaf-refused-wrong-leaf = başqa növ vərəq
leaf-refused-wrong-points = vərəqdəkindən başqa nöqtələr
leaf-refused-wrong-key = istifadədə olmayan açar
leaf-refused-no-consent = razılıq yoxdur
leaf-refused-wrong-purpose = başqa məqsəd üçün razılıq
leaf-refused-not-yet-valid = razılığın müddəti başlamayıb
leaf-refused-expired = razılığın müddəti bitib
leaf-refused-withdrawn = razılıq geri götürülüb
leaf-refused-used-up = razılıq tam istifadə olunub
leaf-refused-clock-skew = saatlar çox fərqlidir
leaf-refused-quota-spent = kvota bitib
leaf-refused-bad-points = mümkün olmayan nöqtələr
leaf-refused-not-permitted = üzv bunu soruşa bilməz
leaf-refused-isolated = açar saxlayan çoxdan əlaqəsizdir
leaf-refused-ahead-of-feed = dərc edildiyindən çox axtarılıb

leaf-evaluation-reporting = müştərini dərc etmək üçün
leaf-evaluation-locate = müştərini axtarmaq üçün
leaf-evaluation-footprint = əvvəlki sorğuları saymaq üçün
leaf-evaluation-open = qeydləri açmaq üçün

leaf-load-loaded = portfelə qəbul edilib
leaf-load-held = saxlanılıb
leaf-load-released = bir şəxs tərəfindən qəbul edilib
leaf-load-undone = geri qaytarılıb
leaf-load-discarded = atılıb
