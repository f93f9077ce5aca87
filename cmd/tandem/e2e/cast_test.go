package e2e

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/flow/queue"
	"tandem/sipmedia/audio"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/workflows"
	"tandem/workflows/callclient"
	"tandem/workflows/simulate/simulatetest"
)

// cast is the real phones that play scenarios against an installation: callers
// of a trunk, callers with an account, and phones that are rung.
type cast struct {
	in       *installation
	store    *db.Store
	carrier  *siptest.Phone     // all callers from outside
	inside   chan *insideCaller // each takes part in one call at a time
	wg       sync.WaitGroup
	alone    sync.Map // mutexes, by what one scenario uses at a time
	temporal client.Client
	ours     []string // numbers of the flows, which those called back are shown

	mu   sync.Mutex
	live map[string]flow.Scenario // by the caller's number, which all phones are shown
}

// insideCaller is a phone with an account.
type insideCaller struct {
	*siptest.Phone
	number string
}

const (
	insideCallers = 12
	castPassword  = "break a leg"
)

// carrierAddr is in the network of the sample's trunk.
var carrierAddr = netip.MustParseAddr("127.0.0.2")

func newCast(in *installation, stock simulatetest.Stock, flows int) *cast {
	in.t.Helper()
	c := &cast{in: in, store: in.openStore(), inside: make(chan *insideCaller, insideCallers), live: map[string]flow.Scenario{}}
	lines := callclient.Lines{Client: in.client()}
	in.t.Cleanup(lines.Close)
	c.temporal = lines.Temporal()
	for _, s := range simulatetest.Sounds {
		c.must(c.store.AddAudio(in.t.Context(), directory.AudioFile{ID: s.ID, Name: s.ID, Bytes: sound(s)}))
	}
	c.must(c.store.AddAudio(in.t.Context(), directory.AudioFile{ID: simulatetest.PINPrompt.ID, Name: "PIN", Bytes: sound(simulatetest.PINPrompt)}))
	for _, id := range announced {
		c.must(c.store.AddAudio(in.t.Context(), directory.AudioFile{ID: id, Name: id, Bytes: audio.Tone(8000, time.Second, toneLevel, spokenTone).WAV()}))
	}
	for n := range flows {
		for i := range simulatetest.Numbers {
			number, err := dialplan.ParseNumber(simulatetest.Number(n, i+1))
			c.ours = append(c.ours, simulatetest.Number(n, i+1))
			c.must(number, errors.Join(err, c.store.SaveNumber(in.t.Context(), directory.Number{E164: number, Label: "random", Trunks: []string{"loopback"}})))
		}
	}
	direct, err := dialplan.ParseNumber(simulatetest.Direct)
	c.must(direct, errors.Join(err, c.store.SaveNumber(in.t.Context(), directory.Number{E164: direct, Label: "a phone", Trunks: []string{"loopback"}})))
	general, err := c.store.General(in.t.Context())
	c.must(nil, errors.Join(err, general.AllowedTargets.UnmarshalText([]byte("127.0.0.0/8")), c.store.SaveGeneral(in.t.Context(), general)))
	for _, id := range stock.Mails {
		c.must(nil, c.store.SaveContactMethod(in.t.Context(), directory.ContactMethod{ID: id, Kind: directory.Email, Name: id, URI: id + "@example.org"}))
	}
	c.carrier = siptest.NewPhone(in.t, sipphone.Config{Addr: carrierAddr, Server: in.server(), User: "carrier"})
	engine := siptest.Engine(in.t)
	in.t.Cleanup(c.wg.Wait)
	rung := slices.Concat(stock.Phones, slices.Concat(stock.Teams...))
	for _, id := range slices.Concat(stock.Absent, rung) {
		c.account(id, "")
	}
	c.must(nil, c.store.ClaimNumber(in.t.Context(), simulatetest.Direct, stock.Phones[0]))
	for i := range insideCallers {
		number := fmt.Sprint(9000 + i)
		c.account(simulatetest.Inside(number), number)
		c.inside <- &insideCaller{siptest.NewPhone(in.t, sipphone.Config{Engine: engine, Server: in.server(), User: simulatetest.Inside(number), Password: castPassword}), number}
	}
	for _, id := range rung { // of whom the node has heard at once
		p := siptest.NewPhone(in.t, sipphone.Config{Engine: engine, Server: in.server(), User: id, Password: castPassword})
		in.eventually(id+" is registered", func() error { return p.Phone.Register(in.t.Context()) })
		go c.attend(id, p)
	}
	return c
}

// announced is what the system itself says to callers who are to key nothing then.
var announced = []string{call.AudioInvalid, call.AudioWrongPIN, call.AudioConferenceLocked, call.AudioConferenceOpen,
	call.AudioCallbackAccepted, call.AudioCallbackRefused, call.AudioMuted, call.AudioUnmuted, call.AudioAllMuted, call.AudioAllUnmuted}

// must fails the test when something was not done.
func (c *cast) must(_ any, err error) {
	c.in.t.Helper()
	if err != nil {
		c.in.t.Fatal(err)
	}
}

func (c *cast) account(id, internal string) {
	c.in.t.Helper()
	m := directory.ContactMethod{ID: id, Kind: directory.SIPAccount, Name: id, Username: id, Password: castPassword, Confirm: simulatetest.Confirms(id), CallWaiting: true} // many callers at once
	if internal != "" {
		number, err := dialplan.ParseInternalNumber(internal)
		c.must(nil, err)
		m.InternalNumber = number
	}
	c.must(nil, c.store.SaveContactMethod(c.in.t.Context(), m))
}

// publish puts the n-th flow in force.
func (c *cast) publish(n int, f flow.Flow) flow.Flow {
	c.in.t.Helper()
	c.must(nil, c.store.CreateFlow(c.in.t.Context(), f, "tests"))
	c.must(c.store.Publish(c.in.t.Context(), f.ID, 1, "tests", "drawn at random"))
	if start, ok := f.Start(); ok {
		c.must(nil, c.store.BindNumber(c.in.t.Context(), simulatetest.Dialled(n, start).ID, f.ID))
	}
	return f
}

// databaseURL is where the installation's own database is.
func (in *installation) databaseURL() string {
	in.t.Helper()
	var state struct {
		Database string `json:"database"`
	}
	text, err := os.ReadFile(filepath.Join(in.Data, "state.json"))
	if err == nil {
		err = json.Unmarshal(text, &state)
	}
	if err != nil {
		in.t.Fatal(err)
	}
	return state.Database
}

// openStore opens the installation's own database.
func (in *installation) openStore() *db.Store {
	in.t.Helper()
	key, err := db.LoadOrCreateKey(filepath.Join(in.Data, "key"))
	if err != nil {
		in.t.Fatal(err)
	}
	store, err := db.Open(in.t.Context(), in.databaseURL(), key)
	if err != nil {
		in.t.Fatal(err)
	}
	in.t.Cleanup(store.Close)
	return store
}

func (in *installation) server() netip.AddrPort {
	in.t.Helper()
	addr, err := netip.ParseAddrPort(in.SIP)
	if err != nil {
		in.t.Fatal(err)
	}
	return addr
}

// astray is how much longer than foretold a call may last. Without somebody who
// gives up, one that has gone another way could go on for long.
const astray = 15 * time.Second

// play lets the caller of a scenario call the n-th flow, and waits for what the
// ledger says about it. from is the number of a caller from outside.
func (c *cast) play(n int, f flow.Flow, sc flow.Scenario, lasts call.Duration, from string) (call.LedgerEntry, error) {
	if what := simulatetest.Alone(n, f); what != "" {
		turn, _ := c.alone.LoadOrStore(what, new(sync.Mutex))
		turn.(*sync.Mutex).Lock()
		defer turn.(*sync.Mutex).Unlock()
		if err := c.emptyQueues(f); err != nil {
			return call.LedgerEntry{}, err
		}
	}
	entry, _ := f.Module(sc.Entry)
	to := simulatetest.Dialled(n, entry)
	dialled := time.Now()
	dial := func() (*sipphone.Call, error) { return c.carrier.Phone.Dial(to.ID, sipphone.DialOptions{Number: from}) }
	if to.Kind == flow.RefInternalNumber {
		inside := <-c.inside
		defer func() { c.inside <- inside }()
		from, dialled = inside.number, time.Now()
		dial = func() (*sipphone.Call, error) { return inside.Phone.Phone.Dial(to.ID, sipphone.DialOptions{}) }
	}
	c.cue(from, &sc)
	defer c.cue(from, nil)
	leg, err := dial()
	if err != nil {
		return call.LedgerEntry{}, err
	}
	ctx, cancel := context.WithTimeout(c.in.t.Context(), lasts.Std()+astray)
	defer cancel()
	newActor(ctx, sc, leg, dialled).act()
	e, err := c.ledger(from, to.ID, dialled)
	return e, errors.Join(err, c.breakPromises(e))
}

// breakPromises lets nobody be called back: what was promised is in the path.
func (c *cast) breakPromises(e call.LedgerEntry) error {
	for _, p := range e.Path {
		for _, f := range p.Reason.Facts {
			if f.Name != "promise" {
				continue
			}
			if err := c.terminate(workflows.CallbackPrefix+f.Value, "the scenario is over"); err != nil {
				return err
			}
		}
	}
	return nil
}

// terminate ends a workflow, if it runs.
func (c *cast) terminate(id, why string) error {
	err := c.temporal.TerminateWorkflow(c.in.t.Context(), id, "", why)
	var none *serviceerror.NotFound
	if err != nil && !errors.As(err, &none) {
		return fmt.Errorf("end %s: %w", id, err)
	}
	return nil
}

// emptyQueues lets the queues of a flow forget all calls before, as those of the
// simulator do not know them.
func (c *cast) emptyQueues(f flow.Flow) error {
	for _, m := range f.Modules {
		if m.Kind != "queue" {
			continue
		}
		if err := c.terminate(callclient.QueueWorkflowID(queue.NewID(f.ID, m.ID)), "the next scenario begins anew"); err != nil {
			return err
		}
	}
	return nil
}

// cue tells all phones what to do in the call of a caller.
func (c *cast) cue(from string, sc *flow.Scenario) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if sc == nil {
		delete(c.live, from)
		return
	}
	c.live[from] = *sc
}

// ledger is the entry of the call that somebody placed.
func (c *cast) ledger(from, to string, dialled time.Time) (call.LedgerEntry, error) {
	ctx := c.in.t.Context()
	look := time.NewTicker(200 * time.Millisecond)
	defer look.Stop()
	for bound := time.After(waitBound); ; {
		page, err := c.store.Calls(ctx, directory.CallFilter{Text: from, From: dialled.Add(-time.Second)})
		if err != nil {
			return call.LedgerEntry{}, err
		}
		for _, found := range page.Calls {
			if found.Direction != "callback" && found.Caller.Number == from && found.Called == to && !found.Live && !found.Started.Before(dialled.Add(-100*time.Millisecond)) {
				return c.store.Ledger(ctx, found.Call)
			}
		}
		select {
		case <-look.C:
		case <-bound:
			return call.LedgerEntry{}, fmt.Errorf("the call of %s to %s is not in the ledger", from, to)
		case <-ctx.Done():
			return call.LedgerEntry{}, ctx.Err()
		}
	}
}

// attend takes the calls of one phone.
func (c *cast) attend(id string, p *siptest.Phone) {
	for {
		select {
		case leg := <-p.Incoming():
			c.wg.Go(func() { c.rung(id, leg) })
		case <-c.in.t.Context().Done():
			return
		}
	}
}

// rung does what the scenario says that this phone does.
func (c *cast) rung(id string, leg *sipphone.Call) {
	from, _ := leg.From()
	c.mu.Lock()
	sc, known := c.live[from]
	c.mu.Unlock()
	if !known && slices.Contains(c.ours, from) { // a promise that is kept before it could be broken
		_ = leg.Reject(480)
		return
	}
	if !known {
		c.in.t.Errorf("%s is rung by %q, who takes part in no scenario", id, from)
		_ = leg.Reject(480)
		return
	}
	what := sc.Phones[id]
	if what.Does == "busy" {
		_ = leg.Reject(486)
		return
	}
	_ = leg.Ring()
	if what.Does == "silent" || !waits(leg, what.After) {
		<-leg.Done()
		return
	}
	if what.Does == "declines" {
		_ = leg.Reject(603)
		return
	}
	leg.Speak(audio.Pattern{Freqs: []float64{talkTone}, Level: toneLevel}.Clip(8000).Source(true))
	_ = leg.Answer() // too late, when the caller has just given up
	if simulatetest.Confirms(id) && !c.confirms(leg, what.Confirms) {
		<-leg.Done()
		return
	}
	if sc.HangUpBy == "callee" && waits(leg, sc.TalkFor) {
		leg.Hangup()
	}
	<-leg.Done()
}

// confirms does what the scenario says of whoever is asked to key 1, as long
// after the answer as the simulator has it, and tells whether the call is taken.
func (c *cast) confirms(leg *sipphone.Call, how string) bool {
	if how == "ignores" || !waits(leg, call.Seconds(2)) {
		return false
	}
	if how == "hangs-up" {
		leg.Hangup()
		return false
	}
	return leg.SendKeys(c.in.t.Context(), "1") == nil // too late, when the caller has just given up
}

// waits tells whether a call lasts so long.
func waits(leg *sipphone.Call, d call.Duration) bool {
	t := time.NewTimer(d.Std())
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-leg.Done():
		return false
	}
}

// times are what happened when, imagined and real, for whoever looks for the
// difference.
func times(want flow.Run, came []call.PathEntry) string {
	var b strings.Builder
	for _, s := range want.Steps {
		fmt.Fprintf(&b, "imagined %7.2f s %s: %s\n", s.At.Std().Seconds(), s.Module, s.Text)
	}
	for _, p := range came {
		fmt.Fprintf(&b, "real %7.2f s %s, for %.2f s: left by %q, %s\n", p.Entered.Sub(came[0].Entered).Seconds(), p.Module, p.Left.Sub(p.Entered).Seconds(), p.Exit, p.Reason.Text)
	}
	return b.String()
}
