#!/usr/bin/env bash
# Sees to it that there is a Chromium and a Chinese font; says what is missing where it may not install.
set -euo pipefail
have() { [ -n "${CHROMIUM:-}" ] || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; }
font() { ! command -v fc-list >/dev/null || [ -n "$(fc-list :lang=zh 2>/dev/null)" ]; }
if have && font; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then
  echo "The browser tests of the mini-program need Chromium and a Chinese font:" >&2
  echo "  apt-get install -y --no-install-recommends chromium fonts-noto-cjk    (or set CHROMIUM)" >&2
  exit 1
fi
apt-get update -q >/dev/null
exec apt-get install -y -q --no-install-recommends chromium fonts-noto-cjk >/dev/null
