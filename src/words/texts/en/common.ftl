# What the other files share: figures, lists, and the names of things.

# What the language calls itself.
common-language-name = English

# A no-break space stands between a figure and its unit.
common-money = { $currency } { $amount }
common-percent = { $figure } %
common-moment = { $day }, { $time } UTC
common-yes = yes
common-no = no
common-days =
    { $count ->
        [one] { $count } day
       *[other] { $count } days
    }
common-lenders =
    { $count ->
        [one] { $count } lender
       *[other] { $count } lenders
    }
common-loans =
    { $count ->
        [one] { $count } loan
       *[other] { $count } loans
    }
# "a, b and c" is made of these two.
common-list-comma = { $first }, { $next }
common-list-and = { $first } and { $last }
common-not-reported = not reported

common-outcome-pass = PASS
common-outcome-refer = REFER
common-outcome-decline = DECLINE

common-role-applicant = Applicant
common-role-spouse = Spouse
common-role-household-member = Household member
common-role-guarantor = Guarantor

common-purpose-loan-application = loan application
common-purpose-guarantee = guarantee
common-purpose-restructuring = new terms for a loan
common-purpose-loan-monitoring = watching a running loan
common-purpose-subject-access = the client's own request

common-kind-individual = individual loan
common-kind-group-member = own loan in a group
common-kind-group = loan to the group
common-kind-guarantor = guaranteed loan

common-status-current = current
common-status-delinquent = overdue
common-status-restructured = restructured
common-status-written-off = written off
common-status-closed = ended

common-band-current = current
common-band-sma-0 = SMA-0
common-band-sma-1 = SMA-1
common-band-sma-2 = SMA-2
common-band-npa = NPA
common-band-unknown = not known

# Why a row of a lender could not be read.
common-unreadable-bad-proof = its proof does not hold
common-unreadable-does-not-open = it does not open under the network's key
common-unreadable-bad-content = what is inside is no record
common-unreadable-unknown-currency = its currency is not known here
common-unreadable-key-gone = the key of its time is gone
common-unreadable-not-covered = its lender has not signed for it yet
common-unreadable-too-many = there are more rows than one opening takes
