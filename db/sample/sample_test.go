package sample_test

import (
	"encoding/binary"
	"math"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"tandem/db/dbtest"
	"tandem/db/sample"
	"tandem/flow"
	"tandem/flow/call"
)

func TestMain(m *testing.M) { os.Exit(dbtest.Main(m)) }

func TestSampleFlowsHaveNoErrors(t *testing.T) {
	flows, err := sample.Flows()
	if err != nil {
		t.Fatal(err)
	}
	if len(flows) != 8 {
		t.Errorf("%d flows, want 8", len(flows))
	}
	for _, f := range flows {
		if found := flow.Validate(f, nil); len(found) > 0 {
			t.Errorf("%s: %+v", f.Name, found)
		}
	}
}

func TestSampleLoadsOnce(t *testing.T) {
	s := dbtest.Store(t)
	first, err := sample.Load(t.Context(), s, sample.Options{Password: "a-sample-password", Networks: []netip.Prefix{netip.MustParsePrefix("192.0.2.0/24")}})
	if err != nil || !first.Loaded {
		t.Fatalf("first load: %+v, %v", first, err)
	}
	again, err := sample.Load(t.Context(), s, sample.Options{Password: "another"})
	if err != nil || again.Loaded {
		t.Fatalf("second load: %+v, %v", again, err)
	}
	if len(again.Accounts) != 2 || again.Accounts[0] != (sample.Account{Username: "100", Password: "a-sample-password", InternalNumber: "100"}) {
		t.Errorf("accounts %+v", again.Accounts)
	}
	if len(again.Numbers) != 7 {
		t.Errorf("numbers %+v", again.Numbers)
	}
	trunks, err := s.Trunks(t.Context())
	if err != nil || len(trunks) != 1 || len(trunks[0].Networks) != 2 || trunks[0].Username != "" {
		t.Errorf("trunks %+v, %v", trunks, err)
	}
}

func TestSampleLeavesAUsedDatabaseAlone(t *testing.T) {
	s := dbtest.Store(t)
	b, err := sample.Bench()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.PrepareBench(t.Context(), b); err != nil {
		t.Fatal(err)
	}
	got, err := sample.Load(t.Context(), s, sample.Options{})
	if err != nil || got.Loaded || len(got.Accounts) != 0 {
		t.Errorf("got %+v, %v", got, err)
	}
}

func TestSampleAccountsGetTheirOwnPasswords(t *testing.T) {
	got, err := sample.Load(t.Context(), dbtest.Store(t), sample.Options{})
	if err != nil || len(got.Accounts) != 2 {
		t.Fatal(got, err)
	}
	if a, b := got.Accounts[0].Password, got.Accounts[1].Password; a == b || len(a) < 20 || len(b) < 20 {
		t.Errorf("passwords %q and %q", a, b)
	}
}

func TestSampleNumbersLeadWhereTheySay(t *testing.T) {
	s := dbtest.Store(t)
	if _, err := sample.Load(t.Context(), s, sample.Options{}); err != nil {
		t.Fatal(err)
	}
	for number, want := range map[string]string{
		sample.MainNumber: "main-line", sample.TeamNumber: "team", sample.BusyNumber: "always-busy",
		sample.SilentNumber: "always-silent", sample.UnreachableNumber: "always-unreachable",
		sample.QueueNumber: "help-line", sample.ConferenceNumber: "meeting",
	} {
		r, err := s.Route(t.Context(), call.Incoming{Called: strings.TrimPrefix(number, "+"), Trunk: "loopback"})
		if err != nil || r.Revision == nil || r.Revision.ID != want {
			t.Errorf("%s: got %+v, %v; want flow %s", number, r, err, want)
		}
	}
	r, err := s.Route(t.Context(), call.Incoming{Called: "101", Account: "account-100"})
	if err != nil || r.Direct == nil || r.Direct.Account != "account-101" {
		t.Errorf("101: got %+v, %v", r, err)
	}
}

func TestBenchIsPreparedTwiceWithoutChange(t *testing.T) {
	s := dbtest.Store(t)
	if _, err := sample.Load(t.Context(), s, sample.Options{}); err != nil {
		t.Fatal(err)
	}
	b, err := sample.Bench()
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.PrepareBench(t.Context(), b); err != nil {
			t.Fatal(err)
		}
	}
	for called, want := range map[string]string{"+15559000": "ring-group", "15559002": "audio-playback", "+15559003": "voice-menu"} {
		r, err := s.Route(t.Context(), call.Incoming{Called: called, Trunk: "loopback"})
		if err != nil || r.Revision == nil {
			t.Fatalf("%s: %+v, %v", called, r, err)
		}
		entry, _ := r.Revision.Flow.Module(r.Entry)
		next, ok := r.Revision.Flow.Next(entry, "next")
		if !ok || next.Kind != want || r.Revision.Version != 1 {
			t.Errorf("%s: version %d leads to %+v, want %s in version 1", called, r.Revision.Version, next, want)
		}
	}
	targets, err := s.Targets(t.Context(), []string{"bench"}, time.Now())
	if err != nil || targets[0].URI != "sip:bench@127.0.0.3:5080" {
		t.Errorf("targets %+v, %v", targets, err)
	}
}

// TestPromptsAreFitForTheTelephone reads the files themselves.
func TestPromptsAreFitForTheTelephone(t *testing.T) {
	names, err := filepath.Glob("audio/*.wav")
	if err != nil || len(names) < 10 {
		t.Fatal(names, err)
	}
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		le := binary.LittleEndian
		if string(data[:4]) != "RIFF" || string(data[36:40]) != "data" || le.Uint16(data[20:]) != 1 || le.Uint16(data[22:]) != 1 ||
			le.Uint32(data[24:]) != 8000 || le.Uint16(data[34:]) != 16 {
			t.Errorf("%s is not 8 kHz mono 16-bit PCM", name)
			continue
		}
		if level := rms(data[44:]); name != "audio/quiet.wav" && math.Abs(level+20) > 0.5 {
			t.Errorf("%s has %.1f dBFS RMS, want -20", name, level)
		}
	}
}

// rms is the level of 16-bit samples in dBFS.
func rms(pcm []byte) float64 {
	var sum float64
	for i := 0; i+1 < len(pcm); i += 2 {
		v := float64(int16(binary.LittleEndian.Uint16(pcm[i:]))) / 32768
		sum += v * v
	}
	return 10 * math.Log10(sum/float64(len(pcm)/2))
}

func TestSampleAudioKnowsItsLength(t *testing.T) {
	s := dbtest.Store(t)
	if _, err := sample.Load(t.Context(), s, sample.Options{Password: "a-sample-password"}); err != nil {
		t.Fatal(err)
	}
	files, err := s.AudioFiles(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		// 16-bit mono at 8 kHz, less the header.
		want := time.Duration(f.Size-44) * time.Second / 16000
		if got := f.Length.Std(); got < want-100*time.Millisecond || got > want {
			t.Errorf("%s of %d bytes plays %v, want about %v", f.ID, f.Size, got, want)
		}
	}
}

func TestEverySoundOfTheEngineIsInEveryInstallation(t *testing.T) {
	files, err := filepath.Glob("audio/" + call.AudioSystem + "*.wav")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	in, err := sample.Installation(sample.Options{})
	if err != nil {
		t.Fatal(err)
	}
	have := map[string]bool{}
	for _, f := range in.Audio {
		have[f.ID] = true
	}
	for _, file := range files {
		if id := strings.TrimSuffix(filepath.Base(file), ".wav"); !have[id] {
			t.Errorf("%s has no title: no installation gets it", id)
		}
	}
}
