// Package sample is the installation that a new database begins with: two
// phones, a trunk, and numbers to call at once.
//
// It never changes a database that holds anything.
package sample

import (
	"context"
	"crypto/rand"
	"embed"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"net/netip"
	"path"
	"slices"
	"strings"
	"time"

	"tandem/db"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/dialplan"
	"tandem/flow/directory"
)

// prompts.sh makes the files in audio. It is no go:generate line: a speech
// synthesiser gives other bytes with every version, and CI compares bytes.

//go:embed audio/*.wav flows/*.json
var files embed.FS

// Options of the sample installation.
type Options struct {
	Password string         // of both SIP accounts; empty: each gets a random one
	Networks []netip.Prefix // of trunk loopback, beside 127.0.0.2
}

// Summary is what a person needs to try the sample.
type Summary struct {
	Loaded   bool      // now, and not by an earlier start
	Accounts []Account // of the sample, as they are now
	Numbers  []Number
}

// Account is one SIP account with the password a phone needs.
type Account struct {
	Username       string `json:"username"`
	Password       string `json:"password"`
	InternalNumber string `json:"internal_number"`
}

// Number is one number to call, and what happens there.
type Number struct {
	Number string `json:"number"`
	What   string `json:"what"`
}

// Numbers of the sample. Each is called with or without the plus.
const (
	MainNumber        = "+15550100"
	TeamNumber        = "+15550101"
	BusyNumber        = "+15550102"
	SilentNumber      = "+15550103"
	UnreachableNumber = "+15550104"
	QueueNumber       = "+15550105"
	ConferenceNumber  = "+15550106"
)

var numbers = []Number{
	{MainNumber, "menu: 1 rings 101, 2 plays a message"},
	{TeamNumber, "rings 100 and 101 together"},
	{QueueNumber, "queue of 100 and 101: music until one is free, 1 asks to be called back"},
	{ConferenceNumber, "conference: all who call it hear each other"},
	{BusyNumber, "is always busy"},
	{SilentNumber, "answers and stays silent"},
	{UnreachableNumber, "is never reachable"},
}

// usernames of the accounts, which are their internal numbers too.
var usernames = []string{"100", "101"}

const (
	trunkID       = "loopback"
	trunkNetwork  = "127.0.0.2/32"
	accountPrefix = "account-" // with the username, the id of the contact method
)

// Load puts the sample into an empty database, once, and reports what is
// there. A database that holds something else stays as it is.
func Load(ctx context.Context, s *db.Store, o Options) (Summary, error) {
	in, err := Installation(o)
	if err != nil {
		return Summary{}, err
	}
	loaded, err := s.LoadSample(ctx, in)
	if err != nil {
		return Summary{}, err
	}
	out := Summary{Loaded: loaded}
	accounts, err := s.Accounts(ctx)
	if err != nil {
		return Summary{}, err
	}
	for _, a := range accounts {
		if slices.Contains(usernames, a.Username) && a.ID == accountPrefix+a.Username {
			out.Accounts = append(out.Accounts, Account{a.Username, a.Password, a.InternalNumber})
		}
	}
	ours, err := s.Numbers(ctx)
	if err != nil {
		return Summary{}, err
	}
	for _, n := range numbers {
		if slices.ContainsFunc(ours, func(o directory.Number) bool { return o.E164.String() == n.Number }) {
			out.Numbers = append(out.Numbers, n)
		}
	}
	return out, nil
}

// Installation is the sample as values.
func Installation(o Options) (db.Installation, error) {
	in := db.Installation{Trunks: []directory.Trunk{{ID: trunkID, Name: "Loopback",
		Networks: append([]netip.Prefix{netip.MustParsePrefix(trunkNetwork)}, o.Networks...)}}}
	for _, n := range numbers {
		e164, err := dialplan.ParseNumber(n.Number)
		if err != nil {
			return db.Installation{}, err
		}
		in.Numbers = append(in.Numbers, directory.Number{E164: e164, Label: "Sample: " + n.What, Trunks: []string{trunkID}})
	}
	for _, name := range usernames {
		internal, err := dialplan.ParseInternalNumber(name)
		if err != nil {
			return db.Installation{}, err
		}
		password := o.Password
		if password == "" {
			password = rand.Text() // 130 bits
		}
		in.ContactMethods = append(in.ContactMethods, directory.ContactMethod{ID: accountPrefix + name, Kind: directory.SIPAccount,
			Name: "Phone " + name, Username: name, Password: password, InternalNumber: internal})
	}
	var err error
	if in.Audio, err = audio(); err != nil {
		return db.Installation{}, err
	}
	in.Flows, err = Flows()
	return in, err
}

// titles of the audio files, by id.
var titles = map[string]string{
	"main-menu":       "Sample: main menu",
	"message":         "Sample: message",
	"sorry":           "Sample: nobody there",
	"quiet":           "Sample: silence",
	call.AudioInvalid: "System: not a valid choice",
	call.AudioApology: "System: apology",
	call.AudioGoodbye: "System: goodbye",
	call.AudioHold:    "System: hold music",
	call.AudioConfirm: "System: press 1 to take the call",

	call.AudioSalesOrSupport: "System: for sales press 1, for support press 2",
	call.AudioClosed:         "System: we are closed, press 1 if it cannot wait",
	call.AudioQueueGreeting:  "System: please hold, press 1 to be called back",
	call.AudioNobodyThere:    "System: nobody can take your call",

	call.AudioQueueIn:          "System: logged in to the queues",
	call.AudioQueueOut:         "System: logged out of the queues",
	call.AudioQueuePaused:      "System: paused in the queues",
	call.AudioQueueOn:          "System: takes calls of queues again",
	call.AudioQueueNone:        "System: member of no queue",
	call.AudioYouAreNumber:     "System: you are number …",
	call.AudioInTheQueue:       "System: … in the queue",
	call.AudioExpectedWait:     "System: the expected wait is about …",
	call.AudioMinute:           "System: … minute",
	call.AudioMinutes:          "System: … minutes",
	call.AudioLessThanAMinute:  "System: … less than one minute",
	call.AudioHundred:          "System: … hundred",
	call.AudioThousand:         "System: … thousand",
	call.AudioOverrideOpen:     "System: held open",
	call.AudioOverrideClosed:   "System: held closed",
	call.AudioOverrideOff:      "System: opening hours apply again",
	call.AudioOverrideUnknown:  "System: code of nothing",
	call.AudioCallbackPrompt:   "System: asks for the number to call back",
	call.AudioCallbackAccepted: "System: will call back",
	call.AudioCallbackRefused:  "System: number cannot be called",
	call.AudioCallbackHere:     "System: you asked to be called back",
	call.AudioEnterPIN:         "System: enter the PIN",
	call.AudioWrongPIN:         "System: wrong PIN",
	call.AudioConferenceFull:   "System: conference full",
	call.AudioConferenceLocked: "System: conference locked",
	call.AudioConferenceOpen:   "System: conference open",
	call.AudioMuted:            "System: you are muted",
	call.AudioUnmuted:          "System: you can be heard",
	call.AudioAllMuted:         "System: all others muted",
	call.AudioAllUnmuted:       "System: all others can be heard",
}

func audio() ([]directory.AudioFile, error) {
	var out []directory.AudioFile
	named := maps.Clone(titles)
	for _, n := range call.SpokenNumbers {
		named[call.AudioNumber(n)] = fmt.Sprintf("System: the number %d", n)
	}
	for id, title := range named {
		bytes, err := recording(id)
		if err != nil {
			return nil, err
		}
		out = append(out, directory.AudioFile{ID: id, Name: title, MediaType: "audio/wav", Bytes: bytes, Length: call.Duration(lengthOf(bytes))})
	}
	slices.SortFunc(out, func(a, b directory.AudioFile) int { return strings.Compare(a.ID, b.ID) })
	return out, nil
}

// lengthOf is how long one of our own WAV files plays: its header has 44 bytes,
// with the bytes of a second at 28.
func lengthOf(wav []byte) time.Duration {
	return time.Duration(len(wav)-44) * time.Second / time.Duration(binary.LittleEndian.Uint32(wav[28:]))
}

// LoadSystem gives a database the sounds by which the engine itself speaks, and
// which templates name. What somebody has put in the place of one stays.
func LoadSystem(ctx context.Context, s *db.Store) error {
	all, err := audio()
	if err != nil {
		return err
	}
	for _, f := range all {
		if !strings.HasPrefix(f.ID, call.AudioSystem) {
			continue
		}
		_, err := s.Audio(ctx, f.ID)
		if errors.Is(err, directory.ErrNotFound) {
			_, err = s.AddAudio(ctx, f)
		}
		if err != nil {
			return fmt.Errorf("system audio: %w", err)
		}
	}
	return nil
}

func recording(id string) ([]byte, error) {
	return files.ReadFile(path.Join("audio", id+".wav"))
}

// Flows are the flows of the sample.
func Flows() ([]flow.Flow, error) {
	names, err := fs.Glob(files, "flows/*.json")
	if err != nil {
		return nil, err
	}
	var out []flow.Flow
	for _, name := range names {
		data, err := files.ReadFile(name)
		if err != nil {
			return nil, err
		}
		f, err := flow.Parse(data)
		if err != nil {
			return nil, fmt.Errorf("sample %s: %w", name, err)
		}
		out = append(out, f)
	}
	return out, nil
}

// Addresses of the installation for measurements, as callbench expects them.
const (
	BenchDestination  = "sip:bench@127.0.0.3:5080"
	BenchBridgeNumber = "+15559000"
	BenchPromptNumber = "+15559002"
	BenchMenuNumber   = "+15559003"
)

// Bench is the usual installation for measurements. Its prompts are tones of
// 600 and 1100 Hz.
func Bench() (db.Bench, error) {
	b := db.Bench{Network: netip.MustParsePrefix(trunkNetwork), Destination: BenchDestination}
	for _, n := range []struct {
		into *dialplan.Number
		text string
	}{{&b.Bridge, BenchBridgeNumber}, {&b.Prompt, BenchPromptNumber}, {&b.Menu, BenchMenuNumber}} {
		var err error
		if *n.into, err = dialplan.ParseNumber(n.text); err != nil {
			return db.Bench{}, err
		}
	}
	var err error
	if b.Audio, err = recording("bench-prompt"); err != nil {
		return db.Bench{}, err
	}
	b.Second, err = recording("bench-second")
	return b, err
}
