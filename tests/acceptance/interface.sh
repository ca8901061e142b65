#!/usr/bin/env bash
# Throws generated requests at a running node's interface, as its own description says they may look: none may give a 5xx,
# and no reply may be other than described.
#
#   tests/acceptance/interface.sh [FOLDER]
#
# A network by `tally demo`, lender-a with [web], an access token with every right but that of users, and schemathesis
# (PyPI) over /v1/openapi.json. SECONDS_MAX is the time it may take (300), EXAMPLES the requests of each kind (25).
set -uo pipefail
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
tally=${TALLY:-${CARGO_TARGET_DIR:-$root/target}/release/tally}
work=${1:-$(mktemp -d)}
fail() { printf 'FAILED: %s\n' "$1" >&2; exit 1; }
[ -x "$tally" ] || fail "build it first: packaging/dev cargo build --release"
mkdir -p "$work"
"$tally" demo --dir "$work/demo" --keep --clients 300 >"$work/demo.log" 2>&1 &
demo=$!
node=
trap 'kill $node $demo 2>/dev/null; wait' EXIT
for _ in $(seq 300); do
  grep -q 'Ctrl-C' "$work/demo.log" && break
  kill -0 "$demo" 2>/dev/null || { cat "$work/demo.log" >&2; fail "the network did not start"; }
  sleep 1
done
config=$work/demo/lender-a/node.toml
port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
pkill -f -- "--config $config" || pkill -f "lender-a/node.toml"
sleep 2
printf '\n[web]\nlisten = "127.0.0.1:%s"\n' "$port" >>"$config"
"$tally" --config "$config" node >"$work/node.log" 2>&1 &
node=$!
for _ in $(seq 60); do
  curl -sk -o /dev/null "https://localhost:$port/readyz" && break
  sleep 1
done
rights=(consent inquire every-branch approve subject-report dispute load decide-load network operate log bind maintain)
until=$(date -u -d '+30 days' +%F)
token=$("$tally" --config "$config" token issue 'generated requests' "${rights[@]/#/--may=}" --until "$until") ||
  fail "no access token"
python3 -m venv "$work/venv" && "$work/venv/bin/pip" install -q 'schemathesis>=4,<5' || fail "schemathesis cannot be installed"
"$work/venv/bin/schemathesis" run "https://localhost:$port/v1/openapi.json" --tls-verify=false \
  -H "Authorization: Bearer $token" --phases coverage,fuzzing -n "${EXAMPLES:-25}" --max-time "${SECONDS_MAX:-300}" \
  --exclude-path-regex '/v1/(users|tokens)' \
  -c not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance,response_headers_conformance,ignored_auth ||
  fail "a reply is not as described"
if grep -E 'panicked|request failed' "$work/node.log"; then fail "the journal says that a request failed"; fi
printf 'OK\n'
