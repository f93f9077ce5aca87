// Package browsertest drives Chromium for tests of the panel: one tab, what it
// writes to its console, what axe-core finds on a page, and pictures.
//
// It is imported by tests only. The browser reaches loopback alone.
package browsertest

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp" // speaks the DevTools protocol to the distribution's own Chromium, with no driver beside it
)

const program = "/usr/bin/chromium"

// Step is something done in a tab.
type Step = chromedp.Action[chromedp.Void]

// Tab is one tab of a browser of its own, with a profile of its own.
type Tab struct {
	t       testing.TB
	ctx     context.Context
	console *console
}

// console is what a tab has complained about.
type console struct {
	mu    sync.Mutex
	heard []string
}

func (c *console) hear(line string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.heard = append(c.heard, line)
}

// Open starts Chromium with one tab, which ends with the test or after limit.
func Open(t testing.TB, limit time.Duration, change ...Option) *Tab {
	t.Helper()
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%s is missing: install the Debian package chromium", program)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("use-fake-device-for-media-stream", true), chromedp.Flag("use-fake-ui-for-media-stream", true), // a microphone that beeps, and is allowed
		chromedp.UserDataDir(t.TempDir()))
	alloc, endAlloc := chromedp.NewExecAllocator(t.Context(), append(opts, change...)...)
	tab, endTab := chromedp.NewContext(alloc)
	t.Cleanup(func() { // ends the browser and waits for it
		if err := chromedp.Cancel(tab); err != nil {
			t.Log("ending chromium:", err)
		}
		endTab()
		endAlloc()
	})
	ctx, end := context.WithTimeout(tab, limit)
	t.Cleanup(end)
	b := &Tab{t: t, ctx: ctx, console: &console{}}
	b.listen()
	return b
}

// listen collects what the tab writes to its console: refusals of the
// Content-Security-Policy, script errors and failed requests.
func (b *Tab) listen() {
	b.t.Helper()
	err := chromedp.Listen(b.ctx, func(event any) {
		switch e := event.(type) {
		case *log.EventEntryAdded:
			b.console.hear(string(e.Entry.Level) + ": " + e.Entry.Text + " " + e.Entry.URL)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				b.console.hear("console." + string(e.Type) + " " + said(e.Args))
			}
		case *runtime.EventExceptionThrown:
			text := e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				text += " " + e.ExceptionDetails.Exception.Description
			}
			b.console.hear(text)
		}
	})
	if err == nil {
		_, err = chromedp.Call(b.ctx, log.Enable, cdp.Empty{})
	}
	if err != nil {
		b.t.Fatal(err)
	}
}

func said(args []*runtime.RemoteObject) string {
	text := ""
	for _, a := range args {
		text += " " + string(a.Value) + a.Description
	}
	return text
}

// Complaints gives what the console said since the last time, and forgets it.
func (b *Tab) Complaints() []string {
	b.console.mu.Lock()
	defer b.console.mu.Unlock()
	all := b.console.heard
	b.console.heard = nil
	return all
}

// Do runs steps and fails the test at the first that fails.
func (b *Tab) Do(steps ...Step) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatal(err)
	}
}

// Read runs one step that answers something.
func Read[T any](b *Tab, step chromedp.Action[T]) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, step)
	if err != nil {
		b.t.Fatal(err)
	}
	return v
}

// Eval runs a script, waits for its promise and answers its value.
func Eval[T any](b *Tab, script string) T {
	b.t.Helper()
	return Read(b, chromedp.Evaluate[T](script, chromedp.EvalAwaitPromise))
}

// Size makes the window width by height CSS pixels.
func (b *Tab) Size(width, height int64) {
	b.t.Helper()
	b.Do(chromedp.EmulateViewport(width, height))
}

// Theme makes the device prefer light or dark.
func (b *Tab) Theme(theme string) {
	b.t.Helper()
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return err
	}))
}

// Forget clears all cookies.
func (b *Tab) Forget() {
	b.t.Helper()
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	}))
}

// Picture writes the whole page to a PNG file.
func (b *Tab) Picture(file string) {
	b.t.Helper()
	png := Read(b, chromedp.FullScreenshot(100))
	if err := os.WriteFile(file, png, 0o644); err != nil {
		b.t.Fatal(err)
	}
}

// axeSource is axe-core 4.14.1, unmodified, under the Mozilla Public License
// 2.0 (axe/LICENSE); it is part of tests only.
//
//go:embed axe/axe.min.js
var axeSource string

const axeRun = `axe.run(document, {resultTypes: ["violations"], ...(%s.length && {runOnly: %[1]s})}).then(r => r.violations
	.filter(v => v.impact === "serious" || v.impact === "critical")
	.map(v => v.impact + " " + v.id + ": " + v.help + " at " + v.nodes.slice(0, 5).map(n => n.target.join(" ") + " (" + (n.any[0]?.message ?? n.failureSummary) + ")").join("; ")))`

// Axe gives the serious and critical findings of axe-core on the page as it is,
// of these rules or, if none are named, of all.
func (b *Tab) Axe(rules ...string) []string {
	b.t.Helper()
	// The protocol evaluates past the page's Content-Security-Policy.
	b.Do(chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := chromedp.Evaluate[chromedp.Void](axeSource+";undefined")(ctx, t)
		return err
	}))
	names, _ := json.Marshal(append([]string{}, rules...)) // strings always marshal
	return Eval[[]string](b, fmt.Sprintf(axeRun, names))
}
