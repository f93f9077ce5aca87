#!/usr/bin/env bash
# fuzz.sh HOW-LONG: runs every fuzz target of this module for a time (30s) or a number of tries (50000x) each; a find
# fails and is kept in its testdata. CI counts tries: when time is up, Go now and then fails a target that found nothing.
set -euo pipefail
cd "$(dirname "$0")/.."
time=${1:?usage: fuzz.sh 30s|50000x}
count=0
while IFS=: read -r file line; do
	target=$(sed -E 's/^func (Fuzz[A-Za-z0-9_]*).*/\1/' <<<"$line")
	echo "--- $target ($(dirname "$file"))"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "$time" "./$(dirname "$file")"
	count=$((count + 1))
done < <(git ls-files --cached --others --exclude-standard '*_test.go' | xargs grep -H '^func Fuzz')
if [ "$count" -eq 0 ]; then
	echo "fuzz: found no target, which cannot be right" >&2
	exit 1
fi
echo "fuzz: $count targets"
