// Package simulatetest draws valid flows and callers at random, the same ones
// for the same seed, for tests that hold what comes of a call against something.
//
// It never runs a call, and is never imported outside tests.
package simulatetest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/schedule"
	"tandem/workflows/simulate"
)

// Stock is what the flows of a seed are made of: what their modules name.
type Stock struct {
	Seed   uint64
	Phones []string   // contact methods with a binding
	Absent []string   // contact methods without
	Teams  [][]string // contact methods with a binding, each for the queues of some flows
	Mails  []string   // contact methods that are addresses
	Web    string     // address of a server that answers 200 to WebOK and 404 to all else
}

// WebOK is what the server of a stock has.
const WebOK = "/ok"

// NewStock is a stock for a seed.
func NewStock(seed uint64) Stock {
	s := Stock{Seed: seed, Absent: []string{"absent-1", "absent-2"}, Mails: []string{"mail-1", "mail-2"}, Web: "http://web.example"}
	for i := range 6 {
		s.Phones = append(s.Phones, fmt.Sprintf("phone-%d", i+1))
	}
	for i := range 2 {
		s.Phones = append(s.Phones, fmt.Sprintf("%s%d", mobile, i+1))
	}
	for i := range teams {
		var team []string
		for j := range teamSize {
			team = append(team, fmt.Sprintf("member-%d-%d", i+1, j+1))
		}
		s.Teams = append(s.Teams, team)
	}
	return s
}

// A queue gives a member to one caller at a time. So that the callers of one
// scenario do not meet those of another, few flows share a team, and their calls
// have to come one after the other.
const (
	teams    = 20
	teamSize = 3
)

// Team is which of the teams works in the queues of the n-th flow.
func Team(n int) int { return n % teams }

// mobile begins the ids of phones whose owner has to confirm.
const mobile = "mobile-"

// Confirms tells whether whoever answers a contact method is asked to key 1.
func Confirms(contactMethod string) bool { return strings.HasPrefix(contactMethod, mobile) }

// Sound is one audio file that drawn flows play. A caller who cannot see the
// flow hears by it when to key: one that listens once begins with a mark, and
// one that listens while it is repeated sounds unlike all others.
type Sound struct {
	ID     string
	Length time.Duration // 0: what is stored is no audio
	Listen Listen
}

// Listen is when a caller keys who hears a sound.
type Listen int

// The ways.
const (
	Never  Listen = iota
	Marked        // when the mark is heard
	Looped        // when the sound sets in
	Kept          // as Marked, but whoever keys already goes on keying
)

// Sounds are all that drawn flows play. None is shorter than a mark can be
// heard.
var Sounds = []Sound{
	{"ask-2", 2 * time.Second, Marked},
	{"ask-3", 3 * time.Second, Marked},
	{"skip-3", 3 * time.Second, Marked},
	{"ahead-2", 2 * time.Second, Kept},
	{"loop-2", 2 * time.Second, Looped},
	{"say-1", time.Second, Never},
	{"say-2", 2 * time.Second, Never},
	{"broken", 0, Never},
}

// PINPrompt is the sound by which conferences ask for a PIN.
var PINPrompt = Sound{call.AudioEnterPIN, 2 * time.Second, Marked}

// Numbers is how many a flow has at most. The last is bound to the flow, where it
// has a start.
const Numbers = 3

// Number is the n-th number of a flow, counted from 1.
func Number(flow, n int) string { return fmt.Sprintf("+1999%04d%d", flow, n) }

// Dialled is what the caller of a scenario dials to come in at an entry of the
// n-th flow.
func Dialled(n int, entry *flow.Module) flow.Ref {
	if entry.Kind == flow.KindStart {
		return flow.Ref{Kind: flow.RefNumber, ID: Number(n, Numbers)}
	}
	return entry.Settings.Refs()[0]
}

// InternalNumber is the internal number of a flow.
func InternalNumber(flow int) string { return fmt.Sprintf("%d", 2000+flow) }

// dice is where chance comes from. The same flow of the same seed has the same.
type dice struct{ *rand.Rand }

func (s Stock) dice(flow, caller int) dice {
	return dice{rand.New(rand.NewPCG(s.Seed, uint64(flow)<<32|uint64(caller)))}
}

// one is true in so many of a hundred.
func (d dice) one(percent int) bool { return d.IntN(100) < percent }

func (d dice) between(low, high int) int { return low + d.IntN(high-low+1) }

func pick[T any](d dice, from []T) T { return from[d.IntN(len(from))] }

// Facts are those of an installation that holds the stock and nothing else, but
// for system audio of a second.
func (s Stock) Facts() simulate.Facts { return facts{s} }

type facts struct{ stock Stock }

// Targets implements simulate.Facts.
func (facts) Targets(_ context.Context, ids []string, _ time.Time) ([]call.Target, error) {
	out := make([]call.Target, len(ids))
	for i, id := range ids {
		out[i] = call.Target{ContactMethod: id, Name: id, Account: id, Confirm: Confirms(id)}
	}
	return out, nil
}

// Internal implements simulate.Facts: callers dial the numbers of their own flow
// only.
func (facts) Internal(_ context.Context, number string, _ time.Time) (flow.Route, error) {
	return flow.Route{Number: number, Refused: call.CauseNotFound}, nil
}

// Number implements simulate.Facts.
func (f facts) Number(_ context.Context, number, by string, _ time.Time) (flow.Route, error) {
	return f.stock.number(number, by), nil
}

// Loops implements simulate.Facts: there are no playlists.
func (facts) Loops(context.Context, string) bool { return false }

// Zone implements simulate.Facts.
func (facts) Zone(context.Context) (string, error) { return "UTC", nil }

// Hours implements simulate.Facts: there are no schedules.
func (facts) Hours(context.Context, string) (string, schedule.Hours, error) {
	return "", schedule.Hours{}, nil
}

// Listed implements simulate.Facts: there are no shared lists.
func (facts) Listed(context.Context, []string, []string) (flow.Listed, error) {
	return flow.Listed{}, nil
}

// AudioLength implements simulate.Facts.
func (facts) AudioLength(_ context.Context, id string) (time.Duration, bool) {
	if id == PINPrompt.ID {
		return PINPrompt.Length, true
	}
	i := slices.IndexFunc(Sounds, func(s Sound) bool { return s.ID == id })
	if i < 0 {
		return time.Second, true
	}
	return Sounds[i].Length, Sounds[i].Length > 0
}
