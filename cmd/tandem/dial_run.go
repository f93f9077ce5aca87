package main

import (
	"errors"
	"time"
)

// Run dials or answers once and ends with the call's outcome as exit code.
func (c *dialCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	p, err := c.plan(cfg)
	if err != nil {
		return &exitError{exitUsage, err}
	}
	events := &dialEvents{out: w.stdout, json: c.JSON, now: time.Now}
	return p.phone(w.ctx, events)
}

func (p dialPlan) phone(_ any, _ *dialEvents) error {
	return errors.New("sipmedia/phone is not merged yet")
}
