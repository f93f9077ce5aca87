package sipmedia

import (
	"cmp"
	"errors"
	"net"
	"net/netip"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/codec"
	"tandem/sipmedia/dtmf"
	"tandem/sipmedia/rtpio"
	"tandem/sipmedia/sdp"
	"tandem/sipmedia/sipua"
)

// leg is one party of a call: a dialog, a stream and what was negotiated. It is
// touched only on its call's mailbox.
type leg struct {
	c       *live
	rec     call.Leg // the account of it that End reports
	dialled bool     // by us: it is the peer who answers
	dialog  *sipua.Dialog
	stream  *rtpio.Stream
	session *sdp.Session
	offer   []byte // of the caller; nil: late offer
	trunk   bool
	deaf    bool   // it must be sent no early media
	byUs    bool   // we ended it
	mute    bool   // the time for its first audio was over before it was answered
	user    string // whose it is, as far as that is known
	rungBy  *ring  // that it was dialled for; nil for the caller, and once joined
	late    bool   // ended since the caller is gone, but its phone may not know yet

	agreed  sdp.Agreed
	ready   bool     // agreed holds and the stream was told
	waiting []func() // until ready
	partner *leg     // in a bridge with
	keys    dtmf.Ways
	ahead   call.Digits   // keyed and not asked for
	room    *farConferrer // that it leads to, on another node

	playing rtpio.PlayID
	played  func(rtpio.PlayEnd)
	holding rtpio.PlayID // hold music, played for the partner's sake
}

func (l *leg) ended() bool    { return l.rec.State == call.LegEnded }
func (l *leg) answered() bool { return l.rec.State == call.LegAnswered }

// move goes to a state, and tells whether that is possible from here.
func (l *leg) move(to call.LegState) bool {
	if !l.rec.State.CanMove(to) {
		return false
	}
	l.rec.State = to
	return true
}

// ring tells the caller that somebody's phone rings.
func (l *leg) ring() {
	if l.move(call.LegRinging) {
		l.rec.Ringing, l.rec.Status = time.Now(), 180
		l.check("ringing", l.dialog.Provisional(180, nil))
	}
}

var errNoEarly = errors.New("an invitation without an offer leaves no way for early media")

var errEarlyRefused = errors.New("the trunk allows no early media")

// early opens the way for audio to a caller who is not answered (183).
func (l *leg) early() error {
	switch {
	case l.deaf:
		return errEarlyRefused
	case l.offer == nil:
		return errNoEarly
	}
	if !l.move(call.LegEarly) {
		return nil
	}
	body, agreed, err := l.session.Answer(l.offer)
	if err != nil {
		return err
	}
	l.rec.Status = 183
	if l.rec.Ringing.IsZero() {
		l.rec.Ringing = time.Now()
	}
	l.check("early media", l.dialog.Provisional(183, body))
	l.apply(agreed)
	return nil
}

// answer sends 200 to a caller who is not answered yet.
func (l *leg) answer() {
	early := l.rec.State == call.LegEarly
	if !l.move(call.LegAnswered) {
		return
	}
	l.taken()
	if l.offer == nil {
		l.check("answer", l.dialog.Answer(l.session.Offer())) // the ACK brings theirs
		return
	}
	body, agreed, err := l.session.Answer(l.offer)
	l.session.Prefer("") // later offers of the peer decide for themselves
	if err != nil {      // it was possible when the call came in
		l.hangUp(call.CauseNotAcceptable, reason(call.CauseNotAcceptable))
		return
	}
	l.check("answer", l.dialog.Answer(body))
	if !early || agreed != l.agreed {
		l.apply(agreed)
	}
}

// taken notes the 200.
func (l *leg) taken() {
	if l.dialled {
		l.c.s.lines.occupy(names(l.rec.ContactMethod, l.user), l.c.id)
	}
	l.rec.Answered, l.rec.Status = time.Now(), 200
	if l.mute {
		l.listen(l.c.s.cfg.RTP.FirstMedia)
	}
}

// accept takes the peer's answer to our offer.
func (l *leg) accept(body []byte) error {
	agreed, err := l.session.Accept(body)
	if err == nil {
		l.apply(agreed)
	}
	return err
}

// reoffer is a re-INVITE or UPDATE of the peer: hold, resume, another codec or
// address. An empty body asks for our offer.
func (l *leg) reoffer(body []byte) ([]byte, int) {
	if l.ended() {
		return nil, 481
	}
	if body == nil {
		return l.session.Offer(), 200
	}
	answer, agreed, err := l.session.Answer(body)
	if err != nil {
		return nil, 488
	}
	l.apply(agreed)
	return answer, 200
}

// apply tells the stream what was agreed, and the partner whether it is on hold.
func (l *leg) apply(a sdp.Agreed) {
	was := l.ready && l.agreed.Held()
	if a.Remote.Addr().IsUnspecified() { // old-style hold names no address
		a.Remote, a.RemoteRTCP = l.agreed.Remote, l.agreed.RemoteRTCP
	}
	l.agreed = a
	err := l.stream.Setup(rtpio.Setup{
		Remote: a.Remote, RTCP: a.RemoteRTCP, BehindNAT: l.behindNAT(),
		Codec: codec.ByName(a.Codec.Name, a.Codec.Rate), PayloadType: a.Codec.PayloadType, EventPayloadType: a.EventPayloadType, EventsFrom: a.EventsFrom,
		// Whoever puts us on hold may send its own music or its microphone; the
		// other party hears neither.
		Send: a.Direction.Sends(), Receive: a.Direction.Receives() && !a.Held(), PTime: a.PTime,
	})
	l.check("media setup", err)
	l.ready = true
	waiting := l.waiting
	l.waiting = nil
	for _, f := range waiting {
		f()
	}
	if l.partner != nil && was != a.Held() {
		l.partner.onHold(a.Held())
	}
}

func (l *leg) behindNAT() bool {
	facts := l.dialog.Facts()
	return facts.Source.IsValid() && behindNAT(l.agreed.Remote.Addr(), facts.Source.Addr(), l.trunk)
}

// whenReady runs f once audio can be sent, which may be now.
func (l *leg) whenReady(f func()) {
	if l.ready {
		f()
		return
	}
	l.waiting = append(l.waiting, f)
}

// play replaces what the leg hears; ended is called once unless another play or
// hush comes before. keys says which keys stop it: "" none.
func (l *leg) play(src codec.Source, keys string, ended func(rtpio.PlayEnd)) {
	l.holding = 0
	l.played = ended
	l.playing = l.stream.Play(rtpio.Playback{Source: src, BargeIn: keys != "", Keys: keys})
	if l.playing == 0 {
		l.c.box.post(func() { l.playEnded(0, rtpio.PlayClosed) })
	}
}

// hush stops what was played, without telling. It may be called on nil.
func (l *leg) hush() {
	if l != nil && l.played != nil {
		l.played = nil
		l.stream.Stop(l.playing)
	}
}

func (l *leg) playEnded(id rtpio.PlayID, why rtpio.PlayEnd) {
	if f := l.played; f != nil && id == l.playing {
		l.played = nil
		f(why)
	}
}

// onHold gives the leg hold music while its partner does not listen.
func (l *leg) onHold(on bool) {
	if l.room != nil {
		return // a conference hears no hold music
	}
	if !on {
		l.stream.Stop(l.holding)
		l.holding = 0
		return
	}
	music := call.AudioHold
	if t := l.c.talk; t != nil {
		music = cmp.Or(t.hold, music)
	}
	l.c.source(music, 0, func(src codec.Source, err error) {
		if err == nil && l.partner != nil && l.partner.agreed.Held() && l.holding == 0 {
			l.holding = l.stream.Play(rtpio.Playback{Source: src})
		}
	})
}

// hangUp ends the leg whatever its state: CANCEL or BYE, or the cause's status
// to a caller who is not answered. why is the value of the Reason header.
func (l *leg) hangUp(cause call.Cause, why string) {
	if l.ended() {
		return
	}
	l.byUs = true
	switch {
	case l.dialog == nil:
	case l.answered():
		l.dialog.Bye(why)
	case l.dialled:
		l.cancel(cause, why)
	default:
		l.rec.Status = cmp.Or(l.c.refusal, cause.Status())
		l.check("refuse", l.dialog.Reject(l.rec.Status, why))
	}
	l.close(cause)
}

// close counts the leg as ended and gives its stream back.
func (l *leg) close(cause call.Cause) {
	if !l.move(call.LegEnded) {
		return
	}
	l.rec.Ended, l.rec.Cause = time.Now(), cause
	l.played, l.waiting = nil, nil
	if p := l.partner; p != nil {
		l.c.s.engine.Unbridge(l.stream, p.stream)
		l.partner, p.partner = nil, nil
	}
	l.leaveLines()
	if l.late {
		l.rec.Media = mediaOf(l.stream.Report()) // needed for the tone
	} else {
		l.rec.Media = mediaOf(l.stream.Close())
	}
	l.c.legEnded(l)
}

// leaveLines makes room for another leg of whose this was.
func (l *leg) leaveLines() {
	if l.dialled {
		l.c.s.lines.dismiss(l.rec.ContactMethod)
	}
	if !l.dialled || !l.rec.Answered.IsZero() {
		l.c.s.lines.vacate(names(l.rec.ContactMethod, l.user), l.c.id)
	}
}

// key is a key of the peer, however it came.
func (l *leg) key(k dtmf.Key) {
	if l.partner != nil { // RFC 4733 crosses the bridge by itself
		l.keys.Count(k, dtmf.ByEvent, time.Since(l.rec.Started))
		return
	}
	l.c.keyDown(l, k)
}

// info is a SIP INFO of the peer; the result is the status that answers it.
func (l *leg) info(contentType string, body []byte) int {
	in, err := dtmf.ParseInfo(contentType, body)
	switch {
	case len(body) == 0:
		return 200 // some phones keep a dialog alive like this
	case err != nil:
		return 415
	case l.ended():
		return 481
	case l.partner == nil:
		l.stream.Key(in.Key)
	case l.keys.Count(in.Key, dtmf.ByInfo, time.Since(l.rec.Started)):
		l.partner.pass(in)
	}
	return 200
}

// pass sends a key of the partner on to a phone, in the way it understands.
func (l *leg) pass(in dtmf.Info) {
	if err := l.stream.SendKey(in.Key, in.Duration); errors.Is(err, rtpio.ErrNoEvents) {
		l.c.workers.Go(func() {
			l.check("key by info", l.dialog.Info(l.c.ctx, dtmf.RelayType, []byte(in.Relay())))
		})
	}
}

// check logs what could not be sent. The dialog's end follows and is acted on.
func (l *leg) check(doing string, err error) {
	if err != nil && !errors.Is(err, sipua.ErrEnded) {
		l.c.log.Warn("leg suffers", "leg", string(l.rec.ID), "doing", doing, "error", err)
	}
}

func mediaOf(r rtpio.Report) call.Media {
	m := call.Media{
		Codec: r.Codec, Sent: r.Sent, Received: r.Received, Lost: r.Lost,
		JitterMS: milliseconds(r.Jitter), LongestGapMS: milliseconds(r.LargestGap),
		RemoteLoss: r.RemoteFraction, RTTMS: milliseconds(r.RTT),
	}
	if r.Remote.IsValid() {
		m.Remote = r.Remote.String()
	}
	return m
}

func milliseconds(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// routeTo is the local address from which peer is reached; nothing is sent.
func routeTo(peer netip.Addr) netip.Addr {
	if !peer.IsValid() {
		peer = netip.AddrFrom4([4]byte{192, 0, 2, 1}) // stands for anywhere: the default route
	}
	conn, err := net.DialUDP("udp", nil, net.UDPAddrFromAddrPort(netip.AddrPortFrom(peer, 9)))
	if err != nil {
		return netip.AddrFrom4([4]byte{127, 0, 0, 1}) // no route: only this machine can be talking to us
	}
	defer conn.Close()
	return conn.LocalAddr().(*net.UDPAddr).AddrPort().Addr().Unmap()
}
