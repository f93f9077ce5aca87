//go:build screenshots

package editor

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// TestScreenshots draws the editor for a person to look at:
//
//	UI_SHOTS=/tmp/shots go test -tags screenshots -run Screenshots ./ui/editor
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		t.Fatal("set UI_SHOTS to the folder for the pictures")
	}
	ctx := browse(t)
	heard := complaints(t, ctx)
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	trace, err := os.ReadFile("testdata/trace.json")
	if err != nil {
		t.Fatal(err)
	}
	for _, theme := range []string{"light", "dark"} {
		s := serve(t, sample(t))
		s.theme = theme
		walked := map[string]any{}
		if err := json.Unmarshal(trace, &walked); err != nil {
			t.Fatal(err)
		}
		v, err := s.view()
		if err != nil {
			t.Fatal(err)
		}
		walked["flow"], walked["exits"] = s.draft, v["exits"]
		text, _ := json.Marshal(walked)
		s.answers["GET /api/calls/c1/trace"] = string(text)
		s.answers["GET /api/calls/c1/why/ring"] = `{"reached":false,"at":1,"text":"At Main menu no key came in three playbacks, so the call left by no input and never by 1."}`
		s.answers["GET /api/pick/contact-method"] = `[{"id":"101","title":"Desk phone of Ann","sub":"SIP account"},{"id":"102","title":"Support phone"}]`
		s.answers["POST /api/flows/main/simulate"] = string(trace)
		s.answers["GET /api/flows/main/versions"] = `[{"version":2,"author":"owner@example.org","note":"Press line","at":"2026-03-01T09:00:00Z","current":true},{"version":1,"author":"alice@example.org","note":"","at":"2026-02-01T09:00:00Z"}]`
		old, _ := json.Marshal(map[string]any{"flow": json.RawMessage(strings.NewReplacer(`"Sales"`, `"Sales desk"`, `{"id":"bye"`, `{"id":"gone","kind":"audio-playback","name":"Office hours","tab":"t1","x":1072,"y":0,"settings":{"audio":"x"}},{"id":"bye"`, `"entries":["1","2","3"]`, `"entries":["1","2"]`,
			`{"id":"old","kind":"audio-playback","name":"Summer message","tab":"t1","x":720,"y":320,"shelved":true,"settings":{"audio":"x"}},`, "").Replace(sample(t))), "exits": v["exits"]})
		s.answers["GET /api/flows/main/versions/1"] = string(old)
		wait := func(selector string) chromedp.Action[chromedp.Void] {
			return chromedp.WaitVisible(chromedp.CSS(selector))
		}
		click := func(selector string) chromedp.Action[chromedp.Void] { return chromedp.Click(chromedp.CSS(selector)) }
		look := func(name string, steps ...chromedp.Action[chromedp.Void]) {
			t.Helper()
			do(t, ctx, steps...)
			png := read(t, ctx, chromedp.FullScreenshot(100))
			if err := os.WriteFile(filepath.Join(dir, "editor-"+name+"-"+theme+".png"), png, 0o644); err != nil {
				t.Fatal(err)
			}
			inspect(t, ctx, name+" "+theme)
		}
		reopen := func(attrs string, width int64) chromedp.Action[chromedp.Void] {
			s.attrs = attrs
			return chromedp.Steps(chromedp.EmulateViewport(width, 900), chromedp.Navigate(s.URL), wait("[data-module=menu]"))
		}
		look("edit", reopen("", 1440))
		look("add", chromedp.Focus(chromedp.CSS("[data-canvas]")), chromedp.KeyEvent("/"), wait(".fe-picker"))
		look("find", chromedp.KeyEvent(kb.Escape), chromedp.KeyEvent("k", chromedp.KeyModifiers(chromedp.ModifierCtrl)), wait(".fe-picker"))
		look("outline", chromedp.KeyEvent(kb.Escape), click("[aria-label=Outline]"), wait(".fe-tree"))
		look("connect", click("[aria-label=Outline]"), chromedp.Focus(chromedp.CSS("[data-canvas]")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent("c"), wait(".fe-picker"))
		look("inspector", chromedp.KeyEvent(kb.Escape), click("[data-module=menu] .fe-head"), wait("[data-form] input"))
		look("problems", click("[data-action=problems]"), wait(".fe-problems"))
		look("simulate", click("[data-action=simulate]"), wait(".fe-simulate"), click("[data-action=run]"), wait(".fe-outcome"), click("[aria-label=\"Close settings\"]"))
		look("publish", click("[aria-label=\"Close simulate\"]"), click("[data-action=publish]"), wait("dialog[open]"))
		look("versions", click("dialog footer .fe-button"), wait(".fe-versions li"))
		look("keys", click("dialog [aria-label=Close]"), chromedp.Focus(chromedp.CSS("[data-canvas]")), chromedp.KeyEvent("?"), wait(".fe-keys"))
		look("trace", reopen(`flow="main" mode="trace" call="c1"`, 1440))
		look("why", click("[data-module=ring] .fe-head"), wait("[data-why]"))
		look("compare", reopen(`flow="main" mode="compare" from="1" to="draft"`, 1440))
		s.answers["GET /api/flows/main/versions/3"] = s.answers["GET /api/flows/main/versions/1"]
		reopened := reopen(`flow="main" mode="live"`, 1440)
		do(t, ctx, reopened)
		s.listener <- "event: state\ndata: [{\"call\":\"a\",\"caller\":\"+46701234567\",\"module\":\"menu\",\"since\":\"2026-03-02T10:00:00Z\"},{\"call\":\"b\",\"caller\":\"+46709876543\",\"module\":\"ring\",\"since\":\"2026-03-02T10:00:00Z\"}]\n\n"
		look("live", wait("[data-module=menu] .fe-calls"))
		look("phone", reopen("", 390))
		look("phone-trace", reopen(`flow="main" mode="trace" call="c1"`, 390))
		s.draft["modules"], s.draft["cables"], s.draft["frames"], s.draft["notes"] = []any{}, []any{}, nil, nil
		s.attrs = ""
		look("empty", chromedp.EmulateViewport(1440, 900), chromedp.Navigate(s.URL), wait(".fe-start"))
	}
	for _, line := range heard() {
		t.Error("the console says", line)
	}
}

// inspect runs axe where UI_AXE names its file, and fails on what is serious.
func inspect(t *testing.T, ctx context.Context, name string) {
	t.Helper()
	file := os.Getenv("UI_AXE")
	if file == "" {
		return
	}
	script, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	read(t, ctx, chromedp.Evaluate[bool](string(script)+";true"))
	found := read(t, ctx, chromedp.Evaluate[[]string](`axe.run().then((r) => r.violations.filter((v) => ["serious", "critical"].includes(v.impact)).map((v) => v.impact + " " + v.id + ": " + v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160) + " " + n.failureSummary.slice(0, 200)).join(" | ")))`, chromedp.EvalAwaitPromise))
	for _, f := range found {
		t.Errorf("%s: %s", name, f)
	}
}
