#!/usr/bin/env bash
# Installs Chromium from Debian's packages, for the tests that open pages in a browser. Nothing happens where there is
# one already. Fails where it cannot be installed: no apt, or not root.
set -euo pipefail

for name in chromium chromium-browser google-chrome; do
  if command -v "$name" >/dev/null; then
    echo "$name is there"
    exit 0
  fi
done
command -v apt-get >/dev/null || { echo "no apt-get to install chromium with" >&2; exit 1; }
[ "$(id -u)" -eq 0 ] || { echo "only root can install chromium" >&2; exit 1; }
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
apt-get install -y -qq --no-install-recommends chromium fonts-dejavu-core
command -v chromium
