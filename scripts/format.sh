#!/usr/bin/env bash
# format.sh: fails and names the files that gofmt would change.
set -euo pipefail
cd "$(dirname "$0")/.."
wrong=$(git ls-files -z --cached --others --exclude-standard '*.go' | xargs -0 gofmt -l)
if [ -n "$wrong" ]; then
	echo "gofmt would change:" >&2
	echo "$wrong" >&2
	exit 1
fi
