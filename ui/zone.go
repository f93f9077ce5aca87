package ui

import (
	"context"
	"time"

	"tandem/flow/directory"
)

// GeneralStore keeps the settings of the whole installation.
type GeneralStore interface {
	General(ctx context.Context) (directory.General, error)
}

// zone is where the installation is: its days begin at midnight there.
func (p *Panel) zone(ctx context.Context) *time.Location {
	general, ok := p.cfg.Store.(GeneralStore)
	if !ok {
		return time.UTC
	}
	set, err := general.General(ctx)
	if err != nil {
		return time.UTC
	}
	zone, err := time.LoadLocation(set.Zone)
	if err != nil {
		return time.UTC
	}
	return zone
}
