# shellcheck shell=bash
# A network by the hand steps of README.md, for the acceptance scripts beside this file, which source it.
#
# Every member is a process of its own. TALLY names the program (default: target/release/tally of this tree); a
# script calls `begin` first, and what was started ends with the script.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tally=${TALLY:-${CARGO_TARGET_DIR:-$root/target}/release/tally}
nodes=()
began=$SECONDS

say() { printf '%5d s  %s\n' $((SECONDS - began)) "$*"; }

fail() {
  printf 'FAILED: %s\n' "$*" >&2
  exit 1
}

# begin FOLDER: works in that folder, which is made; without one in a temporary folder that goes at the end.
begin() {
  [ -x "$tally" ] || fail "$tally is not there: packaging/dev cargo build --release, or set TALLY"
  if [ -n "${1:-}" ]; then
    mkdir -p "$1" || exit 2
    work=$(cd "$1" && pwd)
    [ -z "$(ls -A "$work")" ] || fail "$work is not empty"
    trap 'stop_nodes' EXIT
  else
    work=$(mktemp -d)
    trap 'stop_nodes; rm -rf "$work"' EXIT
  fi
  trap 'exit 130' INT TERM
}

stop_nodes() {
  local pid
  for pid in "${nodes[@]}"; do kill -TERM "$pid" 2>/dev/null; done
  for pid in "${nodes[@]}"; do wait "$pid" 2>/dev/null; done
  nodes=()
}

# free_ports N: ports of 127.0.0.1 that nobody listens on.
free_ports() {
  python3 - "$1" <<'PYTHON'
import socket, sys
held = [socket.socket() for _ in range(int(sys.argv[1]))]
for one in held:
    one.bind(("127.0.0.1", 0))
print(*(one.getsockname()[1] for one in held))
PYTHON
}

# of MEMBER COMMAND…: a command of that member.
of() {
  local member=$1
  shift
  "$tally" --config "$net/$member/node.toml" "$@"
}

# make_network FOLDER POLICY LENDER…: operator and lenders, the first three of which hold the keys, two needed.
make_network() {
  local net_folder=$1 policy=$2 ports lender
  shift 2
  net=$net_folder
  lenders=("$@")
  mkdir -p "$net"
  read -r -a ports <<<"$(free_ports $(($# + 1)))"
  (
    set -e
    cd "$net"
    # 1. The operator makes the network.
    "$tally" network init --policy "$policy" --network demo --operator cma --dir operator \
      --address "127.0.0.1:${ports[0]}" --key-file keys/operator.key
    # 2. Each lender makes its keys.
    at=1
    for lender in "${lenders[@]}"; do
      "$tally" member init --network demo --member "$lender" --dir "$lender" \
        --address "127.0.0.1:${ports[$at]}" --key-file "keys/$lender.key"
      at=$((at + 1))
    done
    # 3. The operator admits them and deals the shares of the network keys.
    for lender in "${lenders[@]}"; do
      "$tally" network admit "$lender/$lender.request" --dir operator --roles lender,witness \
        --key-file keys/operator.key --yes
    done
    holders=$(IFS=,; printf '%s' "${lenders[*]:0:3}")
    "$tally" network deal-keys --threshold 2 --holders "$holders" --dir operator --key-file keys/operator.key
    # 4. Each lender checks and installs its bundle.
    for lender in "${lenders[@]}"; do
      "$tally" member install "operator/bundles/$lender.bundle" --dir "$lender" --yes
    done
  ) >"$net/hand-steps.log" 2>&1 || { cat "$net/hand-steps.log" >&2; fail "a hand step failed"; }
}

# start_node MEMBER: a process of its own, its journal beside its configuration.
start_node() {
  "$tally" --config "$net/$1/node.toml" node >"$net/$1/out.log" 2>"$net/$1/journal.log" &
  nodes+=($!)
}

# start_network: operator and lenders; returns when all of them work: each asks the others first.
start_network() {
  local member tries
  for member in operator "${lenders[@]}"; do start_node "$member"; done
  for member in operator "${lenders[@]}"; do
    tries=0
    until { of "$member" status --json >"$net/$member/status.json" 2>/dev/null || [ $? -eq 4 ]; } &&
      grep -q '"phase": "settled"' "$net/$member/status.json"; do
      tries=$((tries + 1))
      [ "$tries" -lt 120 ] || { tail -5 "$net/$member/journal.log" >&2; fail "$member does not work"; }
      sleep 0.5
    done
  done
}

# wait_until_everywhere: until every lender's rows are published and held by every other.
wait_until_everywhere() {
  local tries=0 lender
  while :; do
    for lender in "${lenders[@]}"; do of "$lender" status --json >"$net/$lender/status.json"; done
    (cd "$net" && python3 - "${lenders[@]}") <<'PYTHON' && return
import json, sys
states = {name: json.load(open(f"{name}/status.json")) for name in sys.argv[1:]}
for name, state in states.items():
    if state["clients_waiting"] or not state["feed_rows"]:
        sys.exit(1)
    for other, theirs in states.items():
        seen = [m for m in theirs["members"] if m["member"] == name]
        if other != name and (not seen or seen[0]["sequence"] != state["feed_sequence"] or not seen[0]["last_heard"]):
            sys.exit(1)
PYTHON
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || fail "the books are not everywhere after ten minutes"
    sleep 1
  done
}
