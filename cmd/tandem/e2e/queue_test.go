package e2e

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
	"tandem/flow/queue"
	"tandem/sipmedia/audio"
	sipphone "tandem/sipmedia/phone"
	"tandem/sipmedia/siptest"
	"tandem/workflows/callclient"
)

// What is heard on the hotline.
const (
	hotlineNumber = "+19990000001"
	musicTone     = 1500.0
	pleaTone      = 440.0
	wrapUp        = 4 * time.Second
)

// memberTones tell members apart.
var memberTones = map[string]float64{"ann": 600, "bob": 800}

// hotline is a queue with members who have real phones, and a carrier that
// brings callers.
type hotline struct {
	*installation
	store   *db.Store
	carrier *siptest.Phone
	members map[string]*siptest.Phone
	queue   queue.ID
}

func openHotline(in *installation, members ...string) *hotline {
	in.t.Helper()
	settings := flow.Queue{Strategy: "round-robin", WrapUp: int(wrapUp / time.Second)}
	for _, id := range members {
		settings.Members = append(settings.Members, flow.QueueMember{ContactMethod: id, Ring: 30})
	}
	return openQueue(in, musicTone, settings)
}

// openQueue opens a hotline with these settings, whose members get phones, and
// whose music is a tone. What is added to its flow comes behind the queue.
func openQueue(in *installation, music float64, settings flow.Queue, add ...func(*flow.Flow)) *hotline {
	in.t.Helper()
	h := &hotline{installation: in, store: in.openStore(), members: map[string]*siptest.Phone{}, queue: queue.NewID("hotline", "line")}
	engine := siptest.Engine(in.t)
	for _, m := range settings.Members {
		id := m.ContactMethod
		h.done(h.store.SaveContactMethod(in.t.Context(), directory.ContactMethod{ID: id, Kind: directory.SIPAccount, Name: id, Username: id, Password: castPassword}))
		p := siptest.NewPhone(in.t, sipphone.Config{Engine: engine, Server: in.server(), User: id, Password: castPassword})
		in.eventually(id+" is registered", func() error { return p.Phone.Register(in.t.Context()) })
		h.members[id] = p
	}
	number, err := dialplan.ParseNumber(hotlineNumber)
	h.done(err)
	h.done(h.store.SaveNumber(in.t.Context(), directory.Number{E164: number, Label: "Hotline", Trunks: []string{"loopback"}}))
	_, err = h.store.AddAudio(in.t.Context(), directory.AudioFile{ID: "hot-music", Name: "Music", Bytes: audio.Tone(8000, 2*time.Second, -10, music).WAV()})
	h.done(err)
	settings.HoldMusic = "hot-music"
	f := flow.Flow{ID: "hotline", Name: "Hotline", Modules: []flow.Module{
		{ID: "in", Kind: "phone-number", Name: "Number", Settings: &flow.PhoneNumber{Number: hotlineNumber}},
		{ID: "line", Kind: "queue", Name: "Line", HangUpHere: []flow.Exit{"timeout"}, Settings: &settings},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "line"}}}
	for _, more := range add {
		more(&f)
	}
	h.done(h.store.CreateFlow(in.t.Context(), f, "tests"))
	_, err = h.store.Publish(in.t.Context(), f.ID, 1, "tests", "for tests")
	h.done(err)
	h.carrier = siptest.NewPhone(in.t, sipphone.Config{Addr: carrierAddr, Server: in.server(), User: "carrier"})
	return h
}

func (h *hotline) done(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// calls lets somebody call, who hears the music.
func (h *hotline) calls(n int) *siptest.Call {
	h.t.Helper()
	c := h.carrier.DialWith(h.t, hotlineNumber, sipphone.DialOptions{Number: callerNumber(n)})
	c.Await(h.t, sipphone.Answered)
	c.Says(pleaTone).Hears(h.t, musicTone)
	return c
}

func callerNumber(n int) string { return fmt.Sprintf("+4670000000%d", n) }

// taken waits until a member is rung for a caller, and lets the member answer.
func (h *hotline) taken(member string, caller int, by *siptest.Call) *siptest.Call {
	h.t.Helper()
	leg := h.members[member].Called(h.t)
	if from, _ := leg.From(); from != callerNumber(caller) {
		h.t.Fatalf("%s is rung for %s, want %s", member, from, callerNumber(caller))
	}
	leg.Rings(h.t).Says(memberTones[member]).Answers(h.t)
	leg.Hears(h.t, pleaTone, musicTone)
	by.Hears(h.t, memberTones[member], musicTone)
	return leg
}

func (h *hotline) waiting() []queue.Waiting {
	h.t.Helper()
	lines := callclient.Lines{Client: h.client()}
	defer lines.Close()
	view, err := lines.View(h.t.Context(), h.queue)
	h.done(err)
	return view.Waiting
}

func (in *installation) client() *callclient.Client {
	in.t.Helper()
	c, err := callclient.Dial(in.t.Context(), callclient.Options{Address: in.Temporal, Namespace: in.Namespace})
	if err != nil {
		in.t.Fatal(err)
	}
	return c
}

// Four callers and two members: everybody is served once, in the order of their
// coming, and nobody while wrapping up. Then the processes die that a queue
// lives in, and who waits notices nothing.
func TestAQueueServesCallersInOrder(t *testing.T) {
	h := openHotline(start(t), "ann", "bob")
	first := h.calls(1)
	withAnn := h.taken("ann", 1, first)
	second := h.calls(2)
	withBob := h.taken("bob", 2, second)
	third := h.calls(3)
	fourth := h.calls(4)
	h.members["ann"].NotCalled(t)
	h.members["bob"].NotCalled(t)
	if w := h.waiting(); len(w) != 2 || w[0].Caller.Number != callerNumber(3) || w[1].Caller.Number != callerNumber(4) {
		t.Errorf("waiting are %+v, want callers 3 and 4", w)
	}
	withAnn.Hangup()
	released := time.Now()
	first.AwaitEnd(t)
	withAnn = h.taken("ann", 3, third)
	if after := time.Since(released); after < wrapUp {
		t.Errorf("ann was rung %v after her call, with %v to wrap up", after, wrapUp)
	}
	for _, role := range []string{"worker", "temporald"} {
		h.kill(role)
		h.ready()
		fourth.Hears(t, musicTone)
	}
	second.Hangup()
	withBob.AwaitEnd(t)
	withBob = h.taken("bob", 4, fourth)
	h.members["ann"].NotCalled(t)
	for _, leg := range []*siptest.Call{third, withBob} {
		leg.Hangup()
	}
	withAnn.AwaitEnd(t)
	fourth.AwaitEnd(t)
	h.eachWasServedOnce(4)
}

// eachWasServedOnce looks into the ledger.
func (h *hotline) eachWasServedOnce(callers int) {
	h.t.Helper()
	for n := 1; n <= callers; n++ {
		e := h.ended(n)
		answered := slices.DeleteFunc(slices.Clone(e.Attempts), func(a call.Attempt) bool { return a.Answered.IsZero() })
		if e.Outcome != "talked" || len(answered) != 1 || exits(e) != "phone-number:next queue:" {
			h.t.Errorf("caller %d: %s, path %q, attempts %+v", n, e.Outcome, exits(e), e.Attempts)
		}
	}
}

// ended is the ledger entry of a caller, once the call is over.
func (h *hotline) ended(n int) call.LedgerEntry {
	h.t.Helper()
	var entry call.LedgerEntry
	h.eventually("the ledger has the call", func() error {
		page, err := h.store.Calls(h.t.Context(), directory.CallFilter{Text: callerNumber(n)})
		if err != nil {
			return err
		}
		for _, found := range page.Calls {
			if !found.Live {
				entry, err = h.store.Ledger(h.t.Context(), found.Call)
				return err
			}
		}
		return fmt.Errorf("no call of %s that is over", callerNumber(n))
	})
	return entry
}

// A member answers in the instant in which the caller hangs up, time and again:
// nobody is left over, and the member takes the next call.
func TestAnAnswerThatCrossesAHangUpReleasesTheMember(t *testing.T) {
	h := openHotline(start(t), "ann")
	for n := range 5 {
		caller := h.calls(n)
		leg := h.members["ann"].Called(t)
		leg.Rings(t)
		var both sync.WaitGroup
		both.Go(func() { _ = leg.Answer() }) // may be too late
		both.Go(caller.Hangup)
		both.Wait()
		caller.AwaitEnd(t)
		leg.AwaitEnd(t)
	}
	last := h.calls(9)
	leg := h.taken("ann", 9, last)
	leg.Hangup()
	last.AwaitEnd(t)
}

// A queue goes on as new after some thousand events: nobody is lost, and calls
// and queue leave histories that this program replays.
func TestAQueueGoesOnAsNew(t *testing.T) {
	h := openHotline(start(t), "ann")
	served := h.calls(1)
	leg := h.taken("ann", 1, served)
	leg.Hangup()
	served.AwaitEnd(t)
	text := h.history(h.ended(1).Call)
	t.Logf("%d history events of a call through a queue", events(t, text))
	h.keeps("queue", text)

	lines := callclient.Lines{Client: h.client()}
	defer lines.Close()
	waiting := h.calls(2) // while ann wraps up, or is rung
	first := h.run(lines)
	for n := 0; h.run(lines) == first; n++ {
		if n == 200 {
			t.Fatal("the queue does not go on as new")
		}
		var all sync.WaitGroup
		for i := range 50 {
			all.Go(func() {
				gone := queue.Message{Kind: queue.Left, Ticket: fmt.Sprintf("gone-%d-%d", n, i)}
				if err := lines.Tell(t.Context(), h.queue, gone); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		h.waiting() // answers when all is taken: no queue goes on as new while more comes in
	}
	leg = h.taken("ann", 2, waiting)
	waiting.Hangup()
	leg.AwaitEnd(t)
	h.ended(2)
	text, err := lines.History(t.Context(), h.queue)
	h.done(err)
	h.keeps("queue_continued", text)
}

// run is the run of the queue's workflow.
func (h *hotline) run(lines callclient.Lines) string {
	h.t.Helper()
	about, err := lines.Temporal().DescribeWorkflowExecution(h.t.Context(), callclient.QueueWorkflowID(h.queue), "")
	h.done(err)
	return about.GetWorkflowExecutionInfo().GetExecution().GetRunId()
}
