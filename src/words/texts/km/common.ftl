# ពាក្យដែលឯកសារផ្សេងៗប្រើរួមគ្នា៖ តួលេខ បញ្ជី និងឈ្មោះ។

# ឈ្មោះរបស់ភាសា។
common-language-name = ខ្មែរ

common-money = { $amount } { $currency }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = បាទ/ចាស
common-no = ទេ
common-days = { $count } ថ្ងៃ
common-lenders = អ្នកឱ្យខ្ចី { $count }
common-loans = កម្ចី { $count }
common-list-comma = { $first }, { $next }
common-list-and = { $first } និង { $last }
common-not-reported = មិនបានរាយការណ៍

common-outcome-pass = សមស្រប
common-outcome-refer = ត្រូវពិនិត្យ
common-outcome-decline = បដិសេធ

common-role-applicant = អ្នកស្នើសុំ
common-role-spouse = ប្តីឬប្រពន្ធ
common-role-household-member = សមាជិកគ្រួសារ
common-role-guarantor = អ្នកធានា

common-purpose-loan-application = ពាក្យស្នើសុំកម្ចី
common-purpose-guarantee = ការធានា
common-purpose-restructuring = លក្ខខណ្ឌថ្មីនៃកម្ចី
common-purpose-loan-monitoring = ការតាមដានកម្ចីដែលកំពុងដំណើរការ
common-purpose-subject-access = សំណើរបស់អតិថិជនផ្ទាល់

common-kind-individual = កម្ចីបុគ្គល
common-kind-group-member = កម្ចីផ្ទាល់ខ្លួនក្នុងក្រុម
common-kind-group = កម្ចីរបស់ក្រុម
common-kind-guarantor = កម្ចីដែលធានា

common-status-current = គ្មានហួសកំណត់
common-status-delinquent = ហួសកំណត់សង
common-status-restructured = រៀបចំលក្ខខណ្ឌឡើងវិញ
common-status-written-off = លុបចេញពីបញ្ជី
common-status-closed = បានបញ្ចប់

common-band-current = គ្មានហួសកំណត់
common-band-sma-0 = SMA-0
common-band-sma-1 = SMA-1
common-band-sma-2 = SMA-2
common-band-npa = NPA
common-band-unknown = មិនស្គាល់

common-unreadable-bad-proof = ភស្តុតាងរបស់វាមិនត្រឹមត្រូវ
common-unreadable-does-not-open = មិនអាចបើកដោយសោរបស់បណ្តាញ
common-unreadable-bad-content = ខ្លឹមសារមិនមែនជាកំណត់ត្រា
common-unreadable-unknown-currency = មិនស្គាល់រូបិយប័ណ្ណ
common-unreadable-key-gone = សោសម្រាប់ពេលនោះលែងមានហើយ
common-unreadable-not-covered = អ្នកឱ្យខ្ចីមិនទាន់បានចុះហត្ថលេខាលើវា
common-unreadable-too-many = មានច្រើនជាងអាចបើកម្តង
