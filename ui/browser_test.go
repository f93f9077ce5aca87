package ui

import (
	"context"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"tandem/flow/call"
)

// browse starts Chromium and opens a tab that ends with the test.
func browse(t *testing.T) context.Context {
	t.Helper()
	const program = "/usr/bin/chromium"
	if _, err := os.Stat(program); err != nil {
		t.Fatalf("%s is missing: install the Debian package chromium", program)
	}
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true),
		chromedp.UserDataDir(t.TempDir()))
	alloc, endAlloc := chromedp.NewExecAllocator(t.Context(), opts...)
	tab, endTab := chromedp.NewContext(alloc)
	t.Cleanup(func() { // ends the browser and waits for it
		if err := chromedp.Cancel(tab); err != nil {
			t.Log("ending chromium:", err)
		}
		endTab()
		endAlloc()
	})
	ctx, end := context.WithTimeout(tab, 60*time.Second)
	t.Cleanup(end)
	return ctx
}

// complaints collects what a tab writes to its console: refusals of the
// Content-Security-Policy, script errors and failed requests.
func complaints(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	var all []string
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *log.EventEntryAdded:
			all = append(all, string(e.Entry.Level)+": "+e.Entry.Text+" "+e.Entry.URL)
		case *runtime.EventConsoleAPICalled:
			if e.Type == runtime.ConsoleAPICalledTypeError || e.Type == runtime.ConsoleAPICalledTypeWarning {
				all = append(all, "console."+string(e.Type))
			}
		case *runtime.EventExceptionThrown:
			all = append(all, e.ExceptionDetails.Text)
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return append([]string(nil), all...)
	}
}

// do runs steps in the tab and fails the test at the first that fails.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatal(err)
	}
}

// read runs one step that answers something.
func read[T any](t *testing.T, ctx context.Context, step chromedp.Action[T]) T {
	t.Helper()
	v, err := chromedp.Run(ctx, step)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func signInActions(base string) chromedp.Action[chromedp.Void] {
	return signInWith(base, "correct horse battery")
}

func signInWith(base, password string) chromedp.Action[chromedp.Void] {
	return chromedp.Steps(
		chromedp.Navigate(base+"/calls"),
		chromedp.WaitVisible(chromedp.CSS("#email")),
		chromedp.SendKeys(chromedp.CSS("#email"), "owner@example.org"),
		chromedp.SendKeys(chromedp.CSS("#password"), password+"\r"),
		chromedp.WaitReady(chromedp.CSS(".side")),
	)
}

func TestAPersonSignsInOpensACallAndTheConsoleStaysClean(t *testing.T) {
	server := httptest.NewServer(samplePanel(t))
	defer server.Close()
	ctx := browse(t)
	heard := complaints(t, ctx)
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, chromedp.EmulateViewport(1440, 1000), signInActions(server.URL))
	if live := read(t, ctx, chromedp.Text(chromedp.CSS("#live-title"))); !strings.Contains(live, "Live now") {
		t.Errorf("the live section is headed %q", live)
	}
	do(t, ctx,
		chromedp.Click(chromedp.CSS("#past-title ~ .panel td.when a")),
		chromedp.WaitVisible(chromedp.CSS("#sip-title")),
		chromedp.Click(chromedp.CSS(".msg summary")),
		chromedp.WaitVisible(chromedp.CSS(".msg[open] pre")))
	if got, want := read(t, ctx, chromedp.Title()), "+46701234567 → +15550100 · Tandem"; got != want {
		t.Errorf("the call's page is titled %q, want %q", got, want)
	}
	if title := read(t, ctx, chromedp.AttributeValue(chromedp.CSS(".facts time"), "title")); title.Value == "" {
		t.Error("the script did not bring the times into the viewer's zone")
	}
	for _, line := range heard() {
		t.Error("the console says", line)
	}
}

func TestALivePageFollowsTheCallAndStopsWhenItEnds(t *testing.T) {
	store, running := sampleStore(), sampleRunning()
	server := httptest.NewServer(newPanel(t, store, &fakeLive{calls: []call.LedgerEntry{running}}))
	defer server.Close()
	ctx := browse(t)
	do(t, ctx, signInActions(server.URL), chromedp.Navigate(server.URL+"/calls/"+string(running.Call)),
		chromedp.WaitVisible(chromedp.CSS("#call[data-live] .now")))
	ended := sampleTalked()
	ended.Call = running.Call
	store.mu.Lock()
	store.calls = append(store.calls, ended)
	store.mu.Unlock()
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#call:not([data-live])")))
	story := read(t, ctx, chromedp.Text(chromedp.CSS(".story p")))
	if want := "Talked with Desk phone, Bob for 1 min 23 s, then the caller hung up."; !strings.Contains(story, want) {
		t.Errorf("story %q lacks %q", story, want)
	}
}
