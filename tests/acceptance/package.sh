#!/usr/bin/env bash
# tests/acceptance/package.sh [--older FILE] [--newer FILE] [FOLDER]
#
# The Debian package on a clean Debian 12 (debootstrap, in a chroot): a package of an older program is installed, a node
# set up by the steps of docs/OPERATIONS.md, started by its unit's own command line, a book loaded; the package of a newer
# program goes over it, the data are there, the restore drill holds; going back, removal and purge lose nothing.
#
# FILE: a program `tally`. Without --older, commit 101b873 is compiled in a worktree of its own; without --newer, this tree
# is. The steps are the blocks under `<!-- tested: NAME -->` of the page. As root, with debootstrap and a way to a Debian
# mirror (MIRROR); some minutes. FOLDER keeps the chroot's base between runs.
set -euo pipefail

# shellcheck source=tests/acceptance/network.sh
. "$(dirname "${BASH_SOURCE[0]}")/network.sh"

OLDER_COMMIT=101b873
older='' newer='' folder=''
while [ $# -gt 0 ]; do
  case $1 in
    --older) older=$2; shift 2 ;;
    --newer) newer=$2; shift 2 ;;
    -*) echo "usage: tests/acceptance/package.sh [--older FILE] [--newer FILE] [FOLDER]" >&2; exit 2 ;;
    *) folder=$1; shift ;;
  esac
done
[ "$(id -u)" -eq 0 ] || fail "run it as root: it makes a chroot"
command -v debootstrap >/dev/null || fail "debootstrap is missing: apt-get install debootstrap"

work=$(mktemp -d)
machine=$work/machine
service=''
tidy_up() {
  [ -z "$service" ] || { kill -TERM "$service" && wait "$service"; } 2>/dev/null || true
  stop_nodes
  for mounted in proc dev; do mountpoint -q "$machine/$mounted" && umount -l "$machine/$mounted"; done
  rm -rf "$work"
}
trap tidy_up EXIT
trap 'exit 130' INT TERM

# --- Two packages --------------------------------------------------------------------------------------------

# compile TREE OUT: the program of a tree. How fast it runs is of no interest here.
compile() {
  (cd "$1" && "$root/packaging/dev" cargo build --release --bin tally \
    --config 'profile.release.package.tallystick.opt-level=0') >"$work/compile.log" 2>&1 ||
    { tail -20 "$work/compile.log" >&2; fail "$1 does not compile"; }
  cp "${CARGO_TARGET_DIR:-$1/target}/release/tally" "$2"
}

if [ -z "$older" ]; then
  older=$work/tally-older
  git -C "$root" worktree add --detach "$work/older" "$OLDER_COMMIT" >/dev/null 2>&1
  compile "$work/older" "$older"
  git -C "$root" worktree remove --force "$work/older"
fi
if [ -z "$newer" ]; then
  newer=$work/tally-newer
  compile "$root" "$newer"
fi
cmp -s "$older" "$newer" && fail "the older program is the newer one"
older_package=$("$root/packaging/deb/build" --binary "$older" --quick --version "0.1.0~1.$OLDER_COMMIT" --out "$work/packages" 2>/dev/null)
newer_package=$("$root/packaging/deb/build" --binary "$newer" --quick --out "$work/packages" 2>/dev/null)
dpkg --compare-versions "$(dpkg-deb -f "$newer_package" Version)" gt "$(dpkg-deb -f "$older_package" Version)" ||
  fail "$newer_package is not newer than $older_package"
say "two packages: $(basename "$older_package"), $(basename "$newer_package")"

# --- A clean Debian ------------------------------------------------------------------------------------------

base=${folder:+$folder/bookworm.tar}
mkdir -p "$machine"
if [ -n "$base" ] && [ -s "$base" ]; then
  tar -C "$machine" -xf "$base"
else
  debootstrap --variant=minbase --include=ca-certificates bookworm "$machine" "${MIRROR:-http://deb.debian.org/debian}" \
    >"$work/debootstrap.log" 2>&1 || { tail -5 "$work/debootstrap.log" >&2; fail "debootstrap"; }
  if [ -n "$base" ]; then
    mkdir -p "$folder"
    tar -C "$machine" -cf "$base.new" . && mv "$base.new" "$base"
  fi
fi
mount -t proc proc "$machine/proc"
mount --rbind /dev "$machine/dev" && mount --make-rslave "$machine/dev"
cp /etc/resolv.conf "$machine/etc/resolv.conf"
# As a mirror may be reached here through a proxy.
if [ -d /etc/apt/apt.conf.d ]; then cp /etc/apt/apt.conf.d/*proxy* "$machine/etc/apt/apt.conf.d/" 2>/dev/null || true; fi
printf '#!/bin/sh\nexit 101\n' >"$machine/usr/sbin/policy-rc.d"
chmod +x "$machine/usr/sbin/policy-rc.d"

# inside COMMAND…: as root on that machine.
inside() {
  chroot "$machine" /usr/bin/env -i PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
    LANG=C.UTF-8 DEBIAN_FRONTEND=noninteractive HOME=/srv "$@"
}
inside apt-get update -q >"$work/apt.log" 2>&1 || { tail -5 "$work/apt.log" >&2; fail "no packages can be had"; }

# step NAME [VARIABLE=VALUE…]: a block of the page, run as it stands, on that machine.
step() {
  local name=$1 block
  shift
  block=$(awk -v mark="<!-- tested: $name -->" \
    '$0 == mark { found = 1; next } found && /^```/ { if (inside) exit; inside = 1; next } inside' "$root/docs/OPERATIONS.md")
  [ -n "$block" ] || fail "docs/OPERATIONS.md has no block $name"
  inside "$@" sh -euc "cd /srv
$block" >"$work/step.log" 2>&1 || {
    local code=$?
    # `status` and `doctor` end with 4 while something is missing, which the page says.
    if [ "$name" = look ] && [ "$code" -eq 4 ]; then return 0; fi
    cat "$work/step.log" >&2
    fail "step $name of docs/OPERATIONS.md: exit code $code"
  }
}

install_package() {
  cp "$1" "$machine/srv/"
  inside apt-get install -y -q --no-install-recommends --allow-downgrades "/srv/$(basename "$1")" >>"$work/apt.log" 2>&1 ||
    { tail -20 "$work/apt.log" >&2; fail "apt does not install $(basename "$1")"; }
}

# --- The service manager's part ------------------------------------------------------------------------------

# Runs a unit's ExecStart as its User, in its WorkingDirectory, with its Environment and EnvironmentFile, and listens to
# what a unit of type notify says. Not the sandbox: that takes systemd as process 1.
cat >"$work/service.py" <<'PYTHON'
import os, pwd, shlex, signal, socket, subprocess, sys

root, unit, journal = sys.argv[1:4]
lines = open(f"{root}/lib/systemd/system/{unit}").read().splitlines()
pairs = [line.split("=", 1) for line in lines if "=" in line and not line.startswith("#")]
one = dict(pairs)
env = {"PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin", "LANG": "C.UTF-8"}
for key, value in pairs:
    if key == "EnvironmentFile":
        for line in open(root + value.lstrip("-")).read().splitlines():
            if "=" in line and not line.lstrip().startswith("#"):
                name, text = line.split("=", 1)
                env[name] = text.strip("\"'")
users = dict((line.split(":")[0], line.split(":")) for line in open(f"{root}/etc/passwd"))
uid, gid = int(users[one["User"]][2]), int(users[one["User"]][3])
notify = one.get("Type") == "notify"
if notify:
    heard = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    heard.bind(f"{root}/run/notify-{os.getpid()}")
    os.chmod(f"{root}/run/notify-{os.getpid()}", 0o666)
    env["NOTIFY_SOCKET"] = f"/run/notify-{os.getpid()}"

def as_service():
    os.chroot(root)
    os.chdir(one.get("WorkingDirectory", "/"))
    os.setgroups([])
    os.setgid(gid)
    os.setuid(uid)
    os.umask(int(one.get("UMask", "0022"), 8))

with open(journal, "ab") as stderr:
    node = subprocess.Popen(shlex.split(one["ExecStart"]), env=env, preexec_fn=as_service, stdin=subprocess.DEVNULL,
                            stdout=stderr, stderr=stderr)
for number in (signal.SIGTERM, signal.SIGINT):
    signal.signal(number, lambda *_: node.terminate())
if notify:
    heard.settimeout(0.2)
    while node.poll() is None:
        try:
            for line in heard.recv(4096).decode().splitlines():
                print(line, flush=True)
        except (TimeoutError, InterruptedError):
            pass
sys.exit(node.wait())
PYTHON

# start_unit [gently]: the node, by its unit; returns when it answers. Gently: fails when it ends before.
start_unit() {
  python3 "$work/service.py" "$machine" tallystick.service "$work/journal" >"$work/notified" &
  service=$!
  local tries=0
  # A command on a node that does not serve yet would open the store itself, and keep the node out.
  until [ -S "$machine/var/lib/tallystick/data/tally.sock" ] &&
    { inside tallyctl status --json >"$work/status.json" 2>/dev/null || [ $? -eq 4 ]; } &&
    grep -q '"running": true' "$work/status.json"; do
    tries=$((tries + 1))
    if ! kill -0 "$service" 2>/dev/null; then
      service=''
      if [ "${1:-}" = gently ]; then return 1; fi
      tail -5 "$work/journal" >&2
      fail "the unit's node ended"
    fi
    [ "$tries" -lt 120 ] || { tail -5 "$work/journal" >&2; fail "the unit's node does not answer"; }
    sleep 0.5
  done
}

stop_unit() {
  kill -TERM "$service"
  wait "$service" || fail "the node stopped with exit code $?"
  service=''
}

# shown KEY: a number of `tallyctl status --json`, once nothing waits to be published and the log is settled.
shown() {
  local tries=0
  while :; do
    inside tallyctl status --json >"$work/status.json" 2>/dev/null || [ $? -eq 4 ]
    python3 - "$1" "$work/status.json" <<'PYTHON' && return
import json, sys
state = json.load(open(sys.argv[2]))
if state["clients_waiting"] or state["standing"]["phase"] != "settled" or not state["running"]:
    sys.exit(1)
print(state[sys.argv[1]])
PYTHON
    tries=$((tries + 1))
    [ "$tries" -lt 240 ] || { cat "$work/status.json" >&2; tail -5 "$work/journal" >&2; fail "$1 is not settled"; }
    sleep 0.5
  done
}

# --- A first day, with the older program ---------------------------------------------------------------------

install_package "$older_package"
inside systemd-analyze verify /lib/systemd/system/tallystick.service /lib/systemd/system/tallystick-backup.timer 2>&1 |
  grep -v "Command 'man " >"$work/verify" || true
[ ! -s "$work/verify" ] || { cat "$work/verify" >&2; fail "systemd-analyze verify finds something"; }
[ "$(stat -c '%U %a' "$machine/var/lib/tallystick")" != 'root 700' ] || fail "the node's folder is root's"
inside stat -c '%U:%a %n' /var/lib/tallystick /etc/tallystick/unlock /var/backups/tallystick >"$work/folders"
[ "$(grep -c '^tallystick:700 ' "$work/folders")" -eq 3 ] || { cat "$work/folders" >&2; fail "folders"; }
say "installed: $(inside tally --version), its unit is sound"

# The operator has a machine of its own and the older program for as long as this takes.
net=$work/net
read -r port <<<"$(free_ports 1)"
mkdir -p "$net"
"$older" network init --policy "$root/config/policy-demo.toml" --network kh-mfi --operator assoc --dir "$net/assoc" \
  --address "127.0.0.1:$port" --key-file "$net/assoc.key" >"$work/operator.log"
tally=$older
step request
inside cat /var/lib/tallystick/lender-a.request >"$net/lender-a.request"
"$older" network admit "$net/lender-a.request" --dir "$net/assoc" --roles lender,witness --key-file "$net/assoc.key" --yes \
  >>"$work/operator.log"
"$older" network deal-keys --threshold 1 --holders lender-a --dir "$net/assoc" --key-file "$net/assoc.key" >>"$work/operator.log"
start_node assoc
fingerprint=$(grep -io 'fingerprint.*' "$work/operator.log" | grep -Eo '[0-9a-f]{4}(-[0-9a-f]{4})+' | head -n 1)
[ -n "$fingerprint" ] || { cat "$work/operator.log" >&2; fail "the operator's fingerprint was not shown"; }
cp "$net/assoc/bundles/lender-a.bundle" "$machine/srv/"
step install-bundle "FINGERPRINT=$fingerprint"
start_unit
step look
python3 - "$machine/srv/book.csv" <<'PYTHON'
import csv, sys
with open(sys.argv[1], "w", newline="") as file:
    out = csv.writer(file)
    out.writerow("account,client,as_of,kh-nid,kind,status,currency,disbursed,outstanding,overdue,days_past_due,instalment,"
                 "frequency,opened".split(","))
    for n in range(1, 201):
        out.writerow([f"A-{n}", f"C-{n}", "2026-11-20", f"{900000000 + n}", "individual", "current", "USD", "500.00",
                      "250.00", "0", "0", "25.00", "monthly", "2026-01-15"])
PYTHON
step load
rows=$(shown feed_rows)
[ "$rows" -eq 200 ] || fail "200 rows should be published, not $rows"
say "a first day: set up, started by its unit, 200 rows published"

inside apt-get install -y -q --no-install-recommends age >>"$work/apt.log" 2>&1 || fail "age cannot be installed"
inside age-keygen -o /srv/backup.identity 2>/dev/null
recipient=$(inside age-keygen -y /srv/backup.identity)
step backup-set-up "RECIPIENT=$recipient"
python3 "$work/service.py" "$machine" tallystick-backup.service "$work/journal" || { tail -5 "$work/journal" >&2; fail "no backup"; }
say "a backup: $(ls "$machine/var/backups/tallystick")"

# --- The newer program over it -------------------------------------------------------------------------------

echo 'TALLY_LOG=info' >>"$machine/etc/tallystick/tallystick.env"
process=$service
install_package "$newer_package"
kill -0 "$process" || fail "the upgrade stopped the node"
stop_unit
start_unit
grep -qx READY=1 "$work/notified" || { cat "$work/notified" >&2; fail "the node did not say that it is ready"; }
[ "$(shown feed_rows)" = "$rows" ] || fail "rows were lost by the upgrade"
step look
grep -qx 'TALLY_LOG=info' "$machine/etc/tallystick/tallystick.env" || fail "the upgrade took a configuration away"
inside tallyctl doctor --json >"$work/doctor.json" || [ $? -eq 4 ] || fail "doctor: exit code $?"
inside tallyctl log verify >/dev/null || fail "the log does not verify"
say "upgraded: $(inside dpkg-query -W -f '${Version}' tallystick), $rows rows, the log holds"

# Only the newest backups stay, and nothing else goes.
echo 'BACKUP_KEEP=2' >>"$machine/etc/tallystick/tallystick.env"
touch "$machine/var/backups/tallystick/of-somebody-else.age"
for _ in 1 2 3; do
  sleep 1
  python3 "$work/service.py" "$machine" tallystick-backup.service "$work/journal" || { tail -5 "$work/journal" >&2; fail "no backup"; }
done
[ "$(find "$machine/var/backups/tallystick" -name 'tallystick-*.age' | wc -l)" -eq 2 ] || fail "2 backups should be kept"
[ -e "$machine/var/backups/tallystick/of-somebody-else.age" ] || fail "a file of somebody else was removed"
rm "$machine/var/backups/tallystick/of-somebody-else.age"
say "backups: the 2 newest are kept"

stop_unit
step restore
start_unit
[ "$(shown feed_rows)" = "$rows" ] || fail "rows were lost by the restore"
inside tallyctl log verify >/dev/null || fail "the log does not verify after the restore"
stop_unit
say "restore drill: $rows rows, the log holds"

# --- Going back, and going away ------------------------------------------------------------------------------

install_package "$older_package"
if start_unit gently; then
  say "going back: the older program reads the store"
else
  grep -q 'run the newer one' "$work/journal" || { tail -5 "$work/journal" >&2; fail "the older program does not say why it stops"; }
  say "going back: the older program refuses the newer store, and says so"
fi
[ -z "$service" ] || stop_unit
install_package "$newer_package"
start_unit
[ "$(shown feed_rows)" = "$rows" ] || fail "rows were lost by going back and forth"
stop_unit

inside dpkg --remove tallystick >>"$work/apt.log" 2>&1 || fail "it cannot be removed"
[ ! -e "$machine/usr/bin/tally" ] || fail "the program is still there"
inside dpkg --purge tallystick >"$work/purge" 2>&1 || fail "it cannot be purged"
grep -q 'data and keys were kept' "$work/purge" || { cat "$work/purge" >&2; fail "purging does not say what stays"; }
[ ! -e "$machine/etc/tallystick/tallystick.env" ] || fail "purging leaves its configuration"
for kept in var/lib/tallystick/keys.age var/lib/tallystick/data/store etc/tallystick/unlock/unlock.key; do
  [ -e "$machine/$kept" ] || fail "purging took /$kept away"
done
install_package "$newer_package"
start_unit
[ "$(shown feed_rows)" = "$rows" ] || fail "what was kept does not run again"
stop_unit
say "removed, purged, installed again: nothing was lost"
