//! The HTTP interface, the console, the core banking listener, and texts.

/// Bytes of an API request body other than an import.
pub const API_BODY_BYTES_MAX: usize = 1024 * 1024;
/// Inquiries in the list of one day: more than one person can look through.
pub const INQUIRIES_LISTED_MAX: usize = 1_000;
/// Days for which a certificate of the web pages may be in force: what browsers accept (CA/Browser Forum, 2020).
pub const WEB_CERTIFICATE_DAYS_MAX: u16 = 398;
/// Connections of browsers and systems at once; later ones wait in the kernel's queue.
pub const WEB_CONNECTIONS_MAX: usize = 256;
/// Seconds for a TLS handshake of a browser on a slow link.
pub const WEB_HANDSHAKE_SECONDS_MAX: u64 = 15;
/// Seconds for which one connection of a browser may last: an upload of a large book on a slow link.
pub const WEB_CONNECTION_SECONDS_MAX: u64 = 3_600;
/// Seconds for which a reply is kept for a caller who asks again: a line is mended within a day.
pub const KEPT_REPLY_SECONDS: i64 = 86_400;
/// Bytes of a reply that is kept; larger ones are lists, which are asked for without a key.
pub const KEPT_REPLY_BYTES_MAX: usize = 512 * 1024;
/// Replies that are kept for one caller: more than a lender's busiest system asks in a day, a few KiB each as a rule.
pub const KEPT_REPLIES_PER_CALLER_MAX: usize = 10_000;
/// Bytes of an idempotency key: a random number in any spelling.
pub const IDEMPOTENCY_KEY_BYTES_MAX: usize = 128;
/// Connections to the local API at once; later ones wait in the kernel's queue.
pub const API_CONNECTIONS_MAX: usize = 64;
/// Seconds within which the head of an API request must be there, and after which an idle connection is closed.
pub const API_HEADER_SECONDS_MAX: u64 = 10;
/// Seconds within which the body of an API request must be there.
pub const API_BODY_SECONDS_MAX: u64 = 30;
/// Bytes of an API reply that a command reads: a page of the largest leaves, twice.
pub const API_REPLY_BYTES_MAX: usize = 16 * 1024 * 1024;
/// Users, access tokens or loads on one page of their lists.
pub const LISTED_PER_PAGE: usize = 200;
/// Requests that hold one of the runtime's 512 blocking threads while they wait: for another one, or for peers.
pub const API_WAITING_MAX: usize = 64;
/// What is read of a request's body after its reply is ready, so that whoever sends it hears the reply.
pub const UNREAD_BYTES_MAX: usize = 1024 * 1024;
/// How long that may take.
pub const UNREAD_SECONDS_MAX: u64 = 5;
/// Consents on one page of their list.
pub const CONSENTS_PER_PAGE: usize = 200;
/// Pages of kept consents that one request looks through for those of a branch: 10,000 consents, some 100 ms.
pub const CONSENT_PAGES_READ_MAX: usize = 50;
/// Connections to the listener of the Fineract dialect at once: a branch office's screens, and more.
pub const FINERACT_CONNECTIONS_MAX: usize = 64;
/// Seconds for which a handle leads to a report: its caller fetches it right after the search.
pub const FINERACT_HANDLE_SECONDS_MAX: i64 = 300;
/// Handles at once; the oldest goes.
pub const FINERACT_HANDLES_MAX: usize = 1_000;
/// Seconds for which an inquiry that was not answered in time can be searched for again.
pub const FINERACT_RESUME_SECONDS_MAX: i64 = 3_600;
/// Bytes of a form of the dialect.
pub const FINERACT_FORM_BYTES_MAX: usize = 16 * 1024;
/// Bytes of an uploaded file that are read before it is answered: a program that is still sending does not read.
pub const FINERACT_UPLOAD_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Bytes of the file of the dialect's credentials.
pub const FINERACT_CREDENTIALS_BYTES_MAX: usize = 16 * 1024;
/// Bytes of one form of the console: a dispute in words of four bytes each, and everything beside it.
pub const CONSOLE_FORM_BYTES_MAX: usize = 64 * 1024;
/// Bytes of a photograph or file that proves a consent: what a telephone's camera makes, with room to spare.
pub const CONSOLE_EVIDENCE_BYTES_MAX: usize = 32 * 1024 * 1024;
/// Applications that are in work at one node; the oldest gives way. A busy lender's afternoon.
pub const CONSOLE_APPLICATIONS_MAX: usize = 2_000;
/// Applications of one user that are in work; the oldest gives way.
pub const CONSOLE_APPLICATIONS_PER_USER_MAX: usize = 40;
/// Seconds after which an application that nobody has touched is forgotten, with what was typed into it: a working day.
pub const CONSOLE_APPLICATION_SECONDS: i64 = 8 * 3_600;
/// Seconds for which a one-time password can be given back: a slow text message and a walk to the telephone.
pub const CONSOLE_CODE_SECONDS: i64 = 900;
/// Loads begun in the console of which it keeps how they ended; the list of loads has them all.
pub const CONSOLE_UPLOADS_KEPT_MAX: usize = 32;
/// Rows that the console shows as understood when a file is only looked at.
pub const CONSOLE_DRY_RUN_ROWS: usize = 20;
/// Loads in the console's list: the newest, some two months of a daily load.
pub const CONSOLE_LOADS_LISTED: usize = 60;
/// Rejected rows on one page of the console.
pub const CONSOLE_REJECTS_PER_PAGE: usize = 50;
/// Leaves on one page of the console.
pub const CONSOLE_LEAVES_PER_PAGE: usize = 50;
/// Leaves that are read for one page of the console while few are what is looked for: some tenths of a second.
pub const CONSOLE_LEAVES_READ_MAX: usize = 50_000;
/// Newest leaves of each log that are gone through to follow an inquiry: some seconds, and months of a large lender.
pub const CONSOLE_FOLLOW_READ_MAX: u64 = 500_000;
/// Leaves of one story: an inquiry has some dozens.
pub const CONSOLE_FOLLOWED_LEAVES_MAX: usize = 1_000;
/// Bytes of one feed's rows in the evidence that the console gives out; what is more is written by the command line.
pub const CONSOLE_FEED_BYTES_MAX: usize = 128 * 1024 * 1024;
/// Tries at one one-time password of six digits: a guess is right once in 200,000.
pub const CONSOLE_CODE_TRIES_MAX: u8 = 5;
/// Bytes of a file of texts: every text of a language is some 100 kB.
pub const TEXT_FILE_BYTES_MAX: u64 = 1024 * 1024;
/// Files in a folder of texts, and in that of one language: there are some 200 languages with a written standard.
pub const TEXT_FILES_MAX: usize = 256;
/// Faults of a folder of texts that are named; whoever puts them right sees the others next.
pub const TEXT_FAULTS_SHOWN_MAX: usize = 40;
/// Bytes of a header `Accept-Language`: a browser sends fewer than 200.
pub const ACCEPT_LANGUAGE_BYTES_MAX: usize = 4096;
/// Ranges of a header `Accept-Language` that are looked at.
pub const ACCEPT_LANGUAGES_MAX: usize = 32;
/// Regions for which a language's figures are kept, some 100 kB each; the headers of strangers name them.
pub const LANGUAGE_VARIANTS_KEPT_MAX: usize = 64;
