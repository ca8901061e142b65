#!/usr/bin/env python3
"""Varied questions to a running network, and every figure and verdict compared with tests/oracle/oracle.py.

    answers.py TALLY NETWORK PLAIN-BOOKS SEED QUESTIONS

NETWORK is the folder that network.sh made, its nodes running with the books of PLAIN-BOOKS (the plain-books.json
of `tally demo`). Consents are recorded and questions asked by the command line, as an officer would, by all lenders
in turn; a third of the people are asked about again afterwards, so that earlier inquiries stand in the answers. Exit
code 1 and one line per difference when anything differs, in either direction. Python's standard library only.

What the oracle cannot know from the books comes from the answer and is held to what is known about it: the moment of
the answer and of earlier inquiries lie between the call and its reply, every lender was heard of within two minutes.
"""

import collections
import concurrent.futures
import datetime
import importlib.util
import json
import os
import random
import subprocess
import sys
import time

HERE = os.path.dirname(os.path.abspath(__file__))
spec = importlib.util.spec_from_file_location("oracle", os.path.join(HERE, "..", "oracle", "oracle.py"))
oracle = importlib.util.module_from_spec(spec)
spec.loader.exec_module(oracle)

HEARD_SECONDS_MAX = 120
AT_ONCE = int(os.environ.get("AT_ONCE", "6"))
PURPOSES = ("loan-application", "loan-application", "loan-application", "guarantee", "restructuring", "loan-monitoring")
FREQUENCIES = ("weekly", "fortnightly", "four-weekly", "monthly", "monthly", "two-monthly", "quarterly", "bullet", "daily")
# Names of the answer itself and ids that are random: what no book can say (as in tests/policy_oracle.rs).
BEYOND = ("version", "network", "transaction", "answered_at", "question_commitment", "records", "about",
          "witnessed")


class Network:
    def __init__(self, tally, folder):
        self.tally, self.folder = tally, folder
        self.form = os.path.join(folder, "form.txt")
        with open(self.form, "w", encoding="utf-8") as file:
            file.write("the signed form\n")
        self.until = (datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=20)).strftime("%Y-%m-%d")

    def run(self, member, *arguments, typed=""):
        config = os.path.join(self.folder, member, "node.toml")
        done = subprocess.run(
            [self.tally, "--config", config, *arguments], input=typed, capture_output=True, text=True, timeout=120
        )
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(arguments)}: exit code {done.returncode}: {done.stderr.strip()} {done.stdout[-300:]}")
        return done.stdout

    def consent(self, member, purpose, identifiers):
        typed = "".join(f"{scheme}:{value}\n" for scheme, value in identifiers)
        said = self.run(
            member, "consent", "record", "--id", "-", "--evidence", self.form, "--notice", "en", "--until", self.until,
            "--purpose", purpose, "--json", typed=typed,
        )  # fmt: skip
        return json.loads(said)["consent"]


class Books:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            plain = json.load(file)
        self.as_of = plain["as_of"]
        self.lenders = sorted(book["lender"] for book in plain["books"])
        self.held = collections.defaultdict(dict)
        self.phone = {}
        owners = collections.defaultdict(set)
        for book in plain["books"]:
            for client in book["clients"]:
                assert book["lender"] not in self.held[client["person"]], "a lender has a person twice"
                self.held[client["person"]][book["lender"]] = client
                if "phone" in client["identifiers"]:
                    self.phone[client["person"]] = client["identifiers"]["phone"]
                    owners[client["identifiers"]["phone"]].add(client["person"])
        assert all(len(people) == 1 for people in owners.values()), "two people share a telephone number"


def spelt(draw, scheme, value):
    """As a clerk may type it."""
    khmer = lambda text: "".join(chr(0x17E0 + int(c)) if c.isdigit() else c for c in text)
    if scheme == "kh-nid":
        return draw.choice((value, f"{value[:3]} {value[3:6]} {value[6:]}", f"{value[:3]}-{value[3:6]}-{value[6:]}", khmer(value)))
    return draw.choice((value, "00" + value[1:], f"+855 {value[4:6]} {value[6:]}", "0" + value[4:]))


def amount(draw, currency, exponent, low, high):
    """Between so many dollars."""
    if currency == "USD":
        return draw.choice((str(draw.randint(low, high)), f"{draw.randint(low, high)}.{draw.randint(0, 99):02}"))
    riel = draw.randint(low * 4000, high * 4000)
    return str(riel) if exponent == 0 or draw.random() < 0.7 else f"{riel}.{draw.randint(0, 99):02}"


def draw_question(draw, books, policy, asker, people):
    """A question about the first person, with the others beside her."""
    exponent = policy["currencies"]["pinned"]["KHR"]["exponent"]
    currency = lambda: draw.choice(("USD", "KHR"))
    request, roles = {"purpose": draw.choice(PURPOSES)}, ["applicant"]
    for _ in people[1:]:
        left = ["household-member", "guarantor"] + (["spouse"] if "spouse" not in roles else [])
        roles.append(draw.choice(left))
    if draw.random() < 0.85:
        which = currency()
        loan = {"currency": which, "amount": amount(draw, which, exponent, 50, 4000)}
        loan["kind"] = draw.choice(("individual", "individual", "individual", "group-member", "group", "guarantor"))
        if draw.random() < 0.6:
            loan["instalment"] = amount(draw, which, exponent, 5, 300)
        if draw.random() < 0.7:
            loan["frequency"] = draw.choice(FREQUENCIES)
        if draw.random() < 0.7:
            loan["term_months"] = draw.randint(1, 36)
        request["requested"] = loan
    if draw.random() < 0.8:
        which = currency()
        income = "0" if draw.random() < 0.03 else amount(draw, which, exponent, 60, 1500)
        request["household_income"] = {"currency": which, "amount": income}
        if draw.random() < 0.5:
            request["household_expenses"] = {"currency": which, "amount": amount(draw, which, exponent, 20, 900)}
    own = [loan["account"] for loan in books.held.get(people[0], {}).get(asker, {"loans": []})["loans"]]
    if draw.random() < (0.5 if own else 0.03):
        request["refinances"] = draw.choice(own) if own else f"{asker}-none"
    persons = []
    for role, person in zip(roles, people):
        identifiers = [("kh-nid", person.removeprefix("kh-nid:"))]
        if person in books.phone:
            chance = draw.random()
            if chance < 0.15:
                identifiers = [("phone", books.phone[person])]
            elif chance < 0.5:
                identifiers.append(("phone", books.phone[person]))
                draw.shuffle(identifiers)
        persons.append({"role": role, "person": person, "identifiers": identifiers})
    typed = [[(scheme, spelt(draw, scheme, value)) for scheme, value in p["identifiers"]] for p in persons]
    return {"asker": asker, "request": request, "persons": persons, "typed": typed}


def ask(network, question):
    """Records the consents and asks; the question with what came back."""
    request, flags = question["request"], []
    began = time.time()
    for person, typed in zip(question["persons"], question["typed"]):
        person["consent"] = network.consent(question["asker"], request["purpose"], typed)
        flags += ["--consent", f"{person['consent']}:{person['role']}"]
    loan = request.get("requested")
    if loan:
        for flag in ("amount", "currency", "kind", "instalment", "frequency"):
            if flag in loan:
                flags += [f"--{flag}", loan[flag]]
        if "term_months" in loan:
            flags += ["--term", str(loan["term_months"])]
    for flag, key in (("--income", "household_income"), ("--expenses", "household_expenses")):
        if key in request:
            flags += [flag, request[key]["amount"], "--income-currency", request[key]["currency"]]
    if "--expenses" in flags:  # the currency stands once
        flags = flags[: -2]
    if "refinances" in request:
        flags += ["--refinances", request["refinances"]]
    said = network.run(question["asker"], "inquire", "--json", "--purpose", request["purpose"], *flags)
    question["answer"], question["window"] = json.loads(said)["answer"], (began, time.time())
    return question


def is_strong(person):
    return any(scheme == "kh-nid" for scheme, _ in person["identifiers"])


def world_of(books, policy, question, earlier):
    """What the oracle reads: the part of the books that the identifiers of this question may show."""
    asker, answer = question["asker"], question["answer"]
    shown, weak, footprints, problems = collections.defaultdict(list), [], [], []
    heard = {line["member"]: line["last_heard"] for line in answer["coverage"]["members"]}
    now, (began, ended) = answer["answered_at"], question["window"]
    if not began - 1 <= now <= ended + 1:
        problems.append(f"answered_at: {now} is not between call and reply")
    for lender in books.lenders:
        if not (heard.get(lender) and now - HEARD_SECONDS_MAX <= heard[lender] <= now + 1):
            problems.append(f"{lender}: last heard {heard.get(lender)}, answered {now}")
    for at, person in enumerate(question["persons"]):
        name, asked = person["person"], dict(person["identifiers"])
        elsewhere = {lender: client for lender, client in books.held.get(name, {}).items() if lender != asker}
        person["matched"] = [
            {"scheme": scheme, "strong": scheme == "kh-nid"}
            for scheme, value in person["identifiers"]
            if any(client["identifiers"].get(scheme) == value for client in elsewhere.values())
        ]
        if is_strong(person):
            for lender, client in books.held.get(name, {}).items():
                shown[lender].append(client)
        weak += [
            {"lender": lender, "person": name}
            for lender, client in elsewhere.items()
            if "phone" in asked and client["identifiers"].get("phone") == asked["phone"]
        ]
        if not is_strong(person):
            continue
        lines = answer["persons"][at]["inquiries"]["lines"] if at < len(answer["persons"]) else []
        for past in earlier:
            if not any(p["person"] == name and is_strong(p) for p in past["persons"]):
                continue
            # A footprint tells the minute alone.
            times = [line["asked"] for line in lines if past["window"][0] - 61 <= line["asked"] <= past["window"][1] + 1]
            loan = past["request"].get("requested", {})
            footprints.append(
                {
                    "id": past["id"], "lender": past["asker"], "person": name, "purpose": past["request"]["purpose"],
                    "asked": times[0] if times else int(past["window"][1]),
                    **{key: loan[key] for key in ("currency", "amount") if key in loan},
                }
            )  # fmt: skip
    members = [
        {"member": lender, "name": lender, "reports": True, "as_of": books.as_of, "last_heard": heard.get(lender)}
        for lender in books.lenders
    ]
    return {
        "policy": policy,
        "members": members,
        "books": [{"lender": lender, "clients": clients} for lender, clients in sorted(shown.items())],
        "footprints": footprints,
        "weak": weak,
    }, problems


def stripped(value):
    if isinstance(value, list):
        return [stripped(item) for item in value]
    if isinstance(value, dict):
        return {key: stripped(item) for key, item in value.items() if key not in BEYOND}
    return value


def compare(books, policy, question, earlier):
    """Every difference between the answer and what the books say, in both directions."""
    world, lines = world_of(books, policy, question, earlier)
    asked = {key: question[key] for key in ("asker", "request", "persons", "id")}
    case = oracle.Case(world, dict(asked, now=question["answer"]["answered_at"]))
    expected = oracle.normal(case.expected(), question["asker"], case.masked)
    found = oracle.normal(oracle.without_extras(question["answer"]), question["asker"], case.masked)
    lines += oracle.differences(expected, found)
    # At least one other key holder helped, and saw the asker's own log.
    notes = [one["note"] for one in question["answer"].get("witnessed", [])]
    origin = "tally.%s/%s\n" % (question["answer"]["network"], question["asker"])
    if not notes or not all(note.startswith(origin) for note in notes):
        lines.append("witnessed: no key holder's note about the asker's log")
    # The other way round, so that no figure of the answer is left uncompared; its form tells what it found.
    beyond = oracle.differences(stripped(found), stripped(expected))
    return lines or [f"beyond the books: {line}" for line in beyond]


def main(arguments):
    if len(arguments) != 5:
        print(__doc__, file=sys.stderr)
        return 2
    tally, folder, plain, seed, count = arguments
    draw, count = random.Random(int(seed)), int(count)
    network, books = Network(tally, folder), Books(plain)
    policy = policy_in_effect(network, books.lenders[0])

    people = sorted(books.held)
    # Half of them with several lenders; some with none at all.
    several = [person for person in people if len(books.held[person]) > 1]
    pool = draw.sample(several, min(len(several), count)) + draw.sample(people, min(len(people), count))
    unknown = [f"kh-nid:{draw.randint(10**8, 10**9 - 1)}" for _ in range(8)]
    pool = [person for person in dict.fromkeys(pool + unknown) if person in books.held or person in unknown]
    draw.shuffle(pool)

    def questions(number, people):
        drawn = []
        while len(drawn) < number:
            beside = draw.choices((1, 2, 3, 4), (70, 18, 9, 3))[0]
            chosen = [people.pop() for _ in range(min(beside, len(people)))]
            drawn.append(draw_question(draw, books, policy, draw.choice(books.lenders), chosen))
        return drawn

    wrong, seen, done = 0, collections.Counter(), []
    first = count - count // 3
    for number, again in ((first, False), (count - first, True)):
        if again:
            # Footprints of the first round are everywhere by then.
            time.sleep(5)
            asked = [person["person"] for question in done for person in question["persons"]]
            pool = draw.sample(asked, len(asked))
        batch = questions(number, pool)
        for at, question in enumerate(batch):
            question["id"] = f"q{(first if again else 0) + at}"
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as threads:
            results = list(threads.map(lambda question: guarded(network, question), batch))
        for question, trouble in results:
            lines = [trouble] if trouble else compare(books, policy, question, done)
            if lines:
                wrong += 1
                who = ", ".join(f"{p['role']} by {'+'.join(s for s, _ in p['identifiers'])}" for p in question["persons"])
                print(f"DIFFERS seed {seed} {question['id']} {question['asker']} ({who}) {json.dumps(question['request'])}")
                for line in lines[:12]:
                    print(f"    {line[:400]}")
                continue
            answer = question["answer"]
            seen[f"verdict {answer['verdict']['outcome']}"] += 1
            for reason in answer["verdict"]["reasons"]:
                seen[f"{reason['rule']} {reason['finding']}"] += 1
            for person in answer["persons"]:
                seen[f"match {person['match_level']}"] += 1
                seen["earlier inquiries seen"] += len(person["inquiries"]["lines"])
                seen["possible matches"] += person["possible"]["lenders"]
        done += [question for question, trouble in results if not trouble]
    for what, times in sorted(seen.items()):
        print(f"  {times:5} {what}")
    # A comparison that never meets a case proves nothing about it.
    for case in ("verdict pass", "verdict refer", "verdict decline", "match strong", "match weak", "match none",
                 "earlier inquiries seen", "possible matches"):  # fmt: skip
        if not seen[case]:
            wrong += 1
            print(f"DIFFERS seed {seed}: no answer had: {case}")
    print(f"seed {seed}: {sum(seen[f'verdict {word}'] for word in ('pass', 'refer', 'decline'))} of {count} answers agree with the plain books in every figure and verdict")
    return 1 if wrong else 0


def guarded(network, question):
    try:
        return ask(network, question), None
    except (RuntimeError, subprocess.TimeoutExpired, ValueError) as error:
        return question, f"not answered: {error}"


def policy_in_effect(network, member):
    """The policy as the node follows it, defaults included, over its socket."""
    import http.client
    import socket

    link = http.client.HTTPConnection("node")
    link.sock = socket.socket(socket.AF_UNIX)
    # A long path does not fit an address of this family; a relative one does.
    here = os.getcwd()
    os.chdir(os.path.join(network.folder, member, "data"))
    link.sock.connect("tally.sock")
    os.chdir(here)
    link.request("GET", "/v1/policy")
    return json.loads(link.getresponse().read())["policy"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
