"""Compares the identifier vectors of this folder with other people's code.

    pip install python-stdnum phonenumbers
    python cross_check.py

- python-stdnum: every scheme that it has. What we take, it must take; what we refuse, it must refuse. Where we
  mean to differ, DIFFERENCES says so and why, and an entry that is no longer needed is an error.
- phonenumbers (Google's library in Python): the canonical value of every telephone number.
- unicodedata: the digit, dash and format tables of normal.rs, for the characters that this Python knows.
"""

import pathlib
import re
import sys
import tomllib
import unicodedata
from importlib.metadata import version

import phonenumbers
from stdnum.exceptions import ValidationError
from stdnum.id import nik
from stdnum.in_ import aadhaar, epic, pan
from stdnum.pe import cui

HERE = pathlib.Path(__file__).parent
NORMAL = HERE.parents[2] / "src/model/identifier/normal.rs"
STDNUM = {"in-aadhaar": aadhaar, "in-epic": epic, "in-pan": pan, "pe-dni": cui, "id-nik": nik}

# (scheme, text): why our answer and python-stdnum's differ.
DIFFERENCES = {
    ("in-epic", "ABC0000000"): "zeros are a filler",
    ("pe-dni", "00000000"): "zeros are a filler",
    ("pe-dni", "11111111"): "one repeated digit is a filler",
    ("id-nik", "1111111111111111"): "one repeated digit is a filler",
    ("id-nik", "3171013006450000"): "serials run from 0001",
    ("id-nik", "9271011508010003"): "python-stdnum's list of provinces is older than 2022",
}

faults = []
used = set()
counts = {}


def count(what):
    counts[what] = counts.get(what, 0) + 1


def plain(text):
    """Digits of every script and full-width forms as ASCII, invisible characters away: by unicodedata alone."""
    out = []
    for c in text:
        if unicodedata.category(c) == "Cf":
            continue
        if unicodedata.category(c) == "Nd":
            c = str(unicodedata.decimal(c))
        elif "\uff01" <= c <= "\uff5e":
            c = chr(ord(c) - 0xFEE0)
        elif unicodedata.category(c) == "Pd" or c == "\u2212":
            c = "-"
        elif c.isspace():
            c = " "
        out.append(c)
    return "".join(out)


def stdnum_takes(module, text):
    try:
        module.validate(text)
        return True
    except ValidationError:
        return False


def expect(scheme, text, ours, theirs):
    count(scheme)
    if ours == theirs:
        return
    if (scheme, text) in DIFFERENCES:
        used.add((scheme, text))
        return
    faults.append(f"{scheme}: {text!r}: ours {ours}, theirs {theirs}")


def taken(vectors):
    yield from vectors["good"]
    for group in vectors["same"]:
        for raw in group["raw"]:
            yield raw, group["canonical"]


def check_stdnum(scheme, vectors):
    module = STDNUM[scheme]
    for raw, canonical in taken(vectors):
        # Dots between digits are ours alone.
        text = plain(raw).replace(".", " ").strip()
        expect(scheme, raw, True, stdnum_takes(module, text))
        length = 8 if scheme == "pe-dni" else None
        if module.compact(text)[:length] != canonical:
            faults.append(f"{scheme}: {raw!r}: compact form differs from {canonical!r}")
    for raw, _ in vectors["bad"]:
        # As typed: Python's own upper() and digits must not repair what we refuse.
        if raw.isascii() and raw.isprintable():
            expect(scheme, raw, False, stdnum_takes(module, raw))


def check_phone(vectors):
    def e164(text):
        text = re.sub(r"^00", "+", re.sub(r"[()]", "", plain(text)).strip())
        try:
            number = phonenumbers.parse(text, vectors["phone_country"])
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(number) or number.extension:
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)

    for raw, canonical in taken(vectors):
        count("phone")
        if e164(raw) != canonical:
            faults.append(f"phone: {raw!r}: ours {canonical}, theirs {e164(raw)}")
    for raw, reason in vectors["bad"]:
        if reason == "rule:numbering plan":
            count("phone")
            if e164(raw) is not None:
                faults.append(f"phone: {raw!r}: refused here, {e164(raw)} there")


def check_unicode():
    source = NORMAL.read_text()

    def table(name):
        body = re.search(rf"const {name}: [^=]*= &\[(.*?)\];", source, re.S).group(1)
        return [int(code, 16) for code in re.findall(r"0x([0-9A-F]+)", body)]

    def runs(name):
        codes = table(name)
        return {c for first, last in zip(codes[::2], codes[1::2]) for c in range(first, last + 1)}

    values = {zero + digit: digit for zero in table("DIGIT_ZEROS") for digit in range(10)}
    dashes, formats = runs("DASHES"), runs("FORMAT")
    for code in range(0x110000):
        c = chr(code)
        category = unicodedata.category(c)
        if category == "Cn":
            continue
        count("unicode")
        if values.get(code) != (unicodedata.decimal(c) if category == "Nd" else None):
            faults.append(f"U+{code:04X}: digit value")
        if (code in dashes) != (category == "Pd"):
            faults.append(f"U+{code:04X}: dash")
        if (code in formats) != (category == "Cf"):
            faults.append(f"U+{code:04X}: format character")


for path in sorted(HERE.glob("*.toml")):
    vectors = tomllib.loads(path.read_text())
    if vectors["scheme"] in STDNUM:
        check_stdnum(vectors["scheme"], vectors)
    elif vectors["scheme"] == "phone":
        check_phone(vectors)
check_unicode()
for unused in DIFFERENCES.keys() - used:
    faults.append(f"{unused}: listed as a difference, but there is none")

print(f"python-stdnum {version('python-stdnum')}, phonenumbers {version('phonenumbers')},"
      f" Unicode {unicodedata.unidata_version}")
print("compared:", ", ".join(f"{what} {number}" for what, number in sorted(counts.items())))
for fault in faults:
    print("FAULT", fault)
sys.exit(1 if faults else 0)
