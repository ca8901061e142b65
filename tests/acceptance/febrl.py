#!/usr/bin/env python3
"""Books and applicants from two typings of the same 5,000 people, and what has to be found.

The people are those of dataset4a.csv and dataset4b.csv of Febrl (Freely Extensible Biomedical Record Linkage):
`rec-N-org` of the one is `rec-N-dup-0` of the other. Nobody of them exists. Python's standard library only; the
SLK-581 is made here from the rules of the Australian Institute of Health and Welfare (METEOR 349510) and shares no
code with the program, which makes its own from names and birth dates when it asks.

    febrl.py books FEBRL OUT     writes lender-a.csv, lender-b.csv, lender-c.csv, applicants.csv, applicants-slk.csv
    febrl.py check FEBRL OUT     compares answers.csv and answers-slk.csv with what the two files say; exit code 1
                                 and one line per difference when they differ
"""

import csv
import datetime
import os
import random
import sys

SEED = 20261122
SCHEME = "febrl-ssn"
# Published figures of the two files, counted once by hand: the sums below must come to them.
PAIRS_BY_IDENTIFIER = 4561
PAIRS_BY_SLK = 2789
COLUMNS = (
    "account,client,branch,as_of,{scheme},slk-581,kind,status,currency,disbursed,outstanding,overdue,"
    "days_past_due,instalment,frequency,opened,matures,loan_cycle"
).format(scheme=SCHEME).split(",")


def people(folder, name):
    """The people of one file by their number."""
    with open(os.path.join(folder, name), encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, skipinitialspace=True)
        return {row["rec_id"].split("-")[1]: {key: cell.strip() for key, cell in row.items()} for row in rows}


def born(person):
    """The birth date, or None where there is none or no such day."""
    text = person["date_of_birth"]
    try:
        return datetime.datetime.strptime(text, "%Y%m%d").date() if len(text) == 8 else None
    except ValueError:
        return None


def slk(person):
    """SLK-581 with sex 9; None unless the birth date and both names are there."""
    letters = lambda name: [c for c in name.upper() if "A" <= c <= "Z"]
    surname, given, date = letters(person["surname"]), letters(person["given_name"]), born(person)
    if not surname or not given or date is None:
        return None
    pick = lambda name, places: "".join(name[place - 1] if place <= len(name) else "2" for place in places)
    return pick(surname, (2, 3, 5)) + pick(given, (2, 3)) + date.strftime("%d%m") + f"{date.year:04}" + "9"


def debts(numbers):
    """Seeded loans: what everybody owes at A (USD) and at B (KHR), no two alike, so that a sum names its person."""
    draw = random.Random(SEED)
    at_a = draw.sample(range(5_000, 500_000), len(numbers))
    at_b = draw.sample(range(1_000, 200_000), len(numbers))
    usd = lambda cents: f"{cents // 100}.{cents % 100:02}"
    return {n: (usd(a), f"{b * 100}.00") for n, a, b in zip(numbers, at_a, at_b)}


def loan(prefix, number, currency, owed, identifier, key):
    today = datetime.date.today()
    major = float(owed)
    cells = {
        "account": f"{prefix}-L{number}",
        "client": f"{prefix}-C{number}",
        "branch": "main",
        "as_of": today - datetime.timedelta(days=1),
        SCHEME: identifier,
        "slk-581": key or "",
        "kind": "individual",
        "status": "current",
        "currency": currency,
        "disbursed": f"{major * 1.5:.2f}",
        "outstanding": owed,
        "overdue": "0",
        "days_past_due": "0",
        "instalment": f"{major / 10:.2f}",
        "frequency": "monthly",
        "opened": today - datetime.timedelta(days=200),
        "matures": today + datetime.timedelta(days=300),
        "loan_cycle": 1,
    }
    return [cells[name] for name in COLUMNS]


def write(path, header, rows):
    with open(path, "w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(header)
        out.writerows(rows)


def books(febrl, out):
    a, b = people(febrl, "dataset4a.csv"), people(febrl, "dataset4b.csv")
    numbers = sorted(a, key=int)
    assert numbers == sorted(b, key=int), "the two files have other people"
    owed = debts(numbers)
    draw = random.Random(SEED + 1)
    order = draw.sample(numbers, len(numbers))
    rows_a = [loan("A", n, "USD", owed[n][0], a[n]["soc_sec_id"], slk(a[n])) for n in order]
    order = draw.sample(numbers, len(numbers))
    rows_b = [loan("B", n, "KHR", owed[n][1], b[n]["soc_sec_id"], slk(b[n])) for n in order]
    # Lender C's own clients are nobody's else.
    taken = {person["soc_sec_id"] for book in (a, b) for person in book.values()}
    free = [n for n in (f"{n:07}" for n in draw.sample(range(10**6, 10**7), 40)) if n not in taken][:20]
    rows_c = [loan("C", at, "USD", "100.00", number, None) for at, number in enumerate(free)]
    for name, rows in (("lender-a", rows_a), ("lender-b", rows_b), ("lender-c", rows_c)):
        write(os.path.join(out, f"{name}.csv"), COLUMNS, rows)
    iso = lambda person: born(person).isoformat() if born(person) else ""
    head = ["reference", SCHEME, "surname", "given_name", "born"]
    line = lambda n: [n, a[n]["soc_sec_id"], a[n]["surname"], a[n]["given_name"], iso(a[n])]
    order = draw.sample(numbers, len(numbers))
    write(os.path.join(out, "applicants.csv"), head, [line(n) for n in order])
    # Asked by her names alone: those whom the program can make a key of.
    head.remove(SCHEME)
    rows = [[cell for at, cell in enumerate(line(n)) if at != 1] for n in order if slk(a[n])]
    write(os.path.join(out, "applicants-slk.csv"), head, rows)


def answers(path):
    with open(path, encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    found = {row["reference"]: row for row in rows}
    assert len(found) == len(rows), f"{path}: an applicant stands twice"
    return found


class Check:
    def __init__(self):
        self.wrong = 0

    def same(self, what, found, expected):
        if found == expected:
            print(f"  {what}: {found}")
        else:
            self.differs(f"{what}: {found}, expected {expected}")

    def differs(self, line):
        self.wrong += 1
        if self.wrong <= 40:
            print(f"  DIFFERS {line}")


def check(febrl, out):
    a, b = people(febrl, "dataset4a.csv"), people(febrl, "dataset4b.csv")
    owed, result = debts(sorted(a, key=int)), Check()
    # What the two files say, pair by pair and not only in number.
    at_b, key_at_a, key_at_b = {}, {}, {}
    for n, person in b.items():
        at_b.setdefault(person["soc_sec_id"], set()).add(n)
        if slk(person):
            key_at_b.setdefault(slk(person), set()).add(n)
    for n, person in a.items():
        if slk(person):
            key_at_a.setdefault(slk(person), set()).add(n)
    same_number = {n: at_b.get(person["soc_sec_id"], set()) for n, person in a.items()}
    same_key = {n: key_at_b.get(slk(person), set()) if slk(person) else set() for n, person in a.items()}

    print("asked by identifier and by name:")
    rows = answers(os.path.join(out, "answers.csv"))
    result.same("applicants answered", sum(1 for row in rows.values() if row["complete"]), len(a))
    result.same("complete answers", sum(1 for row in rows.values() if row["complete"] == "yes"), len(a))
    found = false = possible = 0
    for n in sorted(a, key=int):
        row = rows.get(n)
        if row is None or not row["complete"]:
            result.differs(f"rec-{n}: not answered: {row and row['note']}")
            continue
        sums = dict(part.split(" ") for part in row["outstanding"].split("; ") if part)
        # Whose loan it is stands in its amount.
        if sums.get("KHR") is not None:
            found += sums["KHR"] == owed[n][1]
            false += sums["KHR"] != owed[n][1]
        expected = {"USD": owed[n][0]}
        if n in same_number[n]:
            expected["KHR"] = owed[n][1]
        weak = 1 if same_key[n] and not same_number[n] else 0
        possible += int(row["possible_lenders"])
        seen = (sums, row["match"], int(row["matched_lenders"]), int(row["active_loans"]), int(row["possible_lenders"]))
        told = (expected, "strong", len(expected), len(expected), weak)
        if seen != told:
            result.differs(f"rec-{n}: {seen}, expected {told}")
    result.same("pairs found by identifier", found, PAIRS_BY_IDENTIFIER)
    result.same("false pairs by identifier", false, 0)
    more = sum(1 for n in a if n in same_key[n] and not same_number[n])
    result.same("possible matches besides", possible, more)

    print("asked by name alone (SLK-581, weak):")
    rows = answers(os.path.join(out, "answers-slk.csv"))
    asked = sorted((n for n in a if slk(a[n])), key=int)
    result.same("applicants answered", sum(1 for row in rows.values() if row["complete"]), len(asked))
    found = false = 0
    for n in asked:
        row = rows.get(n)
        if row is None or not row["complete"]:
            result.differs(f"rec-{n}: not answered: {row and row['note']}")
            continue
        # A always holds her; a second possible lender is B.
        if int(row["possible_lenders"]) == 2:
            found += n in same_key[n]
            false += len(same_key[n] - {n})
        if row["match"] != "weak" or int(row["possible_lenders"]) != (2 if same_key[n] else 1):
            result.differs(f"rec-{n}: {row['match']}, possible at {row['possible_lenders']}")
        if row["outstanding"] or row["monthly_instalment"] or row["active_loans"] != "0" or row["matched_lenders"] != "0":
            result.differs(f"rec-{n}: a possible match stands in the totals")
    result.same("possible matches by SLK-581", found, PAIRS_BY_SLK)
    result.same("false ones", false, 0)
    shared = sum(1 for group in key_at_a.values() if len(group) > 1)
    result.same("keys that two people of A share", shared, 0)
    return 1 if result.wrong else 0


def main(arguments):
    if len(arguments) == 3 and arguments[0] in ("books", "check"):
        return {"books": books, "check": check}[arguments[0]](arguments[1], arguments[2]) or 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
