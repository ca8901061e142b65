#!/usr/bin/env bash
# tests/acceptance/container.sh
#
# The container image: made with buildah from nothing, its program makes a node's keys and runs a node, as its own user
# and without a shell, in a chroot of the image's files. TALLY names the program. As root, with buildah; a minute.
set -euo pipefail

# shellcheck source=tests/acceptance/network.sh
. "$(dirname "${BASH_SOURCE[0]}")/network.sh"

command -v buildah >/dev/null || fail "buildah is missing: apt-get install buildah"
begin
store=(--storage-driver vfs --root "$work/images" --runroot "$work/run")
image() { buildah "${store[@]}" "$@"; }

BUILDAH_OPTIONS="${store[*]}" "$root/packaging/container/build" --binary "$tally" --tag tallystick-trial >"$work/build.log" 2>&1 ||
  { tail -5 "$work/build.log" >&2; fail "the image cannot be made"; }
say "an image: $(image images --format '{{.Size}}' localhost/tallystick-trial)"
container=$(image from localhost/tallystick-trial)
files=$(image mount "$container")

[ "$(stat -c %u:%g "$files/data")" = 65532:65532 ] || fail "/data is not the node's own"
for absent in bin/sh usr/bin/sh usr/bin/apt usr/bin/env; do
  [ ! -e "$files/$absent" ] || fail "the image has /$absent"
done
[ -z "$(find "$files" -perm /6000)" ] || fail "the image has programs that give themselves rights"
user=$(image inspect --type image --format '{{.OCIv1.Config.User}}' localhost/tallystick-trial)
[ "$user" = 65532:65532 ] || fail "the image runs as $user"

read -r port other <<<"$(free_ports 2)"
"$tally" network init --policy "$root/config/policy-demo.toml" --network demo --operator cma --dir "$work/cma" \
  --address "127.0.0.1:$other" --key-file "$work/cma.key" >"$work/log" 2>&1
image run --isolation chroot "$container" /usr/bin/tally --version >>"$work/log" || fail "the image does not run"
# `buildah run` gives each call a volume of its own.
run() { TALLY_CONFIG=/data/node.toml chroot --userspec=65532:65532 "$files" /usr/bin/tally "$@"; }
run member init --network demo --member lender-a --dir /data --address "127.0.0.1:$port" --key-file /data/unlock.key >>"$work/log" 2>&1
"$tally" network admit "$files/data/lender-a.request" --dir "$work/cma" --roles lender --key-file "$work/cma.key" --yes >>"$work/log" 2>&1
install -o 65532 -m 600 "$work/cma/bundles/lender-a.bundle" "$files/data/"
run member install /data/lender-a.bundle --yes >>"$work/log" 2>&1
TALLY_CONFIG=/data/node.toml chroot --userspec=65532:65532 "$files" /usr/bin/tally node 2>"$work/journal" &
nodes+=($!)
tries=0
until [ -S "$files/data/data/tally.sock" ]; do
  tries=$((tries + 1))
  [ "$tries" -lt 60 ] || { tail -5 "$work/journal" >&2; fail "the node does not answer"; }
  sleep 0.5
done
run status >"$work/status" 2>&1 || [ $? -eq 4 ] || { cat "$work/status" >&2; fail "status"; }
grep -q lender-a "$work/status" || { cat "$work/status" >&2; fail "the node is another one"; }
stop_nodes
grep -q 'node has stopped' "$work/journal" || fail "the node did not stop as it should"
image rm "$container" >/dev/null
say "it made its keys, was admitted, ran as user 65532 and stopped"
