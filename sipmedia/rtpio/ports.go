package rtpio

import (
	"math/rand/v2"
	"sync"
	"time"
)

// ports are the even ports of one shard: free, in use, or resting after use so that late packets of an old call do not
// reach a new one. Taken at random, so that nobody can tell where the next call will listen.
type ports struct {
	mu      sync.Mutex
	free    []uint16
	resting []resting // by end of rest
	used    int
	rest    time.Duration
}

type resting struct {
	port  uint16
	until time.Duration
}

func newPorts(free []uint16, rest time.Duration) *ports { return &ports{free: free, rest: rest} }

// take gives a port, or false if there is none.
func (p *ports) take(now time.Duration) (uint16, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wakeRested(now)
	if len(p.free) == 0 {
		return 0, false
	}
	last := len(p.free) - 1
	i := rand.IntN(last + 1)
	port := p.free[i]
	p.free[i] = p.free[last]
	p.free = p.free[:last]
	p.used++
	return port, true
}

// put gives a port back, into quarantine.
func (p *ports) put(port uint16, now time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.used--
	p.resting = append(p.resting, resting{port, now + p.rest})
}

func (p *ports) wakeRested(now time.Duration) {
	n := 0
	for n < len(p.resting) && p.resting[n].until <= now {
		p.free = append(p.free, p.resting[n].port)
		n++
	}
	p.resting = append(p.resting[:0], p.resting[n:]...)
}

// count tells how many ports are free, in use and resting.
func (p *ports) count(now time.Duration) (free, used, rests int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wakeRested(now)
	return len(p.free), p.used, len(p.resting)
}

// split deals the even ports of a range to shards in slices of equal length.
func split(minPort, maxPort uint16, shards int) [][]uint16 {
	first := int(minPort) + int(minPort)&1
	pairs := max(0, (int(maxPort)+1-first)/2)
	slices := make([][]uint16, shards)
	for i := range pairs {
		shard := i * shards / pairs
		slices[shard] = append(slices[shard], uint16(first+2*i))
	}
	return slices
}
