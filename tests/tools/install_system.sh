#!/usr/bin/env bash
# Installs what `make test-all` needs besides Python packages: on Debian by apt, elsewhere it lists what is missing.
set -euo pipefail
cd "$(dirname "$0")"
export PATH="$PATH:/usr/sbin:/sbin"

# A program, and its package in Debian 12 and 13.
programs=(
  lowriter:libreoffice-writer localc:libreoffice-calc pdftotext:poppler-utils chromium:chromium npm:npm git:git
  slurmctld:slurmctld slurmd:slurmd sbatch:slurm-client munged:munge fc-list:fontconfig
  wine:wine x86_64-w64-mingw32-gcc:gcc-mingw-w64-x86-64-win32
)
fonts=fonts-liberation
missing=()
for pair in "${programs[@]}"; do
  command -v "${pair%:*}" >/dev/null || missing+=("${pair#*:}")
done
fc-list 2>/dev/null | grep -q Liberation || missing+=("$fonts")

if [ ${#missing[@]} -gt 0 ]; then
  if ! command -v apt-get >/dev/null; then
    echo "make test-all: found none of these, by their names in Debian: ${missing[*]}; expected them. Install" \
      "them, then run make test-all again. make test needs none of them." >&2
    exit 1
  fi
  echo "Installing ${missing[*]}"
  as_root=()
  [ "$(id -u)" = 0 ] || as_root=(sudo)
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -qq --no-install-recommends "${missing[@]}" >/dev/null
fi

# The Open XML SDK's validator.
npm ls --silent >/dev/null 2>&1 || npm install --no-package-lock --no-audit --no-fund --silent
