package supervise

import "time"

// Backoff is how long to wait before the next start: First, then twice as long
// every time, at most Most; from the beginning again after a child that lived
// for Healthy.
type Backoff struct {
	First, Most, Healthy time.Duration
	wait                 time.Duration
}

// DefaultBackoff starts a child that died again within what a caller notices,
// and a child that cannot run at all every five seconds.
var DefaultBackoff = Backoff{First: 100 * time.Millisecond, Most: 5 * time.Second, Healthy: 30 * time.Second}

// Next is the wait after an incarnation that lived this long.
func (b *Backoff) Next(lived time.Duration) time.Duration {
	switch {
	case lived >= b.Healthy || b.wait == 0:
		b.wait = b.First
	default:
		b.wait = min(2*b.wait, b.Most)
	}
	return b.wait
}
