package queue

import (
	"strings"
	"time"

	"tandem/flow/call"
)

// ID names one queue: the id of its flow, a dot and that of its module. Behind
// "queue-" it is the workflow ID.
type ID string

// NewID joins a flow and a module.
func NewID(flow, module string) ID { return ID(flow + "." + module) }

// Tested is the queue of a test call; without one, it is the queue itself. A test
// call waits in a line of its own: there the rules of the draft hold, and nobody
// who calls in earnest stands behind it. Members are the same people all the
// same, and are leased to one caller at a time.
func (id ID) Tested(test string) ID {
	if test == "" {
		return id
	}
	return id + "~" + ID(test)
}

// Published is the queue that a queue of a test call stands for.
func (id ID) Published() ID {
	i := strings.LastIndexByte(string(id), '~')
	if i < 0 || !call.IsTestID(string(id[i+1:])) {
		return id
	}
	return id[:i]
}

// Person is what the directory knows of a member.
type Person struct {
	ContactMethod string `json:"contact_method"` // id
	Name          string `json:"name"`
	User          string `json:"user,omitempty"` // id; several contact methods of one user are one person
	Out           bool   `json:"out,omitempty"`  // logged out
	Paused        bool   `json:"paused,omitempty"`
	OffSchedule   bool   `json:"off_schedule,omitempty"`
	Unreachable   bool   `json:"unreachable,omitempty"` // no phone is registered, or it is disabled
}

// MemberState is what a member does.
type MemberState string

// The states of a member.
const (
	MemberFree        MemberState = "free"
	MemberOffered     MemberState = "offered" // is rung
	MemberTalking     MemberState = "talking" // with a caller of this queue
	MemberResting     MemberState = "resting" // after a missed offer
	MemberWrappingUp  MemberState = "wrap-up" // after a call
	MemberPaused      MemberState = "paused"  //
	MemberLoggedOut   MemberState = "out"     //
	MemberOffSchedule MemberState = "off-schedule"
	MemberBusy        MemberState = "busy"        // was in another call when last rung
	MemberUnreachable MemberState = "unreachable" // no phone could be rung
)

// View is a queue as people watch it.
type View struct {
	ID        ID           `json:"id"`
	Name      string       `json:"name"`
	Waiting   []Waiting    `json:"waiting"` // in order
	Members   []MemberView `json:"members"`
	Answered  int          `json:"answered"`  // since the queue exists
	Abandoned int          `json:"abandoned"` // gave up, those within 5 s left out
}

// Waiting is one caller in a queue.
type Waiting struct {
	Ticket    string     `json:"ticket"`
	Call      call.ID    `json:"call"`
	Caller    call.Party `json:"caller"`
	Since     time.Time  `json:"since"`
	Priority  int        `json:"priority,omitempty"`
	Offered   []string   `json:"offered,omitempty"`   // names of who is rung
	Callback  bool       `json:"callback,omitempty"`  // hung up and will be called back
	Called    bool       `json:"called,omitempty"`    // callback: is being called
	NotBefore time.Time  `json:"not_before,omitzero"` // callback: was called in vain, and is called again from then on
}

// MemberView is one member of a queue.
type MemberView struct {
	Person
	State MemberState `json:"state"`
	Until time.Time   `json:"until,omitzero"` // of rest and wrap-up
	With  call.ID     `json:"with,omitempty"`
	Calls int         `json:"calls"` // answered
}

// Standing is what a waiting caller is told.
type Standing struct {
	Position int           `json:"position"` // from 1; 0: not in the queue
	Entered  int           `json:"entered"`  // the position on joining
	Expected call.Duration `json:"expected"` // until a member answers, by the last calls; 0: unknown
}

// Claim asks for members so that nobody else, in this queue or another, is
// given the same people meanwhile.
type Claim struct {
	Lease   string        `json:"lease"`
	Queue   ID            `json:"queue"`
	Call    call.ID       `json:"call"`
	Members []ClaimMember `json:"members"`
	At      time.Time     `json:"at"`
	For     call.Duration `json:"for"` // after which it lapses unless it is kept
}

// ClaimMember is one member claimed.
type ClaimMember struct {
	ContactMethod  string  `json:"contact_method"`
	IgnoreSchedule bool    `json:"ignore_schedule,omitempty"`
	Left           call.ID `json:"left,omitempty"` // a call that is over for the member
}

// View shows the queue as it stands.
func (s *State) View(now time.Time) View {
	v := View{ID: s.ID, Name: s.Rules.Name, Waiting: []Waiting{}, Members: []MemberView{}, Answered: s.Figures.Answered, Abandoned: s.Figures.Abandoned}
	for _, t := range s.Line {
		w := Waiting{Ticket: t.ID, Call: t.Call, Caller: t.Caller, Since: t.Since, Priority: t.Priority, Callback: t.Callback}
		if w.Called = !t.Called.IsZero() && t.rests(now); t.rests(now) && !w.Called {
			w.NotBefore = t.NotBefore
		}
		for _, l := range s.Leases {
			for _, h := range l.Held {
				if l.Ticket == t.ID {
					w.Offered = append(w.Offered, h.Name)
				}
			}
		}
		v.Waiting = append(v.Waiting, w)
	}
	for _, m := range s.Members {
		v.Members = append(v.Members, s.viewOf(m, now))
	}
	return v
}

// viewOf shows one member. What a member does comes before what keeps the
// member from doing more.
func (s *State) viewOf(m *member, now time.Time) MemberView {
	v := MemberView{Person: m.Person, State: MemberFree, Calls: m.Calls}
	for _, l := range s.Leases {
		for _, h := range l.Held {
			switch {
			case h.Person != m.person():
			case l.Talk:
				v.State, v.With = MemberTalking, l.Call
				return v
			default:
				v.State, v.With = MemberOffered, l.Call
			}
		}
	}
	if v.State == MemberOffered {
		return v
	}
	for _, is := range []struct {
		so    bool
		state MemberState
	}{
		{m.Out, MemberLoggedOut}, {m.Paused, MemberPaused}, {m.OffSchedule && !m.Set.IgnoreSchedule, MemberOffSchedule},
		{!m.Known || m.Unreachable, MemberUnreachable},
	} {
		if is.so {
			v.State = is.state
			return v
		}
	}
	if now.Before(m.Away) {
		v.State, v.Until = m.Why, m.Away
	}
	return v
}
