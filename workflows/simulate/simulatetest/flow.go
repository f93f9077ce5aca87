package simulatetest

import (
	"fmt"
	"slices"

	"tandem/flow"
)

// Flow is the n-th valid flow of a seed.
func (s Stock) Flow(n int) flow.Flow {
	d := s.dice(n, 0)
	for {
		a := &artist{dice: d, stock: s, n: n}
		f := a.draw()
		if len(flow.Errors(flow.Validate(f, nil))) == 0 {
			return f
		}
	}
}

// artist draws one flow.
type artist struct {
	dice
	stock Stock
	n     int
	flow  flow.Flow
	open  []outlet // that carry nothing yet
}

// outlet is one exit of a module.
type outlet struct {
	module string
	exit   flow.ExitSpec
}

func (a *artist) draw() flow.Flow {
	a.flow = flow.Flow{ID: fmt.Sprintf("random-%d", a.n), Name: fmt.Sprintf("Random %d", a.n)}
	a.entries()
	// Every module hangs on one that stands already, so that all are reached.
	for i := range a.between(4, 11) {
		m := a.module(fmt.Sprintf("m%d", i+1))
		free := slices.DeleteFunc(slices.Clone(a.open), func(o outlet) bool { return !a.suits(o, m) })
		if len(free) == 0 {
			continue
		}
		a.add(m)
		a.cable(pick(a.dice, free), m.ID)
		if m.Kind == "queue" && a.one(70) {
			a.callBack(fmt.Sprintf("b%d", i+1), m.ID)
		}
	}
	for _, o := range slices.Clone(a.open) {
		a.settle(o)
	}
	return a.flow
}

// entries draws how calls come in.
func (a *artist) entries() {
	a.add(flow.Module{ID: "line1", Kind: "phone-number", Settings: &flow.PhoneNumber{Number: Number(a.n, 1), CallerNameRules: a.renames()}})
	if a.one(30) {
		a.add(flow.Module{ID: "line2", Kind: "phone-number", Settings: &flow.PhoneNumber{Number: Number(a.n, 2)}})
	}
	if a.one(30) {
		a.add(flow.Module{ID: "start", Kind: flow.KindStart, Settings: &flow.Start{}})
	}
	if a.one(40) {
		a.add(flow.Module{ID: "inside", Kind: "internal-number", Settings: &flow.InternalNumber{InternalNumber: InternalNumber(a.n)}})
	}
}

func (a *artist) add(m flow.Module) {
	m.Name = "Module " + m.ID
	a.flow.Modules = append(a.flow.Modules, m)
	for _, e := range m.Settings.Exits() {
		a.open = append(a.open, outlet{m.ID, e})
	}
}

func (a *artist) cable(o outlet, to string) {
	a.flow.Cables = append(a.flow.Cables, flow.Cable{From: o.module, Exit: o.exit.ID, To: to})
	a.open = slices.DeleteFunc(a.open, func(other outlet) bool { return other == o })
}

// callBack draws an offer of a call back behind a queue.
func (a *artist) callBack(id, queue string) {
	a.add(flow.Module{ID: id, Kind: flow.KindCallback, Settings: a.callback()})
	exits := slices.DeleteFunc(slices.Clone(a.open), func(o outlet) bool { return o.module != queue || o.exit.ID == flow.ExitError })
	for i := range a.between(1, len(exits)) { // most callers are to meet it
		a.cable(exits[i], id)
	}
}

// suits tells whether a module may follow an outlet. No real caller can hear
// when a repeated sound that listens begins anew at once, and none ever leaves
// by an exit for an overload.
func (a *artist) suits(o outlet, to flow.Module) bool {
	from, _ := a.flow.Module(o.module)
	switch {
	case o.exit.ID == "overflow":
		return false
	case to.Kind == flow.KindCallback && from.Kind != "queue":
		return a.one(10) // who has not waited is offered no call back
	case listens(from) == Looped:
		return to.Kind == "voice-menu" || to.Kind == "hangup"
	}
	return true
}

// settle cables what is still open, back into the flow as often as not, or lets
// the call end there.
func (a *artist) settle(o outlet) {
	from, _ := a.flow.Module(o.module)
	var to []string
	for _, m := range a.flow.Modules {
		tight := !flow.Catalog[from.Kind].Entry && !flow.Catalog[from.Kind].Waits && !flow.Catalog[m.Kind].Waits && m.Kind != "hangup"
		if !flow.Catalog[m.Kind].Entry && !tight && a.suits(o, m) {
			to = append(to, m.ID)
		}
	}
	entry := flow.Catalog[from.Kind].Entry
	switch {
	case len(to) > 0 && (entry && o.exit.Main || o.exit.Main && a.one(85) || !o.exit.Main && a.one(40)):
		a.cable(o, pick(a.dice, to))
	case o.exit.Main:
		from.HangUpHere = append(from.HangUpHere, o.exit.ID)
	}
}

// kinds weigh how often a kind is drawn.
var kinds = []string{"voice-menu", "voice-menu", "voice-menu", "voice-menu", "ring-group", "ring-group", "ring-group", "audio-playback", "audio-playback", "audio-playback", "audio-playback", "hangup", "set-variable", "set-variable",
	"time-router", "caller-router", "caller-router", "blocklist", "blocklist", "notification", "http-request", "queue", "queue", flow.KindCallback, "conference"}

func (a *artist) module(id string) flow.Module {
	kind := pick(a.dice, kinds)
	return flow.Module{ID: id, Kind: kind, Settings: map[string]func() flow.Settings{
		"voice-menu": a.menu, "ring-group": a.ring, "audio-playback": a.playback, "hangup": a.hangup,
		"set-variable": a.variable,
		"time-router":  a.hours, "caller-router": a.callers, "blocklist": a.blocked,
		flow.KindCallback: a.callback,
		"notification":    a.notification, "http-request": a.request,
		"queue": a.queue, "conference": a.conference,
	}[kind]()}
}

// entrySets are what menus ask for: entries of one key, of several, and such
// that begin others.
var entrySets = [][]string{{"1"}, {"1", "2"}, {"1", "2", "3"}, {"1", "12"}, {"#", "1"}, {"*", "2"}, {"3", "31", "45"}, {"1#", "2"}, {"1234", "2"}}

func (a *artist) menu() flow.Settings {
	m := &flow.VoiceMenu{Audio: pick(a.dice, []string{"ask-2", "ask-3"}), Entries: pick(a.dice, entrySets),
		Timeout: a.between(1, 2), Playbacks: a.between(1, 3), InterDigit: 2, NoBargeIn: a.one(20)}
	m.DirectDial = a.one(30) && !slices.Contains(m.Entries, "#")
	if a.one(25) { // asks once: nobody hears whether a prompt is the first of a menu
		m.TypeAhead, m.Audio, m.Playbacks = true, "ahead-2", 1
	}
	return m
}

func (a *artist) ring() flow.Settings {
	g := &flow.RingGroup{}
	if a.one(20) {
		g.Ringback = "say-2"
	}
	if a.one(20) {
		g.HoldMusic, g.CallerNameRules = "say-1", []flow.NameRule{{Match: "prefix", Result: "Sales "}}
	}
	all := slices.Concat(a.stock.Phones, a.stock.Absent)
	a.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	for i := range a.between(1, 4) {
		start := 0
		if i > 0 {
			start = a.between(0, 8)
		}
		g.Destinations = append(g.Destinations, flow.RingDestination{ContactMethod: all[i], Start: start, Length: a.between(5, 7)})
	}
	return g
}

func (a *artist) playback() flow.Settings {
	p := &flow.AudioPlayback{Times: a.between(1, 2), Early: a.one(50), Endless: a.one(25)}
	if a.one(55) {
		p.SkipKey = pick(a.dice, []string{"1", "2", "#"})
	}
	repeats := p.Endless || p.Times > 1
	switch {
	case p.SkipKey != "" && repeats:
		p.Audio = "loop-2"
	case p.SkipKey != "":
		p.Audio = "skip-3"
	default:
		p.Audio = pick(a.dice, []string{"say-1", "say-2", "say-1", "say-2", "broken"})
	}
	return p
}

func (a *artist) hangup() flow.Settings {
	h := &flow.Hangup{Cause: pick(a.dice, flow.HangupCauses)}
	if a.one(40) {
		h.Audio = pick(a.dice, []string{"say-1", "broken"})
	}
	return h
}

func (a *artist) variable() flow.Settings {
	return &flow.SetVariable{Variable: pick(a.dice, []string{"team", "wish"}),
		Value: pick(a.dice, []string{"{caller} by {called}", "{team}, {wish}", "plain"})}
}

func (a *artist) renames() []flow.NameRule {
	return pick(a.dice, [][]flow.NameRule{nil, {{Match: "prefix", Result: "{flow}: "}}, {{Match: "regex", Pattern: "(.*)", Result: `\1!`}}})
}

func (a *artist) notification() flow.Settings {
	return &flow.Notification{To: a.stock.Mails[:a.between(1, len(a.stock.Mails))], Subject: "{caller} at {module}"}
}

func (a *artist) request() flow.Settings {
	return &flow.HTTPRequest{URL: a.stock.Web + pick(a.dice, []string{WebOK, WebOK, "/missing"}) + "?n={caller}"}
}

// listens is how a caller hears that a module listens.
func listens(m *flow.Module) Listen {
	switch set := m.Settings.(type) {
	case *flow.AudioPlayback:
		return Sounds[slices.IndexFunc(Sounds, func(s Sound) bool { return s.ID == set.Audio })].Listen
	case *flow.Queue, *flow.Conference:
		return Looped
	}
	return Never
}
