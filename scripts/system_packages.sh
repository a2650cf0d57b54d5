#!/usr/bin/env bash
# Installs the Debian packages that the tests need and that are not there yet; says so where it may not.
set -u
want=()
command -v chromium >/dev/null || want+=(chromium)
command -v msgfmt >/dev/null || want+=(gettext)
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want+=(postgresql)
[ ${#want[@]} -eq 0 ] && exit 0
sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
echo "Installing from Debian: ${want[*]} …"
$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${want[@]}" >/dev/null || {
  echo "Could not install ${want[*]}; the tests that need them will say that they skip."; exit 0; }
