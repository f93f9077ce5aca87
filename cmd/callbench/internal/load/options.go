// Package load runs the scenarios: it places the calls, answers them, and
// turns what happened into a report.
//
// It never reads the engine's state or configuration: whatever a report says
// was seen from outside, on the wire or in /proc.
package load

import (
	"errors"
	"fmt"
	"io"
	"net/netip"
	"time"

	"tandem/cmd/callbench/internal/gauge"
	"tandem/cmd/callbench/internal/wire"
)

// Bounds of any run, so that a mistyped flag cannot run for ever.
const (
	maxCalls      = 100_000
	maxConcurrent = 5_000
	maxRate       = 5_000.0 // calls per second
	maxHold       = 4 * time.Hour
)

// Options are the settings of one run, all of them in the report.
type Options struct {
	Target     netip.AddrPort    // the engine
	From       netip.AddrPort    // where our caller sits; port 0 picks one
	To         netip.AddrPort    // where our callee answers
	Number     string            // whom to call; empty: the scenario's own
	Rate       float64           // new calls per second
	Calls      int               // calls in all; 0: the scenario's own
	Concurrent int               // calls at a time; 0: no bound but the rate's
	Hold       time.Duration     // how long an answered call stays; 0: the scenario's own
	Ring       time.Duration     // how long our callee rings
	Setup      time.Duration     // how long a call may take to be answered
	NoRTP      bool              // signalling only
	Step       float64           // setup: calls per second more each step
	StepTime   time.Duration     // setup: length of a step
	MaxRate    float64           // setup: last rate tried
	Key        byte              // menu: the key to press
	Idle       time.Duration     // how long processes are watched before the first call
	Processes  []gauge.Process   // whose CPU and memory to report
	Login      *wire.Credentials // answers digest challenges

	RTPMin, RTPMax uint16
	Realtime       bool   // run our audio before everything else on the machine
	AllowOthers    bool   // targets beyond loopback
	Commit         string // revision of what is measured
	Progress       io.Writer
}

// ErrForeignTarget says that an address is not on this machine.
var ErrForeignTarget = errors.New("callbench sends to loopback only (own another host? say --i-own-this-host)")

// Guard returns the check every packet's destination must pass.
func (o *Options) Guard() func(netip.AddrPort) error {
	if o.AllowOthers {
		return func(netip.AddrPort) error { return nil }
	}
	return func(to netip.AddrPort) error {
		if !to.Addr().Unmap().IsLoopback() {
			return fmt.Errorf("%s: %w", to, ErrForeignTarget)
		}
		return nil
	}
}

// fill puts the scenario's own values where the user gave none.
func (o *Options) fill(s *Scenario) {
	if o.Number == "" {
		o.Number = s.Number
	}
	if o.Concurrent > 0 && o.Calls == 0 {
		o.Calls = o.Concurrent
	}
	if o.Calls == 0 {
		o.Calls = s.Calls
	}
	if o.Hold == 0 {
		o.Hold = s.Hold
	}
	if o.Rate == 0 {
		o.Rate = s.Rate
	}
	if o.Progress == nil {
		o.Progress = io.Discard
	}
}

// check refuses what could hurt: foreign targets and runs without bound.
func (o *Options) check() error {
	guard := o.Guard()
	for _, to := range []netip.AddrPort{o.Target, o.To} {
		if err := guard(to); err != nil {
			return err
		}
	}
	for _, b := range []struct {
		name      string
		got, most float64
	}{
		{"calls", float64(o.Calls), maxCalls},
		{"concurrent calls", float64(o.Concurrent), maxConcurrent},
		{"rate", o.Rate, maxRate},
		{"last rate", o.MaxRate, maxRate},
		{"hold seconds", o.Hold.Seconds(), maxHold.Seconds()},
		{"ring seconds", o.Ring.Seconds(), 180},
		{"step seconds", o.StepTime.Seconds(), 300},
	} {
		if b.got < 0 || b.got > b.most {
			return fmt.Errorf("%s: %v is not between 0 and %v", b.name, b.got, b.most)
		}
	}
	if o.Rate <= 0 || o.Setup <= 0 {
		return errors.New("rate and setup time must be above 0")
	}
	return nil
}
