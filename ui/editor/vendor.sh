#!/usr/bin/env bash
# vendor.sh: fetches the packages of the editor anew and keeps the files that the bundle reads.
# Run it to change a version, then `make generate`. Needs npm; the build does not.
set -euo pipefail
cd "$(dirname "$0")"
packages=(
	react@19.3.1 react-dom@19.3.1 scheduler@0.28.0
	@xyflow/react@12.12.1 @xyflow/system@0.0.84 classcat@5.0.5 zustand@4.5.7 use-sync-external-store@1.7.0
	d3-color@3.1.1 d3-dispatch@3.0.2 d3-drag@3.0.1 d3-ease@3.0.2 d3-interpolate@3.0.2 d3-selection@3.0.1 d3-timer@3.0.2 d3-transition@3.0.2 d3-zoom@3.0.1
	@dagrejs/dagre@3.1.3
)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$work/node_modules" "$work/tar"
for p in "${packages[@]}"; do
	name=${p%@*}
	tar=$(cd "$work/tar" && npm pack --silent "$p" 2>/dev/null)
	mkdir -p "$work/node_modules/$name"
	tar -xzf "$work/tar/$tar" -C "$work/node_modules/$name" --strip-components=1
	echo "$p $(sha256sum "$work/tar/$tar" | cut -d' ' -f1)" >>"$work/sums"
done
cp -r src tsconfig.json "$work/"
# esbuild itself says which files the bundle reads.
(cd "$work" && go -C "$OLDPWD" tool esbuild "$work/src/main.tsx" "$work/src/editor.css" --bundle --outdir="$work/out" --define:process.env.NODE_ENV='"production"' --jsx=automatic --minify-syntax --metafile="$work/meta.json" --log-level=warning)
rm -rf vendor
node - "$work" <<'JS'
const fs = require("fs"), path = require("path"), [, , work] = process.argv;
const inputs = Object.keys(JSON.parse(fs.readFileSync(work + "/meta.json")).inputs).map((f) => path.resolve(f));
const mods = work + "/node_modules/", rows = [];
const sums = Object.fromEntries(fs.readFileSync(work + "/sums", "utf8").trim().split("\n").map((l) => l.split(" ")));
for (const [spec, sum] of Object.entries(sums)) {
	const name = spec.slice(0, spec.lastIndexOf("@")), dir = mods + name + "/", pkg = JSON.parse(fs.readFileSync(dir + "package.json"));
	const used = inputs.filter((f) => f.startsWith(dir));
	if (!used.length) continue;
	for (const f of used) {
		const to = "vendor/" + name + "/" + f.slice(dir.length);
		fs.mkdirSync(path.dirname(to), { recursive: true });
		fs.writeFileSync(to, fs.readFileSync(f, "utf8").replace(/^\/\/# sourceMappingURL=.*$/m, ""));
	}
	const licence = fs.readdirSync(dir).find((f) => /^licen[sc]e/i.test(f));
	fs.copyFileSync(dir + licence, "vendor/" + name + "/LICENSE");
	const { version, license, type, main, module, exports, sideEffects } = pkg;
	fs.writeFileSync("vendor/" + name + "/package.json", JSON.stringify({ name, version, license, type, main, module, exports, sideEffects }, null, 1) + "\n");
	rows.push(`| ${name} | ${version} | ${license} | ${sum} |`);
}
fs.writeFileSync("vendor/README.md", "Packages that the editor is built from, as published; only the files that the bundle reads.\nWritten by vendor.sh. The sum is of the package file (SHA-256).\n\n| package | version | licence | sum |\n| --- | --- | --- | --- |\n" + rows.join("\n") + "\n");
JS
# What the licences ask for: their words travel with the script.
for f in vendor/*/LICENSE vendor/@*/*/LICENSE; do
	p=${f#vendor/}
	printf '%s\n\n' "== ${p%/LICENSE}"
	cat "$f"
	printf '\n'
done >../static/editor.LICENSE
