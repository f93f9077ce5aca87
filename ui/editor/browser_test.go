package editor

import (
	"context"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// browser serves all tests, each in a tab of its own: starting one takes longer
// than most of them. Nil: there is none, and each test says so.
var browser context.Context

const program = "/usr/bin/chromium"

func TestMain(m *testing.M) { os.Exit(withBrowser(m)) }

func withBrowser(m *testing.M) int {
	if _, err := os.Stat(program); err != nil {
		return m.Run()
	}
	data, err := os.MkdirTemp("", "editor")
	if err != nil {
		panic(err) // no test can run without a folder
	}
	defer os.RemoveAll(data)
	opts := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(program), chromedp.NoSandbox,
		chromedp.DisableGPU, chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.UserDataDir(data))
	alloc, endAlloc := chromedp.NewExecAllocator(context.Background(), opts...)
	defer endAlloc()
	ctx, end := chromedp.NewContext(alloc)
	defer end()
	defer chromedp.Cancel(ctx) // waits for its end; there is nobody left to tell of a fault
	if err := chromedp.Do(ctx); err == nil {
		browser = ctx
	}
	return m.Run()
}

// browse opens a tab that ends with the test.
func browse(t *testing.T) context.Context {
	t.Helper()
	if browser == nil {
		t.Fatalf("%s is missing or does not start: install the Debian package chromium", program)
	}
	tab, end := chromedp.NewContext(browser)
	t.Cleanup(end)
	ctx, stop := context.WithTimeout(tab, 60*time.Second)
	t.Cleanup(stop)
	return ctx
}

// complaints collects what a tab writes to its console.
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
				text := ""
				for _, a := range e.Args {
					text += " " + string(a.Value) + a.Description
				}
				all = append(all, "console."+string(e.Type)+text)
			}
		case *runtime.EventExceptionThrown:
			text := e.ExceptionDetails.Text
			if e.ExceptionDetails.Exception != nil {
				text += " " + e.ExceptionDetails.Exception.Description
			}
			all = append(all, text)
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
