# ចម្លើយនៃការសាកសួរ ដូចមន្ត្រីឥណទានអាន។

answer-verdict = { $outcome }៖ { $meaning }
answer-meaning-pass = គ្មានអ្វីក្នុងគោលការណ៍ប្រឆាំងនឹងកម្ចីនេះទេ
answer-meaning-refer = ត្រូវមានមនុស្សសម្រេច
answer-meaning-decline = គោលការណ៍មិនអនុញ្ញាត
answer-question = { $purpose }។ សួរដោយ { $asker }
answer-question-loan = { $purpose } { $loan } ({ $kind })។ សួរដោយ { $asker }
answer-policy = { $name } កំណែ { $version } ថ្ងៃទី { $day }

answer-covers = មានទិន្នន័យអ្នកឱ្យខ្ចី { $covered } ក្នុងចំណោម { $lenders }៖ { $state }
answer-complete = ពេញលេញ
answer-not-complete = មិនពេញលេញ អតិថិជនអាចជំពាក់ច្រើនជាងដែលបង្ហាញ
answer-missing = ខ្វះ
answer-stale = ចាស់ពេក
answer-not-read = មិនបានអាន
answer-member = { $name } ({ $id })៖ { $figures } { $heard }
answer-no-data = មិនទាន់មានទិន្នន័យ
answer-figures-of = តួលេខថ្ងៃទី { $day }
answer-never-heard = មិនដែលទទួលដំណឹង
answer-last-heard = ដំណឹងចុងក្រោយ { $moment }
answer-rows-not-read = កំណត់ត្រា { $count } របស់ { $lender }៖ { $why }

answer-why = មូលហេតុ

answer-household = ប្រាក់ដែលគ្រួសារជំពាក់លើកម្ចីផ្ទាល់ខ្លួន
answer-column-own = អ្នកឱ្យខ្ចីនេះ
answer-column-others = ផ្សេងទៀត
answer-column-together = សរុប
answer-column-after = ក្រោយកម្ចី
answer-row-owed = { $currency } នៅជំពាក់
answer-row-overdue = { $currency } ហួសកំណត់
answer-row-monthly = { $currency } ក្នុងមួយខែ
answer-row-written-off = { $currency } លុបចេញពីបញ្ជី
answer-all-in = សរុបជា { $currency }
answer-row-lenders = អ្នកឱ្យខ្ចីដែលមានកម្ចីកំពុងដំណើរការ
answer-row-active = កម្ចីកំពុងដំណើរការ
answer-row-written-off-ended = លុបចេញពីបញ្ជី, បានបញ្ចប់
answer-row-worst = ចំនួនថ្ងៃហួសកំណត់ ច្រើនបំផុត
answer-row-band = ចំណាត់ថ្នាក់
answer-plus-not-reported = { $figure } (+{ $count } មិនបានរាយការណ៍)
answer-plus-not-known = { $figure } (+{ $count } មិនស្គាល់)
answer-partly-estimated = { $figure } (ប៉ាន់ស្មាន { $estimated })
answer-apart-group = កម្ចីរបស់ក្រុមទាំងមូល មិនរាប់ក្នុងផលបូកខាងលើ៖ { $loans } នៅ{ $lenders }៖ { $sums }
answer-apart-guaranteed = កម្ចីដែលធានា មិនរាប់ក្នុងផលបូកខាងលើ៖ { $loans } នៅ{ $lenders }៖ { $sums }
answer-apart-sum = នៅជំពាក់ { $owed }, ហួសកំណត់ { $overdue }, ក្នុងមួយខែ { $monthly }
answer-burden = ចំណូលគ្រួសារ { $income } ក្នុងមួយខែ។ ប្រាក់សង { $instalment }
answer-burden-share = ចំណូលគ្រួសារ { $income } ក្នុងមួយខែ។ ប្រាក់សង { $instalment } ស្មើនឹង { $share } នៃចំណូល
answer-left-over = នៅសល់ { $amount } ក្រោយចំណាយដែលបានប្រកាស

answer-lenders = តាមអ្នកឱ្យខ្ចីនីមួយៗ
answer-no-record = គ្មានកំណត់ត្រានៅអ្នកឱ្យខ្ចីណាដែលមានក្នុងចម្លើយនេះទេ
answer-this-lender = { $lender } (អ្នកឱ្យខ្ចីនេះ)
answer-lender-figures-of = { $lender } តួលេខថ្ងៃទី { $day }
answer-no-loans = គ្មានកម្ចី
answer-loan-paid-out = បានបើក { $amount }
answer-loan-ended = បញ្ចប់ថ្ងៃទី { $day }
answer-loan-worst = ហួសកំណត់ច្រើនបំផុត { $days }
answer-loan-written-off = លុបចេញពីបញ្ជី { $amount }
answer-loan-written-off-on = ថ្ងៃទី { $day }
answer-loan-owed = នៅជំពាក់ { $amount }
answer-loan-of = ក្នុងចំណោម { $amount }
answer-loan-overdue = ហួសកំណត់ { $amount }
answer-loan-days = ចំនួនថ្ងៃហួសកំណត់ { $days }
answer-loan-monthly = { $amount } ក្នុងមួយខែ
answer-loan-monthly-estimated = { $amount } ក្នុងមួយខែ (ប៉ាន់ស្មាន)
answer-loan-monthly-unknown = មិនស្គាល់ប្រាក់សងម្តង
answer-loan-until = រហូតដល់ថ្ងៃទី { $day }
answer-loan-disputed = អតិថិជនតវ៉ា

answer-persons = តាមបុគ្គលនីមួយៗ កម្ចីផ្ទាល់ខ្លួន ជារូបិយប័ណ្ណយោង
answer-column-lenders = អ្នកឱ្យខ្ចី
answer-column-active = កំពុងដំណើរការ
answer-column-owed = នៅជំពាក់
answer-column-overdue = ហួសកំណត់
answer-column-monthly = ក្នុងមួយខែ
answer-column-worst = ថ្ងៃច្រើនបំផុត
answer-column-written-off = លុបចេញពីបញ្ជី
answer-guarantor-apart = អ្នកធានានៅក្រៅគ្រួសារ ហើយមិនរាប់ក្នុងផលបូករបស់គ្រួសារទេ

answer-person = { $role }៖ { $found }
answer-not-found = រកមិនឃើញនៅអ្នកឱ្យខ្ចីណាទេ
answer-found = រកឃើញតាម { $schemes }
answer-found-weak = រកឃើញតាមអត្តសញ្ញាណខ្សោយតែប៉ុណ្ណោះ
answer-found-weak-under = រកឃើញតាម { $schemes } តែប៉ុណ្ណោះ ដែលជាអត្តសញ្ញាណខ្សោយ
answer-possible = អាចត្រូវគ្នានៅ{ $lenders }៖ រកឃើញតាមអត្តសញ្ញាណខ្សោយតែប៉ុណ្ណោះ មិនបានបើកមើល មិនរាប់ក្នុងផលបូក
answer-possible-named = { $lenders } ({ $names })
answer-inquiries = ការសាកសួររបស់អ្នកឱ្យខ្ចីផ្សេង៖ { $others }។ របស់អ្នកឱ្យខ្ចីនេះ៖ { $own }
answer-inquiries-within = { $count } ក្នុង { $days } ថ្ងៃ
answer-inquiries-not-read = មិនបានអាន
answer-disputes = តវ៉ាលើអ្វីដែល { $lender } រាយការណ៍ តាំងពី { $moment } (កំណត់ត្រា { $record })
answer-consent = ការយល់ព្រម { $consent }
answer-ground = គ្មានការយល់ព្រម៖ ការមើលនេះផ្អែកលើមូលដ្ឋានច្បាប់ “{ $ground }”។

answer-rate = អត្រាយោង៖ { $one } = { $other } ថ្ងៃទី { $day }
answer-answered = បានឆ្លើយ { $moment } ក្នុងបណ្តាញ { $network } ប្រតិបត្តិការ { $transaction }
