#!/bin/sh
# Makes the Khmer web fonts again: the Khmer letters and signs of Debian's Noto Sans Khmer, as small woff2 files.
# Needs apt, dpkg and python3. The result does not change with the day: the fonts keep their own time stamps.
set -eu

assets="$(cd "$(dirname "$0")/../.." && pwd)/src/console/assets"
here="$(mktemp -d)"
trap 'rm -rf "$here"' EXIT
cd "$here"

python3 -m venv venv
venv/bin/pip --quiet install fonttools==4.68.0 brotli==1.2.1
apt-get download fonts-noto-core
dpkg-deb -x fonts-noto-core_*.deb noto

for weight in Regular Bold; do
    small="$(echo "$weight" | tr '[:upper:]' '[:lower:]')"
    # Space, no-break space and guillemets; Khmer; Khmer symbols; joiners and the dotted circle for a lone sign.
    venv/bin/pyftsubset "noto/usr/share/fonts/truetype/noto/NotoSansKhmer-$weight.ttf" \
        --unicodes=U+0020,U+00A0,U+00AB,U+00BB,U+1780-17FF,U+19E0-19FF,U+200B-200D,U+25CC \
        --layout-features='*' --no-hinting --flavor=woff2 \
        --output-file="$assets/noto-sans-khmer-$small.woff2"
done
