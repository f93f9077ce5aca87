package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"

	"tandem/cmd/tandem/internal/testline"
	"tandem/db"
	"tandem/flow"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/rtpio"
	"tandem/ui"
)

// tester is somebody who tries a draft: what a browser does, without one. It
// says a tone and hears through frames, as the panel hands them on.
type tester struct {
	t    *testing.T
	line ui.TestLine
	ear  *sipphone.Ear
}

// openDesk places test calls as the panel does.
func openDesk(in *installation, store *db.Store) *testline.Desk {
	in.t.Helper()
	secret, err := store.SharedSecret(in.t.Context(), testline.Secret)
	if err != nil {
		in.t.Fatal(err)
	}
	desk := testline.Open(in.t.Context(), testline.Config{Store: store, Secret: secret, RTP: rtpio.Config{MinPort: 50_000, MaxPort: 50_999}})
	in.t.Cleanup(desk.Close)
	return desk
}

// testCall places a test call and says a tone into it.
func testCall(in *installation, desk ui.TestCalls, c directory.TestCall, tone float64) *tester {
	in.t.Helper()
	in.last = time.Now()
	line, err := desk.Dial(in.t.Context(), c)
	if err != nil {
		in.t.Fatalf("%v\n%s", err, in.lastLog())
	}
	x := &tester{in.t, line, sipphone.NewEar(waitBound)}
	over := make(chan struct{})
	var wg sync.WaitGroup
	in.t.Cleanup(func() {
		line.Hangup()
		close(over)
		wg.Wait()
	})
	wg.Go(func() { x.speak(tone, over) })
	wg.Go(func() { x.listen(over) })
	return x
}

func (x *tester) speak(tone float64, over chan struct{}) {
	clip := audio.Pattern{Freqs: []float64{tone}, Level: -10}.Clip(8000).Source(true)
	samples, frame := codec.NewFrame(8000), make([]byte, ui.TestFrame)
	tick := time.NewTicker(codec.FrameTime * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			_ = clip.ReadFrame(&samples) // a clip that begins again has no end
			codec.PCMU.Encode(frame, samples.Samples)
			x.line.Say(frame)
		case <-over:
			return
		}
	}
}

func (x *tester) listen(over chan struct{}) {
	samples := codec.NewFrame(8000)
	for {
		select {
		case frame := <-x.line.Heard():
			codec.PCMU.Decode(samples.Samples, frame)
			_ = x.ear.WriteFrame(&samples) // of the rate that it was made for
		case <-over:
			return
		}
	}
}

// hears waits until a tone is heard clearly, and none of the others.
func (x *tester) hears(freq float64, others ...float64) {
	x.t.Helper()
	const window, loud, quiet = 300 * time.Millisecond, -30.0, -45.0
	all := append([]float64{freq}, others...)
	levels := []float64{}
	for bound := time.After(waitBound); ; {
		if clip := x.ear.Last(window); clip.Duration() == window {
			levels = audio.Detect(clip, all...)
			clear := levels[0] > loud
			for _, l := range levels[1:] {
				clear = clear && l < quiet
			}
			if clear {
				return
			}
		}
		select {
		case <-x.ear.More():
		case <-bound:
			x.t.Fatalf("hears %v at %.0f dBm0, want the first alone", all, levels)
		}
	}
}

func (x *tester) keys(keys string) {
	x.t.Helper()
	for _, k := range keys {
		if err := x.line.Key(x.t.Context(), k); err != nil {
			x.t.Fatal(err)
		}
	}
}

// awaits waits for an event of a kind and tells what came before it.
func (x *tester) awaits(kind ui.TestEventKind) ui.TestEvent {
	x.t.Helper()
	bound := time.After(waitBound)
	for {
		select {
		case e, ok := <-x.line.Events():
			switch {
			case !ok:
				x.t.Fatalf("the line ends without the event %s", kind)
			case e.Kind == kind:
				return e
			case e.Kind == ui.TestEnded:
				x.t.Fatalf("the call ends with %s (%d) before it is %s", e.Cause, e.Status, kind)
			}
		case <-bound:
			x.t.Fatalf("no event %s within %v", kind, waitBound)
		}
	}
}

// edit changes a draft through the API, as the editor does, and tells its
// revision.
func (in *installation) edit(store *db.Store, to flow.Flow) int {
	in.t.Helper()
	d, err := store.Draft(in.t.Context(), to.ID)
	if err != nil {
		in.t.Fatal(err)
	}
	body, err := json.Marshal(map[string]any{"name": "Change it", "changes": flow.Diff(d.Flow, to)})
	if err != nil {
		in.t.Fatal(err)
	}
	ask, err := http.NewRequestWithContext(in.t.Context(), http.MethodPatch, in.HTTP+"/api/flows/"+to.ID+"/draft", bytes.NewReader(body))
	if err != nil {
		in.t.Fatal(err)
	}
	ask.SetBasicAuth("admin@tandem.local", adminPassword)
	ask.Header.Set("Content-Type", "application/json")
	ask.Header.Set("If-Match", strconv.Quote(fmt.Sprint(d.Revision)))
	answer, err := http.DefaultClient.Do(ask)
	if err != nil {
		in.t.Fatal(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(answer.Body)
	var edited struct{ Revision int }
	if err == nil {
		err = json.Unmarshal(text, &edited)
	}
	if err != nil || answer.StatusCode != http.StatusOK || edited.Revision != d.Revision+1 {
		in.t.Fatalf("%s: %s, %v", answer.Status, text, err)
	}
	return edited.Revision
}
