//! Identifiers, consents, inquiries, disputes and market figures.

/// Identifiers of one person.
pub const IDENTIFIERS_PER_PERSON_MAX: usize = 16;
/// Persons in one household inquiry.
pub const CONSENTS_PER_INQUIRY_MAX: usize = 8;
/// Bytes of a consent receipt as a token: ours are about 2 KiB, a name of the longest kind makes them little longer.
pub const RECEIPT_BYTES_MAX: usize = 16 * 1024;
/// Bytes of a printed receipt as a file: two QR codes of at most 177 by 177 modules and a page of text.
pub const RECEIPT_PAGE_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of one identifier as typed, before it is canonicalised.
pub const IDENTIFIER_BYTES_MAX: usize = 256;
/// Withdrawal codes in one page; a longer page is refused.
pub const WITHDRAWALS_PER_PAGE_MAX: usize = 1_000;
/// Identifier schemes that a network may declare beside the built-in ones.
pub const DECLARED_SCHEMES_MAX: usize = 64;
/// Bytes of a declared scheme's pattern as written.
pub const SCHEME_PATTERN_BYTES_MAX: usize = 200;
/// Bytes of a declared scheme's compiled pattern: `{n}` repetitions in a short pattern can ask for far more.
pub const SCHEME_PATTERN_COMPILED_BYTES_MAX: usize = 64 * 1024;
/// Characters of what a client or a lender says in a dispute: a page.
pub const DISPUTE_TEXT_CHARS_MAX: usize = 2_000;
/// Bytes of a sealed letter about a dispute: the padded letter and what age adds.
pub const LETTER_BYTES_MAX: usize = LETTER_PADDED_BYTES + 1024;
/// Bytes to which every letter between members is padded, so that its length tells nothing: a text of the longest kind,
/// escaped as JSON, with room to spare.
pub const LETTER_PADDED_BYTES: usize = 16 * 1024;
/// Disputes that a member may open in a day, by the clock of the lender that gets them: a busy bureau's month.
pub const DISPUTES_PER_MEMBER_AND_DAY_MAX: usize = 100;
/// Letters of one member that are opened in a day, refused ones too: each looks for its record in the whole book.
pub const LETTERS_OPENED_PER_MEMBER_AND_DAY_MAX: u32 = 400;
/// Unresolved disputes of one member that a lender holds; more wait at the member.
pub const DISPUTES_OPEN_PER_MEMBER_MAX: usize = 1_000;
/// Unresolved disputes under one consent: more than one for each lender of a client.
pub const DISPUTES_PER_CONSENT_MAX: usize = 16;
/// Overdue disputes of which the operator keeps word from one member.
pub const ESCALATIONS_PER_MEMBER_MAX: usize = 2_000;
/// Disputes in one list: the newest.
pub const DISPUTES_LISTED_MAX: usize = 2_000;
/// Letters that are sent to one member in one go.
pub const LETTERS_PER_ROUND_MAX: usize = 256;
/// Consents of one identifier that are looked at, for one that is live: years of a client.
pub const CONSENTS_PER_IDENTIFIER_MAX: usize = 1_000;
/// Numbers of lenders that market figures tell apart: 1, 2, 3, and 4 or more.
pub const MARKET_CLASSES: usize = 4;
/// Strong identifiers of one person in market figures; more are a group's, or a mistake's.
pub const MARKET_IDENTIFIERS_MAX: usize = 8;
/// What one person may add to a lender's counts, in sum of absolute values: herself, and two counts of lenders that know
/// less of her, taken back. The noise is made for it.
pub const MARKET_SHARE_MAX: u64 = 3;
/// Months of market figures that are shown: three years, for a trend.
pub const MARKET_MONTHS_MAX: usize = 36;
/// Market counts of one lender that are read, the newest: years of honest ones.
pub const MARKET_COUNTS_READ_MAX: usize = 512;
/// Seconds that a lender waits for others' data, once a month's count is due, before it counts without.
pub const MARKET_PATIENCE_SECONDS: i64 = 7 * 86_400;
