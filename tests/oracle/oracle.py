#!/usr/bin/env python3
"""A second opinion on every answer, written from the text of the rules.

Reads sample books, a policy and questions (README.md beside this file describes the format) and prints, for
each question, what the answer has to say. Python's standard library only; no code is shared with the program.

    oracle.py expect BOOKS.json                     prints {question id: expected answer}
    oracle.py compare BOOKS.json QUESTION ANSWER    compares one answer (a file with its JSON); exit code 1 and
                                                    one line per difference when they differ
"""

import datetime
import json
import math
import sys
from fractions import Fraction

ACTIVE = ("current", "delinquent", "restructured")
OWN = ("individual", "group-member")
CLASSES = {
    "all": OWN,
    "individual": ("individual",),
    "group-member": ("group-member",),
    "group": ("group",),
    "guarantor": ("guarantor",),
    "with-group-and-guaranteed": OWN + ("group", "guarantor"),
}
PER_MONTH = {
    "daily": Fraction(365, 12),
    "weekly": Fraction(52, 12),
    "fortnightly": Fraction(26, 12),
    "four-weekly": Fraction(13, 12),
    "monthly": Fraction(1),
    "two-monthly": Fraction(1, 2),
    "quarterly": Fraction(1, 3),
    "half-yearly": Fraction(1, 6),
    "yearly": Fraction(1, 12),
}
AMOUNTS = ("disbursed", "outstanding", "overdue", "instalment", "written_off")
GRAVITY = {"closed": 0, "current": 1, "restructured": 2, "delinquent": 3, "written-off": 4}
DAY_SECONDS = 86400


def day(text):
    return datetime.date.fromisoformat(text)


def utc_day(seconds):
    return datetime.date(1970, 1, 1) + datetime.timedelta(days=seconds // DAY_SECONDS)


def months_left(today, matures):
    """Months from today to maturity; a begun month is a month; never less than one."""
    months = (matures.year - today.year) * 12 + matures.month - today.month
    if matures.day > today.day:
        months += 1
    return max(months, 1)


class Money:
    """Decimals and rates of one policy. Amounts are exact numbers of major units."""

    def __init__(self, policy):
        self.pinned = policy["currencies"]["pinned"]
        self.reference = policy["currencies"]["reference"]
        self.used = set()

    def knows(self, currency):
        return currency in self.pinned

    def unit(self, currency):
        return Fraction(1, 10 ** self.pinned[currency]["exponent"])

    def up(self, value, currency):
        """Rounded up to the currency's smallest unit."""
        unit = self.unit(currency)
        return math.ceil(value / unit) * unit

    def down(self, value, currency):
        unit = self.unit(currency)
        return math.floor(value / unit) * unit

    def text(self, value, currency):
        exponent = self.pinned[currency]["exponent"]
        minor = value * 10**exponent
        assert minor.denominator == 1, "an amount finer than its currency"
        digits = str(abs(minor.numerator)).rjust(exponent + 1, "0")
        sign = "-" if minor < 0 else ""
        if exponent == 0:
            return sign + digits
        return f"{sign}{digits[:-exponent]}.{digits[-exponent:]}"

    def text_up(self, value, currency):
        return self.text(self.up(value, currency), currency)

    def money(self, value, currency):
        return {"currency": currency, "amount": self.text(value, currency)}

    def rate(self, currency):
        if currency == self.reference:
            return Fraction(1)
        self.used.add(currency)
        return Fraction(self.pinned[currency]["per_reference"])

    def convert(self, value, source, target):
        if source == target or value == 0:
            return value
        return value / self.rate(source) * self.rate(target)

    def rates_used(self):
        def plain(text):
            whole, _, fraction = text.partition(".")
            fraction = fraction.rstrip("0")
            return str(int(whole)) + ("." + fraction if fraction else "")

        return [
            {
                "currency": currency,
                "per_reference": plain(self.pinned[currency]["per_reference"]),
                "as_of": self.pinned[currency]["as_of"],
            }
            for currency in sorted(self.used)
        ]


def known(text):
    """A reported amount; absent and negative ones are not reported."""
    if text is None:
        return None
    value = Fraction(text)
    return value if value >= 0 else None


def spread(instalment, frequency, owed, months):
    """Monthly instalment and what it rests on."""
    if instalment is not None and instalment == 0 and owed != 0:
        instalment = None  # a zero beside a debt is an empty field
    if instalment is not None and frequency in PER_MONTH:
        return instalment * PER_MONTH[frequency], "reported"
    if instalment is not None and frequency == "bullet" and months is not None:
        return instalment / months, "reported"
    if owed is not None and months is not None:
        return owed / months, "estimated"
    return None, "unknown"


def monthly(loan, today):
    months = months_left(today, day(loan["matures"])) if loan.get("matures") else None
    return spread(known(loan.get("instalment")), loan.get("frequency"), known(loan.get("outstanding")), months)


def is_active(loan):
    return loan["status"] in ACTIVE


def is_written_off(loan):
    return loan["status"] == "written-off"


def still_owed(loan):
    return is_active(loan) or is_written_off(loan)


# ---------------------------------------------------------------------------------------------- loans of a person


def loans_of(world, person, money, unknown_currency):
    """Distinct loans of one person, and her lenders with the newest day of each."""
    newest = {}
    for book in world["books"]:
        for client in book["clients"]:
            if client["person"] != person:
                continue
            key = (book["lender"], client["client"])
            if key not in newest or day(client["as_of"]) > day(newest[key]["as_of"]):
                newest[key] = client
    disputed = {(d["lender"], d["client"]) for d in world.get("disputes", []) if d["person"] == person}
    loans, lenders = [], {}
    for (lender, number), client in sorted(newest.items()):
        lenders[lender] = max(lenders.get(lender, client["as_of"]), client["as_of"])
        for loan in client["loans"]:
            if not money.knows(loan["currency"]):
                unknown_currency[lender] = unknown_currency.get(lender, 0) + 1
                continue
            copy = dict(loan, lender=lender, as_of=client["as_of"])
            copy["disputed"] = loan.get("disputed", False) or (lender, number) in disputed
            loans.append(copy)
    return distinct(loans), lenders


def distinct(loans):
    """One loan per lender and account: newest figures, closest capacity, disputed if any copy is."""
    capacity = ["individual", "group-member", "group", "guarantor"]
    kept = {}
    for loan in loans:
        key = (loan["lender"], loan["account"])
        if key not in kept:
            kept[key] = dict(loan)
            continue
        other = kept[key]
        rank = lambda l: (l["as_of"], GRAVITY[l["status"]])
        winner = dict(loan if rank(loan) > rank(other) else other)
        winner["kind"] = min(loan["kind"], other["kind"], key=capacity.index)
        winner["disputed"] = loan["disputed"] or other["disputed"]
        kept[key] = winner
    return [kept[key] for key in sorted(kept)]


# -------------------------------------------------------------------------------------------------------- sums


def empty_sums():
    return {
        name: [Fraction(0), 0] for name in ("outstanding", "overdue", "instalment", "estimated", "written_off")
    }


def purse_of(loans, today):
    """Sums per currency of the loans still owed: [value, number of loans without it]."""
    purse = {}

    def put(cell, value):
        if value is None:
            cell[1] += 1
        else:
            cell[0] += value

    for loan in loans:
        if not still_owed(loan):
            continue
        sums = purse.setdefault(loan["currency"], empty_sums())
        if is_active(loan):
            put(sums["outstanding"], known(loan.get("outstanding")))
            put(sums["overdue"], known(loan.get("overdue")))
            put_monthly(sums, monthly(loan, today))
        else:
            amount = known(loan.get("written_off"))
            put(sums["written_off"], amount if amount is not None else known(loan.get("outstanding")))
    return purse


def put_monthly(sums, cost):
    value, basis = cost
    if basis == "unknown":
        sums["instalment"][1] += 1
        return
    sums["instalment"][0] += value
    if basis == "estimated":
        sums["estimated"][0] += value


def converted(purse, money, target, names=("outstanding", "overdue", "instalment", "estimated", "written_off")):
    """These figures of all currencies in one, and whether a rate was needed for any of them."""
    total, foreign = empty_sums(), False
    for currency, sums in sorted(purse.items()):
        for name in names:
            foreign = foreign or (currency != target and sums[name][0] != 0)
            total[name][0] += money.convert(sums[name][0], currency, target)
            total[name][1] += sums[name][1]
    return total, foreign


def shown_sum(cell, money, currency):
    return {"amount": money.text_up(cell[0], currency), "unknown": cell[1]}


def shown_instalment(sums, money, currency):
    return {
        "amount": money.text_up(sums["instalment"][0], currency),
        "estimated": money.text_up(sums["estimated"][0], currency),
        "unknown": sums["instalment"][1],
    }


def shown_currency(currency, sums, money, after=False):
    line = {
        "currency": currency,
        "outstanding": shown_sum(sums["outstanding"], money, currency),
        "instalment": shown_instalment(sums, money, currency),
    }
    if not after:
        line["overdue"] = shown_sum(sums["overdue"], money, currency)
        line["written_off"] = shown_sum(sums["written_off"], money, currency)
    return line


def band(days):
    for most, name in ((0, "current"), (30, "sma-0"), (60, "sma-1"), (90, "sma-2")):
        if days <= most:
            return name
    return "npa"


def totals(loans, money, today):
    purse = purse_of(loans, today)
    reference, foreign = converted(purse, money, money.reference)
    owed = [loan for loan in loans if still_owed(loan)]
    late = [loan["days_past_due"] for loan in owed if loan.get("days_past_due") is not None]
    unknown = len(owed) - len(late)
    ever = [
        days for loan in loans for days in (loan.get("days_past_due"), loan.get("days_past_due_worst")) if days is not None
    ]
    worst = max(late, default=None)
    worst_band = band(worst or 0)
    return {
        "lenders_active": len({loan["lender"] for loan in loans if is_active(loan)}),
        "active": sum(1 for loan in loans if is_active(loan)),
        "written_off": sum(1 for loan in loans if is_written_off(loan)),
        "closed": sum(1 for loan in loans if loan["status"] == "closed"),
        "disputed": sum(1 for loan in owed if loan["disputed"]),
        "currencies": [shown_currency(c, purse[c], money) for c in sorted(purse)],
        "reference": shown_currency(money.reference, reference, money),
        "converted": foreign,
        "arrears": {
            "worst": worst,
            "worst_ever": max(ever, default=None),
            "unknown": unknown,
            "band": "unknown" if unknown and worst_band != "npa" else worst_band,
        },
    }


def exposure(loans, lenders, question, money, today, masked):
    asker = question["asker"]
    own = [loan for loan in loans if loan["kind"] in OWN]
    lines = []
    for lender in sorted(lenders, key=lambda name: (name != asker, name)):
        lines.append(
            {
                "lender": lender,
                "own": lender == asker,
                "as_of": lenders[lender] if lender == asker or not masked else None,
                "facilities": [facility(loan, money, today) for loan in loans if loan["lender"] == lender],
            }
        )
    return {
        "lenders_active": len({l["lender"] for l in loans if is_active(l) and l["kind"] != "guarantor"}),
        "own": totals([loan for loan in own if loan["lender"] == asker], money, today),
        "others": totals([loan for loan in own if loan["lender"] != asker], money, today),
        "together": totals(own, money, today),
        "group": totals([loan for loan in loans if loan["kind"] == "group"], money, today),
        "guaranteed": totals([loan for loan in loans if loan["kind"] == "guarantor"], money, today),
        "lenders": lines,
    }


def facility(loan, money, today):
    currency = loan["currency"]
    line = {name: loan.get(name) for name in ("days_past_due", "days_past_due_worst", "frequency", "opened", "matures")}
    line.update({name: loan.get(name) for name in ("closed", "written_off_on", "loan_cycle")})
    line.update({name: loan[name] for name in ("kind", "status", "currency", "disputed")})
    for name in AMOUNTS:
        line[name] = None if loan.get(name) is None else money.text(Fraction(loan[name]), currency)
    line["monthly"] = shown_monthly(monthly(loan, today), currency, money) if is_active(loan) else None
    return line


def shown_monthly(cost, currency, money):
    value, basis = cost
    return {"amount": None if value is None else money.text_up(value, currency), "basis": basis}


# ---------------------------------------------------------------------------------------------- coverage, inquiries


def coverage(members, freshness, now, unreadable, unknown_currency):
    lines = []
    for member in sorted((m for m in members if m["reports"]), key=lambda m: m["member"]):
        if member["as_of"] is None or member["last_heard"] is None:
            state = "missing"
        elif now - member["last_heard"] > freshness["missing_after_seconds"]:
            state = "missing"
        else:
            age = (utc_day(now) - day(member["as_of"])).days
            state = "stale" if age > freshness["stale_after_days"] or age < -1 else "covered"
        lines.append(
            {
                "member": member["member"],
                "name": member["name"],
                "state": state,
                "as_of": member["as_of"],
                "last_heard": member["last_heard"],
            }
        )
    rows = {}
    for row in unreadable:
        key = (row["lender"], row["why"])
        rows[key] = rows.get(key, 0) + row["count"]
    for lender, count in unknown_currency.items():
        key = (lender, "unknown-currency")
        rows[key] = rows.get(key, 0) + count
    count = lambda state: sum(1 for line in lines if line["state"] == state)
    return {
        "lenders": len(lines),
        "covered": count("covered"),
        "stale": count("stale"),
        "missing": count("missing"),
        "members": lines,
        "unreadable": [{"lender": l, "why": w, "count": n} for (l, w), n in sorted(rows.items()) if n > 0],
    }


def footprints_of(world, person, question, policy):
    """Distinct earlier inquiries that the policy reads, the present one left out."""
    seen = {}
    for print_ in world.get("footprints", []):
        if print_["person"] != person or print_["id"] == question.get("this_footprint"):
            continue
        if question["now"] - print_["asked"] <= policy["inquiry"]["footprint_days"] * DAY_SECONDS:
            seen[(print_["lender"], print_["id"])] = print_
    return list(seen.values())


def within(prints, question, days):
    return sum(1 for p in prints if question["now"] - p["asked"] <= days * DAY_SECONDS)


def inquiries(prints, question, policy, money):
    def counts(own):
        mine = [p for p in prints if (p["lender"] == question["asker"]) == own]
        read = policy["inquiry"]["footprint_days"]
        return {f"days_{n}": within(mine, question, n) if n <= read else None for n in (30, 90, 180)}

    lines = []
    for print_ in prints:
        amount = None
        if print_.get("amount") is not None and money.knows(print_["currency"]):
            amount = money.money(Fraction(print_["amount"]), print_["currency"])
        lines.append(
            {
                "lender": print_["lender"],
                "own": print_["lender"] == question["asker"],
                "asked": print_["asked"],
                "purpose": print_["purpose"],
                "amount": amount,
            }
        )
    return {"others": counts(False), "own": counts(True), "lines": lines}


# -------------------------------------------------------------------------------------------------------- rules


class Case:
    """One question with everything the rules look at."""

    def __init__(self, world, question):
        self.world, self.question, self.policy = world, question, world["policy"]
        self.money = Money(self.policy)
        self.now = question["now"]
        self.today = utc_day(self.now)
        self.request = question["request"]
        self.masked = self.policy["inquiry"]["lender_names"] == "masked"
        unknown_currency = {}
        self.people = [loans_of(world, p["person"], self.money, unknown_currency) for p in question["persons"]]
        inside = [p["role"] != "guarantor" for p in question["persons"]]
        if not any(inside):
            inside = [True] * len(inside)
        self.inside = inside
        everything, self.lenders = [], {}
        for is_inside, (loans, lenders) in zip(inside, self.people):
            if is_inside:
                everything += loans
                for lender, as_of in lenders.items():
                    self.lenders[lender] = max(self.lenders.get(lender, as_of), as_of)
        self.loans = distinct(everything)
        self.coverage = coverage(
            question.get("members", world.get("members", [])),
            self.policy["freshness"],
            self.now,
            question.get("unreadable", []),
            unknown_currency,
        )
        self.old = None
        if self.request.get("refinances") is not None:
            for loan in self.loans:
                if loan["lender"] == question["asker"] and loan["account"] == self.request["refinances"]:
                    if still_owed(loan) and loan["kind"] in OWN:
                        self.old = loan

    def requested(self):
        loan = self.request.get("requested")
        return None if loan is None else dict(loan, kind=loan.get("kind", "individual"))

    def requested_shown(self):
        loan = self.requested()
        if loan is None:
            return None
        shown = {key: loan[key] for key in ("currency", "kind", "frequency", "term_months") if loan.get(key) is not None}
        for key in ("amount", "instalment"):
            if loan.get(key) is not None:
                shown[key] = self.money.text(Fraction(loan[key]), loan["currency"])
        return shown

    def requested_monthly(self):
        loan = self.requested()
        if loan is None:
            return None
        return spread(known(loan.get("instalment")), loan.get("frequency"), known(loan["amount"]), loan.get("term_months"))

    def after_purse(self, kinds):
        """What is owed after the loan by loans of these kinds."""
        kept = [l for l in self.loans if l["kind"] in kinds and is_active(l) and l is not self.old]
        purse = purse_of(kept, self.today)
        loan = self.requested()
        if loan is not None and loan["kind"] in kinds:
            sums = purse.setdefault(loan["currency"], empty_sums())
            sums["outstanding"][0] += Fraction(loan["amount"])
            put_monthly(sums, self.requested_monthly())
        return purse

    def after_lenders(self):
        lenders = {l["lender"] for l in self.loans if is_active(l) and l["kind"] != "guarantor"}
        loan = self.requested()
        if loan is not None and loan["kind"] != "guarantor":
            lenders.add(self.question["asker"])
        return len(lenders)

    def burden(self):
        income = self.request.get("household_income")
        if income is None:
            return None
        currency, value = income["currency"], Fraction(income["amount"])
        sums, foreign = converted(self.after_purse(OWN), self.money, currency, ("instalment", "estimated"))
        cost = self.money.up(sums["instalment"][0], currency)
        left = None
        expenses = self.request.get("household_expenses")
        if expenses is not None:
            spent = self.money.convert(Fraction(expenses["amount"]), expenses["currency"], currency)
            left = self.money.text(self.money.down(value - spent - cost, currency), currency)
        return {
            "income": self.money.money(value, currency),
            "instalment": shown_instalment(sums, self.money, currency),
            "converted": foreign,
            "share_basis_points": math.ceil(cost * 10000 / value) if value > 0 else None,
            "left_over": left,
        }

    def after(self):
        purse = self.after_purse(OWN)
        reference, foreign = converted(
            purse, self.money, self.money.reference, ("outstanding", "instalment", "estimated")
        )
        loan = self.requested()
        return {
            "lenders": self.after_lenders(),
            "requested_monthly": loan and shown_monthly(self.requested_monthly(), loan["currency"], self.money),
            "currencies": [shown_currency(c, purse[c], self.money, after=True) for c in sorted(purse)],
            "reference": shown_currency(self.money.reference, reference, self.money, after=True),
            "converted": foreign,
            "burden": self.burden(),
        }

    # Each rule returns limit, observed, breached (None: cannot be said) and needs.

    def lenders_max(self, rule):
        count = self.after_lenders()
        return {"count": rule["lenders"]}, {"count": count}, count > rule["lenders"], [], "lenders"

    def exposure_max(self, rule):
        currency, kind_of = rule["currency"], rule.get("class", "all")
        sums, foreign = converted(self.after_purse(CLASSES[kind_of]), self.money, currency, ("outstanding",))
        total = self.money.up(sums["outstanding"][0], currency)
        most = Fraction(rule["amount"])
        show = lambda value, foreign: {"class": kind_of, "total": self.money.money(value, currency), "converted": foreign}
        needs = [{"need": "outstanding", "facilities": sums["outstanding"][1]}] if sums["outstanding"][1] else []
        return show(most, False), show(total, foreign), total > most, needs, "exposure"

    def instalment_share_max(self, rule):
        sums, _ = converted(self.after_purse(OWN), self.money, self.money.reference, ("instalment",))
        loan, cost = self.requested(), self.requested_monthly()
        without, needs = sums["instalment"][1], []
        requested_unknown = loan is not None and cost[1] == "unknown"
        if requested_unknown and loan["kind"] in OWN:
            without -= 1
        if without:
            needs.append({"need": "instalment", "facilities": without})
        if requested_unknown:
            needs.append({"need": "requested-instalment"})
        limit, burden = {"figure": "share", "basis_points": rule["basis_points"]}, self.burden()
        if burden is None:
            return limit, None, None, needs + [{"need": "household-income"}], "share"
        currency, share = burden["income"]["currency"], burden["share_basis_points"]
        as_money = lambda text: {"currency": currency, "amount": text}
        observed = {
            "figure": "instalment-share",
            "monthly": as_money(burden["instalment"]["amount"]),
            "income": burden["income"],
            "basis_points": share,
            "estimated": as_money(burden["instalment"]["estimated"]),
            "converted": burden["converted"],
        }
        if share is None:
            breached = Fraction(burden["instalment"]["amount"]) > 0
        else:
            breached = share > rule["basis_points"]
        return limit, observed, breached, needs, "share"

    def income_ceiling(self, rule):
        currency = rule["currency"]
        show = lambda value, foreign: {"yearly": self.money.money(value, currency), "converted": foreign}
        limit = show(Fraction(rule["yearly"]), False)
        income = self.request.get("household_income")
        if income is None:
            return limit, None, None, [{"need": "household-income"}], "income"
        value = Fraction(income["amount"])
        yearly = self.money.up(self.money.convert(12 * value, income["currency"], currency), currency)
        foreign = income["currency"] != currency and value != 0
        return limit, show(yearly, foreign), yearly > Fraction(rule["yearly"]), [], "income"

    def days_past_due_max(self, rule):
        currency, least = rule["currency"], Fraction(rule["minimum_overdue"])
        owed = [l for l in self.loans if still_owed(l) and l["kind"] != "guarantor"]
        days = [l["days_past_due"] for l in owed if l.get("days_past_due") is not None]
        late = [l for l in owed if l.get("days_past_due") is not None and l["days_past_due"] > rule["days"]]
        overdue, foreign, without = Fraction(0), False, 0
        for loan in late:
            figures = [known(loan.get("overdue"))]
            if is_written_off(loan):
                # All of it is overdue, whichever figure the lender still keeps.
                figures += [known(loan.get("written_off")), known(loan.get("outstanding"))]
            amount = max((figure for figure in figures if figure is not None), default=None)
            if amount is None:
                without += 1
                continue
            foreign = foreign or (amount != 0 and loan["currency"] != currency)
            overdue += self.money.convert(amount, loan["currency"], currency)
        total = self.money.up(overdue, currency)
        needs = []
        if len(days) < len(owed):
            needs.append({"need": "days-past-due", "facilities": len(owed) - len(days)})
        if without and least > 0:
            needs.append({"need": "overdue", "facilities": without})
        show = lambda n, value, foreign: {"days": n, "overdue": self.money.money(value, currency), "converted": foreign}
        breached = bool(late) and (least == 0 or total > least)
        observed = show(max(days, default=0), total, foreign)
        return show(rule["days"], least, False), observed, breached, needs, "arrears"

    def refinancing_max(self, rule):
        limit = {"figure": "percent", "percent": rule["percent"]}
        if self.request.get("refinances") is None:
            return limit, None, None, [], None
        loan = self.requested()
        if loan is None:
            return limit, None, None, [{"need": "requested-loan"}], None
        if self.old is None:
            return limit, None, None, [{"need": "refinanced-loan"}], None
        disbursed = known(self.old.get("disbursed"))
        if disbursed is None:
            return limit, None, None, [{"need": "refinanced-disbursed"}], None
        new = self.money.convert(Fraction(loan["amount"]), loan["currency"], self.old["currency"])
        percent = math.ceil(new * 100 / disbursed) if disbursed > 0 else None
        observed = {
            "figure": "refinancing",
            "new": self.money.money(Fraction(loan["amount"]), loan["currency"]),
            "old": self.money.money(disbursed, self.old["currency"]),
            "percent": percent,
            "converted": loan["currency"] != self.old["currency"],
        }
        return limit, observed, percent is None or percent > rule["percent"], [], None

    def recent_inquiries_max(self, rule):
        counts = [0]
        for is_inside, person in zip(self.inside, self.question["persons"]):
            if is_inside:
                prints = footprints_of(self.world, person["person"], self.question, self.policy)
                others = [p for p in prints if p["lender"] != self.question["asker"]]
                counts.append(within(others, self.question, rule["days"]))
        show = lambda count: {"count": count, "days": rule["days"]}
        return show(rule["count"]), show(max(counts)), max(counts) > rule["count"], [], "inquiries"

    def written_off(self, rule):
        count = sum(1 for l in self.loans if is_written_off(l) and l["kind"] != "guarantor")
        return {"count": 0}, {"count": count}, count > 0, [], "facilities"

    def incomplete_data(self, rule):
        unreadable = sum(row["count"] for row in self.coverage["unreadable"])
        missing, stale = self.coverage["missing"], self.coverage["stale"]
        show = lambda m, s, u: {"missing": m, "stale": s, "unreadable": u}
        breached = missing + stale + unreadable > 0
        return show(0, 0, 0), show(missing, stale, unreadable), breached, [], "lacking"

    def reason(self, rule):
        limit, observed, breached, needs, figure = getattr(self, rule["rule"])(rule)
        if figure is not None:
            limit.setdefault("figure", figure)
            if observed is not None:
                observed.setdefault("figure", figure)
        if breached:
            finding, outcome = "breached", rule["on_breach"]
        elif needs:
            finding, outcome = "unknown", "refer"
        elif breached is None:
            finding, outcome = "not-applicable", "pass"
        else:
            finding, outcome = "within", "pass"
        return {
            "rule": rule["rule"],
            "outcome": outcome,
            "finding": finding,
            "limit": limit,
            "observed": observed,
            "at_least": observed is not None and bool(needs),
            "needs": needs,
            "source": rule["source"],
        }

    def person(self, index):
        described = self.question["persons"][index]
        person, (loans, lenders) = described["person"], self.people[index]
        weak = {w["lender"] for w in self.world.get("weak", []) if w["person"] == person} - set(lenders)
        disputes = [d for d in self.world.get("disputes", []) if d["person"] == person]
        prints = footprints_of(self.world, person, self.question, self.policy)
        out = {
            "role": described["role"],
            "exposure": exposure(loans, lenders, self.question, self.money, self.today, self.masked),
            "inquiries": inquiries(prints, self.question, self.policy, self.money),
            "disputes": [{"lender": d["lender"], "opened": d["opened"]} for d in disputes],
            "possible": {"lenders": len(weak), "names": [] if self.masked else sorted(weak)},
        }
        if "consent" in described:
            out["consent"] = described["consent"]
        if "matched" in described:
            matched = described["matched"]
            out["matched"] = sorted({m["scheme"] for m in matched})
            if any(m["strong"] for m in matched):
                out["match_level"] = "strong"
            else:
                out["match_level"] = "weak" if matched or weak else "none"
        return out

    def expected(self):
        reasons = [self.reason(rule) for rule in self.policy["rules"]]
        order = ["pass", "refer", "decline"]
        request = self.request
        money_of = lambda m: m and self.money.money(Fraction(m["amount"]), m["currency"])
        answer = {
            "asker": self.question["asker"],
            "policy": {key: self.policy[key] for key in ("name", "version", "issued")},
            "question": {
                "purpose": request["purpose"],
                "requested": self.requested_shown(),
                "household_income": money_of(request.get("household_income")),
                "household_expenses": money_of(request.get("household_expenses")),
                "refinances": request.get("refinances") is not None,
            },
            "verdict": {"outcome": max((r["outcome"] for r in reasons), key=order.index), "reasons": reasons},
            "complete": self.coverage["covered"] == self.coverage["lenders"] and not self.coverage["unreadable"],
            "coverage": self.coverage,
            "household": exposure(self.loans, self.lenders, self.question, self.money, self.today, self.masked),
            "after": self.after(),
            "persons": [self.person(index) for index in range(len(self.people))],
        }
        answer["rates"] = self.money.rates_used()
        return answer


# ------------------------------------------------------------------------------------------------------ comparing


def normal(value, asker, masked):
    """Puts lists whose order or names carry no figure into one form on both sides."""
    if isinstance(value, list):
        return [normal(item, asker, masked) for item in value]
    if not isinstance(value, dict):
        return value
    out = {key: normal(item, asker, masked) for key, item in value.items()}
    if masked and isinstance(out.get("lender"), str) and out["lender"] != asker:
        out["lender"] = "masked"
    for key in ("lenders", "facilities", "lines", "unreadable", "disputes"):
        if isinstance(out.get(key), list):
            out[key].sort(key=lambda item: json.dumps(item, sort_keys=True))
    return out


def differences(expected, found, path="answer"):
    """Everything that is expected and not found; what the answer says beyond it is not the oracle's matter."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for key, value in expected.items():
            if key not in found:
                yield f"{path}.{key}: missing, expected {json.dumps(value)}"
            else:
                yield from differences(value, found[key], f"{path}.{key}")
    elif isinstance(expected, list) and isinstance(found, list):
        if len(expected) != len(found):
            yield f"{path}: {len(found)} entries, expected {len(expected)}"
        for index, (left, right) in enumerate(zip(expected, found)):
            yield from differences(left, right, f"{path}[{index}]")
    elif expected != found or isinstance(expected, bool) != isinstance(found, bool):
        yield f"{path}: {json.dumps(found)}, expected {json.dumps(expected)}"


def without_extras(found):
    """Drops what only the node knows and what would disturb the order of lists."""
    if isinstance(found, list):
        return [without_extras(item) for item in found]
    if isinstance(found, dict):
        return {key: without_extras(item) for key, item in found.items() if key not in ("records", "about")}
    return found


def main(arguments):
    if len(arguments) == 2 and arguments[0] == "expect":
        with open(arguments[1], encoding="utf-8") as file:
            world = json.load(file)
        json.dump({q["id"]: Case(world, q).expected() for q in world["questions"]}, sys.stdout)
        return 0
    if len(arguments) == 4 and arguments[0] == "compare":
        with open(arguments[1], encoding="utf-8") as file:
            world = json.load(file)
        with open(arguments[3], encoding="utf-8") as file:
            answer = json.load(file)
        matching = [q for q in world["questions"] if q["id"] == arguments[2]]
        if not matching:
            print(f"no question {arguments[2]} in {arguments[1]}", file=sys.stderr)
            return 2
        case = Case(world, matching[0])
        asker = matching[0]["asker"]
        expected = normal(case.expected(), asker, case.masked)
        found = normal(without_extras(answer), asker, case.masked)
        lines = list(differences(expected, found))
        print("\n".join(lines) if lines else "the answer agrees with the books")
        return 1 if lines else 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
