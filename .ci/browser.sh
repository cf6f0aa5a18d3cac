#!/usr/bin/env bash
# A Chromium for the browser tests, with letters for Korean: Debian's packages, where the machine has no Chromium and may install one.
set -u
say() { printf 'browser: %s\n' "$*" >&2; }

[ -n "${HAWSER_CHROMIUM:-}" ] && exit 0
for name in chromium google-chrome google-chrome-stable chromium-browser; do
  command -v "$name" >/dev/null && exit 0
done
[ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || { say 'no Chromium on PATH, and none can be installed: HAWSER_CHROMIUM names one'; exit 1; }
say 'installing Debian'"'"'s chromium'
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq >&2 && apt-get install -qq -y --no-install-recommends chromium fonts-nanum >&2
