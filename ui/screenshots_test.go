//go:build screenshots

package ui

import (
	"context"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tandem/flow/directory"
)

// TestScreenshots renders every page for a person to look at:
//
//	UI_SHOTS=/tmp/shots go test -tags screenshots -run Screenshots ./ui
func TestScreenshots(t *testing.T) {
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		t.Fatal("set UI_SHOTS to the folder for the pictures")
	}
	full := httptest.NewServer(samplePanel(t))
	defer full.Close()
	empty := httptest.NewServer(newPanel(t, newFakeStore(), &fakeLive{down: true}))
	defer empty.Close()
	talked, running := sampleTalked(), sampleRunning()
	shots := []struct{ name, base, path string }{
		{"calls", full.URL, "/calls"}, {"call", full.URL, "/calls/" + string(talked.Call)}, {"live", full.URL, "/calls/" + string(running.Call)},
		{"system", full.URL, "/system"}, {"flows", full.URL, "/flows"}, {"flow", full.URL, "/flows/main/3"}, {"missing", full.URL, "/nothing"},
		{"empty", empty.URL, "/calls"}, {"not-ready", empty.URL, "/system"},
	}
	office, officePages := officeShots(t)
	for _, path := range officePages {
		shots = append(shots, struct{ name, base, path string }{strings.ReplaceAll(strings.Trim(path, "/"), "/", "-"), office, path})
	}
	ctx := browse(t)
	for width, device := range map[int64]string{1440: "wide", 390: "phone"} {
		for _, theme := range []string{"light", "dark"} {
			look := func(name string, steps ...chromedp.Action[chromedp.Void]) {
				do(t, ctx, steps...)
				png := read(t, ctx, chromedp.FullScreenshot(100))
				if err := os.WriteFile(filepath.Join(dir, name+"-"+theme+"-"+device+".png"), png, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			do(t, ctx, chromedp.EmulateViewport(width, 900), inTheme(theme), signedOut())
			look("sign-in", chromedp.Navigate(full.URL+"/sign-in"), chromedp.WaitVisible(chromedp.CSS("#email")),
				chromedp.SendKeys(chromedp.CSS("#email"), "owner@example.org"), chromedp.SendKeys(chromedp.CSS("#password"), "wrong\r"),
				chromedp.WaitVisible(chromedp.CSS(".alert")))
			base := ""
			for _, s := range shots {
				if s.base != base {
					base = s.base
					do(t, ctx, signedOut(), signInWith(base, map[bool]string{true: password, false: "correct horse battery"}[base == office]))
				}
				look(s.name, chromedp.Navigate(s.base+s.path), chromedp.WaitReady(chromedp.CSS("main")))
				if s.name == "call" {
					look("message", chromedp.Click(chromedp.CSS("#m4 summary")), chromedp.WaitVisible(chromedp.CSS("#m4 pre")))
				}
			}
		}
	}
}

func inTheme(theme string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}}})
		return err
	})
}

func signedOut() chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.ClearBrowserCookies, cdp.Empty{})
		return err
	})
}

// officeShots is a panel on a real database with some of everything that is
// managed there, and the pages to show.
func officeShots(t *testing.T) (base string, paths []string) {
	t.Helper()
	w := newWorld(t)
	server := httptest.NewServer(w.panel)
	t.Cleanup(server.Close)
	owner := w.as(directory.Owner)
	for _, role := range []directory.Role{directory.Admin, directory.Supervisor, directory.Agent} {
		w.as(role)
	}
	owner.want(owner.json("POST", "/api/logins", loginEdit{Email: "night.shift@example.org", Role: directory.FlowEditor, NoPublish: true}), 201)
	guest := w.nobody()
	for range maxFailures {
		guest.form("/sign-in", url.Values{"email": {"agent@example.org"}, "password": {"wrong"}})
	}
	owner.want(owner.json("POST", "/api/tokens", tokenEdit{Name: "Wallboard", Role: directory.ReadOnly, Days: 90}), 201)
	owner.want(owner.json("POST", "/api/tokens", tokenEdit{Name: "Nightly export", Role: directory.Supervisor}), 201)
	general := defaultGeneral()
	general.Name, general.Zone = "Example office", "Europe/Stockholm"
	owner.want(owner.json("PUT", "/api/settings/general", general), 200)
	agent, err := w.store.Login(t.Context(), "agent@example.org")
	if err != nil {
		t.Fatal(err)
	}
	return server.URL, []string{"/logins", "/logins/new", "/logins/" + agent.ID, "/settings", "/settings/feature-codes", "/tokens", "/audit", "/account", "/api"}
}
