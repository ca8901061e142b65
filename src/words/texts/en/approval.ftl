### What takes more than one person: proposing it and approving it in the console.

approval-area = Approvals
approval-area-waiting = Approvals ({ $n })
approval-area-waiting-more = Approvals ({ $n }+)
approval-area-about = Look-ups without consent, and erasures: what was proposed, and what waits for a second person.
approval-list = Approvals
approval-list-about = A look-up without the client's consent, and an erasure, take more than one person: one proposes it, another looks at it and approves under her own sign-in. What waits ends by itself after seven days.
approval-waiting = Waiting
approval-waiting-none = Nothing waits.
approval-for-you = It waits for you.
approval-past = Decided
approval-past-none = Nothing was decided in the last weeks.
approval-what = What
approval-state = State
approval-state-waiting = waits for approval
approval-state-trouble = approved, not carried out
approval-state-recorded = approved and recorded
approval-state-erased = approved and erased
approval-state-refused = refused
approval-state-taken-back = taken back
approval-state-expired = not approved in time
approval-state-dropped = dropped
approval-what-ground = Look-up without consent, on the ground “{ $ground }”: { $purpose }
approval-what-erasure = Erasure: { $ground }

## Proposing

approval-propose = Propose
approval-ground-propose = Propose a look-up without consent
approval-ground-about = The policy of the network declares grounds that stand in for consent, as a court's order. Another person has to approve this before it is recorded. The log shows that the client did not consent.
approval-ground-none = The policy of the network declares no ground but consent.
approval-ground = Ground
approval-days-hint = Counted from today, not from the approval.
approval-weak = Records under numbers that others may share may be opened
approval-order = The order: a photograph, a scan or the file
approval-order-hint = At most 32 MB. Its hash is taken; the file is not kept here. You file it.
approval-order-only = It is needed for the ground “an order”, and for no other.
approval-order-missing = Choose the file of the order.
approval-order-hash = SHA-256 of the order
approval-note = For whoever approves
approval-note-hint = Where the order or the request is filed, and its number. It is gone when this is decided.
approval-erasure-propose = Propose an erasure
approval-erasure-about = What explains the log about a person is destroyed for good: nobody can be shown any more whom the entries were about. The loan book is not touched. Other persons have to approve it.
approval-erasure-consent = All that is kept under this consent:
approval-erasure-person = Erase everything about a person instead
approval-because = Why
approval-because-client-request = the client asked for it
approval-because-retention-over = the time for which it is kept is over
approval-because-order = an order of a court or an authority
approval-because-missing = Say why it is to be erased.

## One proposal

approval-proposed-by = Proposed by
approval-approved-by = Approved by
approval-no-person = No person yet
approval-no-person-about = A system proposed this; it counts for nobody.
approval-until = Waits until
approval-decided = Decided
approval-reason = Reason
approval-reason-hint = Whoever proposed it reads this. Write nothing about the client: it stays for thirty days.
approval-why = Why
approval-dropped-about = What it was about was erased meanwhile, or the node was put back from a backup.
approval-erased-consents = Consents erased
approval-erased-inquiries = Inquiries erased
approval-erased-batches = Reports shortened
approval-erased-disputes = Disputes erased
approval-too-young = Too young
approval-too-young-about = { $n ->
    [one] One entry was left for the audit, until { $day }.
   *[other] { $n } entries were left for the audit, the last until { $day }.
}
approval-recorded-about = The look-up is recorded in place of a consent.
approval-recorded-show = Show it, and ask under it
approval-consent-show = Show this consent
approval-compare = Compare the order
approval-compare-about = Choose the file that whoever proposed this has filed. It is read, and not kept. Another photograph of the same paper is another file.
approval-compare-same = It is the file that the proposal names.
approval-compare-other = It is not the file that the proposal names: its SHA-256 is { $hash }. Ask for the very file before you approve.
approval-not-compared = Nothing was compared
approval-asked = What is asked
approval-asked-hidden = Whoever proposed it, and those who may approve, see what is asked.
approval-asked-gone = What was asked is not kept any more.
approval-not-carried-out = It could not be carried out
approval-not-carried-out-out = Put right what it says; then whoever may approve tries again.
approval-approve = Approve
approval-approve-about = Compare every number with the order or the request. What you approve is carried out in your name, and the log says so.
approval-turn = You are person { $n } of { $needed }.
approval-again-about = You have approved this. Try once more to carry it out.
approval-password = Your password
approval-password-hint = Once more, so that a screen left open approves nothing.
approval-password-wrong = Password or code is wrong.
approval-not-confirmed = Nothing was approved
approval-not-confirmed-out = Type it once more. Wrong ones count as attempts to sign in.
approval-refuse = Refuse
approval-take-back = Take back
approval-take-back-about = You proposed this. You cannot approve it yourself.
