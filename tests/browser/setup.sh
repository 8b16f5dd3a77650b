#!/usr/bin/env bash
# The fixture of the tests with a browser: Debian's Chromium.
set -euo pipefail
cd "$(dirname "$0")/../.."
. ./packages.sh
# shellcheck disable=SC2086
need_packages $PACKAGES_BROWSER
