# មូលហេតុនៃលទ្ធផល៖ មួយប្រយោគសម្រាប់ច្បាប់នីមួយៗ ដូចមន្ត្រីឥណទានប្រាប់អតិថិជន។

reason-judged = { $found }។ { $limit }។
reason-judged-converted = { $found } (បានប្តូរតាមអត្រាយោង)។ { $limit }។
reason-cannot-be-judged = { $subject }៖ មិនអាចវាយតម្លៃបាន។ { $limit }។
reason-not-known = មិនស្គាល់៖ { $needs }។
reason-not-asked = { $subject }៖ មិនបានសួរ។
reason-replaces-none = កម្ចីនេះមិនជំនួសកម្ចីណាមួយទេ។
reason-at-least = យ៉ាងតិច { $figure }

reason-found-lenders =
    { $when ->
        [after] ក្រោយកម្ចីនេះ នឹងមានអ្នកឱ្យខ្ចី { $count } រាប់ទាំងអ្នកឱ្យខ្ចីនេះ
       *[now] បច្ចុប្បន្នមានអ្នកឱ្យខ្ចី { $count }
    }
reason-found-exposure =
    { $when ->
        [after] ក្រោយកម្ចីនេះ គ្រួសារនឹងជំពាក់ { $total } លើ{ $class }
       *[now] បច្ចុប្បន្នគ្រួសារជំពាក់ { $total } លើ{ $class }
    }
reason-found-instalments =
    { $when ->
        [after] ក្រោយកម្ចីនេះ ប្រាក់សងប្រចាំខែនឹងមាន { $monthly } { $share }
       *[now] បច្ចុប្បន្នប្រាក់សងប្រចាំខែមាន { $monthly } { $share }
    }
reason-partly-estimated = { $amount } (ក្នុងនោះ { $estimated } ជាការប៉ាន់ស្មាន)
reason-share-of-income = ស្មើនឹង { $share } នៃចំណូលគ្រួសារ { $income }
reason-no-income = ដោយគ្រួសារគ្មានចំណូល
reason-found-income = ចំណូលប្រចាំឆ្នាំរបស់គ្រួសារមាន { $income }
reason-found-arrears = កម្ចីដែលយឺតជាងគេហួសកំណត់ { $days }
reason-found-arrears-beyond = កម្ចីដែលយឺតជាងគេហួសកំណត់ { $days } ហើយមានប្រាក់ហួសកំណត់ { $overdue } លើកម្ចីដែលហួសលើសពី { $limit } ថ្ងៃ
reason-found-refinancing = កម្ចីថ្មី { $new } ស្មើនឹង { $share } នៃប្រាក់ { $old } ដែលបានបើកលើកម្ចីដែលវាជំនួស
reason-more-than-any-share = លើសពីសមាមាត្រណាមួយ
reason-found-inquiries = អ្នកឱ្យខ្ចីផ្សេងបានសួរអំពីអតិថិជននេះ { $count } ដង ក្នុងរយៈពេល { $days } ថ្ងៃចុងក្រោយ
reason-found-written-off =
    { $count ->
        [0] គ្មានកម្ចីណាត្រូវបានលុបចេញពីបញ្ជីទេ។
       *[other] កម្ចី { $count } ត្រូវបានលុបចេញពីបញ្ជី ហើយនៅជំពាក់។
    }
reason-found-disputed =
    { $count ->
        [0] អតិថិជនមិនតវ៉ាលើកម្ចីណាទេ។
       *[other] អតិថិជនតវ៉ាលើកម្ចី { $count }៖ តួលេខអាចខុស។
    }
reason-complete = ទិន្នន័យរបស់អ្នកឱ្យខ្ចីទាំងអស់មានក្នុងចម្លើយនេះ។
reason-not-complete = ចម្លើយនេះមិនពេញលេញទេ៖ { $lacking }។ អតិថិជនអាចជំពាក់ច្រើនជាងដែលបង្ហាញ។
reason-lacking-missing = មិនបានទទួលដំណឹងពីអ្នកឱ្យខ្ចី { $count }
reason-lacking-stale = ទិន្នន័យរបស់អ្នកឱ្យខ្ចី { $count } ចាស់ពេក
reason-lacking-unreadable = មិនអាចអានកំណត់ត្រា { $count }

reason-limit = កម្រិតកំណត់គឺ { $figure }
reason-limit-income = កម្ចីដល់គ្រួសារមានចំណូលរហូតដល់ { $income } រាប់ជាមីក្រូហិរញ្ញវត្ថុ
reason-limit-of-policy = គោលការណ៍របស់បណ្តាញកំណត់កម្រិត
reason-days-and-overdue = { $days } ដោយមានប្រាក់ហួសកំណត់លើសពី { $overdue }

reason-subject-lenders-max = ចំនួនអ្នកឱ្យខ្ចី
reason-subject-exposure-max = ប្រាក់ដែលគ្រួសារជំពាក់
reason-subject-instalment-share-max = ចំណែកប្រាក់សងក្នុងចំណូលគ្រួសារ
reason-subject-income-ceiling = ចំណូលប្រចាំឆ្នាំរបស់គ្រួសារ
reason-subject-days-past-due-max = ចំនួនថ្ងៃហួសកំណត់
reason-subject-refinancing-max = ទំហំនៃកម្ចីជំនួស
reason-subject-recent-inquiries-max = ចំនួនការសាកសួរថ្មីៗ
reason-subject-written-off = កម្ចីដែលបានលុបចេញពីបញ្ជី
reason-subject-disputed = កម្ចីដែលអតិថិជនតវ៉ា
reason-subject-incomplete-data = ភាពពេញលេញនៃចម្លើយ

reason-class-all = កម្ចីផ្ទាល់ខ្លួន
reason-class-individual = កម្ចីបុគ្គល
reason-class-group-member = កម្ចីផ្ទាល់ខ្លួនក្នុងក្រុម
reason-class-group = កម្ចីរបស់ក្រុម
reason-class-guarantor = កម្ចីដែលគ្រួសារធានា
reason-class-with-group-and-guaranteed = កម្ចីទាំងអស់ រាប់ទាំងកម្ចីរបស់ក្រុម និងកម្ចីដែលធានា

reason-need-outstanding = ប្រាក់នៅជំពាក់លើកម្ចី { $count }
reason-need-instalment = ប្រាក់សងម្តងនៃកម្ចី { $count }
reason-need-days-past-due = ចំនួនថ្ងៃហួសកំណត់នៃកម្ចី { $count }
reason-need-overdue = ប្រាក់ហួសកំណត់លើកម្ចី { $count }
reason-need-household-income = ចំណូលប្រចាំខែរបស់គ្រួសារ
reason-need-requested-loan = ចំនួនទឹកប្រាក់នៃកម្ចីថ្មី
reason-need-requested-instalment = ប្រាក់សងម្តង ឬរយៈពេលនៃកម្ចីថ្មី
reason-need-refinanced-loan = កម្ចីដែលត្រូវជំនួស ដែលមិនមានក្នុងចំណោមកម្ចីកំពុងដំណើរការរបស់អ្នកឱ្យខ្ចីនេះ
reason-need-refinanced-disbursed = ប្រាក់ដែលបានបើកលើកម្ចីដែលត្រូវជំនួស
