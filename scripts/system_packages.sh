#!/usr/bin/env bash
# Installs the Debian packages that the tests need and that are not there yet; says so where it may not.
#   scripts/system_packages.sh          what `make test` needs
#   scripts/system_packages.sh java     what Spark needs: Java 17, or 21 from Debian 13 on
set -u
want=()
if [ "${1:-}" = java ]; then
  debian=$(. /etc/os-release 2>/dev/null; echo "${VERSION_ID:-12}")
  command -v java >/dev/null || want+=("openjdk-$([ "$debian" = 12 ] && echo 17 || echo 21)-jre-headless")
else
  command -v chromium >/dev/null || want+=(chromium)
  command -v msgfmt >/dev/null || want+=(gettext)
  tesseract --list-langs 2>/dev/null | grep -qx vie || want+=(tesseract-ocr tesseract-ocr-vie)
  ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || want+=(postgresql)
fi
[ ${#want[@]} -eq 0 ] && exit 0
sudo=""; [ "$(id -u)" -eq 0 ] || sudo="sudo"
echo "Installing from Debian: ${want[*]} …"
$sudo apt-get update -qq && DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends "${want[@]}" >/dev/null || {
  echo "Could not install ${want[*]}; the tests that need them will say that they skip."; exit 0; }
