package sipmedia_test

import (
	"slices"
	"syscall"
	"testing"
	"time"

	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/phone"
)

// Tones of a crowd: far enough apart to be told from each other, and so quiet
// that all together are not bent.
const (
	crowdFirst = 300.0
	crowdStep  = 60.0
	crowdLevel = -30 // dBm0
)

func crowdTones(n int) []float64 {
	out := make([]float64, n)
	for i := range out {
		out[i] = crowdFirst + crowdStep*float64(i)
	}
	return out
}

// crowd fills a room with callers on real sockets, each sending a tone of its
// own.
func (w *world) crowd(t testing.TB, n int) []*member {
	t.Helper()
	all := make([]*member, n)
	for i, tone := range crowdTones(n) {
		m := &member{Call: w.phone(t, "100", nil).Dial(t, "+15550100"), tone: tone}
		m.Speak(audio.Pattern{Freqs: []float64{tone}, Level: crowdLevel}.Clip(8000).Source(true))
		m.confer(t, w, call.Confer{})
		all[i] = m
	}
	for _, m := range all {
		m.Await(t, phone.Answered)
	}
	return all
}

func TestOfFiftyPartiesEachHearsAllOthersAndNotItself(t *testing.T) {
	w := newRoomWorld(t)
	all := w.crowd(t, 50)
	tones := crowdTones(len(all))
	for i, m := range all {
		others := slices.Delete(slices.Clone(tones), i, i+1)
		m.HearsAll(t, others, m.tone)
	}
	for _, m := range all {
		m.stay.running(t)
	}
}

// BenchmarkConference is a second of a room whose parties all speak, on real
// sockets, with the phones in the same process: what it reports is the CPU time
// of both, per 10 parties. A room of no phones has nothing to be compared with,
// so the same phones talking in pairs are measured beside it.
func BenchmarkConference(b *testing.B) {
	for name, fill := range map[string]func(*world, testing.TB, int){
		"50-in-a-room": func(w *world, t testing.TB, n int) { w.crowd(t, n) },
		"50-in-pairs":  (*world).pairs,
	} {
		b.Run(name, func(b *testing.B) {
			w := newRoomWorld(b)
			fill(w, b, 50)
			began, cpu := time.Now(), cpuTime(b)
			second := time.NewTicker(time.Second)
			defer second.Stop()
			for b.Loop() {
				<-second.C
			}
			used := cpuTime(b) - cpu
			b.ReportMetric(100*used.Seconds()/time.Since(began).Seconds()/5, "%core/10parties")
		})
	}
}

// pairs joins callers by twos.
func (w *world) pairs(t testing.TB, n int) {
	t.Helper()
	desk := w.registered(t, "101")
	for range n / 2 {
		caller := w.phone(t, "100", nil).Dial(t, "101").Says(callerTone)
		in, busy := w.arrived(t), bar("101", 0, 20)
		busy.Target.CallWaiting = true
		ring := ask(t, w, w.Ring, call.Ring{Leg: in.Leg, Bars: []call.Bar{busy}})
		desk.Called(t).Says(calleeTone).Answers(t)
		caller.Await(t, phone.Answered)
		ring.result(t)
	}
}

// cpuTime is what this process has used so far.
func cpuTime(t testing.TB) time.Duration {
	t.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		t.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
