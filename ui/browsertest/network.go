package browsertest

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
)

// Load is what a page fetched: how many requests, and how many bytes came over
// the wire, headers and bodies as they were compressed.
type Load struct {
	Requests int
	Bytes    int
	Open     int // streams that stay open and are not waited for
	Failed   []string
}

// quiet is how long nothing may be under way before a page counts as loaded.
const quiet = 250 * time.Millisecond

// Weigh opens a page with an empty cache and adds up what it fetches until it
// is idle.
func (b *Tab) Weigh(address string) Load {
	b.t.Helper()
	b.Do(command(network.Enable, network.EnableParams{}), command(network.ClearBrowserCache, cdp.Empty{}), chromedp.Navigate("about:blank"))
	ctx, end := context.WithCancel(b.ctx)
	defer end()
	events := make(chan any, 4096)
	if err := chromedp.Listen(ctx, func(event any) {
		select {
		case events <- event:
		default: // nobody waits any more
		}
	}); err != nil {
		b.t.Fatal(err)
	}
	b.Do(chromedp.Navigate(address))
	return b.settle(events)
}

// settle adds events up until the network has been quiet for a moment.
func (b *Tab) settle(events <-chan any) Load {
	b.t.Helper()
	var l Load
	running := map[network.RequestID]string{}
	idle, bound := time.NewTimer(quiet), time.After(patience)
	for {
		select {
		case event := <-events:
			l.take(event, running)
			if len(running) == 0 {
				idle.Reset(quiet)
			} else {
				idle.Stop()
			}
		case <-idle.C:
			return l
		case <-bound:
			b.t.Fatalf("the page does not come to rest: %v", running)
		}
	}
}

// take notes one event of the network.
func (l *Load) take(event any, running map[network.RequestID]string) {
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if strings.HasPrefix(e.Request.URL, "http") {
			running[e.RequestID] = e.Request.URL
		}
	case *network.EventResponseReceived:
		if e.Response.MimeType == "text/event-stream" {
			l.Open++
			delete(running, e.RequestID)
		}
	case *network.EventLoadingFinished:
		if running[e.RequestID] != "" {
			l.Requests++
			l.Bytes += int(e.EncodedDataLength)
		}
		delete(running, e.RequestID)
	case *network.EventLoadingFailed:
		if running[e.RequestID] != "" && !e.Canceled {
			l.Failed = append(l.Failed, running[e.RequestID]+": "+e.ErrorText)
		}
		delete(running, e.RequestID)
	}
}

// Offline cuts the tab off from the network, or joins it again.
func (b *Tab) Offline(cut bool) {
	b.t.Helper()
	conditions := network.EmulateNetworkConditionsByRuleParams{MatchedNetworkConditions: []*network.Conditions{}}
	if cut {
		conditions.MatchedNetworkConditions = []*network.Conditions{{URLPattern: "", Offline: cut, DownloadThroughput: -1, UploadThroughput: -1}}
	}
	b.Do(command(network.Enable, network.EnableParams{}), command(network.EmulateNetworkConditionsByRule, conditions),
		command(network.OverrideNetworkState, network.OverrideNetworkStateParams{Offline: cut, DownloadThroughput: -1, UploadThroughput: -1}))
}

// Cookie gives a cookie to the browser, as a page of that address would.
func (b *Tab) Cookie(address, name, value string) {
	b.t.Helper()
	b.Do(command(network.SetCookie, network.SetCookieParams{URL: address, Name: name, Value: value}))
}

// command is one command of the DevTools protocol as a step.
func command[P, R any](cmd cdp.Command[P, R], params P) Step {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		_, err := cdp.Call(ctx, t, cmd, params)
		return err
	})
}
