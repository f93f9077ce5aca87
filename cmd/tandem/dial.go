package main

import (
	"errors"
	"fmt"
	"net/netip"
	"strconv"
	"strings"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/flow/call"
)

// dialCmd is a SIP phone for the terminal and for scripts.
type dialCmd struct {
	Number    string        `arg:"" optional:"" help:"What to dial."`
	As        string        `required:"" placeholder:"ACCOUNT" help:"User name of the SIP account."`
	Password  string        `help:"Its password; the sample's are known on the machine that runs \"tandem up\"."`
	Server    string        `placeholder:"IP:PORT" help:"Where the node listens; without it, the one of the data folder's \"tandem up\"."`
	Transport string        `enum:"udp,tcp" default:"udp" help:"udp or tcp."`
	Keys      string        `help:"Keys to send once answered and first audio was heard; a comma waits a second."`
	Say       string        `placeholder:"FILE|tone:HZ" help:"WAV file to say, again and again, or a tone; without it, silence."`
	Hear      string        `placeholder:"FILE" help:"WAV file to write what was heard to."`
	For       time.Duration `default:"10s" help:"How long to stay in the call; without an answer, how long to let it ring."`
	JSON      bool          `help:"Print events as JSON, one a line."`
	Answer    bool          `help:"Register, wait for one call, and answer it."`
	Ring      time.Duration `default:"1s" help:"With --answer: how long to let it ring."`
	Wait      time.Duration `default:"5m" help:"With --answer: how long to wait for the call."`
}

// Exit codes of dial, by what became of the call.
const (
	exitUsage    = 1
	exitBusy     = 2
	exitNoAnswer = 3
	exitRefused  = 4
	exitNetwork  = 5
)

// dialExits maps a cause to an exit code; what is not listed is exitRefused. An
// answered call can fail by the network only.
var dialExits = map[call.Cause]int{
	call.CauseBusy:            exitBusy,
	call.CauseNoAnswer:        exitNoAnswer,
	call.CauseUnavailable:     exitNoAnswer,
	call.CauseCallerCancelled: exitNoAnswer, // it rang for as long as --for allows
	call.CauseCongestion:      exitNetwork,
	call.CauseNoMedia:         exitNetwork,
}

// dialExit is the exit code of a call that ended.
func dialExit(answered bool, cause call.Cause) int {
	code, ok := dialExits[cause]
	switch {
	case answered && code != exitNetwork:
		return 0
	case ok:
		return code
	}
	return exitRefused
}

// dialPlan is a dialCmd with everything looked up and parsed.
type dialPlan struct {
	number    string // empty: answer
	user      string
	password  string
	server    netip.AddrPort
	transport string
	keys      []keyStep
	tone      float64 // Hz; 0: none
	sayFile   string
	hearFile  string
	stay      time.Duration
	ring      time.Duration
	wait      time.Duration
}

// plan checks the command line. Every error is the user's to mend.
func (c *dialCmd) plan(cfg config.Config) (dialPlan, error) {
	p := dialPlan{number: c.Number, user: c.As, password: c.Password, transport: c.Transport,
		hearFile: c.Hear, stay: c.For, ring: c.Ring, wait: c.Wait}
	var problems []error
	if (c.Number == "") != c.Answer {
		problems = append(problems, errors.New("give either a number to dial or --answer"))
	}
	var err error
	if p.keys, err = parseKeys(c.Keys); err != nil {
		problems = append(problems, err)
	}
	if hz, ok := strings.CutPrefix(c.Say, "tone:"); ok {
		if p.tone, err = strconv.ParseFloat(hz, 64); err != nil || p.tone < minTone || p.tone > maxTone {
			problems = append(problems, fmt.Errorf("--say %q: write tone: and %d to %d Hz", c.Say, minTone, maxTone))
		}
	} else {
		p.sayFile = c.Say
	}
	if c.For <= 0 || c.Ring < 0 || c.Wait <= 0 {
		problems = append(problems, errors.New("--for, --ring and --wait are times such as 10s"))
	}
	if err := p.lookUp(c.Server, cfg); err != nil {
		problems = append(problems, err)
	}
	return p, errors.Join(problems...)
}

// Tones that a telephone line of 8000 samples a second carries.
const (
	minTone = 100
	maxTone = 3400
)

// lookUp fills in server and password from the `tandem up` on this machine.
func (p *dialPlan) lookUp(server string, cfg config.Config) error {
	s, stateErr := readState(cfg.Data)
	text := server
	if text == "" {
		text = s.SIP
	}
	if text == "" {
		return fmt.Errorf("where to? %w: start it, or give --server", stateErr)
	}
	var addr config.Address
	if err := addr.UnmarshalText([]byte(text)); err != nil {
		return fmt.Errorf("--server %q: %w", text, err)
	}
	p.server = addr.Dial()
	for _, a := range s.Accounts {
		if p.password == "" && a.Username == p.user {
			p.password = a.Password
		}
	}
	if p.password == "" {
		return fmt.Errorf("no password is known for account %q: give --password", p.user)
	}
	return nil
}

// keyStep is a key to send, or a pause.
type keyStep struct {
	key   byte // 0: pause
	pause time.Duration
}

const keyPause = time.Second

// parseKeys reads "1,,2#": keys, and a comma for each second of waiting.
func parseKeys(text string) ([]keyStep, error) {
	var out []keyStep
	for _, r := range strings.ToUpper(text) {
		switch {
		case r == ',':
			out = append(out, keyStep{pause: keyPause})
		case strings.ContainsRune("0123456789*#ABCD", r):
			out = append(out, keyStep{key: byte(r)})
		default:
			return nil, fmt.Errorf("--keys %q: %c is no key: 0 to 9, *, #, A to D, and commas", text, r)
		}
	}
	return out, nil
}
