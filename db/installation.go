package db

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"github.com/jackc/pgx/v5"

	"tandem/flow"
	"tandem/flow/dialplan"
)

// Installation is a set of things that belong together: loaded whole or not
// at all.
type Installation struct {
	Trunks         []Trunk
	Numbers        []Number
	Audio          []AudioFile
	ContactMethods []ContactMethod
	Flows          []flow.Flow // published as they are loaded
}

// Load stores an installation in one transaction. What exists under the same
// ids is replaced; a flow that is already published with this content gets no
// new version, so loading twice changes nothing.
func (s *Store) Load(ctx context.Context, in Installation, author string) error {
	return s.in(ctx, "load installation", func(tx pgx.Tx) error { return s.load(ctx, tx, in, author) })
}

func (s *Store) load(ctx context.Context, tx pgx.Tx, in Installation, author string) error {
	for _, t := range in.Trunks {
		if err := s.saveTrunk(ctx, tx, t); err != nil {
			return fmt.Errorf("trunk %q: %w", t.ID, err)
		}
	}
	for _, n := range in.Numbers {
		if err := saveNumber(ctx, tx, n); err != nil {
			return fmt.Errorf("number %s: %w", n.E164, err)
		}
	}
	for _, a := range in.Audio {
		if _, err := addAudio(ctx, tx, a); err != nil {
			return fmt.Errorf("audio %q: %w", a.ID, err)
		}
	}
	for _, m := range in.ContactMethods {
		if err := s.saveContact(ctx, tx, m); err != nil {
			return fmt.Errorf("contact method %q: %w", m.ID, err)
		}
	}
	for _, f := range in.Flows {
		if err := loadFlow(ctx, tx, f, author); err != nil {
			return fmt.Errorf("flow %q: %w", f.Name, err)
		}
	}
	return nil
}

const publishedAlready = `
	select exists (select from flows f join flow_versions v on v.flow = f.id and v.version = f.published
	               where f.id = $1 and v.content = f.draft)`

func loadFlow(ctx context.Context, tx pgx.Tx, f flow.Flow, author string) error {
	draft, err := readDraft(ctx, tx, lockDraft, f.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if _, err := saveDraft(ctx, tx, f, draft.Revision); err != nil {
		return err
	}
	same, err := scalar[bool](ctx, tx, publishedAlready, f.ID)
	if err != nil || same {
		return err
	}
	_, err = publish(ctx, tx, f.ID, author, "loaded")
	return err
}

// Nothing that a person would miss exists.
const isEmpty = `
	select not exists (select from flows) and not exists (select from contact_methods)
	   and not exists (select from numbers) and not exists (select from trunks)`

// sampleLock makes processes that start together load the sample once.
const sampleLock = `select pg_advisory_xact_lock(hashtext('tandem sample'))`

// LoadSample loads an installation into a database that holds none, and tells
// whether it did.
func (s *Store) LoadSample(ctx context.Context, in Installation) (loaded bool, err error) {
	err = s.in(ctx, "load sample installation", func(tx pgx.Tx) error {
		if _, err := exec(ctx, tx, sampleLock); err != nil {
			return err
		}
		empty, err := scalar[bool](ctx, tx, isEmpty)
		if err != nil || !empty {
			return err
		}
		loaded = true
		return s.load(ctx, tx, in, "sample")
	})
	return loaded && err == nil, err
}

// Bench describes the installation for measurements. Package sample has the
// usual one.
type Bench struct {
	Network     netip.Prefix    // calls of the trunk come from here
	Destination string          // SIP URI that Bridge rings
	Bridge      dialplan.Number // rings Destination and bridges
	Prompt      dialplan.Number // plays Audio for as long as the caller stays
	Menu        dialplan.Number // waits for a key; key 1 plays Second
	Audio       []byte          // WAV
	Second      []byte          // WAV, to be told from Audio by ear
}

// Ids of the installation for measurements.
const (
	benchTrunk  = "bench"
	benchMethod = "bench"
	benchAudio  = "bench-prompt"
	benchSecond = "bench-second"
)

const networkTrunk = `select trunk from trunk_networks where network = $1`

// PrepareBench adds the installation for measurements, or mends it. Where the
// network already leads to a trunk, its numbers join that trunk.
func (s *Store) PrepareBench(ctx context.Context, b Bench) error {
	trunk, err := scalar[string](ctx, s.pool, networkTrunk, b.Network.Masked())
	if errors.Is(err, ErrNotFound) {
		trunk, err = benchTrunk, nil
	}
	if err != nil {
		return fmt.Errorf("prepare bench: %w", err)
	}
	in := b.installation(trunk)
	if trunk == benchTrunk {
		in.Trunks = []Trunk{{ID: benchTrunk, Name: "Bench", Networks: []netip.Prefix{b.Network}}}
	}
	return s.Load(ctx, in, "bench")
}

func (b Bench) installation(trunk string) Installation {
	number := func(n dialplan.Number, label string) Number {
		return Number{E164: n, Label: label, Trunks: []string{trunk}}
	}
	return Installation{
		Numbers: []Number{number(b.Bridge, "Bench: bridge"), number(b.Prompt, "Bench: prompt"), number(b.Menu, "Bench: menu")},
		Audio: []AudioFile{
			{ID: benchAudio, Name: "Bench prompt", Bytes: b.Audio},
			{ID: benchSecond, Name: "Bench second prompt", Bytes: b.Second},
		},
		ContactMethods: []ContactMethod{{ID: benchMethod, Kind: KindSIPForwarding, Name: "Bench destination", URI: b.Destination}},
		Flows: []flow.Flow{
			benchFlow("bench-bridge", "Bench bridge", b.Bridge, "ring-group",
				&flow.RingGroup{Destinations: []flow.RingDestination{{ContactMethod: benchMethod, Length: 60}}}),
			benchFlow("bench-prompt", "Bench prompt", b.Prompt, "audio-playback",
				&flow.AudioPlayback{Audio: benchAudio, Endless: true}),
			benchMenu(b.Menu),
		},
	}
}

// benchFlow leads a number into one module and hangs up after it.
func benchFlow(id, name string, n dialplan.Number, kind string, settings flow.Settings) flow.Flow {
	last := flow.Module{ID: "last", Kind: kind, Name: name, X: 240, Settings: settings}
	for _, e := range settings.Exits() {
		if e.Main {
			last.HangUpHere = append(last.HangUpHere, e.ID)
		}
	}
	entry := flow.Module{ID: "number", Kind: "phone-number", Name: "Number", Settings: &flow.PhoneNumber{Number: n.String()}}
	return flow.Flow{ID: id, Name: name, Modules: []flow.Module{entry, last},
		Cables: []flow.Cable{{From: "number", Exit: "next", To: "last"}}}
}

// benchMenu waits for a key as long as a menu can.
func benchMenu(n dialplan.Number) flow.Flow {
	key := flow.KeyExit("1")
	f := benchFlow("bench-menu", "Bench menu", n, "voice-menu",
		&flow.VoiceMenu{Audio: benchAudio, Entries: []string{"1"}, Timeout: 120, Playbacks: 11})
	menu, _ := f.Module("last")
	menu.HangUpHere = []flow.Exit{"no-input"}
	f.Modules = append(f.Modules, flow.Module{ID: "second", Kind: "audio-playback", Name: "Second prompt", X: 480,
		HangUpHere: []flow.Exit{"next"}, Settings: &flow.AudioPlayback{Audio: benchSecond, Endless: true}})
	f.Cables = append(f.Cables, flow.Cable{From: "last", Exit: key, To: "second"})
	return f
}
