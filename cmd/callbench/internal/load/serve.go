package load

import (
	"context"
	"fmt"
	"net/netip"
	"time"
)

// Serve answers calls at opt.To until ctx ends, and tells every ten seconds
// how many are up and what they heard.
func Serve(ctx context.Context, opt Options) error {
	s := &Scenario{Name: "serve-uas", callee: true, Hold: maxHold, Rate: 1, Calls: 1}
	opt.fill(s)
	opt.From = netip.AddrPortFrom(opt.To.Addr(), 0)
	r, err := newRig(s, opt)
	if err != nil {
		return err
	}
	fmt.Fprintf(opt.Progress, "answering at %s\n", r.callee.Addr())
	ticker := time.NewTicker(10 * time.Second)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return r.close()
		case <-ticker.C:
			r.mu.Lock()
			fmt.Fprintf(opt.Progress, "%d up; ended calls heard %d packets, %d of them of no run of ours\n",
				r.callee.Live(), r.media.Received, r.media.Stray+r.media.Unknown)
			r.mu.Unlock()
		}
	}
}
