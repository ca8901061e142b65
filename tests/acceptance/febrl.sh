#!/usr/bin/env bash
# Three lenders and 5,000 people whom two of them typed differently: what the third finds.
#
#   tests/acceptance/febrl.sh FEBRL [FOLDER]
#
# FEBRL is a folder with dataset4a.csv and dataset4b.csv of Febrl (Freely Extensible Biomedical Record Linkage). A
# network is made by README's hand steps, in FOLDER (which then stays) or a temporary one: an operator and three
# lenders as four processes. Lender A's book has the people of the first file, lender B's those of the second; lender
# C asks about A's. By identifier 4,561 pairs and no false one; by SLK-581, which is weak, 2,789 possible matches and
# no false one, shown apart and in no total. Exit code 1 when anything else comes out.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/acceptance/network.sh
. "$here/network.sh"

febrl=$(cd "${1:?name the folder with dataset4a.csv and dataset4b.csv}" && pwd) || exit 2
begin "${2:-}"
python3 "$here/febrl.py" books "$febrl" "$work" || fail "the books cannot be made"

make_network "$work" "$here/policy-febrl.toml" lender-a lender-b lender-c
start_network
say "operator and three lenders run: processes ${nodes[*]}"

for lender in lender-a lender-b lender-c; do
  of "$lender" import "$work/$lender.csv" --format csv >"$work/$lender/import.log" 2>&1 ||
    { cat "$work/$lender/import.log" >&2; fail "the book of $lender was not taken"; }
  sed 's/^/         /' "$work/$lender/import.log"
done
wait_until_everywhere
say "every row is published and everywhere"

printf 'the signed form\n' >"$work/form.txt"
# batch APPLICANTS ANSWERS FLAG…
batch() {
  local applicants=$1 answers=$2
  shift 2
  of lender-c inquire --batch "$work/$applicants" --out "$work/$answers" --evidence "$work/form.txt" --notice en \
    --until "$(date -u -d '+30 days' +%F)" --at-once "${AT_ONCE:-8}" --slk surname,given_name,born "$@" ||
    fail "$applicants: the batch ended with exit code $?"
  say "$applicants is answered"
}
batch applicants.csv answers.csv
batch applicants-slk.csv answers-slk.csv

python3 "$here/febrl.py" check "$febrl" "$work" || fail "what was found is not what is there"
for member in operator "${lenders[@]}"; do
  of "$member" log verify >"$work/$member/log-verify.txt" || fail "the log of $member does not verify"
done
say "the four logs verify"
printf 'OK\n'
