### What is wrong with what was asked for, and the way out.

mend-purpose = The network does not know this purpose. It knows: { $known }.
mend-persons = Name 1 to { $most } persons, each with a consent.
mend-applicants = One person is the applicant; the others are spouse, household member or guarantor.
mend-consent-twice = Every person needs a consent of her own; one stands here twice.
mend-consent-number = The number of a consent is not one.
mend-currency = { $field }: { $currency } is not a currency of this network.
mend-amount-form = { $field }: write digits with at most one decimal point, as 1234.50.
mend-amount-decimals = { $field }: more decimals than the { $decimals } that { $currency } has here.
mend-amount-large = { $field }: the amount is too large.
mend-negative = { $field }: it cannot be less than zero.
mend-zero = { $field }: write more than zero.
mend-term = { $field }: at most { $most }.
mend-unfinished = Inquiry { $inquiry } under this consent is unfinished. Ask the same again, and it goes on where it stopped.
mend-other-question = Inquiry { $inquiry } was about another question.
mend-other-purpose = The consent is for another purpose: { $purpose }. Record the client's own request for her report.
mend-name = A name of a person has 1 to { $most } signs, a letter or digit among them, and none that turn the direction of writing.

mend-dispute-nobody-consented = Nobody consented to this. Record the client's own request.
mend-dispute-withdrawn = The client has withdrawn this consent. Record a new request of hers.
mend-dispute-facility = The answer shows { $shown } loans of that lender, counted from 1. Give the number of one of them.
mend-dispute-no-member = There is no member { $member } in the network now.
mend-dispute-no-reasons = Say why the dispute is rejected: the client has a right to the reasons.
mend-dispute-text = A text here has 1 to { $most } signs, and none that turn the direction of writing.
mend-dispute-closed = The dispute is closed.
mend-dispute-answered = It was answered already; the answer is with the other side, and stands.
mend-dispute-not-rejected = The lender has not rejected it: only the client can take it back.
mend-dispute-opener-closes = It was rejected: the member where it was opened closes it.
mend-dispute-not-answered = Answer it first.
mend-dispute-not-corrected = The loan book says of this client what it said when the dispute came. Load the correction first.

mend-identifiers = Give 1 to { $most } numbers of the person.
mend-no-identifier = Give at least one number of the person.
mend-scheme = This network does not use numbers of the kind { $scheme }.
mend-purpose-not-allowed = For this purpose the network does not allow a consent. It allows: { $allowed }.
mend-ground-purpose = The ground { $ground } permits: { $allowed }.
mend-no-ground = The policy knows no ground but consent.
mend-ground-unknown = The policy declares no ground { $ground }; it declares: { $known }.
mend-evidence = An order is evidence of a lawful ground, and of nothing else.
mend-uses = Uses: this network allows 1 to { $most }.
mend-ended = The consent would end before it begins.
mend-period = Days: this network allows at most { $most }.
mend-no-notice = The policy has no notice to show to a client. The operator of the network adds one to it.
mend-notice-language = This network has notices in: { $known }.

mend-approvals-many = Give at most { $most } names.
mend-approvals-same = The same person stands there twice.
mend-approvals-few = Different persons who must approve: { $needed }.
mend-order = An erasure on an order names the document of the order, and no other does.
mend-proposal-long = A text has at most { $most } signs here.
mend-proposal-control = The text holds signs that are not written but control. Type it again.
mend-proposal-reason = Say why, so that whoever proposed it knows.
mend-erase-nothing = Nothing is kept here that could be erased for that.
mend-erase-young = The policy keeps what explains the log for the audit. This can be erased from { $day } on, or by an order.
mend-erase-dispute = Dispute { $dispute } is open. Close it first.
mend-erase-weak = A number of the kind { $scheme } does not name one person alone. Give a stronger one, or the consent.
