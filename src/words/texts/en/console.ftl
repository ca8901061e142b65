### The console: the web pages of a node for the people of a lender.

## On every page

console-title = Tallystick
console-skip = Skip to the content
console-areas = Parts of the console
console-languages = Languages
console-network = Network { $network }
console-sign-in = Sign in
console-sign-out = Sign out
console-to-start = To the first page
console-continue = Continue
console-cancel = Cancel
console-next-page = Next page
console-print = Print
console-print-hint = You can also print this page with your browser's own print command.
console-wait = Working. This can take some seconds.
console-errors = Please look at these points
console-when = When
console-lender = Lender
console-purpose = Purpose
console-yes = Yes
console-home = Start
console-home-greeting = Welcome, { $name }
console-home-nothing = Your account has no part of the console yet. Ask your administrator for a role.

console-area-officer = Loan officer
console-area-officer-about = Record a client's consent, ask what she owes, print the answer; disputes and clients' own reports.
console-area-clerk = Data clerk
console-area-clerk-about = Load the loan book, see rejected rows and why, and the history of loads.
console-area-operator = Network
console-area-operator-about = Members and the age of their data, key holders, alarms and connections.
console-area-auditor = Auditor
console-area-auditor-about = Search the log, follow an inquiry, verify, and take the evidence along.

## What can go wrong

console-trouble-forbidden = You may not see this page
console-trouble-forbidden-text = Your account does not have the right that this page needs.
console-trouble-forbidden-out = If you need it for your work, ask your administrator.
console-trouble-not-found = There is nothing here
console-trouble-not-found-text = The page does not exist, is not yours to see, or has been forgotten. Applications in work are forgotten after eight hours and when the node is started again.
console-trouble-not-found-out = Begin again from the first page. Recorded consents and answers are kept.
console-trouble-session-over = This form is no longer valid
console-trouble-session-over-text = It belongs to a session that has ended, or did not come from this console. Nothing was done.
console-trouble-session-over-out = Go back, load the page again and send the form once more.
console-trouble-form = The form could not be read
console-trouble-form-text = It did not arrive whole, or it was too large. Nothing was done.
console-trouble-form-out = Go back and send it once more.
console-trouble-file-large = The file is too large
console-trouble-file-large-text = At most { $n } MB are taken.
console-trouble-file-large-out = Take a photograph in a smaller size, or scan it in grey.
console-trouble-internal = The node failed
console-trouble-internal-text = Something went wrong inside the node. Its journal says what.
console-trouble-internal-out = Try once more. If it happens again, tell whoever looks after the node.
console-trouble-damaged = Stored data is damaged
console-trouble-damaged-text = The node found something on its disk that is not as it was written. It does not guess.
console-trouble-damaged-out = Tell whoever looks after the node at once: it has a backup to come back from.
console-trouble-disk-full = The node's disk is full
console-trouble-disk-full-text = Nothing can be recorded until there is room.
console-trouble-disk-full-out = Tell whoever looks after the node.
console-trouble-store = The node cannot write
console-trouble-store-text = Its disk refuses, so nothing was recorded.
console-trouble-store-out = Tell whoever looks after the node.
console-trouble-not-settled = The node is not ready yet
console-trouble-not-settled-text = It has just been started and first asks other members whether its log is whole. Until then it records nothing.
console-trouble-not-settled-out = Try again in a minute. What you typed is kept.
console-trouble-no-keys = The network has no keys yet
console-trouble-no-keys-text = Nobody can ask anything until the key holders have their shares.
console-trouble-no-keys-out = The operator of the network deals them.
console-trouble-holders = Too few key holders can be reached
console-trouble-holders-text = { $needed } are needed and { $answered } answered. Not reached: { $away }.
console-trouble-holders-out = Try again in a few minutes: what you typed is kept, and the consent is not spent twice. If it lasts, tell whoever looks after the node.
console-trouble-not-allowed = The policy of the network does not allow this
console-trouble-not-allowed-out = Change what the policy does not allow and send the form again.
console-trouble-question = The question cannot be asked like this
console-trouble-question-out = Change it and ask again. What you typed is kept.
console-trouble-unfinished = An earlier inquiry is unfinished
console-trouble-unfinished-out = Ask with the same figures as before, and that inquiry goes on where it stopped.
console-trouble-other-question = This inquiry was answered already
console-trouble-other-question-out = The figures have changed since: begin a new application with a new consent.
console-trouble-answer-unfinished = This inquiry has no answer yet
console-trouble-answer-unfinished-text = It was begun and did not reach its end.
console-trouble-answer-unfinished-out = Go back to the application and ask again with the same figures: it goes on where it stopped, and no consent is spent twice.
console-trouble-not-a-lender = This node is not a lender's
console-trouble-not-a-lender-text = The network lists this member without the role of a lender.
console-trouble-not-a-lender-out = The operator of the network gives roles to members.
console-trouble-not-in-answer = The record is in no answer that named its lender
console-trouble-not-in-answer-text = Only what the client has seen can be disputed, with the lender's name.
console-trouble-not-in-answer-out = Make the client's own report first: it names the lenders. Then open the dispute from there.
console-trouble-dispute = The dispute cannot be changed like this
console-trouble-dispute-out = Change what is said above and send it again.
console-trouble-already-disputed = This record is in dispute already
console-trouble-already-disputed-text = One dispute about it is open under this consent.
console-trouble-already-disputed-out = Find it in the list of disputes.
console-trouble-proposal-over = This was decided already
console-trouble-proposal-over-text = Or the time for it is over.
console-trouble-proposal-over-out = Look at what came of it, below.
console-trouble-proposal-own = Your own proposal needs another person
console-trouble-proposal-own-text = Who proposed is one of the persons already.
console-trouble-proposal-own-out = Ask a colleague who may approve.
console-trouble-proposal-twice = You have approved already
console-trouble-proposal-twice-text = One person counts once.
console-trouble-proposal-twice-out = Another person who may approve is needed.
console-trouble-proposal-not-own = Only who proposed takes it back
console-trouble-proposal-not-own-text = Others refuse it.
console-trouble-proposal-not-own-out = Ask whoever proposed it, or refuse it.
console-trouble-proposal-many = Too many proposals
console-trouble-proposal-many-text = You have proposed more this week than anybody can look into.
console-trouble-proposal-many-out = Take some back, or wait until others are decided.
console-trouble-proposal = This cannot be proposed or decided like this
console-trouble-proposal-out = Change it and send it again.
console-trouble-erasure = This cannot be erased
console-trouble-erasure-out = Change what is said above, or wait. Nothing was erased.
console-trouble-load-state = The load is not in a state that allows this
console-trouble-load-state-out = Look at the list of loads: somebody may have decided already.
console-trouble-file = The file cannot be used
console-trouble-file-out = Mend the file, or choose another form or mapping, and load it again. Nothing of it is in the book.
console-trouble-in-english = { $english }
console-trouble-busy = Another load is running
console-trouble-busy-text = Loads come one after the other.
console-trouble-busy-out = Wait until it has ended, then load your file.
console-trouble-renews = It renews at { $time }.

console-refused-no-consent = There is no consent
console-refused-no-consent-text = The key holders found no consent for this in the log.
console-refused-no-consent-out = Record the client's consent first.
console-refused-wrong-purpose = The consent is for another purpose
console-refused-wrong-purpose-text = The client agreed to something else.
console-refused-wrong-purpose-out = Ask for the purpose that she agreed to, or record a new consent.
console-refused-not-yet-valid = The consent has not begun
console-refused-not-yet-valid-text = Its first day is still to come.
console-refused-not-yet-valid-out = Ask again when it has begun.
console-refused-expired = The consent has ended
console-refused-expired-text = Its last day is over.
console-refused-expired-out = Ask the client for a new consent.
console-refused-withdrawn = The client has withdrawn her consent
console-refused-withdrawn-text = Nothing may be asked about her any more under it.
console-refused-withdrawn-out = Only a new consent of hers permits a new inquiry.
console-refused-used-up = The consent is used up
console-refused-used-up-text = It permitted a number of inquiries, and they were made.
console-refused-used-up-out = Ask the client for a new consent.
console-refused-clock = The clocks of the nodes differ too much
console-refused-clock-text = The key holders could not be sure that the consent is valid now.
console-refused-clock-out = Whoever looks after the node sets its clock.
console-refused-quota = The quota of this lender is spent
console-refused-quota-text = The network bounds how much one member may ask in a day.
console-refused-quota-out = Ask again when it renews. What you typed is kept.
console-refused-ahead = Loaded clients are not published yet
console-refused-ahead-text = This lender has located more clients than it has published.
console-refused-ahead-out = Ask again when the loads are published. What you typed is kept.
console-refused-apart = The members cannot reach one another
console-refused-apart-text = Witnesses or key holders have been cut off for too long and do not answer before they have met again.
console-refused-apart-out = Try again later. If it lasts, tell whoever looks after the node.
console-refused-not-permitted = This member may not ask
console-refused-not-permitted-text = The network does not give it the role for this.
console-refused-not-permitted-out = The operator of the network gives roles to members.
console-refused-logs-disagree = The logs do not agree
console-refused-logs-disagree-text = A key holder says that this node's log is not as it should be. Nothing was opened.
console-refused-logs-disagree-out = Tell whoever looks after the node: both logs are to be kept, and the operator has to know.

## Loan officer: begin

console-officer-new = New loan application
console-officer-in-work = Applications in work
console-officer-none = You have none in work.
console-officer-begun = Begun
console-officer-persons = Persons
console-officer-forgotten = Only you see these. They are forgotten eight hours after you last touched them; recorded consents and answers are kept.
console-officer-beside = Beside that
console-today = Today's inquiries
console-today-about = What was asked for your branch, with its answer.
console-today-of = Inquiries of { $day }
console-today-none = None on this day.
console-today-by = Asked by
console-today-unfinished = unfinished
console-today-refused = refused, nothing was opened
console-branch = Branch
console-day = Day
console-day-before = The day before
console-day-after = The day after
console-show = Show
console-consents = Consents
console-consents-about = Every recorded consent: where it stands, ask under it, withdraw it.
console-consents-none = None is recorded here yet.
console-application = Application
console-application-forget = Throw this application away
console-application-forget-about = What was typed is forgotten. Consents that were recorded stay recorded.

console-steps = Steps
console-step-person = Applicant
console-step-consent = Consent
console-step-question = Loan
console-step-answer = Answer

## The person

console-person-title = Who applies?
console-person-add = Add a person
console-person-remove = Take this person out
console-person-role = Who is she to the applicant?
console-person-purpose = What is it for?
console-person-numbers = Numbers of the person
console-person-numbers-hint = Type at least one, as it stands on the document. The more you give, the more surely she is found.
console-person-number-weak = Others may share this number: what is found under it alone is only a possible match.
console-person-number-missing = Type at least one number of the person.
console-person-number-wrong = { $name }: this is not such a number. Compare it with the document.
console-person-purpose-missing = Choose what the look-up is for.
console-person-role-missing = Choose who she is to the applicant.
console-person-notice = Language of the notice
console-person-notice-missing = Choose a language in which the notice is read to her.
console-person-days = Valid for how many days
console-person-days-wrong = The consent can be valid for 1 to { $n } days.
console-person-uses = How many inquiries
console-person-uses-wrong = { $n ->
    [one] A consent permits one inquiry here.
   *[other] A consent permits 1 to { $n } inquiries here.
}
console-person-weak = She also agrees that records under numbers that others may share are opened
console-person-too-many = { $n ->
    [one] One inquiry is about one person.
   *[other] One inquiry is about { $n } persons at most.
}
console-person-open = consent not recorded yet
console-person-recording = consent is being recorded
console-person-recorded = consent recorded
console-person-earlier-consent = under a consent that was recorded before

console-role-applicant = Applicant
console-role-spouse = Spouse
console-role-household-member = Other person of the household
console-role-guarantor = Guarantor

console-scheme-phone = Telephone number
console-scheme-slk-581 = SLK-581 key
console-scheme-kh-nid = National identity card (Cambodia)
console-scheme-az-fin = FIN code (Azerbaijan)
console-scheme-in-aadhaar = Aadhaar number
console-scheme-in-pan = PAN

console-purpose-loan-application = Application for a loan
console-purpose-guarantee = Guarantee for somebody's loan
console-purpose-restructuring = Change of a running loan
console-purpose-loan-monitoring = Watching a running loan
console-purpose-subject-access = The client's own report

## Consent

console-consent = Consent
console-consent-go = Record her consent
console-consent-title = Consent
console-consent-read = Read this to her, in her language
console-consent-no-notice = The policy of the network has no notice in this language. Choose another one.
console-consent-permits = What she permits
console-consent-from = From
console-consent-until = Until
console-consent-times = Inquiries
console-consent-weak = Possible matches may be opened
console-consent-proof = How does she show that she agrees?
console-consent-proof-about = Choose one of the two. Her consent is written into this node's log before anybody is asked, and other members see that it was.
console-consent-record = Record her consent
console-consent-refuses = She does not agree
console-consent-refuses-about = Then nothing is asked about her. Throw away what was typed.
console-consent-state = State
console-consent-officer = Recorded by
console-consent-evidence = Proved by
console-consent-leaf = Number in the log
console-consent-numbers-hidden = (the numbers themselves are not shown)
console-consent-uses = { $spent } of { $uses } used
console-consent-ground = She did not consent. The look-up rests on the lawful ground “{ $ground }”, approved by { $by }.
console-consent-withdraw = Withdraw this consent
console-consent-withdraw-about = Use this when the client takes her consent back here. It cannot be undone; the answers that were given stay in the log.
console-consent-requested = asked for
console-consent-given = in force
console-consent-refused = refused
console-consent-withdrawn = withdrawn
console-consent-expired = ended
console-consent-used-up = used up

console-evidence-paper = On paper
console-evidence-paper-about = Print the form, let her sign it or give her thumbprint before a witness, and take a photograph of it. The paper stays with you; this node keeps only a fingerprint of the photograph, so file the very photograph, too.
console-evidence-form = Form to print
console-evidence-kind = What is on the paper?
console-evidence-signed-form = Her signature
console-evidence-thumbprint = Her thumbprint, before a witness
console-evidence-one-time-password = A one-time password
console-evidence-client-key = Her own key
console-evidence-order = An order of a court or an authority
console-evidence-photo = Photograph or scan of the signed form
console-evidence-photo-hint = A picture or a PDF of at most 32 MB. It is not kept here.
console-evidence-missing = The photograph is missing
console-evidence-missing-text = No file came, or it was empty.
console-evidence-missing-out = Choose the photograph and send it again.
console-evidence-other = It is neither a picture nor a PDF
console-evidence-other-text = The file is of another kind, or damaged.
console-evidence-other-out = Choose the photograph or the scan of the form, as JPEG, PNG, HEIC, WebP, TIFF or PDF.
console-evidence-kind-missing = Say what is on the paper
console-evidence-kind-missing-text = It is either her signature or her thumbprint.
console-evidence-kind-missing-out = Choose one and send the photograph again.

console-code-title = By telephone: a one-time password
console-code-about = The node makes six digits. You send them to her telephone the way your institution sends text messages; she reads them back to you. This shows that the password was made and given back in time. That it went to her telephone and not to somebody else's is shown only by the record of your text messages: keep it. Paper proves more.
console-code-make = Make a password
console-code-again = Make another password
console-code-send = Send this text to her telephone
console-code-message = { $code } is your password for { $lender }: { $purpose }. Tell it to the loan officer only if you agree that other lenders are asked what you owe.
console-code-given = What she reads back
console-code-tries = { $n ->
    [one] One try is left.
   *[other] { $n } tries are left.
}
console-code-until = It can be used until { $time }.
console-code-wrong = This is not the password
console-code-wrong-text = It is another number, or its time or its tries are over.
console-code-wrong-out = Try again, or make a new password.

console-form-title = Consent to ask other lenders
console-form-number = Number of this form
console-form-notice = What I was told
console-form-agree = I was told this in a language that I understand, and I agree. I may take my consent back at any time with the code on my receipt.
console-form-name = Name
console-form-date = Date
console-form-signature = Signature or thumbprint
console-form-witness = Witness (for a thumbprint)
console-form-code = Code with the number of the form and the fingerprint of the notice
console-back-to-consent = Back to the consent

console-receipt-title = Her receipt
console-receipt-show = Show the receipt
console-receipt-about = The consent is recorded. Print the receipt and give it to her now: it holds the code with which she can withdraw, and that code is not kept here. It can be shown only while this application is in work.
console-receipt-not-located = Too few key holders could be reached, so the look-up was not prepared. The consent is recorded all the same; this is done with the inquiry.
console-receipt-form = Number of the paper form: { $number }
console-receipt-file = Receipt as a file (JWS)
console-receipt-evidence = Evidence to file
console-receipt-evidence-about = File this text with the record of your text messages: its fingerprint is the evidence that the log commits to.

## The question

console-question-go = Ask the lenders
console-application-answer = Show the answer
console-question-title = The loan and the household's means
console-question-loan = Loan applied for
console-question-amounts-hint = Write amounts without a sign between thousands, as 1500 or 1500.50. Leave empty what you do not know.
console-question-amount = Amount
console-question-currency = Currency
console-question-term = Months
console-question-instalment = Instalment, if it is fixed
console-question-frequency = Falls due
console-question-kind = She will owe it as
console-question-refinances = Account that it replaces
console-question-refinances-hint = Only if the loan pays off one of your own institution: its account number.
console-question-means = The household, each month
console-question-income = Income
console-question-expenses = Expenses without instalments
console-question-spends = Asking spends one use of each consent, and is written into the log under your name. She can see later that you asked.
console-question-ask = Ask now
console-question-amount-missing = Type the amount of the loan. The consent is for this question: it is not asked without.
console-question-amount-wrong = { $name }: this amount can be read in two ways, or not at all. Write it without a sign between thousands.
console-question-currency-wrong = Choose a currency of the network.
console-question-term-wrong = Months: write a whole number.

console-frequency-daily = every day
console-frequency-weekly = every week
console-frequency-fortnightly = every two weeks
console-frequency-four-weekly = every four weeks
console-frequency-monthly = every month
console-frequency-two-monthly = every two months
console-frequency-quarterly = every three months
console-frequency-half-yearly = every six months
console-frequency-yearly = every year
console-frequency-bullet = all at the end

console-kind-individual = her own loan
console-kind-group-member = her own loan in a group
console-kind-group = loan to a group
console-kind-guarantor = guarantee

## The answer

console-answer = Answer
console-answer-pass = No objection
console-answer-pass-meaning = Nothing in the policy speaks against this loan. The decision is yours.
console-answer-refer = To be decided by a person
console-answer-refer-meaning = The policy gives no answer by itself. Look at the reasons.
console-answer-decline = Against the policy
console-answer-decline-meaning = At least one limit of the policy is exceeded.
console-why-pass = Fine
console-why-refer = To decide
console-why-decline = Exceeded
console-answer-asked = { $purpose }: { $amount }
console-answer-policy = { $name }, version { $version } of { $day }
console-answer-covers = Covers { $covered } of { $lenders } lenders
console-answer-complete = Every lender's fresh data is in it.
console-answer-incomplete = This answer is not complete: she may owe more than it shows. What is missing stands below.
console-answer-why = Why
console-answer-instalments = Instalments after the loan
console-answer-burden = { $share } of the household's income goes into instalments.
console-answer-limit = The limit is { $share }.
console-answer-over = over the limit
console-answer-within = within the limit
console-answer-key-now = loans that are running
console-answer-key-new = the new loan
console-answer-key-limit = limit of the policy
console-answer-income = Income a month
console-answer-instalments-after = Instalments a month, after the loan
console-answer-instalment-new = of which the new loan
console-answer-left-over = Left over after expenses and instalments
console-answer-owes = What the household owes
console-answer-own = this lender
console-answer-others = others
console-answer-together = together
console-answer-after = after the loan
console-answer-row-owed = Owed, { $currency }
console-answer-row-overdue = Overdue, { $currency }
console-answer-row-monthly = Instalments a month, { $currency }
console-answer-row-reference = Owed, all in { $currency }
console-answer-row-lenders = Lenders with running loans
console-answer-row-active = Running loans
console-answer-row-written-off = Written off
console-answer-row-days = Days past due, worst
console-answer-unknown-part = { $n ->
    [one] (one loan not reported)
   *[other] ({ $n } loans not reported)
}
console-answer-estimated-part = ({ $amount } of it estimated)
console-answer-estimated = (estimated)
console-answer-not-reported = not reported
console-answer-group = { $n ->
    [one] Beside that, in no sum: one loan to a group as a whole, { $owed } owed.
   *[other] Beside that, in no sum: { $n } loans to a group as a whole, { $owed } owed.
}
console-answer-guaranteed = { $n ->
    [one] Beside that, in no sum: she guarantees one loan, { $owed } owed.
   *[other] Beside that, in no sum: she guarantees { $n } loans, { $owed } owed.
}
console-answer-lenders = Lender by lender
console-answer-masked = The policy of the network does not name the other lenders. The numbers say nothing about who they are.
console-answer-no-record = No record at any lender that this answer covers.
console-answer-no-loans = No loans.
console-answer-figures-of = figures of { $day }
console-answer-lacks = What is missing
console-answer-state = State
console-answer-as-of = Figures of
console-answer-heard = Last heard
console-answer-missing = not heard from
console-answer-stale = figures too old
console-answer-no-data = no data yet
console-answer-never = never
console-answer-unreadable = { $n ->
    [one] One record of { $lender } was not read: { $why }.
   *[other] { $n } records of { $lender } were not read: { $why }.
}
console-answer-persons = Person by person
console-answer-not-found = not found at any lender
console-answer-found = found under { $numbers }
console-answer-found-weak = found under { $numbers } alone, which others may share
console-answer-possible = { $n ->
    [one] Possible match at one lender, under a number that others may share. It was not opened and stands in no sum.
   *[other] Possible match at { $n } lenders, under a number that others may share. They were not opened and stand in no sum.
}
console-answer-owes-alone = Owes
console-answer-pays-alone = Instalments a month
console-answer-asked-others = Other lenders asked
console-answer-asked-own = This lender asked
console-answer-inquiry-counts = { $days30 } in 30 days, { $days90 } in 90, { $days180 } in 180
console-answer-inquiries = Who asked about her
console-answer-dispute = She disputes what { $lender } reports, since { $time }.
console-answer-proof = For the file
console-answer-transaction = Inquiry
console-answer-commitment = Commitment to the question
console-answer-rates = Rate
console-answer-rate = { $rate } { $currency } for one unit, of { $day }

console-loan = Loan
console-loan-status = State
console-loan-owed = Owed
console-loan-disbursed = Paid out
console-loan-overdue = Overdue
console-loan-days = Days past due
console-loan-monthly = A month
console-loan-ends = Until
console-loan-disputed = disputed

console-status-current = running, nothing overdue
console-status-delinquent = running, overdue
console-status-restructured = running, changed terms
console-status-written-off = written off, still owed
console-status-closed = ended

console-unreadable-bad-proof = its proof does not hold
console-unreadable-does-not-open = it does not open under the network's key
console-unreadable-bad-content = what is inside is no record
console-unreadable-unknown-currency = its currency is not known here
console-unreadable-key-gone = the key of its time is gone
console-unreadable-not-covered = its lender has not signed for it yet
console-unreadable-too-many = there are more records than one inquiry opens

## The client's own report, withdrawal

console-report = The client's own report
console-report-about = Everything that is held about her and who asked, in her language, for her to take along.
console-report-go = To her report
console-report-spends = Her request is a consent for this one report. Making it asks every lender and names them.
console-report-make = Make the report
console-report-dispute = She says that something is wrong
console-report-dispute-about = Choose what she disputes. What she says goes sealed to the lender that reports it, and every answer shows meanwhile that it is disputed.
console-report-dispute-all = The whole record

console-withdraw = Withdraw with a receipt
console-withdraw-about = A client of any lender may end a consent with the code on her receipt. Every member is told, and nobody can ask under it any more.
console-withdraw-code = Code on the receipt
console-withdraw-code-hint = 32 signs in groups of four, as ab12-cd34-…
console-withdraw-wrong = This is not a whole code. It has 32 signs: digits and the letters a to f.
console-withdraw-done = The consent is withdrawn
console-withdraw-known = This consent was withdrawn before
console-withdraw-lender = The lender it was given to: { $lenders }.
console-withdraw-unknown = No consent with this code was found
console-withdraw-unknown-text = Compare the code with the receipt, sign by sign. If it is right, a member that was not reached may know the consent: the code has been passed on in any case.
console-withdraw-told = { $n ->
    [0] No other member could be told yet.
    [one] One other member knows.
   *[other] { $n } other members know.
}
console-withdraw-not-told = Not reached yet, and told as soon as they are back: { $members }.

## Disputes

console-dispute = Dispute
console-disputes = Disputes
console-disputes-about = What clients say is wrong: with other lenders' reports, and with ours.
console-disputes-none = There is none.
console-disputes-all = Show those that are closed, too
console-disputes-open-only = Show open ones alone
console-dispute-open = Open a dispute
console-dispute-open-about = Write down what she says, in her words. It goes sealed to the lender; the log says only that there is a dispute.
console-dispute-opened = Opened
console-dispute-where = With whom
console-dispute-about-us = { $member } tells us that its client disputes our report
console-dispute-about-them = Our client disputes what { $member } reports
console-dispute-reason = What is wrong
console-dispute-state = State
console-dispute-left = Time left
console-dispute-days-left = { $n ->
    [one] one day
   *[other] { $n } days
}
console-dispute-over-time = { $n ->
    [one] one day over its time
   *[other] { $n } days over its time
}
console-dispute-record = Record
console-dispute-facility = Which of the loans
console-dispute-text = What she says
console-dispute-text-hint = At most 2,000 signs. Name nobody but her.
console-dispute-meant = Loan that is meant
console-dispute-client = Client in our book
console-dispute-account = Account in our book
console-dispute-said = What the client says
console-dispute-answer = What the lender says
console-dispute-answer-ours = Our answer
console-dispute-answer-accepted = It will be corrected
console-dispute-answer-rejected = The report stands, for reasons
console-dispute-reasons = Reasons for the client
console-dispute-send = Send the answer
console-dispute-corrected-about = When the corrected figures are loaded and published, close the dispute.
console-dispute-close = Close it
console-dispute-told = The client was told the reasons
console-dispute-take-back = The client takes it back
console-dispute-ended = How it ended
console-dispute-outcome-corrected = It was corrected
console-dispute-outcome-rejected = The report stands
console-dispute-outcome-taken-back = The client took it back
console-dispute-about-wrong = It is not clear which record is meant
console-dispute-about-wrong-text = Consent, lender or record are not as an answer shows them.
console-dispute-about-wrong-out = Open the dispute from the client's own report.
console-dispute-text-wrong = Say what is wrong
console-dispute-text-wrong-text = Choose a reason and write 1 to 2,000 signs, without signs that turn the direction of writing.
console-dispute-text-wrong-out = Write it and send it again. What you typed is kept.
console-dispute-reason-not-mine = the loan is somebody else's
console-dispute-reason-already-paid = it was repaid
console-dispute-reason-wrong-amount = an amount is wrong
console-dispute-reason-wrong-arrears = the arrears are wrong
console-dispute-reason-wrong-status = its state is wrong
console-dispute-reason-reported-twice = one loan stands twice
console-dispute-reason-other = something else
console-dispute-state-sending = on its way to the lender
console-dispute-state-refused = the lender's node does not take it
console-dispute-state-open = with the lender, not answered yet
console-dispute-state-accepted = the lender will correct it
console-dispute-state-rejected = the lender says that its report stands
console-dispute-state-resolved = closed

## Signing in, and one's own account

console-sign-in-name = Name
console-sign-in-password = Password
console-sign-in-code = Code of your authenticator app
console-sign-in-code-hint = Six digits that change every half minute.
console-sign-in-code-needed = Type your password again, and the code that your authenticator app shows now.
console-sign-in-refused = Name, password or code is wrong.
console-sign-in-locked =
    { $n ->
        [one] Too many attempts. Try again in a minute.
       *[other] Too many attempts. Try again in { $n } minutes.
    }
console-sign-in-failed = The node could not look this up. Try again; if it goes on, tell your administrator.
console-sign-in-help = You have forgotten your password? Your administrator gives you a new one.
console-account = My account
console-account-password = Change the password
console-account-old = Your password now
console-account-new = New password
console-account-new-hint = At least 10 characters. A few words are easier to keep than signs.
console-account-again = The new password again
console-account-change = Change the password
console-account-differ = The two new passwords differ. Nothing was changed.
console-account-old-wrong = Your present password is wrong. Nothing was changed.
console-account-weak = The new password will not do: it is too short, too long, or too easy to guess. Nothing was changed.
console-account-factor = Second factor
console-account-factor-on = A code of your authenticator app is asked for when you sign in. If you lose your device, your administrator can take this away.
console-account-factor-off = You sign in with your password alone. With an authenticator app on your telephone nobody who learns your password can sign in.
console-account-factor-begin = Set up an authenticator app
console-account-factor-scan = Let your authenticator app read this picture, or type the letters below it. Then type the code that it shows.
console-account-factor-confirm = Confirm
console-account-factor-done = From now on a code is asked for when you sign in.
console-account-factor-wrong = The code does not fit. Check the time of your telephone, and begin again.
console-account-hands = Who had a hand in your account
console-own-password = Choose your own password
console-own-password-why = The password that you signed in with was given to you by somebody else. It serves for this page alone: choose one that nobody else knows, and sign in with it.
console-own-password-given = That is the password that was given to you. Choose another.
console-own-password-choose = Take this password
console-news = About your account
console-news-admitted = { $by } admitted you and gave you a password: { $time }.
console-news-password = { $by } gave you a new password: { $time }.
console-news-factor = { $by } took your second factor away: { $time }.
console-news-machine = Somebody at the machine of the node
console-news-before = You had signed in before this: { $time }.
console-news-first = You had not signed in before this.
console-news-failures = Failed attempts to sign in under your name after that: { $n }.
console-news-check = If you did not ask for this, or it was not you who signed in then, tell your manager at once, and not the administrator alone.
console-news-go-on = Go on
console-interface = Interface
console-interface-about = What other systems may ask of this node, each with an access token. The description is made from the program, in English.
console-role-loan-officer = Loan officer
console-role-supervisor = Supervisor
console-role-data-clerk = Data clerk
console-role-operator = Operator
console-role-auditor = Auditor
console-role-administrator = Administrator

## Data clerk

console-clerk-load = Load a file
console-clerk-format = Form of the file
console-clerk-format-csv = CSV: text with columns
console-clerk-format-xlsx = Workbook (XLSX)
console-clerk-format-cdf = CDF: the common data format of India's bureaus
console-clerk-format-fineract = JSON of Apache Fineract
console-clerk-format-missing = Choose the form of the file.
console-clerk-full = The file holds every loan of its branches: what it leaves out has ended
console-clerk-look = Only look: show how the file is understood, and write nothing
console-clerk-more = Columns of your own, and what the file does not say
console-clerk-currency = Currency of rows that name none
console-clerk-currency-wrong = Choose a currency of the network.
console-clerk-as-of = Day of the figures
console-clerk-day-wrong = Write the day as year, month and day: 2026-11-22.
console-clerk-branch = Branch of rows that name none
console-clerk-mapping = Mapping of columns
console-clerk-mapping-hint = Paste your mapping file (TOML) here. A file with our own column names needs none.
console-clerk-mapping-wrong = The mapping cannot be used: { $why }
console-clerk-file = The file
console-clerk-file-hint = It goes straight into the encrypted book; no copy is left anywhere.
console-clerk-file-missing = Choose the file.
console-clerk-go = Load
console-clerk-sending = The file is being sent. Please leave this page open until the next one comes.
console-clerk-history = Loads
console-clerk-none = Nothing has been loaded yet.
console-clerk-older = Older loads are not listed here.
console-clerk-running = The file is being loaded
console-clerk-phase-reading = Reading the file and comparing it with the book
console-clerk-phase-loading = Taking the rows into the book
console-clerk-phase-closing = Closing what the file leaves out
console-clerk-rows = Rows
console-clerk-leave = You may leave this page: the load goes on, and stands in the list of loads when it has ended.
console-clerk-failed = The file was not loaded
console-clerk-back = Back to the loads
console-clerk-looked = Looked at, nothing written
console-clerk-looked-text = This is how the file is understood. Load it without “only look” when it is right.
console-clerk-same = This very file was loaded before
console-clerk-same-as = Nothing was changed. It is load { $n }.
console-clerk-would-hold = The load would be held
console-clerk-findings = About the whole file
console-clerk-rejects = Rejected rows
console-clerk-rejects-about = They are not in the book. Mend them in the file or in your core banking system and load the file again; rows that were good change nothing the second time. That you looked at them is logged, for they are about persons.
console-clerk-notes = Remarks about rows that were taken
console-clerk-note = Remark
console-clerk-line = Line
console-clerk-line-n = Line { $n }
console-clerk-field = Field
console-clerk-why = What is wrong
console-clerk-fault = Fault
console-clerk-empty = (empty)
console-clerk-row-gone = The row itself is not kept: it was too long, or too many were rejected.
console-clerk-understood = The first rows, as they are understood
console-clerk-account = Account
console-clerk-client = Client

console-load = Load { $n }
console-load-number = Number
console-load-file = File
console-load-state = State
console-load-good = Rows taken
console-load-rejected = Rows rejected
console-load-skipped = Rows that are no loans
console-load-full = all loans of its branches
console-load-new = New loans
console-load-changed = Changed loans
console-load-unchanged = Unchanged loans
console-load-older = Rows older than the book
console-load-closed = Loans closed because the file leaves them out
console-load-figures = Figures of the file
console-load-median = Owed, the middle loan
console-load-decided = decided by { $by }
console-load-held-for = The load is held
console-load-was-held-for = The load was held
console-load-decide = Nothing of it is in the book. A person decides, by name: take it in if the figures are right, else throw it away and load a better file.
console-load-release = Take it into the book
console-load-discard = Throw it away
console-load-undo = Undo this load
console-load-undo-about = The book goes back to what it was before this load, and other lenders see that within minutes.
console-load-reading = being read
console-load-held = held, to be decided
console-load-loading = going into the book
console-load-loaded = in the book
console-load-undoing = going out of the book
console-load-undone = undone
console-load-discarded = thrown away

## Network: for the operator

console-alarms = What to look at
console-alarms-none = Nothing needs you now.
console-alarm-failed = Does not work
console-alarm-warning = Look at it
console-alarm-disk = The disk of this node is full. It writes nothing and serves nobody.
console-alarm-disk-out = Make room, then start the node again.
console-alarm-asking = This node waits for other members to say whether its log is whole.
console-alarm-asking-out = Usually a minute after a start. If it lasts, test the connections.
console-alarm-behind = This node's store is an older copy of itself. It writes nothing and serves nobody.
console-alarm-behind-out = It fetches what it lacks from the others. Test the connections; the bad-day chapter of the operations guide says what to do when they are gone for good.
console-alarm-holders = { $near } of the { $needed } key holders that are needed can be reached: no inquiry is answered. Away: { $away }.
console-alarm-holders-out = Test the connections to them, and call whoever looks after their nodes.
console-alarm-holders-just = Just the { $needed } key holders that are needed can be reached. Away: { $away }.
console-alarm-holders-just-out = One more that goes away stops every inquiry. Call whoever looks after their nodes.
console-alarm-no-keys = The network has no keys yet, so nobody can ask anything.
console-alarm-no-keys-out = Deal them with the key ceremony.
console-alarm-own-feed = Some rows of this lender's own feed are not on its disk as they were published, since { $time }.
console-alarm-own-feed-out = The node puts them right by itself. If it comes again, test the disk.
console-alarm-loads = { $n ->
    [one] One load is held until a person decides.
   *[other] { $n } loads are held until a person decides.
}
console-alarm-loads-out = A supervisor decides on the clerk's pages.
console-alarm-disputes = { $n ->
    [one] One dispute is open beyond the policy's time.
   *[other] { $n } disputes are open beyond the policy's time.
}
console-alarm-disputes-out = Whoever answers for disputes finds it in the list.
console-alarm-escalated = { $n ->
    [one] Members told this operator of one overdue dispute.
   *[other] Members told this operator of { $n } overdue disputes.
}
console-alarm-escalated-out = Ask the lenders concerned what is in the way.
console-alarm-certificate = The certificate of this node ends on { $time }.
console-alarm-certificate-out = Ask the operator for a new one before it ends (“tally network renew”), and install it with “tally member install”: the node takes it while it runs.
console-alarm-member-certificate = The certificate of { $member } ends on { $time }.
console-alarm-member-certificate-out = The operator renews it (“tally network renew”) and the member installs it. After its end nobody lets that member in.
console-alarm-roster = The list of members that is followed ends on { $time }.
console-alarm-roster-out = The operator signs a new one.
console-alarm-forked = { $member } was caught with two histories of its log.
console-alarm-forked-out = The evidence is kept. The operator has to decide about this member.
console-alarm-two-states = { $member } signed two different states of its feed under one number.
console-alarm-two-states-out = The evidence is kept. Ask the member, and tell the auditor.
console-alarm-differs = What is held here of { $member } is not what it signed.
console-alarm-differs-out = It is fetched anew by itself. If it lasts, ask the member to look at its node.
console-alarm-carrier = { $member } carried the feed of another member badly, and is not asked for a while.
console-alarm-carrier-out = Once may be a bad disk. If it comes again, ask the member.
console-alarm-pattern-out = Unusual, and by itself no proof of anything. Ask the member; an auditor can draw a sample.
console-pattern-reporting-above-rows = { $member } asked for { $n } identifiers more, to report them, than rows followed ({ $of } rows in 30 days).
console-pattern-refused-evaluations = { $n } of { $of } evaluations that { $member } asked for were refused for what it asked.
console-pattern-quota-refusals = { $member } was refused { $n } times for a spent quota, or for being ahead of its feed.
console-pattern-unused-consents = { $n } of { $of } consents of { $member } were not used within a week.
console-pattern-located-not-asked = Under { $n } of { $of } consents of { $member } clients were located, and nobody asked within a week.
console-pattern-burst-of-inquiries = { $member } asked { $n } times on { $day }; on its other days { $of } times in the mean.
console-pattern-inquiries-at-night = { $member } asked { $n } times in hours in which it hardly ever asks, of { $of } in a week.
console-pattern-unknown-withdrawal-codes = { $n } withdrawal codes that belong to no consent came to the network by { $member }.
console-pattern-recoveries = The log of { $member } came back { $n } times to an older copy.
console-pattern-market-counted-again = { $member } counted its clients { $n } times more than once for market figures of one month.

console-members = Members
console-member = Member
console-member-data = Data
console-member-quality = Quality index
console-member-quality-about = The index goes from 0 to 100 and is worked out from what this node sees: 50 points for the age of the figures, 30 for a feed signed on time, 20 for rows and log that agree with what was signed. It says nothing about whether the figures are true.
console-member-contact = Last contact
console-member-rows = Rows
console-member-no-lender = does not report
console-member-fresh = fresh
console-member-stale = figures too old
console-member-missing = not heard from
console-member-never = never heard
console-member-no-data = no figures yet
console-member-role-lender = lender
console-member-role-key-holder = key holder
console-member-role-witness = witness
console-member-role-operator = operator

console-holders = Key holders
console-holders-needed = Needed for every inquiry
console-holders-near = In reach
console-holders-away = Away
console-quotas = Used here today
console-quotas-about = As this key holder counts, since midnight UTC. Other key holders count for themselves.
console-quota-inquiries = Inquiries
console-quota-points = Points for inquiries
console-quota-reporting = Points for reporting
console-operator-used = { $n } of { $most }
console-operator-node = This node
console-operator-unknown = not known here
console-operator-certificate = Its certificate ends
console-operator-roster = List of members, version
console-operator-roster-until = That list ends
console-operator-log = Leaves in its log
console-operator-rows = Rows in its feed
console-operator-waiting = Clients that wait to be published
console-operator-certificates-others = When another member's certificate ends is known here once that member was connected. The operator's command “tally network list” shows all of them.

console-connections = Connections
console-connections-about = A test asks the other node for its list of members and waits for the reply. It opens nothing and spends nothing.
console-connections-none = There is no other member.
console-peer-address = Address
console-peer-dials = none: it calls us
console-peer-failure = Last failure
console-peer-test = Test
console-peer-test-of = Test the connection to { $member }
console-peer-detail = For technicians:
console-peer-answered = { $n ->
    [one] It answered in one millisecond.
   *[other] It answered in { $n } milliseconds.
}
console-peer-same-roster = It follows the same list of members as this node.
console-peer-other-roster = It follows version { $n } of the list of members, which is not ours. The newer one spreads by itself within minutes.
console-peer-not-here = It has no connection open to us now, and no address at which we could call it.
console-peer-not-here-out = It has to call us: ask whoever looks after it whether it runs and has a way to the internet.
console-peer-unreachable = It cannot be reached.
console-peer-unreachable-out = Ask whoever looks after it whether it runs, and whether its address and port are still those above. If nobody can be reached, look at our own way to the internet.
console-peer-wrong = It answered with something that is no answer.
console-peer-wrong-out = Its program may be of another version. Tell whoever looks after it.
console-peer-silent = It took the connection and did not answer in time.
console-peer-silent-out = It may be overloaded. Try again in some minutes, then tell whoever looks after it.

console-market = Market figures
console-market-about = How many clients are known to one, two, three, and four or more lenders. Every lender counts its own clients and adds noise before it tells; no record is opened, and nobody can be found in the figures.
console-market-none = In the logs that are here, no lender has counted yet. Each does so once a month, by itself.
console-market-chart = Share of clients known to two, three, and four or more lenders, by month
console-market-month = Month
console-market-class = { $n ->
    [one] one lender
   *[other] { $n } lenders
}
console-market-class-more = { $n } or more
console-market-all = All clients
console-market-within = Off by at most
console-market-lenders = Lenders counted
console-market-few = fewer than { $n }
console-market-missing = Not counted yet: { $members }. The figures are too low.
console-market-not-here = The logs of these members are not here: { $members }. The figures are too low here; the operator sees all.
console-market-partial = Some lenders counted without all rows. The figures are too low.
console-market-csv = Figures as CSV
console-market-privacy = What they cost of the clients' privacy
console-market-privacy-about = The noise is drawn once and kept: asking again costs nothing and tells nothing more. “Off by at most” holds 19 times in 20.
console-market-budget = Spent in twelve months: ε { $spent } of { $most }; one month costs { $month }.

## Auditor

console-browse = Search the log
console-browse-about = Every leaf of this node's log and of those that are mirrored here, by kind, by day, by anything in it.
console-browse-leaves = Leaves
console-browse-every-kind = every kind
console-browse-find = What stands in it
console-browse-find-hint = The number of a consent or an inquiry, a hash, or a word of the leaf: letters, digits and dashes.
console-browse-none = No such leaf was found.
console-browse-stopped = The search stopped after many leaves. Go on with older ones.
console-browse-older = Older leaves
console-logs = Logs that are here
console-log-of = Log of
console-log-own = this node
console-log-leaves = Leaves
console-log-forks = Two histories
console-log-no-forks = none seen
console-log-verified = Verified now
console-log-origin = Name of the log
console-log-root = Root of the tree
console-log-quorum = Witnesses
console-log-quorum-yes = A checkpoint has the cosignatures of the witnesses' quorum.
console-log-quorum-no = No checkpoint has the witnesses' quorum yet.
console-checkpoint = Newest checkpoint of this node
console-verify = Verify every log here
console-verify-about = Computes each tree anew from its leaves and compares it with what its owner signed. A long log takes some minutes. Whether this machine can be trusted, only the verifier on a machine of your own can say: take the evidence along.
console-verified = This is what came of it.
console-verify-whole = { $n ->
    [one] Its one leaf leads to what its owner signed.
   *[other] All { $n } leaves lead to what its owner signed.
}
console-verify-forked = Its owner signed two different trees of these sizes: { $sizes }.
console-verify-damaged = It does not verify: { $why }.
console-evidence-take = Take the evidence
console-evidence-take-about = An archive of what “tally log export” writes: tiles, checkpoint, lists of members, what is known of other logs, feeds. “tally audit verify” reads it offline, once it is unpacked.

console-follow = Follow an inquiry
console-follow-about = One consent or inquiry through every log that is here: what the asker logged, what key holders logged against it, and whether both agree.
console-follow-number = Number
console-follow-number-hint = Of an inquiry or a consent (32 digits), or the hash of a leaf (64 digits).
console-follow-wrong = This is no such number: 32 or 64 hexadecimal digits.
console-follow-none = No log that is here knows this number.
console-follow-sides = Both sides
console-follow-agree = Agrees
console-follow-differ = Differs
console-follow-open = Not seen
console-follow-course = In order of time
console-follow-logs = Gone through: the logs of { $logs }.
console-follow-cut = Older leaves of a long log were left out, or there are too many to show.
console-follow-served = Opening { $index } of { $log }: logged as served by { $served } of the { $needed } key holders that are needed, or more.
console-follow-served-few = Opening { $index } of { $log }: in the logs here, { $served } of the { $needed } key holders that are needed logged that they served it. The other holders' logs are not mirrored here, or do not show it: compare their own exports.
console-follow-other-leaf = { $holder } logged that it served leaf { $index } of { $log }, but that leaf is another one in the log here.
console-follow-leaf-missing = { $holder } logged that it served leaf { $index } of { $log }, and the log here does not show it.
console-follow-log-missing = { $holder } logged that it served leaf { $index } of { $log }, whose log is not here.

console-leaf-kind = Kind
console-leaf-says = What it says
console-leaf-transaction = Transaction
console-leaf-index = Place in the log
console-leaf-hash = Hash
console-leaf-names = Leaves that it names
console-leaf-text = Word for word
console-leaf-before = The leaf before
console-leaf-after = The leaf after
console-leaf-under = under leaf { $index }
console-leaf-unknown = a kind of a later program
console-leaf-consent-given = Consent given
console-leaf-consent-withdrawn = Consent withdrawn
console-leaf-withdrawal-received = Withdrawal code received
console-leaf-inquiry-opened = Inquiry opened
console-leaf-inquiry-answered = Inquiry answered
console-leaf-inquiry-refused = Inquiry refused
console-leaf-accessed = Seen or recorded by a user
console-leaf-evaluation-served = Evaluation served
console-leaf-evaluation-refused = Evaluation refused
console-leaf-reporting-batch = Clients published for the first time
console-leaf-feed-state = Feed state signed
console-leaf-load-decided = Load decided
console-leaf-dispute-opened = Dispute opened
console-leaf-dispute-received = Dispute received
console-leaf-dispute-answered = Dispute answered
console-leaf-dispute-resolved = Dispute closed
console-leaf-dispute-escalated = Dispute overdue, operator told
console-leaf-erasure = Explanation erased
console-leaf-binding-made = Points explained to an auditor
console-leaf-market-counted = Clients counted for market figures
console-leaf-log-opened = Log opened
console-leaf-roster-accepted = List of members accepted
console-leaf-shares-installed = Key shares installed
console-leaf-log-recovered = Log recovered
console-leaf-log-succeeds = Log goes on for another one
console-access-consent-recorded = consent recorded
console-access-consent-read = consent read
console-access-consent-withdrawn = consent withdrawn
console-access-inquiry = asked
console-access-answer-read = answer read
console-access-subject-report = own report made
console-access-erasure = erased
console-access-dispute-step = dispute changed
console-access-dispute-read = disputes read
console-access-load = load
console-access-rejects-read = rejected rows read
console-access-binding = explained to an auditor
console-access-backup = backup taken
console-access-user-admitted = user admitted
console-access-user-changed = user changed
console-access-sign-in-reset = password or second factor reset
console-access-token-issued = access token given out
console-access-token-revoked = access token revoked
console-access-proposed = proposed
console-access-proposal-read = proposals read
console-access-approved = approved
console-access-proposal-ended = proposal ended
