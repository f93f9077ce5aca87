package main

import (
	"bytes"
	"encoding/json"
	"net"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"tandem/cmd/tandem/internal/config"
	"tandem/db/sample"
	"tandem/flow/call"
	"tandem/sipmedia/audio"
	"tandem/sipmedia/sipua"
)

// tandem runs one command line and returns its exit code and what it printed.
func tandem(t *testing.T, data string, args ...string) (code int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	env := func(name string) string { return map[string]string{"TANDEM_DATA": data}[name] }
	code = run(t.Context(), args, env, &out, &errs)
	return code, out.String(), errs.String()
}

func TestAWrongCommandLineIsOneLineAndExitOne(t *testing.T) {
	for _, c := range []struct{ args, want string }{
		{"", "expected one of"},
		{"fly", "unexpected argument fly"},
		{"up --rtp 5", "rtp (flag --rtp)"},
		{"dial 100", "--as"},
		{"dial --as 100", "a number to dial or --answer"},
		{"dial 5 --as 100 --server 127.0.0.1:5060 --password p --keys 1x", "X is no key"},
		{"dial 5 --as 100 --server 127.0.0.1:5060 --password p --say tone:9", "100 to 3400 Hz"},
		{"dial 5 --as 100 --server 127.0.0.1:5060", "no password is known"},
		{"dial 5 --as 100", "where to?"},
		{"check nowhere.json", "no such file"},
		{"status", "not running"},
		{"call x", "not running"},
		{"migrate", "database-url is not set"},
		{"node", "database-url is not set"},
	} {
		code, _, stderr := tandem(t, t.TempDir(), strings.Fields(c.args)...)
		if code != 1 || !strings.Contains(stderr, c.want) || strings.Count(stderr, "\n") > 2 {
			t.Errorf("tandem %s: exit %d, %q, want %q", c.args, code, stderr, c.want)
		}
	}
}

func TestHelpNamesEverySettingAndEndsWell(t *testing.T) {
	code, stdout, _ := tandem(t, t.TempDir(), "--help")
	for _, s := range config.Settings() {
		if !strings.Contains(stdout, "--"+s.Key+"=") {
			t.Errorf("--help leaves out --%s", s.Key)
		}
	}
	if code != 0 {
		t.Errorf("exit %d", code)
	}
}

func TestConfigPrintsEverySettingAndNoSecret(t *testing.T) {
	code, stdout, stderr := tandem(t, t.TempDir(), "config", "--admin-password", "geheim-geheim", "--drain", "7s")
	if code != 0 || !strings.Contains(stdout, `drain = "7s"`) || strings.Contains(stdout, "geheim") {
		t.Errorf("exit %d, %s%s", code, stdout, stderr)
	}
	file := filepath.Join(t.TempDir(), "again.toml")
	if err := os.WriteFile(file, []byte(stdout), 0o600); err != nil {
		t.Fatal(err)
	}
	if code, again, stderr := tandem(t, t.TempDir(), "config", "--config", file); code != 0 || !strings.Contains(again, `drain = "7s"`) {
		t.Errorf("what config printed is no settings file: %s", stderr)
	}
}

func TestCheckFindsNothingInTheSampleAndNamesWhatIsBroken(t *testing.T) {
	flows, err := sample.Flows()
	if err != nil || len(flows) == 0 {
		t.Fatalf("%d flows, %v", len(flows), err)
	}
	for _, f := range flows {
		file := filepath.Join(t.TempDir(), "flow.json")
		whole, _ := json.Marshal(f)
		if err := os.WriteFile(file, whole, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, stdout, _ := tandem(t, t.TempDir(), "check", file); code != 0 {
			t.Errorf("%s: %s", f.Name, stdout)
		}
		f.Modules = f.Modules[1:]
		broken, _ := json.Marshal(f)
		if err := os.WriteFile(file, broken, 0o600); err != nil {
			t.Fatal(err)
		}
		if code, stdout, _ := tandem(t, t.TempDir(), "check", file); code != 1 || !strings.Contains(stdout, "error: ") {
			t.Errorf("%s without its first module: exit %d, %s", f.Name, code, stdout)
		}
	}
}

func TestAPortInUseIsNamedWithTheSettingThatMovesIt(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	addr := netip.MustParseAddrPort(l.Addr().String())
	err = probe(t.Context(), []listener{{"the panel", "TANDEM_HTTP", "tcp", addr}})
	want := "the panel cannot listen on tcp " + addr.String() + ": address already in use: free it or set TANDEM_HTTP"
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := probe(t.Context(), []listener{{"the panel", "TANDEM_HTTP", "tcp", addr}}); err != nil {
		t.Errorf("a free port: %v", err)
	}
}

func TestOneDataFolderHasOneUp(t *testing.T) {
	data := filepath.Join(t.TempDir(), "data")
	unlock, err := openData(data)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := openData(data); err == nil || !strings.Contains(err.Error(), "another `tandem up` works there") {
		t.Errorf("a second one: %v", err)
	}
	state := &stateFile{path: statePath(data), now: summary{PIDs: map[string]int{}}}
	if err := state.update(func(s *summary) { s.Ready, s.PIDs["up"] = true, 7 }); err != nil {
		t.Fatal(err)
	}
	if s, err := readState(data); err != nil || !s.Ready || s.PIDs["up"] != 7 {
		t.Errorf("state %+v, %v", s, err)
	}
	unlock()
	if s, err := readState(data); err == nil || s.Ready {
		t.Errorf("after it ended: %+v, %v", s, err)
	}
	again, err := openData(data)
	if err != nil {
		t.Fatal(err)
	}
	again()
}

func TestDialExitsByOutcome(t *testing.T) {
	for _, c := range []struct {
		answered bool
		end      sipua.End
		want     int
	}{
		{true, sipua.End{Why: sipua.EndBye, ByPeer: true}, 0},
		{true, sipua.End{Why: sipua.EndBye}, 0},
		{true, sipua.End{Why: sipua.EndNoACK}, exitNetwork},
		{false, sipua.End{Why: sipua.EndRejected, Status: 486}, exitBusy},
		{false, sipua.End{Why: sipua.EndRejected, Status: 600}, exitBusy},
		{false, sipua.End{Why: sipua.EndRejected, Status: 480}, exitNoAnswer},
		{false, sipua.End{Why: sipua.EndRejected, Status: 408}, exitNoAnswer},
		{false, sipua.End{Why: sipua.EndCancelled, Status: 487}, exitNoAnswer},
		{false, sipua.End{Why: sipua.EndRejected, Status: 404}, exitRefused},
		{false, sipua.End{Why: sipua.EndRejected, Status: 403}, exitRefused},
		{false, sipua.End{Why: sipua.EndRejected, Status: 603}, exitRefused},
		{false, sipua.End{Why: sipua.EndRejected, Status: 503}, exitNetwork},
		{false, sipua.End{Why: sipua.EndTransport}, exitNetwork},
		{false, sipua.End{Why: sipua.EndTimeout}, exitNetwork},
	} {
		if got := dialExit(c.answered, dialCause(c.end, c.answered, false)); got != c.want {
			t.Errorf("answered %t, %+v: exit %d, want %d", c.answered, c.end, got, c.want)
		}
	}
	for cause := range dialExits {
		if _, ok := call.Causes[cause]; !ok {
			t.Errorf("the table of exits names %q, which is no cause", cause)
		}
	}
}

func TestAPhoneThatWasCalledSaysThatItsCallerHungUp(t *testing.T) {
	end := sipua.End{ByPeer: true, Why: sipua.EndBye}
	if got := dialCause(end, true, true); got != call.CauseCallerHangup {
		t.Errorf("cause %s, want %s", got, call.CauseCallerHangup)
	}
}

func TestKeysAndPausesAreReadInOrder(t *testing.T) {
	got, err := parseKeys(",1*a,")
	want := []keyStep{{pause: time.Second}, {key: '1'}, {key: '*'}, {key: 'A'}, {pause: time.Second}}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestTonesAreNamedAndSpeechlessLinesHaveNone(t *testing.T) {
	clip := audio.Tone(phoneRate, time.Second, -13, 440, 620)
	var hz []int
	for _, tone := range findTones(clip) {
		hz = append(hz, tone.hz)
	}
	if !slices.Equal(hz, []int{440, 620}) {
		t.Errorf("heard %v, want 440 and 620", hz)
	}
	if got := findTones(audio.Clip{Rate: phoneRate, Samples: make([]int16, phoneRate)}); len(got) > 0 {
		t.Errorf("silence sounds like %v", got)
	}
}

func TestDialEventsReadTheSameForPeopleAndScripts(t *testing.T) {
	at := func() time.Time { return time.Date(2026, 11, 22, 16, 0, 0, 5e6, time.UTC) }
	for asJSON, want := range map[bool]string{
		false: "16:00:00.005  answered    status 200  by peer true\n",
		true:  `{"at":"2026-11-22T16:00:00.005Z","by_peer":true,"event":"answered","status":200}` + "\n",
	} {
		var out bytes.Buffer
		d := &dialEvents{out: &out, json: asJSON, now: at}
		d.emit("answered", field{"status", 200}, field{"by_peer", true})
		if out.String() != want {
			t.Errorf("%q, want %q", out.String(), want)
		}
	}
}

func TestTheReadyPageHoldsAllThatAFirstCallNeeds(t *testing.T) {
	s := summary{Ready: true, SIP: "127.0.0.1:5060", HTTP: "http://127.0.0.1:8080", PIDs: map[string]int{"up": 1},
		Admin:    &adminLogin{"admin@tandem.local", "made-up-now"},
		Accounts: []sample.Account{{Username: "100", Password: "one"}, {Username: "101", Password: "two"}},
		Numbers:  []sample.Number{{Number: "+15550100", What: "menu"}}}
	page := readyPage(s)
	for _, want := range []string{"http://127.0.0.1:8080", "made-up-now", "password one", "dial --as 101 --answer", `dial +15550100 --as 100 --keys`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page has no %q:\n%s", want, page)
		}
	}
	s.Admin.Password = ""
	if page := readyPage(s); strings.Contains(page, "shown once") {
		t.Error("a password that is not known was announced")
	}
}
