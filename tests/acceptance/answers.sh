#!/usr/bin/env bash
# 500 applicants over three seeds: every figure and verdict of `tally inquire --json` against tests/oracle.
#
#   tests/acceptance/answers.sh [FOLDER]
#
# For each seed: sample books and their plain copy by `tally demo --dir`, then a fresh network of an operator and five
# lenders by README's hand steps, with a policy of its own, in FOLDER (which then stays) or a temporary one. SEEDS,
# QUESTIONS (of each seed) and CLIENTS (of each lender) may be set. Exit code 1 when anything differs.
set -uo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source=tests/acceptance/network.sh
. "$here/network.sh"

begin "${1:-}"
policies=("$here/policy-answers.toml" "$root/config/policy-demo.toml")
wrong=0
for seed in ${SEEDS:-1 2 3}; do
  folder=$work/seed-$seed
  mkdir -p "$folder"
  "$tally" demo --dir "$folder/demo" --seed "$seed" --clients "${CLIENTS:-400}" >"$folder/demo.log" 2>&1 ||
    { tail -5 "$folder/demo.log" >&2; fail "tally demo --seed $seed"; }
  say "seed $seed: $(grep '^checked' "$folder/demo.log")"
  make_network "$folder/network" "${policies[$((seed % 2))]}" lender-a lender-b lender-c lender-d lender-e
  start_network
  for lender in "${lenders[@]}"; do
    of "$lender" import "$folder/demo/$lender/book.csv" --format csv >"$net/$lender/import.log" 2>&1 ||
      { cat "$net/$lender/import.log" >&2; fail "the book of $lender was not taken"; }
  done
  wait_until_everywhere
  say "seed $seed: the books are everywhere"
  python3 "$here/answers.py" "$tally" "$net" "$folder/demo/plain-books.json" "$seed" "${QUESTIONS:-167}" || wrong=1
  say "seed $seed: compared"
  stop_nodes
done
[ "$wrong" -eq 0 ] || fail "an answer differs from the books"
printf 'OK\n'
