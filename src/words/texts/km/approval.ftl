### អ្វីដែលត្រូវការមនុស្សលើសពីម្នាក់៖ ស្នើ និងអនុម័តក្នុងកុងសូល។

approval-area = ការអនុម័ត
approval-area-waiting = ការអនុម័ត ({ $n })
approval-area-about = ការមើលដោយគ្មានការយល់ព្រម និងការលុប៖ អ្វីដែលបានស្នើ និងអ្វីដែលរង់ចាំមនុស្សទីពីរ។
approval-list = ការអនុម័ត
approval-list-about = ការមើលដោយគ្មានការយល់ព្រមរបស់អតិថិជន និងការលុប ត្រូវការមនុស្សលើសពីម្នាក់៖ ម្នាក់ស្នើ ម្នាក់ទៀតពិនិត្យ ហើយអនុម័តដោយការចូលរបស់ខ្លួនឯង។ អ្វីដែលរង់ចាំនឹងបញ្ចប់ដោយខ្លួនឯងបន្ទាប់ពីប្រាំពីរថ្ងៃ។
approval-waiting = កំពុងរង់ចាំ
approval-waiting-none = គ្មានអ្វីរង់ចាំទេ។
approval-for-you = វារង់ចាំអ្នក។
approval-past = បានសម្រេច
approval-past-none = គ្មានអ្វីត្រូវបានសម្រេចក្នុងប៉ុន្មានសប្តាហ៍ចុងក្រោយនេះទេ។
approval-what = អ្វី
approval-state = ស្ថានភាព
approval-state-waiting = រង់ចាំការអនុម័ត
approval-state-trouble = បានអនុម័ត តែមិនទាន់អនុវត្ត
approval-state-recorded = បានអនុម័ត និងកត់ត្រា
approval-state-erased = បានអនុម័ត និងលុប
approval-state-refused = បានបដិសេធ
approval-state-taken-back = បានដកវិញ
approval-state-expired = មិនបានអនុម័តទាន់ពេល
approval-state-dropped = បានបោះបង់
approval-what-ground = ការមើលដោយគ្មានការយល់ព្រម លើមូលដ្ឋាន “{ $ground }”៖ { $purpose }
approval-what-erasure = ការលុប៖ { $ground }

## ការស្នើ

approval-propose = ស្នើ
approval-ground-propose = ស្នើការមើលដោយគ្មានការយល់ព្រម
approval-ground-about = គោលការណ៍របស់បណ្តាញកំណត់មូលដ្ឋានដែលជំនួសការយល់ព្រម ដូចជាដីការបស់តុលាការ។ មនុស្សម្នាក់ទៀតត្រូវអនុម័តមុនពេលកត់ត្រា។ កំណត់ហេតុបង្ហាញថាអតិថិជនមិនបានយល់ព្រម។
approval-ground-none = គោលការណ៍របស់បណ្តាញមិនកំណត់មូលដ្ឋានណាក្រៅពីការយល់ព្រមទេ។
approval-ground = មូលដ្ឋាន
approval-days-hint = រាប់ពីថ្ងៃនេះ មិនមែនពីការអនុម័តទេ។
approval-weak = កំណត់ត្រាក្រោមលេខដែលអ្នកដទៃអាចប្រើរួម អាចត្រូវបានបើក
approval-order = ដីកា៖ រូបថត ស្កេន ឬឯកសារ
approval-order-hint = ច្រើនបំផុត 32 MB។ យកតែហាសរបស់វា ឯកសារមិនត្រូវបានរក្សាទុកនៅទីនេះទេ។ អ្នកជាអ្នកទុកវា។
approval-order-only = វាត្រូវការសម្រាប់មូលហេតុ “ដីកា” ហើយមិនត្រូវការសម្រាប់មូលហេតុផ្សេងទេ។
approval-order-missing = សូមជ្រើសរើសឯកសារនៃដីកា។
approval-order-hash = SHA-256 នៃដីកា
approval-note = សម្រាប់អ្នកអនុម័ត
approval-note-hint = ដីកា ឬសំណើត្រូវបានទុកនៅឯណា និងលេខរបស់វា។ វាបាត់ពេលសម្រេចរួច។
approval-erasure-propose = ស្នើការលុប
approval-erasure-about = អ្វីដែលពន្យល់កំណត់ហេតុអំពីបុគ្គលម្នាក់ត្រូវបានបំផ្លាញជារៀងរហូត៖ មិនអាចបង្ហាញដល់អ្នកណាទៀតថាវាអំពីអ្នកណា។ បញ្ជីកម្ចីមិនត្រូវបានប៉ះពាល់ទេ។ មនុស្សផ្សេងទៀតត្រូវអនុម័ត។
approval-erasure-consent = អ្វីៗទាំងអស់ដែលរក្សាទុកក្រោមការយល់ព្រមនេះ៖
approval-erasure-person = លុបអ្វីៗទាំងអស់អំពីបុគ្គលម្នាក់ជំនួសវិញ
approval-because = មូលហេតុ
approval-because-client-request = អតិថិជនបានស្នើសុំ
approval-because-retention-over = ផុតរយៈពេលរក្សាទុក
approval-because-order = ដីការបស់តុលាការ ឬអាជ្ញាធរ
approval-because-missing = សូមបញ្ជាក់ថាហេតុអ្វីត្រូវលុប។

## សំណើមួយ

approval-proposed-by = ស្នើដោយ
approval-approved-by = អនុម័តដោយ
approval-no-person = មិនទាន់មានមនុស្ស
approval-no-person-about = ប្រព័ន្ធមួយបានស្នើ វាមិនរាប់ជាមនុស្សទេ។
approval-until = រង់ចាំដល់
approval-decided = បានសម្រេច
approval-reason = មូលហេតុ
approval-reason-hint = អ្នកស្នើនឹងអានវា។ កុំសរសេរអ្វីអំពីអតិថិជន៖ វានៅសាមសិបថ្ងៃ។
approval-why = ហេតុអ្វី
approval-dropped-about = អ្វីដែលវាសំដៅត្រូវបានលុបនៅចន្លោះនោះ ឬថ្នាំងត្រូវបានស្តារពីការបម្រុងទុក។
approval-erased-consents = ការយល់ព្រមដែលបានលុប
approval-erased-inquiries = ការសាកសួរដែលបានលុប
approval-erased-batches = របាយការណ៍ដែលបានកាត់
approval-erased-disputes = ការតវ៉ាដែលបានលុប
approval-too-young = ថ្មីពេក
approval-too-young-about = ធាតុ { $n } ត្រូវបានទុកសម្រាប់សវនកម្ម រហូតដល់ { $day }។
approval-recorded-about = ការមើលត្រូវបានកត់ត្រាជំនួសការយល់ព្រម។
approval-recorded-show = បង្ហាញ ហើយសួរក្រោមវា
approval-consent-show = បង្ហាញការយល់ព្រមនេះ
approval-asked = អ្វីដែលស្នើសុំ
approval-asked-gone = អ្វីដែលបានស្នើសុំមិនត្រូវបានរក្សាទុកទៀតទេ។
approval-not-carried-out = មិនអាចអនុវត្តបានទេ
approval-not-carried-out-out = សូមកែអ្វីដែលវាប្រាប់ បន្ទាប់មកអ្នកដែលអាចអនុម័តសាកម្តងទៀត។
approval-approve = អនុម័ត
approval-approve-about = សូមផ្ទៀងផ្ទាត់លេខនីមួយៗជាមួយដីកា ឬសំណើ។ អ្វីដែលអ្នកអនុម័តត្រូវបានអនុវត្តក្នុងនាមអ្នក ហើយកំណត់ហេតុបញ្ជាក់។
approval-turn = អ្នកគឺជាមនុស្សទី { $n } ក្នុងចំណោម { $needed }។
approval-again-about = អ្នកបានអនុម័តរួចហើយ។ សូមសាកអនុវត្តម្តងទៀត។
approval-password = ពាក្យសម្ងាត់របស់អ្នក
approval-password-hint = ម្តងទៀត ដើម្បីកុំឱ្យអេក្រង់ដែលទុកចោលអនុម័តអ្វី។
approval-password-wrong = ពាក្យសម្ងាត់ ឬលេខកូដមិនត្រឹមត្រូវ។
approval-not-confirmed = គ្មានអ្វីត្រូវបានអនុម័តទេ
approval-not-confirmed-out = សូមវាយម្តងទៀត។ ការវាយខុសរាប់ជាការសាកល្បងចូល។
approval-refuse = បដិសេធ
approval-take-back = ដកវិញ
approval-take-back-about = អ្នកបានស្នើវា។ អ្នកមិនអាចអនុម័តវាដោយខ្លួនឯងបានទេ។
