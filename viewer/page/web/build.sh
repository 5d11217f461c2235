#!/bin/sh
# Builds dist/page.html from src/ and the packages that package-lock.json pins, by npm.
#   ./build.sh           builds it anew, and notes the sources that it was made of
#   ./build.sh --check   says whether dist/page.html comes out the same, byte for byte
set -eu
cd "$(dirname "$0")"
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
npm ci --ignore-scripts --no-audit --no-fund --silent
node build.mjs "$made"
if [ "${1:-}" = --check ]; then
  cmp "$made/page.html" dist/page.html
  echo "dist/page.html is what its sources make"
else
  mkdir -p dist
  cp "$made/page.html" dist/page.html
  LC_ALL=C sha256sum build.mjs package-lock.json src/* dist/page.html >dist/sources.sha256
fi
