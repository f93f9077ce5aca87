#!/usr/bin/env bash
# need.sh run|test: finds out what this machine lacks and installs it.
#
# Debian packages only, and only missing ones. Nothing is started: the product and the tests start their own
# PostgreSQL, SIP phones and browser, on loopback, in folders of their own.
set -euo pipefail
cd "$(dirname "$0")"

go_wanted=1.26
if ! command -v go >/dev/null; then
	echo "need: Go $go_wanted or newer is not installed: see https://go.dev/doc/install" >&2
	exit 1
fi

# program:package. A program is looked for in PATH and among PostgreSQL's own folders.
run="initdb:postgresql ffmpeg:ffmpeg"
build="git:git gcc:gcc /usr/include/stdlib.h:libc6-dev"
peers="sipp:sip-tester baresip:baresip-core linphonec:linphone-cli sox:sox espeak-ng:espeak-ng chromium:chromium"

case "${1:-}" in
run) wanted="$run" ;;
test) wanted="$run $build $peers" ;;
*)
	echo "usage: need.sh run|test" >&2
	exit 1
	;;
esac

has() {
	command -v "$1" >/dev/null || [ -e "$1" ] || compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null
}

missing=""
for pair in $wanted; do
	has "${pair%%:*}" || missing="$missing ${pair##*:}"
done
if [ -z "$missing" ]; then
	echo "need: everything is here"
	exit 0
fi
# shellcheck disable=SC2086 # package names hold no spaces
exec ./install-debian.sh $missing
