package sipmedia_test

import (
	"fmt"
	"net"
	"strings"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
)

// slow is a phone whose 200 always crosses our CANCEL, as if its owner lifted
// the receiver in the instant in which the caller hangs up. No real phone can be
// made to do so reliably; this one speaks just enough SIP.
type slow struct {
	t          *testing.T
	sip, audio net.PacketConn
	ended      chan struct{} // by our BYE
}

func newSlow(t *testing.T) *slow {
	t.Helper()
	p := &slow{t: t, ended: make(chan struct{})}
	for _, conn := range []*net.PacketConn{&p.sip, &p.audio} {
		var err error
		if *conn, err = net.ListenPacket("udp", "127.0.0.1:0"); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { (*conn).Close() })
	}
	go p.serve()
	return p
}

func (p *slow) target() call.Target {
	return call.Target{ContactMethod: "slow", Name: "Slow", URI: "sip:slow@" + p.sip.LocalAddr().String()}
}

// serve rings at an INVITE, and takes the CANCEL for the moment to answer it.
func (p *slow) serve() {
	buf := make([]byte, 4096)
	var invite string
	for {
		n, from, err := p.sip.ReadFrom(buf)
		if err != nil {
			return
		}
		request := string(buf[:n])
		method, _, _ := strings.Cut(request, " ")
		switch method {
		case "INVITE":
			invite = request
			p.reply(from, invite, "180 Ringing", "")
		case "CANCEL":
			port := p.audio.LocalAddr().(*net.UDPAddr).Port
			p.reply(from, invite, "200 OK", fmt.Sprintf("v=0\r\no=slow 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio %d RTP/AVP 8\r\n", port))
			p.reply(from, request, "200 OK", "")
		case "BYE":
			p.reply(from, request, "200 OK", "")
			close(p.ended)
			return
		}
	}
}

// reply answers a request with the headers that RFC 3261 §8.2.6.2 copies.
func (p *slow) reply(to net.Addr, request, status, body string) {
	out := "SIP/2.0 " + status + "\r\n"
	for _, line := range strings.Split(request, "\r\n") {
		name, _, _ := strings.Cut(line, ":")
		switch strings.ToLower(name) {
		case "to":
			if !strings.Contains(line, "tag=") {
				line += ";tag=slow"
			}
			out += line + "\r\n"
		case "via", "from", "call-id", "cseq":
			out += line + "\r\n"
		}
	}
	out += "Contact: <sip:slow@" + p.sip.LocalAddr().String() + ">\r\n"
	if body != "" {
		out += "Content-Type: application/sdp\r\n"
	}
	p.sip.WriteTo([]byte(fmt.Sprintf("%sContent-Length: %d\r\n\r\n%s", out, len(body), body)), to)
}

// hears waits until the phone is sent a tone.
func (p *slow) hears(freq float64) {
	p.t.Helper()
	p.audio.SetReadDeadline(time.Now().Add(siptest.Patience))
	alaw, buf := codec.ByName("PCMA", 8000), make([]byte, 1500)
	var heard []int16
	for {
		n, _, err := p.audio.ReadFrom(buf)
		if err != nil {
			p.t.Fatalf("never hears %.0f Hz: %v", freq, err)
		}
		frame := make([]int16, n-12) // RFC 3550 §5.1: a header without extras
		alaw.Decode(frame, buf[12:n])
		heard = append(heard, frame...)
		if last := heard[max(0, len(heard)-1600):]; audio.Detect(audio.Clip{Rate: 8000, Samples: last}, freq)[0] > -30 {
			return
		}
	}
}

// The busy tone of Great Britain; no other country of the table has it.
const gbBusy = 400.0

func british(c *sipmedia.Config) { c.Tones = "GB" }

func TestAMemberWhoAnswersAsTheCallerHangsUpHearsATone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, british)
	late := newSlow(t)
	caller, in, wait := w.waiting(t, call.Wait{})
	offer := w.offers(t, in.Leg, call.Bar{Target: late.target(), Length: call.Seconds(20)})
	eventually(t, "the phone rings", func() bool { return w.laddered("SIP/2.0 180", "INVITE", in.Call) })
	caller.Hangup()
	if got := wait.result(t); got.Outcome != call.OutcomeCallerGone {
		t.Errorf("wait ended %+v", got)
	}
	got := offer.result(t)
	if got.Outcome != call.OutcomeCallerGone || tried(got) != "slow caller-cancelled" || !got.Attempts[0].Answered.IsZero() {
		t.Errorf("offer ended %+v", got)
	}
	late.hears(gbBusy)
	<-late.ended
	legs := w.ended(t, in.Call, call.CauseCallerHangup)
	if b := legs[1]; b.Cause != call.CauseCallerCancelled || b.Billed() != 0 {
		t.Errorf("the member's leg is %+v", b)
	}
	w.noEvent(t)
}

func TestACalleeWhoAnswersAsTheCallerHangsUpHearsATone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, british)
	late := newSlow(t)
	caller := w.phone(t, "100", nil).Dial(t, "team")
	in := w.arrived(t)
	ring := w.ring(t, in, call.Bar{Target: late.target(), Length: call.Seconds(20)})
	caller.Await(t, phone.Ringing)
	caller.Hangup()
	if rang := ring.result(t); rang.Outcome != call.OutcomeCallerGone || attempts(rang) != "slow caller-cancelled" {
		t.Errorf("ring ended %s: %s", rang.Outcome, attempts(rang))
	}
	w.ended(t, in.Call, call.CauseCallerCancelled)
	late.hears(gbBusy)
	<-late.ended
	eventually(t, "nothing is left", func() bool { s := w.Stats(); return s.Legs == 0 && s.RTP.Streams == 0 })
}

// laddered tells whether the ladder of a call has a response to a method.
func (w *world) laddered(first, method string, id call.ID) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, m := range w.ladder {
		if m.Leg.Call() == id && m.In && strings.HasPrefix(m.First, first) && strings.Contains(m.Text, method) {
			return true
		}
	}
	return false
}
