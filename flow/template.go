package flow

import (
	"fmt"
	"slices"
	"time"

	"tandem/flow/call"
)

// Template is a flow that is ready but for what only its owner knows.
type Template struct {
	ID    string `json:"id"`
	Title string `json:"title"`
	Text  string `json:"text"` // what a caller meets
	Asks  []Ask  `json:"asks"`

	build func(answers) Flow
}

// Ask is one thing a template wants to know: what a field of a module names.
type Ask struct {
	Module string  `json:"module"` // id
	Field  string  `json:"field"`  // as in Problem.Field
	Kind   RefKind `json:"kind"`
	Label  string  `json:"label"`

	Suggest string `json:"suggest,omitempty"` // what stands for it until somebody has their own: audio of every installation
}

// Key is the ask's name among the answers.
func (a Ask) Key() string { return a.Module + "." + a.Field }

// Flow makes a flow without id from answers by Ask.Key. What is not answered
// stays empty, for Validate to ask for.
func (t Template) Flow(name string, answers map[string]string) (Flow, error) {
	if err := flowNameFits(name); err != nil {
		return Flow{}, fmt.Errorf("template %s: %w", t.ID, err)
	}
	for key := range answers {
		if !slices.ContainsFunc(t.Asks, func(a Ask) bool { return a.Key() == key }) {
			return Flow{}, fmt.Errorf("template %s does not ask for %q", t.ID, cut(key))
		}
	}
	f := t.build(answers)
	f.Name = name
	return f, nil
}

// answers of a template, by Ask.Key.
type answers map[string]string

// Boxes of a template stand in columns from left to right; both are multiples
// of the canvas's grid of 16 px.
const (
	columnWidth = 320
	rowHeight   = 208
)

func box(column, row int, id, kind, name string, s Settings) Module {
	return Module{ID: id, Kind: kind, Name: name, X: column * columnWidth, Y: row * rowHeight, Settings: s}
}

// Templates are the flows a first run offers.
func Templates() []Template {
	number := Ask{"number", "number", RefNumber, "The number that callers dial", ""}
	return []Template{
		{"main-line", "Main line", "A menu asks callers whom they want and rings that team.", []Ask{
			number,
			{"menu", "audio", RefAudio, "A prompt such as “For sales press 1, for support press 2”", call.AudioSalesOrSupport},
			{"sales", "destinations.0.contact_method", RefContactMethod, "Who answers key 1", ""},
			{"support", "destinations.0.contact_method", RefContactMethod, "Who answers key 2", ""},
			{"sorry", "audio", RefAudio, "What callers hear when nobody answers", call.AudioNobodyThere},
		}, mainLineFlow},
		{"after-hours", "After hours", "Rings the team from Monday to Friday, 9 to 17. Otherwise says that you are closed; key 1 reaches whoever is on call.", []Ask{
			number,
			{"team", "destinations.0.contact_method", RefContactMethod, "Who answers while you are open", ""},
			{"closed", "audio", RefAudio, "A message such as “We are closed. In an emergency press 1”", call.AudioClosed},
			{"on-call", "destinations.0.contact_method", RefContactMethod, "Who is on call", ""},
		}, afterHoursFlow},
		{"support-queue", "Support queue", "Greets callers and keeps them in order, with music, until somebody of the team is free. Key 1, or five minutes in vain, offers to call them back.", []Ask{
			number,
			{"greeting", "audio", RefAudio, "A greeting such as “If you would rather be called back, press 1 while you wait”", call.AudioQueueGreeting},
			{"team", "members.0.contact_method", RefContactMethod, "Who takes calls", ""},
			{"team", "members.1.contact_method", RefContactMethod, "Who takes calls as well", ""},
			{"sorry", "audio", RefAudio, "What callers hear who have waited in vain and want no callback", call.AudioNobodyThere},
		}, supportQueueFlow},
		{"personal-number", "Personal number", "Rings your desk phone, then your second phone, and says sorry if you answer neither.", []Ask{
			number,
			{"me", "destinations.0.contact_method", RefContactMethod, "The phone that rings first", ""},
			{"me", "destinations.1.contact_method", RefContactMethod, "The phone that rings next", ""},
			{"sorry", "audio", RefAudio, "What callers hear when you do not answer", call.AudioNobodyThere},
		}, personalNumberFlow},
		{"conference", "Conference", "Everybody who calls the number is in one room. Give it a PIN that only its guests know.", []Ask{
			number,
		}, conferenceFlow},
	}
}

func (a answers) number() Module {
	return box(0, 0, "number", "phone-number", "Number", &PhoneNumber{Number: a["number.number"]})
}

// contact is the n-th destination of a ring group: each rings for 20 s once the
// one before it has rung in vain.
func (a answers) contact(module string, n int) RingDestination {
	const ring = 20
	return RingDestination{ContactMethod: a[fmt.Sprintf("%s.destinations.%d.contact_method", module, n)], Start: n * ring, Length: ring}
}

func (a answers) ring(column, row int, id, name string, people int) Module {
	r := new(RingGroup)
	for n := range people {
		r.Destinations = append(r.Destinations, a.contact(id, n))
	}
	return box(column, row, id, "ring-group", name, r)
}

func (a answers) play(column, row int, id, name string, times int) Module {
	return box(column, row, id, "audio-playback", name, &AudioPlayback{Audio: a[id+".audio"], Times: times})
}

func hangUp(column, row int) Module {
	return box(column, row, "end", "hangup", "Hang up", new(Hangup))
}

func mainLineFlow(a answers) Flow {
	return Flow{Modules: []Module{
		a.number(),
		box(1, 0, "menu", "voice-menu", "Menu", &VoiceMenu{Audio: a["menu.audio"], Entries: []string{"1", "2"}}),
		a.ring(2, 0, "sales", "Sales", 1),
		a.ring(2, 1, "support", "Support", 1),
		box(2, 2, "no-choice", "audio-playback", "No choice", &AudioPlayback{Audio: call.AudioGoodbye}),
		a.play(3, 0, "sorry", "Nobody answers", 0),
		hangUp(4, 0),
	}, Cables: []Cable{
		{"number", "next", "menu"},
		{"menu", KeyExit("1"), "sales"}, {"menu", KeyExit("2"), "support"}, {"menu", "no-input", "no-choice"},
		{"sales", "no-answer", "sorry"}, {"support", "no-answer", "sorry"},
		{"sorry", "next", "end"}, {"no-choice", "next", "end"},
	}}
}

func afterHoursFlow(a answers) Flow {
	office := Interval{Weekdays: Weekdays[time.Monday : time.Friday+1], From: 9 * 60, To: 17 * 60}
	return Flow{Modules: []Module{
		a.number(),
		box(1, 0, "hours", "time-router", "Opening hours", &TimeRouter{Intervals: []Interval{office}}),
		a.ring(2, 0, "team", "Team", 1),
		box(2, 1, "closed", "voice-menu", "We are closed", &VoiceMenu{Audio: a["closed.audio"], Entries: []string{"1"}, Playbacks: 1}),
		a.ring(3, 1, "on-call", "On call", 1),
		hangUp(4, 0),
	}, Cables: []Cable{
		{"number", "next", "hours"},
		{"hours", ExitOpen, "team"}, {"hours", ExitClosed, "closed"},
		{"team", "no-answer", "closed"},
		{"closed", KeyExit("1"), "on-call"}, {"closed", "no-input", "end"},
		{"on-call", "no-answer", "end"},
	}}
}

func supportQueueFlow(a answers) Flow {
	team := &Queue{Strategy: "round-robin", Announce: "position", EscapeKey: "1"}
	for n := range 2 {
		team.Members = append(team.Members, QueueMember{ContactMethod: a[fmt.Sprintf("team.members.%d.contact_method", n)]})
	}
	return Flow{Modules: []Module{
		a.number(),
		a.play(1, 0, "greeting", "Greeting", 0),
		box(2, 0, "team", "queue", "Team", team),
		box(3, 0, "call-back", KindCallback, "Call back", new(Callback)),
		a.play(4, 1, "sorry", "Nobody is free", 0),
		hangUp(5, 0),
	}, Cables: []Cable{
		{"number", "next", "greeting"}, {"greeting", "next", "team"},
		{"team", "timeout", "call-back"},
		{"call-back", ExitAccepted, "end"}, {"call-back", ExitDeclined, "sorry"}, {"sorry", "next", "end"},
	}}
}

func personalNumberFlow(a answers) Flow {
	return Flow{Modules: []Module{
		a.number(),
		a.ring(1, 0, "me", "My phones", 2),
		a.play(2, 0, "sorry", "Not available", 0),
		hangUp(3, 0),
	}, Cables: []Cable{
		{"number", "next", "me"}, {"me", "no-answer", "sorry"}, {"sorry", "next", "end"},
	}}
}

func conferenceFlow(a answers) Flow {
	return Flow{Modules: []Module{
		a.number(),
		box(1, 0, "room", "conference", "Conference", new(Conference)),
	}, Cables: []Cable{{"number", "next", "room"}}}
}
