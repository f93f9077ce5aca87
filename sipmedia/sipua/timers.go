package sipua

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/emiago/sipgo/sip"
)

// session is the session timer of a dialog (RFC 4028): a sign of life within
// each interval, or the call ends. It frees what a vanished peer left behind.
type session struct {
	interval int  // seconds; 0: none
	ours     bool // we refresh
	refresh  *time.Timer
	expiry   *time.Timer
}

// longestSession is the largest interval we go along with: a day.
const longestSession = 86400

func (s *session) stop() {
	stopTimer(s.refresh)
	stopTimer(s.expiry)
}

// role is how Session-Expires names the side that refreshes, seen from a
// request that we send now.
func (s *session) role() string {
	switch {
	case s.interval == 0:
		return ""
	case s.ours:
		return "uac"
	}
	return "uas"
}

// checkSessionTimer refuses an interval that is too small (RFC 4028 §9).
func (ua *UA) checkSessionTimer(req *sip.Request) *problem {
	v := value(req, "session-expires")
	if v == "" {
		return nil
	}
	n, ok := number(v)
	if !ok {
		return bad("Bad Session-Expires")
	}
	if n < ua.timers.MinSE && has(req, "supported", "timer") {
		return &problem{status: 422, reason: phrase(422), headers: []Header{{"Min-SE", strconv.Itoa(ua.timers.MinSE)}}}
	}
	return nil
}

// askSession puts our wish for a session timer into a request.
func (d *Dialog) askSession(req *sip.Request, refresher string) {
	interval, least := d.ua.timers.SessionExpires, d.ua.timers.MinSE
	if d.out != nil {
		interval, least = d.out.interval, d.out.minSE
	}
	if d.session.interval > 0 {
		interval = d.session.interval
	}
	v := strconv.Itoa(interval)
	if refresher != "" {
		v += ";refresher=" + refresher
	}
	add(req, "Session-Expires", v)
	add(req, "Min-SE", strconv.Itoa(least))
}

// agree answers the peer's wish in our 2xx and starts the timer (RFC 4028 §9).
func (d *Dialog) agree(req *sip.Request, res *sip.Response) {
	interval := d.ua.timers.SessionExpires
	asked := value(req, "session-expires")
	if n, ok := number(asked); ok && asked != "" {
		interval = min(n, longestSession)
	}
	if least, ok := number(value(req, "min-se")); ok {
		interval = min(max(interval, least), longestSession)
	}
	// What is too small came from a peer that does not know the rule: then we
	// set the pace.
	interval = max(interval, d.ua.timers.MinSE)
	theirs := strings.EqualFold(param(asked, "refresher"), "uac") && has(req, "supported", "timer")
	who := "uas"
	if theirs {
		who = "uac"
		add(res, "Require", "timer")
	}
	add(res, "Session-Expires", fmt.Sprintf("%d;refresher=%s", interval, who))
	d.arm(interval, !theirs)
}

// concede takes what the peer's 2xx says about our wish (RFC 4028 §7.2). initial
// is true for the first INVITE, where no header means no timer.
func (d *Dialog) concede(res *sip.Response, initial bool) {
	v := value(res, "session-expires")
	n, ok := number(v)
	if !ok || n == 0 {
		if !initial && d.session.interval > 0 {
			d.arm(d.session.interval, d.session.ours)
		}
		return
	}
	d.arm(min(max(n, d.ua.timers.MinSE), longestSession), !strings.EqualFold(param(v, "refresher"), "uas"))
}

// arm starts the timers anew.
func (d *Dialog) arm(interval int, ours bool) {
	s := &d.session
	s.stop()
	s.interval, s.ours = interval, ours
	whole := time.Duration(interval) * d.ua.timers.Second
	// RFC 4028 §10: the smaller of 32 s and a third before the end.
	early := min(32*d.ua.timers.Second, whole/3)
	s.expiry = time.AfterFunc(whole-early, d.expired)
	if ours {
		s.refresh = time.AfterFunc(whole/2, d.refresh)
	}
}

// expired hangs up a call that showed no life.
func (d *Dialog) expired() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseAnswered {
		cause := `SIP;cause=408;text="Session timer expired"`
		d.hangUp(cause, End{Why: EndRefreshFailed, Cause: cause})
	}
}

// refresh shows life: an UPDATE without a body if the peer understands it, else
// a re-INVITE with the session as it is.
func (d *Dialog) refresh() {
	if !d.claimOffer() {
		d.refreshLater(d.ua.timers.Second) // an offer is under way
		return
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase != phaseAnswered {
		d.freeOffer()
		return
	}
	if !d.peer.update {
		d.offer(d.localSDP, func(o outcome) {
			d.freeOffer()
			if o.err != nil {
				d.refreshFailed(o.err)
			}
		})
		return
	}
	d.transact(d.peer, sip.UPDATE, func(req *sip.Request) {
		req.AppendHeader(d.ourContact())
		d.askSession(req, d.session.role())
		add(req, "Supported", "timer")
		req.SetBody(nil)
	}, d.refreshed)
}

func (d *Dialog) refreshLater(pause time.Duration) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase == phaseAnswered {
		stopTimer(d.session.refresh)
		d.session.refresh = time.AfterFunc(pause, d.refresh)
	}
}

// refreshed takes the answer to the UPDATE.
func (d *Dialog) refreshed(res *sip.Response, err error) {
	switch {
	case err == nil && res.StatusCode < 200:
		return
	case err == nil && res.StatusCode < 300:
		d.freeOffer()
		d.mu.Lock()
		defer d.mu.Unlock()
		if d.phase == phaseAnswered {
			d.learn(d.peer, res)
			d.concede(res, false)
		}
		return
	}
	d.freeOffer()
	if err == nil {
		d.mu.Lock()
		if least, ok := number(value(res, "min-se")); ok && res.StatusCode == 422 {
			d.session.interval = min(max(d.session.interval, least), longestSession)
		}
		if slices.Contains([]int{405, 501}, res.StatusCode) {
			d.peer.update = false
		}
		d.mu.Unlock()
		err = statusError("UPDATE", res.StatusCode)
	}
	d.refreshFailed(err)
}

// refreshFailed ends the call if the peer does not know it any more, and
// otherwise tries again until the timer runs out.
func (d *Dialog) refreshFailed(err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.phase != phaseAnswered {
		return
	}
	refusal, isRefusal := err.(*StatusError)
	if !isRefusal || refusal.Status == 481 || refusal.Status == 408 {
		cause := fmt.Sprintf(`SIP;cause=408;text="%s"`, quoted(err.Error()))
		d.sendBye(d.peer, cause)
		d.end(End{Why: EndRefreshFailed, Cause: cause})
		return
	}
	pause := time.Duration(10+rand.Int64N(200)) * d.ua.timers.Second / 100
	if refusal.Status == 405 || refusal.Status == 501 || refusal.Status == 422 {
		pause = 0 // we know better now
	}
	stopTimer(d.session.refresh)
	d.session.refresh = time.AfterFunc(pause, d.refresh)
}
