// Package editor is the canvas of the panel in the browser: the custom element
// <flow-editor>, written in TypeScript around React Flow and built into one
// script and one style sheet among the panel's static files.
//
// It never decides anything about a call and never keeps what the server does
// not know: the rules come with the catalogue and the draft, and every edit
// goes back as a list of changes.
//
// The build needs Go alone. esbuild is a tool of go.mod, and the few npm
// packages stand in vendor as they were published. React Flow draws and drags,
// dagre tidies up; both are maintained, and a canvas of our own would not be
// better at either. What tidies up is a script of its own, fetched when somebody
// asks for it: few do, and everybody waits for the first. The handset of test
// calls, an AudioWorklet, is fetched with the first call; a browser runs it apart
// from the page, so it stands by itself (static/handset.js).
package editor

//go:generate env NODE_PATH=vendor go tool esbuild src/main.tsx --bundle --minify --target=es2022 --format=iife --jsx=automatic "--define:process.env.NODE_ENV=\"production\"" "--define:import.meta.env={\"MODE\":\"production\"}" --legal-comments=none --charset=utf8 --log-level=warning --outfile=../static/editor.js
//go:generate env NODE_PATH=vendor go tool esbuild src/model/layout.ts --bundle --minify --target=es2022 --format=esm --legal-comments=none --charset=utf8 --log-level=warning --outfile=../static/tidy.js
//go:generate env NODE_PATH=vendor go tool esbuild src/editor.css --bundle --minify --target=es2022 --legal-comments=none --log-level=warning --outfile=../static/editor.css
