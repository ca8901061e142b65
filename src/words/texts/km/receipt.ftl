# បង្កាន់ដៃនៃការយល់ព្រមដែលបោះពុម្ព៖ អ្វីដែលអតិថិជនយកទៅផ្ទះ។

receipt-title = បង្កាន់ដៃនៃការយល់ព្រម
receipt-lender = អ្នកឱ្យខ្ចី
receipt-network = បណ្តាញអ្នកឱ្យខ្ចី
receipt-given-at = អ្នកបានយល់ព្រមនៅថ្ងៃ
receipt-what-it-permits = អ្វីដែលអ្នកអនុញ្ញាត
receipt-purpose = សម្រាប់
receipt-evidence = បញ្ជាក់ដោយ
receipt-may-read = អ្វីដែលអាចមើលបាន
receipt-what-is-read = អ្វីដែលអ្នកជំពាក់អ្នកឱ្យខ្ចីផ្សេងទៀតក្នុងបណ្តាញ របៀបដែលអ្នកសង អ្នកណាបានសួរអំពីអ្នកថ្មីៗនេះ និងអ្វីដែលអ្នកតវ៉ា
receipt-from = ចាប់ពី
receipt-until = រហូតដល់ (មិនលើសពី)
receipt-uses = ចំនួនដង
receipt-notice = សេចក្តីជូនដំណឹងដែលបានបង្ហាញដល់អ្នក
receipt-to-withdraw = ដើម្បីដកការយល់ព្រមវិញ
receipt-how-to-withdraw = អ្នកអាចដកការយល់ព្រមវិញនៅពេលណាក៏បាន។ សូមបង្ហាញ ឬផ្ញើលេខកូដនេះទៅអ្នកឱ្យខ្ចីណាមួយក្នុងបណ្តាញ ឬទៅសមាគម។ មិនចាំបាច់មានការយល់ព្រមពីអ្នកឱ្យខ្ចីខាងលើឡើយ។ អ្វីដែលបានមើលរួចហើយ មិនអាចដកវិញបានទេ។
receipt-where-to-withdraw = កន្លែងដែលអាចដក៖ { $members }
receipt-keep-it = សូមរក្សាទុកបង្កាន់ដៃនេះ។ អ្នកណាដែលមានលេខកូដនេះ អាចដកការយល់ព្រមរបស់អ្នកបាន ប៉ុន្តែមិនអាចធ្វើអ្វីផ្សេងទៀតបានទេ។
receipt-to-verify = ដើម្បីផ្ទៀងផ្ទាត់បង្កាន់ដៃនេះ
receipt-how-to-verify = កូដខាងក្រោមគឺជាបង្កាន់ដៃនេះ ដែលអ្នកឱ្យខ្ចីបានចុះហត្ថលេខា (JWS)។ អ្នកណាក៏អាចផ្ទៀងផ្ទាត់បាន ដោយប្រើសោរបស់អ្នកឱ្យខ្ចីដែលសមាគមបានផ្សព្វផ្សាយ។
receipt-consent-number = លេខការយល់ព្រម
receipt-log-leaf = កំណត់ហេតុ និងលេខរៀង

receipt-purpose-loan-application = ពាក្យស្នើសុំកម្ចីរបស់អ្នក
receipt-purpose-guarantee = ការធានារបស់អ្នកចំពោះកម្ចីរបស់អ្នកដទៃ
receipt-purpose-restructuring = លក្ខខណ្ឌថ្មីសម្រាប់កម្ចីដែលអ្នកមាន
receipt-purpose-loan-monitoring = ការតាមដានកម្ចីដែលអ្នកមាន
receipt-purpose-subject-access = សំណើរបស់អ្នកផ្ទាល់ដើម្បីមើលទិន្នន័យអំពីអ្នក

receipt-evidence-signed-form = ទម្រង់បែបបទដែលអ្នកបានចុះហត្ថលេខា
receipt-evidence-thumbprint = ស្នាមមេដៃរបស់អ្នកនៅចំពោះមុខសាក្សី
receipt-evidence-one-time-password = លេខកូដប្រើតែម្តងដែលបានផ្ញើទៅអ្នក
receipt-evidence-client-key = ហត្ថលេខាដោយសោផ្ទាល់ខ្លួនរបស់អ្នក
receipt-evidence-order = ដីការបស់តុលាការ ឬអាជ្ញាធរ
