# Why the verdict is what it is: one sentence for each rule of the policy, as a loan officer says it to the client.

# The sentence: what was found, then the limit of the rule.
reason-judged = { $found }; { $limit }.
reason-judged-converted = { $found } (converted at the reference rates); { $limit }.
reason-cannot-be-judged = { $subject } cannot be judged; { $limit }.
reason-not-known = Not known: { $needs }.
reason-not-asked = { $subject }: not asked.
reason-replaces-none = This loan replaces no other.
# A figure of which a part is missing.
reason-at-least = at least { $figure }

# $when is "after" where a loan is asked for, else "now".
reason-found-lenders =
    { $count ->
        [one] { $count } lender
       *[other] { $count } lenders
    } { $when ->
        [after] after this loan, this one included
       *[now] now
    }
reason-found-exposure =
    { $when ->
        [after] The household would owe { $total } after this loan on { $class }
       *[now] The household owes { $total } now on { $class }
    }
reason-found-instalments =
    { $when ->
        [after] Monthly instalments after this loan would be { $monthly }, { $share }
       *[now] Monthly instalments now are { $monthly }, { $share }
    }
reason-partly-estimated = { $amount } ({ $estimated } of it estimated)
reason-share-of-income = { $share } of household income { $income }
reason-no-income = with no household income
reason-found-income = The household's yearly income is { $income }
reason-found-arrears = The worst loan is { $days } past due
reason-found-arrears-beyond =
    The worst loan is { $days } past due, with { $overdue } overdue on loans beyond { $limit ->
        [one] { $limit } day
       *[other] { $limit } days
    }
reason-found-refinancing = The new loan of { $new } is { $share } of the { $old } paid out on the loan it replaces
reason-more-than-any-share = more than any share
reason-found-inquiries =
    Other lenders asked about this client { $count ->
        [one] { $count } time
       *[other] { $count } times
    } in the last { $days ->
        [one] day
       *[other] { $days } days
    }
reason-found-written-off =
    { $count ->
        [0] No loan was written off.
        [one] { $count } loan was written off and is still owed.
       *[other] { $count } loans were written off and are still owed.
    }
reason-found-disputed =
    { $count ->
        [0] The client disputes no loan.
        [one] The client disputes { $count } loan: the figures may be wrong.
       *[other] The client disputes { $count } loans: the figures may be wrong.
    }
reason-complete = Every lender's data is in this answer.
reason-not-complete = This answer is not complete: { $lacking }. The client may owe more than it shows.
reason-lacking-missing =
    { $count ->
        [one] { $count } lender was not heard from
       *[other] { $count } lenders were not heard from
    }
reason-lacking-stale =
    { $count ->
        [one] the data of { $count } lender is too old
       *[other] the data of { $count } lenders is too old
    }
reason-lacking-unreadable =
    { $count ->
        [one] { $count } row could not be read
       *[other] { $count } rows could not be read
    }

reason-limit = the limit is { $figure }
reason-limit-income = up to { $income } a loan counts as microfinance
reason-limit-of-policy = the policy sets the limit
reason-days-and-overdue = { $days } with more than { $overdue } overdue

reason-subject-lenders-max = The number of lenders
reason-subject-exposure-max = What the household owes
reason-subject-instalment-share-max = The share of instalments in household income
reason-subject-income-ceiling = The household's yearly income
reason-subject-days-past-due-max = The days past due
reason-subject-refinancing-max = The size of the refinancing
reason-subject-recent-inquiries-max = The number of recent inquiries
reason-subject-written-off = Written-off loans
reason-subject-disputed = Loans that the client disputes
reason-subject-incomplete-data = Whether the answer is complete

# "on …": which loans are added up.
reason-class-all = its own loans
reason-class-individual = individual loans
reason-class-group-member = its own loans inside groups
reason-class-group = loans to its groups
reason-class-guarantor = loans that it guarantees
reason-class-with-group-and-guaranteed = all loans, those to its groups and guaranteed ones included

reason-need-outstanding =
    { $count ->
        [one] what is owed on { $count } loan
       *[other] what is owed on { $count } loans
    }
reason-need-instalment =
    { $count ->
        [one] the instalment of { $count } loan
       *[other] the instalment of { $count } loans
    }
reason-need-days-past-due =
    { $count ->
        [one] the days past due of { $count } loan
       *[other] the days past due of { $count } loans
    }
reason-need-overdue =
    { $count ->
        [one] what is overdue on { $count } loan
       *[other] what is overdue on { $count } loans
    }
reason-need-household-income = the household's monthly income
reason-need-requested-loan = the amount of the new loan
reason-need-requested-instalment = the instalment or the term of the new loan
reason-need-refinanced-loan = the loan to be replaced, which is not among this lender's running ones
reason-need-refinanced-disbursed = what was paid out on the loan to be replaced
