package db

import (
	"context"
	"errors"
	"fmt"
	"net/netip"

	"tandem/flow"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

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
	if errors.Is(err, directory.ErrNotFound) {
		trunk, err = benchTrunk, nil
	}
	if err != nil {
		return fmt.Errorf("prepare bench: %w", err)
	}
	in := b.installation(trunk)
	if trunk == benchTrunk {
		in.Trunks = []directory.Trunk{{ID: benchTrunk, Name: "Bench", Networks: []netip.Prefix{b.Network}}}
	}
	return s.Load(ctx, in, "bench")
}

func (b Bench) installation(trunk string) Installation {
	number := func(n dialplan.Number, label string) directory.Number {
		return directory.Number{E164: n, Label: label, Trunks: []string{trunk}}
	}
	return Installation{
		Numbers: []directory.Number{number(b.Bridge, "Bench: bridge"), number(b.Prompt, "Bench: prompt"), number(b.Menu, "Bench: menu")},
		Audio: []directory.AudioFile{
			{ID: benchAudio, Name: "Bench prompt", Bytes: b.Audio},
			{ID: benchSecond, Name: "Bench second prompt", Bytes: b.Second},
		},
		ContactMethods: []directory.ContactMethod{{ID: benchMethod, Kind: directory.SIPForwarding, Name: "Bench destination", URI: b.Destination}},
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
