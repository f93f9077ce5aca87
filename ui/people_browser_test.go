package ui

import (
	"context"
	"net/http/httptest"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"tandem/flow/directory"
)

func TestPagesOfPeopleLeaveTheConsoleCleanAndFitTheirWindow(t *testing.T) {
	w := newWorld(t)
	c := w.as(directory.Owner)
	var m directory.ContactMethod
	c.want(c.json("POST", "/api/contact-methods", contactInput{Kind: directory.SIPAccount, Name: "Desk phone"}), 201).into(t, &m)
	c.want(c.json("POST", "/api/numbers", numberInput{E164: "+46812345678"}), 201)
	var s directory.Schedule
	c.want(c.json("POST", "/api/schedules", scheduleInput{Name: "Office", Zone: "UTC"}), 201).into(t, &s)
	server := httptest.NewServer(w.panel)
	defer server.Close()
	ctx := browse(t)
	heard := complaints(t, ctx)
	if _, err := chromedp.Call(ctx, log.Enable, cdp.Empty{}); err != nil {
		t.Fatal(err)
	}
	cookie := c.cookies["tandem"]
	do(t, ctx, chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: server.URL})
		return err
	}))
	for _, width := range []int64{1440, 390} {
		for _, path := range []string{"/numbers", "/numbers/+46812345678", "/numbers/bulk", "/contact-methods", contactLink(m.ID), "/contact-methods/new", "/contact-methods/new/sip-account",
			"/users", "/users/new", "/users/import", "/trunks", "/trunks/new", "/schedules", scheduleLink(s.ID), "/audio", "/playlists/new"} {
			do(t, ctx, chromedp.EmulateViewport(width, 900), chromedp.Navigate(server.URL+path), chromedp.WaitReady(chromedp.CSS("main")))
			if wide := read(t, ctx, chromedp.Evaluate[int64]("document.documentElement.scrollWidth")); wide > width {
				t.Errorf("%s is %d wide in a window of %d", path, wide, width)
			}
		}
	}
	for _, line := range heard() {
		t.Error("the console says", line)
	}
}
