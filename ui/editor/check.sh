#!/usr/bin/env bash
# check.sh: checks the types of the editor's sources. Needs npm; the build does not.
set -euo pipefail
cd "$(dirname "$0")"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cp -r src test tsconfig.json "$work/"
cd "$work"
echo '{"private":true}' >package.json
npm install --silent --no-audit --no-fund --save-exact react@19.3.1 react-dom@19.3.1 @xyflow/react@12.12.1 @dagrejs/dagre@3.1.3 \
	@types/react@19.3.0 @types/react-dom@19.3.0 typescript@7.0.2
npx tsc -p .
echo "the types fit"
