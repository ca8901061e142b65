# The answer to an inquiry, as the loan officer reads it.

answer-verdict = { $outcome }: { $meaning }
answer-meaning-pass = nothing in the policy speaks against this loan
answer-meaning-refer = a person has to decide
answer-meaning-decline = the policy says no
answer-question = { $purpose }; asked by { $asker }
answer-question-loan = { $purpose }, { $loan } ({ $kind }); asked by { $asker }
answer-policy = { $name }, version { $version } of { $day }

answer-covers =
    { $lenders ->
        [one] Covers { $covered } of { $lenders } lender: { $state }
       *[other] Covers { $covered } of { $lenders } lenders: { $state }
    }
answer-complete = complete
answer-not-complete = NOT COMPLETE, the client may owe more than this shows
answer-missing = missing
answer-stale = too old
answer-not-read = not read
answer-member = { $name } ({ $id }): { $figures }, { $heard }
answer-no-data = no data yet
answer-figures-of = figures of { $day }
answer-never-heard = never heard
answer-last-heard = last heard { $moment }
answer-rows-not-read =
    { $count ->
        [one] { $count } row of { $lender }: { $why }
       *[other] { $count } rows of { $lender }: { $why }
    }

answer-why = Why

answer-household = What the household owes on its own loans
answer-column-own = this lender
answer-column-others = others
answer-column-together = together
answer-column-after = after the loan
# Rows of the table. $currency is its code, or answer-all-in.
answer-row-owed = { $currency } owed
answer-row-overdue = { $currency } overdue
answer-row-monthly = { $currency } a month
answer-row-written-off = { $currency } written off
answer-all-in = all in { $currency }
answer-row-lenders = lenders with active loans
answer-row-active = active loans
answer-row-written-off-ended = written off, ended
answer-row-worst = days past due, worst
answer-row-band = band
# A figure, and how many loans it does not hold.
answer-plus-not-reported = { $figure } (+{ $count } not reported)
answer-plus-not-known = { $figure } (+{ $count } not known)
answer-partly-estimated = { $figure } ({ $estimated } est.)
answer-apart-group = Loans to a group as a whole, in no sum above: { $loans } at { $lenders }: { $sums }
answer-apart-guaranteed = Guaranteed loans, in no sum above: { $loans } at { $lenders }: { $sums }
answer-apart-sum = { $owed } owed, { $overdue } overdue, { $monthly } a month
answer-burden = Household income { $income } a month; instalments { $instalment }
answer-burden-share = Household income { $income } a month; instalments { $instalment }, { $share } of it
answer-left-over = left over after declared expenses { $amount }

answer-lenders = Lender by lender
answer-no-record = no record at any lender that this answer covers
answer-this-lender = { $lender } (this lender)
answer-lender-figures-of = { $lender }, figures of { $day }
answer-no-loans = no loans
answer-loan-paid-out = { $amount } paid out
answer-loan-ended = ended { $day }
answer-loan-worst = worst { $days } past due
answer-loan-written-off = { $amount } written off
answer-loan-written-off-on = on { $day }
answer-loan-owed = { $amount } owed
answer-loan-of = of { $amount }
answer-loan-overdue = overdue { $amount }
answer-loan-days = days past due { $days }
answer-loan-monthly = { $amount } a month
answer-loan-monthly-estimated = { $amount } a month (estimated)
answer-loan-monthly-unknown = instalment not known
answer-loan-until = until { $day }
answer-loan-disputed = DISPUTED by the client

answer-persons = Person by person, own loans in the reference currency
answer-column-lenders = lenders
answer-column-active = active
answer-column-owed = owed
answer-column-overdue = overdue
answer-column-monthly = a month
answer-column-worst = worst days
answer-column-written-off = written off
answer-guarantor-apart = a guarantor stands outside the household and is in none of its sums

answer-person = { $role }: { $found }
answer-not-found = not found at any lender
answer-found = found under { $schemes }
answer-found-weak = found under a weak identifier alone
answer-found-weak-under = found under { $schemes } alone, which is weak
# $lenders is a count, with names in brackets where the policy shows them.
answer-possible = Possible match at { $lenders }: found under a weak identifier alone, not opened, in no sum
answer-possible-named = { $lenders } ({ $names })
answer-inquiries = Inquiries of other lenders: { $others }; of this lender: { $own }
answer-inquiries-within =
    { $days ->
        [one] { $count } in { $days } day
       *[other] { $count } in { $days } days
    }
answer-inquiries-not-read = not read
answer-disputes = Disputes what { $lender } reports, since { $moment } (record { $record })
answer-consent = Consent { $consent }
answer-ground = WITHOUT CONSENT: the look-up rests on the lawful ground “{ $ground }”.

answer-rate = Reference rate: { $one } = { $other }, of { $day }
answer-answered = Answered { $moment } in { $network }, transaction { $transaction }
