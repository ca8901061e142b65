### Why a load waits, closes nothing, or cannot be decided about; and why a file cannot be used.

hold-closing = It would close { $closing } of { $active } running loans ({ $share }; more than { $limit } is held): is a part of the file missing?
hold-total = It would take the outstanding total in { $currency } from { $before } to { $after } (more than { $limit } times is held): are unit and currency of the amounts right?
hold-median = The median balance of the loans in { $larger }, { $larger-median }, is worth { $times } times that of the loans in { $smaller }, { $smaller-median } (more than { $limit } times is held): are unit and currency of the amounts right?
hold-older = Its figures are of { $as-of }, older than those of load { $last }, { $last-as-of }.

hold-not-closed-rejected = No loan was closed for being absent: { $rows } rows were rejected, and a loan whose row is bad has not ended.
hold-not-closed-cut = No loan was closed for being absent: the file was cut, or holds more than was read, and what is missing has not ended.
hold-not-closed-branches = No loan was closed for being absent: the file has more than { $max } branches. Load it in parts.

hold-state-unknown = There is no load { $load }.
hold-state-page-lost = Load { $load } has lost a part of its loans: throw it away and load the file again.
hold-state-not-held-release = Load { $load } is not held: only a held load can be taken in.
hold-state-not-held-discard = Load { $load } is not held: only a held load can be thrown away.
hold-state-not-in-book = Load { $load } is not in the book: only one that is can be undone.
hold-state-later = Load { $load } has a later load on it: undo that first.
hold-state-old = Load { $load } is too old to be undone: what was there before it is not kept any more.

hold-file-unread = Reading the file failed. Send it once more.
hold-file-empty = The file is empty.
hold-file-other = This is not a file of the form that was chosen: { $hint }
hold-file-column-missing = The header has no column “{ $column }” for { $field }. Give a mapping that names the columns of the file.
hold-file-column-near = The header has no column “{ $column }” for { $field }. Is it “{ $nearest }”?
hold-file-column-twice = The header has the column “{ $column }” twice. Rename one.
hold-file-no-identifier = No column holds an identifier. Name a column after a kind of identifier of the network, or give a mapping.
hold-file-no-day = Nothing says on which day the figures are true. Give the day with the file, or map a column as_of.
hold-file-header-long = The header row is longer than { $bytes } bytes or has more than { $columns } columns.
hold-file-header-encoding = The header row is not { $declared } text. Save the file as UTF-8.
hold-file-mapping = The mapping cannot be used. In English: { $english }
hold-file-sheet = The workbook has no sheet “{ $sheet }”. Name one of its sheets in the mapping ([file] sheet).
hold-file-large = The file is larger than { $bytes } bytes (unpacked), the most for this form. Use CSV.
hold-file-json = It is not JSON from line { $line }, column { $column } on: the download may have been cut.

hold-hint-damaged-workbook = the archive or its XML is damaged, encrypted or of an older kind. Save it again as .xlsx.
hold-hint-no-workbook = it is no zip archive. Save an older .xls as .xlsx.
hold-hint-utf16 = it is UTF-16 (“Unicode text”). Save it as CSV UTF-8.
hold-hint-is-workbook = it is a workbook. Choose the form “workbook (XLSX)”.
hold-hint-cr = its lines end in CR alone. Save it with ordinary line ends.
hold-hint-no-cdf-header = it does not begin with HDRHMMFI. A CSV with the same columns is loaded as CSV, with a mapping.
hold-hint-no-segment = no segment begins within the first 1,024 characters.
hold-hint-no-json = it is neither an array nor an object. Save the answer of the API as it is.
hold-hint-api-error = it is an error that the API answered with. Ask again with the right user and tenant.
hold-hint-no-loans = its objects have neither status nor accountNo. Ask the API for /loans.
