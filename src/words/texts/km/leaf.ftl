### អ្វីដែលសន្លឹកនៃកំណត់ហេតុនិយាយក្រៅពីប្រភេទរបស់វា ក្នុងពាក្យពីរបី។

leaf-refused-wrong-origin = កំណត់ហេតុរបស់សមាជិកផ្សេង
leaf-refused-bad-checkpoint-signature = ចំណុចត្រួតពិនិត្យមិនមានហត្ថលេខារបស់កំណត់ហេតុវា
leaf-refused-inconsistent-log = កំណត់ហេតុមិននាំទៅដល់ចំណុចត្រួតពិនិត្យរបស់វា
leaf-refused-old-checkpoint = កំណត់ហេតុខ្លីជាងមុន
leaf-refused-no-quorum = សាក្សីថ្មីៗមានតិចពេក
leaf-refused-leaf-missing = សន្លឹកនោះមិនមានក្នុងកំណត់ហេតុ
leaf-refused-wrong-leaf = សន្លឹកប្រភេទផ្សេង
leaf-refused-wrong-points = ចំណុចខុសពីអ្វីដែលសន្លឹកមាន
leaf-refused-wrong-key = សោដែលមិនប្រើ
leaf-refused-no-consent = គ្មានការយល់ព្រម
leaf-refused-wrong-purpose = ការយល់ព្រមសម្រាប់គោលបំណងផ្សេង
leaf-refused-not-yet-valid = ការយល់ព្រមមិនទាន់ចាប់ផ្តើម
leaf-refused-expired = ការយល់ព្រមផុតកំណត់ហើយ
leaf-refused-withdrawn = ការយល់ព្រមត្រូវបានដកវិញ
leaf-refused-used-up = ការយល់ព្រមត្រូវបានប្រើអស់
leaf-refused-clock-skew = នាឡិកាខុសគ្នាពេក
leaf-refused-quota-spent = កូតាអស់ហើយ
leaf-refused-bad-points = ចំណុចដែលមិនអាចមាន
leaf-refused-not-permitted = សមាជិកមិនអាចសួររឿងនេះ
leaf-refused-isolated = អ្នកកាន់សោត្រូវបានកាត់ផ្តាច់យូរពេក
leaf-refused-ahead-of-feed = បានស្វែងរកច្រើនជាងដែលបានផ្សព្វផ្សាយ

leaf-evaluation-reporting = ដើម្បីផ្សព្វផ្សាយអតិថិជន
leaf-evaluation-locate = ដើម្បីស្វែងរកអតិថិជន
leaf-evaluation-footprint = ដើម្បីរាប់ការសាកសួរមុនៗ
leaf-evaluation-open = ដើម្បីបើកកំណត់ត្រា

leaf-load-loaded = បានទទួលចូលបញ្ជីកម្ចី
leaf-load-held = ទុករង់ចាំ
leaf-load-released = បុគ្គលម្នាក់បានទទួលចូល
leaf-load-undone = បានត្រឡប់វិញ
leaf-load-discarded = បានបោះចោល
