package rtpio_test

import (
	"errors"
	"io"
	"testing"
	"time"

	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
)

// forever is a tone without end.
func forever(freq float64) codec.Source {
	return audio.Tone(8000, time.Second, -10, freq).Source(true)
}

func TestPromptIsHeardPacedAndEnds(t *testing.T) {
	e := engine(t)
	p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
	st := p.call(e, rtpio.Options{Handler: h})
	start := time.Now()
	id := st.Play(rtpio.Playback{Source: audio.Tone(8000, 500*time.Millisecond, -10, 600).Source(false)})
	clip := p.hearClip(25)
	if took := time.Since(start); took < 480*time.Millisecond {
		t.Errorf("25 frames took %v, want 480 ms or more", took)
	}
	hears(t, "peer", clip, 600, -10.2, 1300) // the rounded edges cost a little
	if got := next[playEnded](t, h); got != (playEnded{id, rtpio.PlayDone}) {
		t.Errorf("got %v, want %v done", got, id)
	}
}

func TestPlayWaitsForSetup(t *testing.T) {
	e := engine(t)
	p := newPeer(t, codec.PCMA, "127.0.0.1")
	st, err := e.Open(rtpio.Options{})
	if err != nil {
		t.Fatal(err)
	}
	st.Play(rtpio.Playback{Source: forever(600)})
	if err := st.Setup(p.setup()); err != nil {
		t.Fatal(err)
	}
	if packet := p.hear(); !packet.Marker {
		t.Error("first packet of a prompt has no marker")
	}
}

func TestKeySilencesThePromptWithinAFrame(t *testing.T) {
	for _, way := range []struct {
		name  string
		press func(*peer, *rtpio.Stream)
	}{
		{"RFC 4733", func(p *peer, _ *rtpio.Stream) { p.press('5') }},
		{"SIP INFO", func(_ *peer, st *rtpio.Stream) { st.Key('5') }},
	} {
		t.Run(way.name, func(t *testing.T) {
			e := engine(t)
			p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
			st := p.call(e, rtpio.Options{Handler: h})
			id := st.Play(rtpio.Playback{Source: forever(600), BargeIn: true})
			p.hear()
			way.press(p, st)
			if got := next[keyHeard](t, h); got.key != '5' {
				t.Errorf("key %v, want 5", got.key)
			}
			for range st.Report().Sent - 1 { // before the key
				p.hear()
			}
			if p.hearWithin(60*time.Millisecond) != nil {
				t.Error("a frame was sent after the key")
			}
			if got := next[playEnded](t, h); got != (playEnded{id, rtpio.PlayKey}) {
				t.Errorf("got %v, want %v ended by key", got, id)
			}
		})
	}
}

func TestOnlyTheNamedKeysBargeIn(t *testing.T) {
	e := engine(t)
	p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
	st := p.call(e, rtpio.Options{Handler: h})
	id := st.Play(rtpio.Playback{Source: forever(600), BargeIn: true, Keys: "12"})
	p.press('3')
	if got := next[keyHeard](t, h); got.key != '3' {
		t.Errorf("key %v, want 3", got.key)
	}
	p.hearClip(2)
	p.press('2')
	if got := next[playEnded](t, h); got != (playEnded{id, rtpio.PlayKey}) {
		t.Errorf("got %v, want %v ended by key", got, id)
	}
}

func TestKeyByTwoWaysCountsOnce(t *testing.T) {
	e := engine(t)
	p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
	st := p.call(e, rtpio.Options{Handler: h})
	for _, k := range []dtmf.Key{'1', '1', '2'} {
		p.press(k)
		if got := next[keyHeard](t, h); got.key != k {
			t.Errorf("key %v, want %v", got.key, k)
		}
		st.Key(k)
	}
	st.Close()
	none[keyHeard](t, h)
}

func TestPlayEndsForEveryReason(t *testing.T) {
	broken := errors.New("broken")
	for _, tc := range []struct {
		name string
		end  func(*rtpio.Stream, rtpio.PlayID)
		why  rtpio.PlayEnd
		src  codec.Source
	}{
		{"stopped", func(st *rtpio.Stream, id rtpio.PlayID) { st.Stop(id) }, rtpio.PlayStopped, forever(600)},
		{"replaced", func(st *rtpio.Stream, _ rtpio.PlayID) { st.Play(rtpio.Playback{Source: forever(600)}) }, rtpio.PlayStopped, forever(600)},
		{"closed", func(st *rtpio.Stream, _ rtpio.PlayID) { st.Close() }, rtpio.PlayClosed, forever(600)},
		{"failed", func(*rtpio.Stream, rtpio.PlayID) {}, rtpio.PlayFailed, failing{broken}},
		{"empty", func(*rtpio.Stream, rtpio.PlayID) {}, rtpio.PlayDone, failing{io.EOF}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			e := engine(t)
			p, h := newPeer(t, codec.PCMA, "127.0.0.1"), newEar()
			st := p.call(e, rtpio.Options{Handler: h})
			id := st.Play(rtpio.Playback{Source: tc.src})
			tc.end(st, id)
			if got := next[playEnded](t, h); got != (playEnded{id, tc.why}) {
				t.Errorf("got %v, want %v %v", got, id, tc.why)
			}
			st.Stop(id) // long over
			st.Close()
			if got := st.Play(rtpio.Playback{Source: forever(600)}); got != 0 {
				t.Errorf("played on a closed stream: %v", got)
			}
		})
	}
}

type failing struct{ err error }

func (f failing) ReadFrame(*codec.Frame) error { return f.err }

func TestHearGivesWhatThePeerSays(t *testing.T) {
	e := engine(t)
	p := newPeer(t, codec.PCMU, "127.0.0.1")
	st := p.call(e, rtpio.Options{})
	ear := newFrames(40)
	st.Hear(ear)
	tone := frames(900, 40)
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for i, f := range tone {
		<-tick.C
		if i%10 == 5 {
			p.seq, p.ts = p.seq+1, p.ts+160 // lost
			continue
		}
		p.say(f)
	}
	clip := ear.wait(t)
	clip.Samples = clip.Samples[10*160:]
	// Concealed frames are quieter, and a busy machine makes more of them.
	if levels := audio.Detect(clip, 900, 1500); levels[0] < -14 || levels[0] > -9.5 || levels[1] > -35 {
		t.Errorf("sink hears 900 Hz at %.1f dBm0, want about -10.5; 1500 Hz at %.1f", levels[0], levels[1])
	}
	if r := st.Report(); r.Received != 36 || r.Lost != 4 {
		t.Errorf("received %d, lost %d, want 36 and 4", r.Received, r.Lost)
	}
}

// capture is a sink that says when it has heard n frames.
type capture struct {
	clip audio.Clip
	left int
	full chan struct{}
}

func newFrames(n int) *capture {
	return &capture{clip: audio.Clip{Rate: 8000}, left: n, full: make(chan struct{})}
}

func (c *capture) WriteFrame(f *codec.Frame) error {
	c.clip.Samples = append(c.clip.Samples, f.Samples...)
	if c.left--; c.left == 0 {
		close(c.full)
		return io.EOF
	}
	return nil
}

func (c *capture) wait(t *testing.T) audio.Clip {
	t.Helper()
	select {
	case <-c.full:
		return c.clip
	case <-time.After(patience):
		t.Fatal("sink was not filled")
		return c.clip
	}
}

func TestSentKeysAreUnderstood(t *testing.T) {
	e := engine(t)
	p := newPeer(t, codec.PCMA, "127.0.0.1")
	st := p.call(e, rtpio.Options{})
	st.Play(rtpio.Playback{Source: forever(600)})
	audioBefore := p.hear()
	for _, k := range []dtmf.Key{'4', '#'} {
		if err := st.SendKey(k, 60*time.Millisecond); err != nil {
			t.Fatal(err)
		}
	}
	var r dtmf.Receiver
	got, before := "", audioBefore
	for len(got) < 8 {
		packet := p.hear()
		if packet.SequenceNumber != before.SequenceNumber+1 {
			t.Fatalf("sequence %d after %d", packet.SequenceNumber, before.SequenceNumber)
		}
		before = packet
		if packet.PayloadType != keyType {
			continue
		}
		ev, err := dtmf.ParseEvent(packet.Payload)
		if err != nil {
			t.Fatal(err)
		}
		switch k, edge := r.Packet(ev, packet.Marker, packet.Timestamp); edge {
		case dtmf.Down:
			got += k.String() + "d"
		case dtmf.Up:
			got += k.String() + "u"
		}
	}
	if got != "4d4u#d#u" {
		t.Errorf("keys %q, want 4d4u#d#u", got)
	}
	if err := st.SendKey('x', time.Second); !errors.Is(err, dtmf.ErrKey) {
		t.Errorf("got %v, want ErrKey", err)
	}
	none := p.setup()
	none.EventPayloadType = 0
	if err := st.Setup(none); err != nil {
		t.Fatal(err)
	}
	if err := st.SendKey('1', time.Second); !errors.Is(err, rtpio.ErrNoEvents) {
		t.Errorf("got %v, want ErrNoEvents", err)
	}
}
