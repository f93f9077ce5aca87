#!/usr/bin/env bash
# section.sh NAME COMMAND...: runs a command under a heading and says how long it took.
set -uo pipefail
name=$1
shift
echo
echo "=== $name"
began=$SECONDS
"$@"
code=$?
if [ "$code" -ne 0 ]; then
	echo "=== $name: FAILED after $((SECONDS - began)) s (exit $code)"
	exit "$code"
fi
echo "=== $name: $((SECONDS - began)) s"
