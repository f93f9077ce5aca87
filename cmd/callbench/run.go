package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"tandem/cmd/callbench/internal/gauge"
	"tandem/cmd/callbench/internal/load"
	"tandem/cmd/callbench/internal/wire"
)

// runCmd is `callbench run`.
type runCmd struct {
	Scenario string `arg:"" enum:"bridge,prompt,menu,setup,sweep" help:"bridge: two parties talk, every packet checked. prompt: the engine plays. menu: key to next prompt. setup: calls per second until one fails. sweep: all of them, short."`

	Target     string        `default:"127.0.0.1:5060" help:"The engine's SIP address."`
	From       string        `default:"127.0.0.2" help:"Where our caller sits; a port may follow."`
	To         string        `default:"127.0.0.3:5080" help:"Where our callee answers."`
	Number     string        `help:"Number to call; each scenario has its own."`
	Rate       float64       `help:"New calls per second; setup starts here (default 5)."`
	Calls      int           `help:"Calls in all; each scenario has its own default."`
	Concurrent int           `help:"Calls at a time. With no more calls than this, all stay up together for --hold."`
	Hold       time.Duration `help:"How long an answered call stays; each scenario has its own default."`
	Ring       time.Duration `default:"0s" help:"How long our callee rings."`
	Setup      time.Duration `default:"10s" help:"How long a call may take to be answered, ringing aside."`
	NoRTP      bool          `name:"no-rtp" help:"Signalling only (bridge)."`
	RTPPorts   string        `name:"rtp-ports" default:"50000-59998" help:"Ports for our audio, even ones only."`
	Key        string        `default:"1" help:"Key to press (menu)."`
	Step       float64       `default:"5" help:"More calls per second each step (setup)."`
	StepTime   time.Duration `default:"10s" help:"Length of a step (setup)."`
	MaxRate    float64       `default:"200" help:"Last rate to try (setup)."`
	User       string        `help:"User for digest challenges."`
	Password   string        `env:"CALLBENCH_PASSWORD" help:"Password for digest challenges."`

	Pids    []string      `help:"Processes to measure: name=pid, or name=pid+ with descendants; auto reads --summary."`
	Summary string        `type:"existingfile" help:"Ready summary of 'tandem up --json', for --pids auto."`
	Idle    time.Duration `default:"3s" help:"How long processes are watched before the first call."`

	Nice     int  `default:"-10" help:"Priority of callbench; where it may not be raised it stays, with a warning."`
	Realtime bool `default:"true" negatable:"" help:"Send our audio in real time, before everything else on the machine, where that is allowed."`

	JSON          string `name:"json" help:"Write the report here."`
	Baseline      string `type:"existingfile" help:"Earlier report to compare with."`
	Commit        string `help:"Revision of the engine; default: the one callbench was built from."`
	AllowFailures bool   `help:"Exit 0 even if calls failed."`
	IOwnThisHost  bool   `name:"i-own-this-host" help:"Allow a target that is not on this machine."`
}

// errBad says that the run itself went through but found calls that failed.
var errBad = errors.New("calls failed or audio went astray")

// Run is called by kong.
func (c *runCmd) Run(ctx context.Context) error {
	opt, err := c.options()
	if err != nil {
		return err
	}
	var base *load.File
	if c.Baseline != "" {
		if base, err = load.ReadFile(c.Baseline); err != nil {
			return err
		}
	}
	if c.Nice != 0 {
		if err := raise(c.Nice); err != nil {
			fmt.Fprintln(os.Stderr, "callbench:", err)
		}
	}
	file := &load.File{}
	var runErr error
	for _, job := range c.jobs(opt) {
		report, err := load.Run(ctx, job.Scenario, job.Options)
		if report != nil {
			report.Print(os.Stdout, base.Find(report.Scenario))
			file.Runs = append(file.Runs, report)
		}
		if runErr = err; err != nil {
			break
		}
	}
	if c.JSON != "" && len(file.Runs) > 0 {
		runErr = errors.Join(runErr, file.WriteFile(c.JSON))
	}
	if runErr == nil && !c.AllowFailures && slices.ContainsFunc(file.Runs, (*load.Report).Failed) {
		return errBad
	}
	return runErr
}

func (c *runCmd) jobs(opt load.Options) []load.Job {
	if c.Scenario == "sweep" {
		return load.Sweep(opt)
	}
	s, err := load.Find(c.Scenario)
	if err != nil {
		return nil // kong has checked the name
	}
	return []load.Job{{Scenario: s, Options: opt}}
}

func (c *runCmd) options() (load.Options, error) {
	o := load.Options{
		Number: c.Number, Rate: c.Rate, Calls: c.Calls, Concurrent: c.Concurrent, Hold: c.Hold, Ring: c.Ring,
		Setup: c.Setup, NoRTP: c.NoRTP, Step: c.Step, StepTime: c.StepTime, MaxRate: c.MaxRate, Idle: c.Idle,
		Realtime: c.Realtime, AllowOthers: c.IOwnThisHost, Commit: c.Commit, Progress: os.Stderr,
	}
	if o.Commit == "" {
		o.Commit = gauge.Commit()
	}
	if c.User != "" {
		o.Login = &wire.Credentials{User: c.User, Password: c.Password}
	}
	if len(c.Key) != 1 {
		return o, fmt.Errorf("--key %q is not one key", c.Key)
	}
	o.Key = c.Key[0]
	if _, err := fmt.Sscanf(c.RTPPorts, "%d-%d", &o.RTPMin, &o.RTPMax); err != nil || o.RTPMin < 1024 || o.RTPMin >= o.RTPMax {
		return o, fmt.Errorf("--rtp-ports %q is not LOW-HIGH", c.RTPPorts)
	}
	var errs [3]error
	o.Target, errs[0] = address(c.Target, 5060)
	o.From, errs[1] = address(c.From, 0)
	o.To, errs[2] = address(c.To, 5080)
	if err := errors.Join(errs[:]...); err != nil {
		return o, err
	}
	var err error
	o.Processes, err = c.processes()
	return o, err
}

// address reads IP or IP:PORT. Names are not looked up: a name could point anywhere.
func address(text string, port uint16) (netip.AddrPort, error) {
	if ap, err := netip.ParseAddrPort(text); err == nil {
		return ap, nil
	}
	ip, err := netip.ParseAddr(strings.Trim(text, "[]"))
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("%q is not an IP address with an optional port", text)
	}
	return netip.AddrPortFrom(ip, port), nil
}

// processes reads --pids and --summary.
func (c *runCmd) processes() ([]gauge.Process, error) {
	var list []gauge.Process
	for _, text := range c.Pids {
		if text == "auto" {
			continue
		}
		p, err := gauge.ParseProcess(text)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	if slices.Contains(c.Pids, "auto") && c.Summary == "" {
		return nil, errors.New("--pids auto needs --summary")
	}
	if c.Summary == "" {
		return list, nil
	}
	more, err := summaryProcesses(c.Summary)
	return append(list, more...), err
}

// summaryProcesses reads {"pids":{"node":123,...}} from a ready summary. A role
// that has several processes gives a list. PostgreSQL works in children, so
// these count too.
func summaryProcesses(path string) ([]gauge.Process, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("read summary: %w", err)
	}
	var summary struct {
		Pids map[string]json.RawMessage `json:"pids"`
	}
	if err := json.Unmarshal(b, &summary); err != nil {
		return nil, fmt.Errorf("read summary %s: %w", path, err)
	}
	if len(summary.Pids) == 0 {
		return nil, fmt.Errorf("read summary %s: it names no pids", path)
	}
	var list []gauge.Process
	for name, raw := range summary.Pids {
		var pids []int
		if json.Unmarshal(raw, &pids) != nil {
			var one int
			if err := json.Unmarshal(raw, &one); err != nil {
				return nil, fmt.Errorf("read summary %s: pid of %s: %w", path, name, err)
			}
			pids = []int{one}
		}
		for _, pid := range pids {
			list = append(list, gauge.Process{Name: name, PID: pid, Tree: strings.Contains(name, "postgres")})
		}
	}
	slices.SortFunc(list, func(a, b gauge.Process) int { return strings.Compare(a.Name, b.Name) })
	return list, nil
}
