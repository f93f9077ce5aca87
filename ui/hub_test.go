package ui

import (
	"bufio"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"tandem/flow/call"
)

// office is a LiveCalls whose calls a test moves.
type office struct {
	nobody
	mu      sync.Mutex
	at      []call.Position
	rooms   []call.Room
	fault   error
	reads   int
	watches int
	moved   func()
}

func (o *office) Positions(context.Context) ([]call.Position, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.reads++
	return o.at, o.fault
}

func (o *office) Rooms(context.Context) ([]call.Room, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.rooms, o.fault
}

// told replaces what nodes tell of their rooms.
func (o *office) told(rooms ...call.Room) {
	o.mu.Lock()
	o.rooms = rooms
	tell := o.moved
	o.mu.Unlock()
	if tell != nil {
		tell()
	}
}

func (o *office) WatchPositions(ctx context.Context, moved func()) error {
	o.mu.Lock()
	o.watches++
	o.moved = moved
	o.mu.Unlock()
	moved()
	<-ctx.Done()
	return context.Cause(ctx)
}

// move puts one call into a module and tells of it.
func (o *office) move(module string) {
	o.mu.Lock()
	o.at = []call.Position{{Call: "c", Module: module, Caller: call.Party{Number: "+46700000001"}, Flow: call.FlowRef{ID: "main", Version: 3}}}
	tell := o.moved
	o.mu.Unlock()
	if tell != nil {
		tell()
	}
}

func (o *office) counts() (reads, watches int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.reads, o.watches
}

func openHub(o *office) *hub { return newHub(o, slog.New(slog.DiscardHandler)) }

func TestTheHubSleepsWhileNobodyWatches(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		h := openHub(o)
		pass(time.Hour)
		if reads, watches := o.counts(); reads+watches != 0 {
			t.Errorf("%d reads and %d watches for nobody", reads, watches)
		}
		_, leaveOne := h.join()
		_, leaveTwo := h.join()
		synctest.Wait()
		if reads, watches := o.counts(); reads != 1 || watches != 1 {
			t.Errorf("two viewers cost %d reads and %d watches, want 1 and 1", reads, watches)
		}
		leaveOne()
		leaveTwo()
		leaveTwo() // twice is fine
		synctest.Wait()
		o.move("menu") // reaches nobody
		if reads, _ := o.counts(); reads != 1 {
			t.Errorf("%d reads after the last viewer left", reads)
		}
		_, leave := h.join()
		synctest.Wait()
		if got := h.now(); len(got.calls) != 1 || got.calls[0].Module != "menu" {
			t.Errorf("whoever comes back sees %+v, want the newest", got)
		}
		leave()
	})
}

func TestAThousandMovesAreFourLooksASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		h := openHub(o)
		news, leave := h.join()
		defer leave()
		synctest.Wait()
		<-news
		before, _ := o.counts()
		for range 1000 {
			o.move("menu")
			pass(time.Millisecond)
		}
		synctest.Wait()
		if after, _ := o.counts(); after-before < 3 || after-before > 5 {
			t.Errorf("the database was read %d times in a second of moves, want 4", after-before)
		}
	})
}

func TestASlowViewerGetsTheNewestAndNothingElse(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		h := openHub(o)
		news, leave := h.join()
		defer leave()
		for _, module := range []string{"in", "menu", "ring"} {
			pass(time.Second)
			o.move(module)
		}
		pass(time.Second)
		<-news
		if got := h.now(); got.calls[0].Module != "ring" {
			t.Errorf("the slow viewer sees %+v", got)
		}
		select {
		case <-news:
			t.Error("something older waits behind the newest")
		default:
		}
	})
}

func TestAFaultKeepsWhatWasKnownAndIsTriedAgain(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		o.move("menu")
		h := openHub(o)
		_, leave := h.join()
		defer leave()
		synctest.Wait()
		o.mu.Lock()
		o.fault = errors.New("the database is away")
		o.mu.Unlock()
		pass(time.Second)
		o.move("ring")
		synctest.Wait()
		if got := h.now(); !got.fault || len(got.calls) != 1 || got.calls[0].Module != "menu" {
			t.Errorf("during the fault: %+v", got)
		}
		o.mu.Lock()
		o.fault = nil
		o.mu.Unlock()
		pass(2 * time.Second)
		if got := h.now(); got.fault || got.calls[0].Module != "ring" {
			t.Errorf("after the fault: %+v", got)
		}
	})
}

// liveServer is a panel over an office, served for real, and a way to read
// lines of a stream of it.
func liveServer(t *testing.T, o *office, done chan struct{}) (server *httptest.Server, open func(path string) *bufio.Scanner) {
	t.Helper()
	h, err := New(Config{Store: sampleStore(), Live: o, Now: func() time.Time { return sampleNow }, Done: done})
	if err != nil {
		t.Fatal(err)
	}
	server = httptest.NewServer(h)
	t.Cleanup(server.Close)
	me := signedInto(t, h)
	return server, func(path string) *bufio.Scanner {
		ctx, cancel := context.WithTimeout(t.Context(), 20*time.Second)
		t.Cleanup(cancel)
		r, err := http.NewRequestWithContext(ctx, "GET", server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		me(r)
		answer, err := server.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = answer.Body.Close() })
		if kind := answer.Header.Get("Content-Type"); answer.StatusCode != 200 || kind != "text/event-stream" {
			t.Fatalf("%s answers %d, %q", path, answer.StatusCode, kind)
		}
		return bufio.NewScanner(answer.Body)
	}
}

// next is the data of the next event about calls.
func next(t *testing.T, lines *bufio.Scanner) string {
	t.Helper()
	for name := ""; lines.Scan(); {
		if n, ok := strings.CutPrefix(lines.Text(), "event: "); ok {
			name = n
		}
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok && name != "flow" {
			return data
		}
	}
	t.Fatalf("the stream ended: %v", lines.Err())
	return ""
}

func TestAStreamBeginsWithTheWholeStateAndFollows(t *testing.T) {
	o := &office{}
	o.move("menu")
	_, open := liveServer(t, o, nil)
	marks, table := open("/api/flows/main/live"), open("/api/live/stream")
	for _, module := range []string{"menu", "ring"} {
		if got := next(t, marks); !strings.Contains(got, `"call":"c","caller":"+46700000001"`) || !strings.Contains(got, `"module":"`+module+`"`) {
			t.Errorf("the canvas hears %s", got)
		}
		if got := next(t, table); !strings.Contains(got, `{"calls":[{"call":"c"`) || !strings.Contains(got, module) {
			t.Errorf("the table hears %s", got)
		}
		o.move("ring")
	}
	if again := next(t, open("/api/flows/main/live")); !strings.Contains(again, `"module":"ring"`) {
		t.Errorf("whoever comes back hears %s first", again)
	}
	if other := next(t, open("/api/flows/group/live")); other != "[]" {
		t.Errorf("another flow shows %s", other)
	}
}

func TestStreamsEndWhenThePanelCloses(t *testing.T) {
	o, done := &office{}, make(chan struct{})
	_, open := liveServer(t, o, done)
	lines := open("/live/moves")
	next(t, lines)
	close(done)
	for lines.Scan() {
	}
	if lines.Err() != nil {
		t.Errorf("the stream broke: %v", lines.Err())
	}
}

// pass lets time pass in a bubble.
func pass(d time.Duration) { <-time.After(d) }

// tape is a ResponseWriter that keeps when each event was flushed.
type tape struct {
	*httptest.ResponseRecorder
	at []time.Time
}

func (t *tape) FlushError() error { t.at = append(t.at, time.Now()); return nil }

func TestAStreamIsPacedAndAQuietOneBeats(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		o := &office{}
		p := &Panel{hub: openHub(o), cfg: Config{recheck: time.Hour}}
		w := &tape{ResponseRecorder: httptest.NewRecorder()}
		ctx, leave := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() {
			defer close(ended)
			_ = p.follow(w, httptest.NewRequestWithContext(ctx, "GET", "/", nil), "moved", func(m moment) any { return m.version })
		}()
		for range 1000 {
			o.move("menu")
			pass(time.Millisecond)
		}
		pass(32 * time.Second)
		leave()
		<-ended
		for i := 2; i < len(w.at)-2; i++ {
			if gap := w.at[i].Sub(w.at[i-1]); gap < updateEvery {
				t.Errorf("event %d came %v after the one before", i, gap)
			}
		}
		if beats := strings.Count(w.Body.String(), ": still here"); beats != 2 {
			t.Errorf("%d beats in half a quiet minute, want 2:\n%s", beats, w.Body)
		}
	})
}
