//! Loading the lender's own book.

/// Rows of an import file kept as rejects; the count goes on, the text does not.
pub const REJECTS_KEPT_MAX: usize = 100_000;
/// Bytes of rejected rows kept of one load: enough for any clerk, and what one reading of them holds in memory.
pub const REJECTS_KEPT_BYTES_MAX: usize = 64 * 1024 * 1024;
/// Rejected rows and notes that the outcome of a load lists itself.
pub const OUTCOME_LINES_MAX: usize = 20;
/// Rows that a dry run shows at most.
pub const DRY_RUN_ROWS_MAX: usize = 1_000;
/// Loans of a load that are written at once: one fsync for each page.
pub const LOAD_PAGE_LOANS: usize = 500;
/// Bytes of such a page before it is sealed: 500 ordinary loans are 125 KiB.
pub const LOAD_PAGE_BYTES_MAX: usize = 1024 * 1024;
/// Newest loads that can be undone, and whose rejected rows are kept.
pub const LOADS_UNDOABLE_MAX: u64 = 7;
/// Characters of a file's name.
pub const LOAD_NAME_CHARS_MAX: usize = 120;
/// Bytes of an import file.
pub const IMPORT_BYTES_MAX: u64 = 2 * 1024 * 1024 * 1024;
/// Bytes of one row of an import file. A CDF client with its address is about 1 KiB.
pub const IMPORT_ROW_BYTES_MAX: usize = 64 * 1024;
/// Lines that one quoted row of an import file may span, beyond which a quote is taken as unclosed.
pub const IMPORT_ROW_LINES_MAX: usize = 32;
/// Columns of an import file. Real exports have 20 to 200.
pub const IMPORT_COLUMNS_MAX: usize = 1_024;
/// Bytes of an import file that has to be held whole: JSON, and a workbook both packed and unpacked.
pub const IMPORT_WHOLE_BYTES_MAX: u64 = 256 * 1024 * 1024;
/// Branch names kept as figures of a load; more are counted with the rows only.
pub const IMPORT_BRANCHES_MAX: usize = 10_000;
/// Loans in one request: a file is the way for more.
pub const LOANS_PER_REQUEST_MAX: usize = 1_000;
/// Seconds without a byte after which an upload has broken off.
pub const UPLOAD_PAUSE_SECONDS_MAX: u64 = 60;
/// Seconds over which the speed of an upload is looked at.
pub const UPLOAD_WINDOW_SECONDS: u64 = 30;
/// Bytes that come at the least in one such time: 2 KiB a second, less than the slowest link of a telephone. Whoever
/// uploads keeps every other load waiting.
pub const UPLOAD_WINDOW_BYTES_MIN: usize = 64 * 1024;
/// Milliseconds within which a report is answered, with what has arrived: its caller gives up after ten seconds.
pub const FINERACT_REPORT_MILLISECONDS_MAX: u64 = 8_000;
/// Seconds that a core banking system may take to begin its answer with a report: a large book, joined by a slow database.
pub const REPORT_BEGIN_SECONDS_MAX: u64 = 30 * 60;
/// Seconds between two pieces of a report.
pub const REPORT_PIECE_SECONDS_MAX: u64 = 120;
/// Bytes of the file that says where a report is.
pub const REPORT_SOURCE_BYTES_MAX: usize = 64 * 1024;
/// Parameters of a report.
pub const REPORT_PARAMETERS_MAX: usize = 32;
