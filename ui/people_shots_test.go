//go:build screenshots

package ui

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"context"

	"tandem/db"
	"tandem/flow/directory"
	"tandem/flow/schedule"
)

// office fills a world with an office, and gives the addresses of its things.
func office(t *testing.T, c *client) map[string]string {
	t.Helper()
	at := map[string]string{}
	var trunk directory.Trunk
	c.want(c.json("POST", "/api/trunks", trunkInput{Name: "Example Telecom", Networks: lines{"203.0.113.0/24", "198.51.100.7"}, Username: "carrier", Password: "a good Passw0rd"}), 201).into(t, &trunk)
	at["trunk"] = "/trunks/" + trunk.ID
	c.want(c.json("POST", "/api/numbers/bulk", bulkInput{Numbers: "+46812345670, Main line\n+46812345671, Support\n+46812345672, Anna direct\n+46812345673\n+442079460123, London", Trunks: []string{trunk.ID}}), 200)
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345679", Label: "Old campaign", Disabled: true}), 201)
	var hours directory.Schedule
	c.want(c.form("/api/schedules", url.Values{"name": {"Office hours"}, "zone": {"Europe/Stockholm"}, "week.1": {"9-12, 13-17"}, "week.2": {"9-12, 13-17"}, "week.3": {"9-17"}, "week.4": {"9-17"}, "week.5": {"9-15"},
		"exceptions.0.label": {"Christmas"}, "exceptions.0.from": {"2026-12-24"}, "exceptions.0.to": {"2026-12-26"}, "exceptions.0.yearly": {"on"},
		"exceptions.1.label": {"Inventory"}, "exceptions.1.from": {"2026-11-30"}, "exceptions.1.hours": {"10-12"}}), 303)
	var all []directory.Schedule
	c.get("/api/schedules").into(t, &all)
	hours = all[0]
	at["schedule"] = "/schedules/" + hours.ID
	c.want(c.json("POST", "/api/schedules", scheduleInput{Name: "Night line", Zone: "UTC", Week: [7]ranges{5: {schedule.Range{From: 1320, To: 360}}}}), 201)
	for i, name := range []string{"Anna Berg", "Bo Ek", "Cecilia Dahl", "David Svensson"} {
		first, last, _ := strings.Cut(name, " ")
		var u directory.User
		c.want(c.json("POST", "/api/users", userInput{FirstName: first, LastName: last, Email: strings.ToLower(first) + "@example.org", Department: []string{"Sales", "Support"}[i%2], JobTitle: "Advisor", Schedule: hours.ID}), 201).into(t, &u)
		in := contactInput{Kind: directory.SIPAccount, Name: "Desk phone, " + first, Owner: u.ID, Username: strings.ToLower(first), InternalNumber: []string{"101", "102", "103", "104"}[i]}
		if i == 0 {
			in.DirectNumbers = []string{"+46812345672"}
		}
		var m directory.ContactMethod
		c.want(c.json("POST", "/api/contact-methods", in), 201).into(t, &m)
		if i == 0 {
			at["user"], at["contact"], at["leave"] = "/users/"+u.ID, "/contact-methods/"+m.ID, "/users/"+u.ID+"/remove"
			for _, phone := range []string{"Yealink SIP-T54W 96.86.0.70", "Linphone/5.2"} {
				err := c.store.SaveBinding(t.Context(), db.Binding{Account: m.ID, Contact: "sip:anna@192.0.2.30:5060;x=" + phone[:1], Received: netip.MustParseAddrPort("192.0.2.30:5060"), Transport: "udp",
					UserAgent: phone, Q: 1, Expires: time.Now().Add(4 * time.Minute), Node: "node-1"})
				if err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.PSTNForwarding, Name: "Anna's mobile", Number: "46701234567"}), 201)
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPForwarding, Name: "Branch office", URI: "sip:front@pbx.example.org"}), 201)
	for _, name := range []string{"Welcome.mp3", "Main menu.wav", "We are closed.wav"} {
		body, kind := multi(t, "file", name, beep(3))
		var up uploaded
		c.want(c.do("POST", "/api/audio", body, func(r *http.Request) { r.Header.Set("Content-Type", kind) }), 201).into(t, &up)
		at["audio-file"] = "/audio/" + up.ID
	}
	var list directory.Playlist
	c.want(c.json("POST", "/api/playlists", playlistInput{Name: "Waiting music", Files: []string{strings.TrimPrefix(at["audio-file"], "/audio/")}, Loop: true}), 201).into(t, &list)
	at["playlist"] = "/playlists/" + list.ID
	return at
}

// TestScreenshotsOfPeople renders the pages of people and the library:
//
//	UI_SHOTS=/tmp/shots go test -tags screenshots -run ScreenshotsOfPeople ./ui
func TestScreenshotsOfPeople(t *testing.T) {
	dir := os.Getenv("UI_SHOTS")
	if dir == "" {
		t.Fatal("set UI_SHOTS to the folder for the pictures")
	}
	full, bare := newWorld(t), newWorld(t)
	at := office(t, full.as(directory.Owner))
	at["numbers"], at["number"], at["number-new"], at["numbers-bulk"], at["move"] = "/numbers", "/numbers/+46812345672", "/numbers/new", "/numbers/bulk", "/numbers/+46812345672/move"
	at["contacts"], at["contact-kinds"], at["contact-new"] = "/contact-methods", "/contact-methods/new", "/contact-methods/new/sip-account"
	at["users"], at["users-import"], at["trunks"], at["schedules"], at["schedule-new"], at["audio"] = "/users", "/users/import", "/trunks", "/schedules", "/schedules/new", "/audio"
	ctx := browse(t)
	for width, device := range map[int64]string{1440: "wide", 390: "phone"} {
		for _, theme := range []string{"light", "dark"} {
			for name, path := range at {
				shoot(t, ctx, full, width, theme, path, filepath.Join(dir, name+"-"+theme+"-"+device+".png"))
			}
			shoot(t, ctx, bare, width, theme, "/numbers", filepath.Join(dir, "numbers-empty-"+theme+"-"+device+".png"))
		}
	}
}

func shoot(t *testing.T, ctx context.Context, w *world, width int64, theme, path, file string) {
	t.Helper()
	server := httptest.NewServer(w.panel)
	defer server.Close()
	c := w.as(directory.Owner)
	cookie := c.cookies["tandem"]
	set := chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: server.URL})
		return err
	})
	do(t, ctx, chromedp.EmulateViewport(width, 900), inTheme(theme), set, chromedp.Navigate(server.URL+path), chromedp.WaitReady(chromedp.CSS("main")))
	if err := os.WriteFile(file, read(t, ctx, chromedp.FullScreenshot(100)), 0o644); err != nil {
		t.Fatal(err)
	}
}
