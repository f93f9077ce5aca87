package ui

import (
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"tandem/flow/call"
	"tandem/ui/browsertest"
)

func signInActions(base string) browsertest.Step { return signInWith(base, "correct horse battery") }

func signInWith(base, password string) browsertest.Step {
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
	tab := browsertest.Open(t, time.Minute)
	tab.Size(1440, 1000)
	tab.Do(signInActions(server.URL))
	if live := browsertest.Read(tab, chromedp.Text(chromedp.CSS("#live-title"))); !strings.Contains(live, "Live now") {
		t.Errorf("the live section is headed %q", live)
	}
	tab.Do(
		chromedp.Click(chromedp.CSS("#past-title ~ .panel td.when a")),
		chromedp.WaitVisible(chromedp.CSS("#sip-title")),
		chromedp.Click(chromedp.CSS(".msg summary")),
		chromedp.WaitVisible(chromedp.CSS(".msg[open] pre")))
	if got, want := browsertest.Read(tab, chromedp.Title()), "+46701234567 → +15550100 · Tandem"; got != want {
		t.Errorf("the call's page is titled %q, want %q", got, want)
	}
	if title := browsertest.Read(tab, chromedp.AttributeValue(chromedp.CSS(".facts time"), "title")); title.Value == "" {
		t.Error("the script did not bring the times into the viewer's zone")
	}
	for _, line := range tab.Complaints() {
		t.Error("the console says", line)
	}
}

func TestALivePageFollowsTheCallAndStopsWhenItEnds(t *testing.T) {
	store, running := sampleStore(), sampleRunning()
	server := httptest.NewServer(newPanel(t, store, &fakeLive{calls: []call.LedgerEntry{running}}))
	defer server.Close()
	tab := browsertest.Open(t, time.Minute)
	tab.Do(signInActions(server.URL), chromedp.Navigate(server.URL+"/calls/"+string(running.Call)),
		chromedp.WaitVisible(chromedp.CSS("#call[data-live] .now")))
	ended := sampleTalked()
	ended.Call = running.Call
	store.mu.Lock()
	store.calls = append(store.calls, ended)
	store.mu.Unlock()
	tab.Do(chromedp.WaitVisible(chromedp.CSS("#call:not([data-live])")))
	story := browsertest.Read(tab, chromedp.Text(chromedp.CSS(".story p")))
	if want := "Talked with Desk phone, Bob for 1 min 23 s, then the caller hung up."; !strings.Contains(story, want) {
		t.Errorf("story %q lacks %q", story, want)
	}
}
