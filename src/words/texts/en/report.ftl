# A client's own report: everything that is held about her, said to her.

report-title = What is held about you
report-made-by = Made by
report-made-at = Made on
report-network = Network of lenders
report-your-request = Your request
report-log-leaf = Log and leaf
report-this-lender = What this lender reports about you
report-other-lenders = What other lenders report about you
report-nothing = Nothing.
report-lender-as-of = { $lender }, as of { $day }
report-loan = Loan
report-state = State
report-state-disputed = { $state }; you dispute it
report-disbursed = Paid out
report-outstanding = Still owed
report-overdue = Overdue
report-days-past-due = Days past due
report-instalment = Instalment
report-opened = Since
report-matures = Until
report-possible = Lenders that hold a record under your telephone number or name alone; it may be somebody else's, and was not opened: { $lenders }
report-who-asked = Who asked about you
report-when = When
report-lender = Lender
report-purpose = For
report-amount = Amount
report-disputes = What you dispute
report-lender-says = The lender says
report-record = Record
report-consents = Consents that this lender recorded for you
report-consent = Consent
report-recorded = Recorded
report-period = From, until
report-uses = Used
report-ground = Without your consent, on the ground of
report-inquiries = Look-ups under it (log leaves)
report-completeness = Whether this is everything
report-complete = Every lender of the network has answered with fresh data.
report-not-complete = Not everything could be read. These lenders may hold more about you:
report-missing = { $lender }: not heard from
report-stale = { $lender }: its figures are old
report-not-read =
    { $count ->
        [one] { $lender }: { $count } record could not be read: { $why }
       *[other] { $lender }: { $count } records could not be read: { $why }
    }
report-rights = What you can do
report-your-rights = If something is wrong, tell the lender that reports it, or any lender of the network, which must pass it on. You can withdraw a consent with the code on its receipt at any lender or at the association. You can ask for this report again.

report-kind-individual = your own loan
report-kind-group-member = your own loan in a group
report-kind-group = loan to your group
report-kind-guarantor = loan of another that you guarantee

report-status-current = running, nothing overdue
report-status-delinquent = running, overdue
report-status-restructured = running under changed terms
report-status-written-off = written off, still owed
report-status-closed = ended

report-consent-requested = asked for
report-consent-given = in force
report-consent-refused = refused by you
report-consent-withdrawn = withdrawn
report-consent-expired = ended
report-consent-used-up = used

report-dispute-sending = on its way to the lender
report-dispute-refused = the lender's system does not take it
report-dispute-open = with the lender, not answered yet
report-dispute-accepted = the lender will correct it
report-dispute-rejected = the lender does not agree
report-dispute-corrected = closed: corrected
report-dispute-taken-back = closed: you took it back
report-dispute-stands = closed: the lender's report stands
