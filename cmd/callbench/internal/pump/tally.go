package pump

import (
	"fmt"
	"time"

	"tandem/cmd/callbench/internal/gauge"
)

// Tally is what one party heard during one call. Only packets between the
// first that arrived and the last that was sent can count as lost: what a
// party says before the other side is connected is nobody's loss.
type Tally struct {
	Sent     uint64 // pattern packets this party sent
	Received uint64 // RTP packets with audio that arrived, whatever they carry
	Expected uint64 // packets the other party sent from the first one heard on
	Unique   uint64 // of those, how many arrived at least once
	Dup      uint64 // arrived again
	Reorder  uint64 // arrived after a later one
	Altered  uint64 // named their sender, but with bytes changed
	Unknown  uint64 // carried no pattern: tones, comfort noise, silence
	Echo     uint64 // the party heard itself
	Foreign  uint64 // belonged to another call
	Stray    uint64 // belonged to no call of this run

	FirstRTP   time.Time // first packet of any kind
	FirstHeard time.Time // first packet of the right party
	ForeignOf  []string  // "call 12 callee heard call 13 caller", the first few

	PeerCall      uint32 // the call number of the other party, 0 when none was found
	PairedByAudio bool   // the signalling did not say whose callee this is

	Delay  gauge.Hist // sent here to arrived here, through the engine
	Jitter gauge.Hist // change of delay from one packet to the next
}

// Lost is how many packets never arrived.
func (t *Tally) Lost() uint64 { return t.Expected - min(t.Unique, t.Expected) }

// Merge adds the counts of o; first times and Sent-side facts are per call and stay.
func (t *Tally) Merge(o *Tally) {
	t.Sent += o.Sent
	t.Received += o.Received
	t.Expected += o.Expected
	t.Unique += o.Unique
	t.Dup += o.Dup
	t.Reorder += o.Reorder
	t.Altered += o.Altered
	t.Unknown += o.Unknown
	t.Echo += o.Echo
	t.Foreign += o.Foreign
	t.Stray += o.Stray
	if room := maxForeignNames - len(t.ForeignOf); room > 0 {
		t.ForeignOf = append(t.ForeignOf, o.ForeignOf[:min(room, len(o.ForeignOf))]...)
	}
	t.Delay.Merge(&o.Delay)
	t.Jitter.Merge(&o.Jitter)
}

// maxForeignNames bounds how many misrouted pairs are kept by name.
const maxForeignNames = 8

// hear counts one audio packet that arrived at s. It runs on the pump's thread.
func (s *Stream) hear(at int64, payload []byte) {
	t := &s.tally
	t.Received++
	tg, intact, ok := readTag(payload)
	if !ok {
		t.Unknown++
		return
	}
	if tg.run != s.pump.run {
		t.Stray++
		return
	}
	from, known := s.pump.parties[partyKey{tg.call, tg.party}]
	if !known {
		t.Stray++
		return
	}
	if from == s {
		t.Echo++
		return
	}
	if s.peer == nil && from != nil && from.peer == nil && from.party != s.party && s.pump.pairByAudio {
		s.peer, from.peer = from, s
		s.byAudio, from.byAudio = true, true
	}
	if from == nil || from != s.peer {
		t.Foreign++
		if key := (partyKey{tg.call, tg.party}); key != s.lastForeign && len(t.ForeignOf) < maxForeignNames {
			s.lastForeign = key
			t.ForeignOf = append(t.ForeignOf, fmt.Sprintf("call %d %s heard call %d %s", s.call, s.party, tg.call, tg.party))
		}
		return
	}
	if !intact {
		t.Altered++
	}
	s.count(at, from, tg.seq)
}

// count books one packet of the right sender.
func (s *Stream) count(at int64, from *Stream, seq uint32) {
	t := &s.tally
	if from.nextSeq <= seq || from.nextSeq-seq > ringSize {
		t.Reorder++ // older than the table remembers: 20 s late or made up
		return
	}
	slot := &from.sent[seq%ringSize]
	if slot.heard {
		t.Dup++
		return
	}
	slot.heard = true
	if t.FirstHeard.IsZero() {
		t.FirstHeard = time.Unix(0, at)
		s.firstSeq, s.highSeq = seq, seq
		close(s.heard)
	}
	if seq < s.highSeq {
		t.Reorder++
	}
	s.highSeq = max(s.highSeq, seq)
	if seq >= s.firstSeq {
		t.Unique++
	}
	delay := time.Duration(at - slot.at)
	t.Delay.Add(delay)
	if s.lastDelay >= 0 {
		t.Jitter.Add((delay - s.lastDelay).Abs())
	}
	s.lastDelay = delay
}
