package rtpio

import (
	"net/netip"
	"time"
)

const (
	consistent    = 3               // packets in a row that a stranger must send to be believed
	maxCandidates = 8               // strangers followed at once
	candidateRest = 2 * time.Second // one that is silent for so long loses its place
)

// guard decides whose packets are heard. It knows only addresses and the packets' order; no socket.
type guard struct {
	want    netip.AddrPort // the SDP's address
	nat     bool
	before  netip.AddrPort // who was heard before the latest Setup: believed at once
	latched netip.AddrPort

	candidates [maxCandidates]candidate
}

type candidate struct {
	from netip.AddrPort
	ssrc uint32
	next uint16
	run  int
	at   time.Duration
}

// expect takes what a Setup says and tells whether the guard opened again. A peer that stays where it is stays
// believed, unless it is behind NAT: then it may have moved, and whoever shows three good packets first is the peer.
func (g *guard) expect(want netip.AddrPort, nat bool) (opened bool) {
	if want == g.want && nat == g.nat && !nat {
		return false
	}
	before := netip.AddrPort{}
	if want == g.want {
		before = g.latched
	}
	*g = guard{want: want, nat: nat, before: before}
	return true
}

// admit tells whether a packet is the peer's, and whether it is the one that made the guard believe so.
func (g *guard) admit(from netip.AddrPort, h header, now time.Duration) (ok, latched bool) {
	switch {
	case !g.latched.IsValid():
	case from == g.want && from != g.latched && !g.nat: // the SDP's own address puts out who only shares its host
		g.latched = from
		return true, true
	default:
		return from == g.latched, false
	}
	if !from.IsValid() { // also equals a want or before that is not set
		return false, false
	}
	switch {
	case from == g.want, from == g.before:
	case !g.nat && from.Addr() != g.want.Addr():
		return false, false
	case !g.proven(from, h, now):
		return false, false
	}
	g.latched = from
	return true, true
}

// related tells whether an address may send reports: the host that audio comes from, or is awaited from.
func (g *guard) related(from netip.AddrPort) bool {
	if g.latched.IsValid() {
		return from.Addr() == g.latched.Addr()
	}
	return g.want.IsValid() && from.Addr() == g.want.Addr()
}

// proven follows a stranger until three packets belong together.
func (g *guard) proven(from netip.AddrPort, h header, now time.Duration) bool {
	c := g.place(from, now)
	if c == nil {
		return false
	}
	if c.run == 0 || c.ssrc != h.ssrc || c.next != h.seq {
		c.run = 0
	}
	c.ssrc, c.next, c.at = h.ssrc, h.seq+1, now
	c.run++
	return c.run >= consistent
}

// place finds a stranger's place or a free one. With all taken by live strangers it is nil: a flood of addresses does
// not push out who is already being followed.
func (g *guard) place(from netip.AddrPort, now time.Duration) *candidate {
	var free *candidate
	for i := range g.candidates {
		c := &g.candidates[i]
		if c.from == from {
			return c
		}
		if !c.from.IsValid() || now-c.at > candidateRest {
			free = c
		}
	}
	if free != nil {
		*free = candidate{from: from, at: now}
	}
	return free
}
