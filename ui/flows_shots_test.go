//go:build screenshots

package ui

import (
	"context"
	"net/http/httptest"
	"os"
	"path/filepath"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tandem/flow/directory"
)

// TestFlowScreenshots renders the pages of flows and every settings form for a
// person to look at, as TestScreenshots does.
func TestFlowScreenshots(t *testing.T) {
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		t.Fatal("set UI_SHOTS to the folder for the pictures")
	}
	w := flowWorld(t)
	c := w.as(directory.Admin)
	server := httptest.NewServer(w.panel)
	defer server.Close()
	ctx := browse(t)
	heard := complaints(t, ctx)
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	pages := []struct{ name, path string }{
		{"flows", "/flows"}, {"flow-new", "/flows/new"}, {"flow-template", "/flows/new?template=main-line"},
		{"flow-version", "/flows/main-line/1"}, {"flow-versions", "/flows/main-line/versions"}, {"flow-compare", "/flows/main-line/compare?from=1&to=draft"},
		{"editor", "/flows/main-line?first"},
	}
	do(t, ctx, chromedp.Func(func(ctx context.Context, tab *chromedp.Target) error {
		_, err := cdp.Call(ctx, tab, network.SetCookie, network.SetCookieParams{Name: "tandem", Value: c.cookies["tandem"].Value, URL: server.URL})
		return err
	}))
	for width, device := range map[int64]string{1440: "wide", 390: "phone"} {
		for _, theme := range []string{"light", "dark"} {
			do(t, ctx, chromedp.EmulateViewport(width, 900), inTheme(theme))
			for _, p := range pages {
				do(t, ctx, chromedp.Navigate(server.URL+p.path), chromedp.WaitReady(chromedp.CSS("main")))
				if p.name == "editor" || p.name == "flow-version" {
					do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".react-flow__node")))
				}
				if err := os.WriteFile(filepath.Join(dir, p.name+"-"+theme+"-"+device+".png"), read(t, ctx, chromedp.FullScreenshot(100)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			if device == "phone" {
				continue
			}
			for _, m := range c.draft("main-line").Flow.Modules {
				do(t, ctx, chromedp.Click(chromedp.CSS(`.react-flow__node[data-id="`+m.ID+`"]`)), chromedp.WaitVisible(chromedp.CSS(".fe-inspector fieldset")))
				if err := os.WriteFile(filepath.Join(dir, "form-"+m.Kind+"-"+theme+".png"), read(t, ctx, chromedp.FullScreenshot(100)), 0o644); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for _, line := range heard() {
		t.Error("the console says", line)
	}
}
