package sipua

import (
	"net/netip"
	"sync"
	"time"
)

// limiter is a token bucket for each source address, in a table of bounded size.
type limiter struct {
	rate  float64 // tokens a second
	burst float64

	mu      sync.Mutex
	buckets map[netip.Addr]*bucket
}

type bucket struct {
	tokens float64
	at     time.Time
}

// maxSources bounds a limiter's table: about 4 MB. Forged addresses can push
// others out, which only makes the limiter more lenient.
const maxSources = 32768

func newLimiter(rate, burst float64) *limiter {
	return &limiter{rate: rate, burst: burst, buckets: map[netip.Addr]*bucket{}}
}

// allow takes a token, if there is one.
func (l *limiter) allow(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b := l.fill(from)
	if b.tokens < 1 {
		return false
	}
	b.tokens--
	return true
}

// empty reports whether the tokens are used up, without taking one.
func (l *limiter) empty(from netip.Addr) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	b, found := l.buckets[from]
	return found && b.tokens+l.rate*time.Since(b.at).Seconds() < 1
}

func (l *limiter) fill(from netip.Addr) *bucket {
	now := time.Now()
	b, found := l.buckets[from]
	if !found {
		if len(l.buckets) >= maxSources {
			l.evict()
		}
		b = &bucket{tokens: l.burst, at: now}
		l.buckets[from] = b
	}
	b.tokens = min(l.burst, b.tokens+l.rate*now.Sub(b.at).Seconds())
	b.at = now
	return b
}

// evict drops a part of the table; which one does not matter much.
func (l *limiter) evict() {
	n := 0
	for from := range l.buckets {
		delete(l.buckets, from)
		if n++; n >= maxSources/8 {
			return
		}
	}
}

// sweep forgets the sources whose bucket is full again.
func (l *limiter) sweep() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for from, b := range l.buckets {
		if b.tokens+l.rate*time.Since(b.at).Seconds() >= l.burst {
			delete(l.buckets, from)
		}
	}
}
