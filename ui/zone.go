package ui

import (
	"context"
	"time"
)

// zone is where the installation is: its days begin at midnight there.
func (p *Panel) zone(ctx context.Context) *time.Location {
	set, err := p.cfg.Store.General(ctx)
	if err != nil {
		return time.UTC
	}
	zone, err := time.LoadLocation(set.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}
