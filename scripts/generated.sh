#!/usr/bin/env bash
# generated.sh: fails and names the files that `go generate` changes, whatever else is uncommitted.
set -euo pipefail
cd "$(dirname "$0")/.."
sums() { git ls-files -z --cached --others --exclude-standard | sort -z | while IFS= read -r -d "" f; do [ ! -f "$f" ] || sha256sum -- "$f"; done; }
before=$(sums)
go generate ./...
after=$(sums)
if [ "$before" != "$after" ]; then
	echo "generated files are not what \`make generate\` writes; commit its result:" >&2
	diff <(echo "$before") <(echo "$after") | awk '/^[<>]/ {print $3}' | sort -u >&2
	exit 1
fi
