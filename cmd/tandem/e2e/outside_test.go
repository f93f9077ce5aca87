package e2e

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	enums "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/history/v1"
	"google.golang.org/protobuf/encoding/protojson"

	"tandem/activities/outgoing/outgoingtest"
	"tandem/flow"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/sipmedia/audio"
	"tandem/workflows"
	"tandem/workflows/callclient"
)

// outside is what calls of these tests reach: people with addresses, and a web
// server.
type outside struct {
	*installation
	box *outgoingtest.Mailbox
	web *httptest.Server
}

// Sounds of these tests.
const (
	helloHz = 480
	holdHz  = 900
	byeHz   = 700
)

// newOutside lets an installation reach this machine, and nothing else of its
// own networks.
func newOutside(in *installation, box *outgoingtest.Mailbox) *outside {
	in.t.Helper()
	store, ctx := in.openStore(), in.t.Context()
	o := &outside{in, box, httptest.NewServer(http.HandlerFunc(serveCustomers))}
	in.t.Cleanup(func() { o.web.CloseClientConnections(); o.web.Close() })
	general, err := store.General(ctx)
	o.must(err)
	o.must(general.AllowedTargets.UnmarshalText([]byte("127.0.0.0/8")))
	o.must(store.SaveGeneral(ctx, general))
	for _, name := range []string{"ann", "bob"} {
		o.must(store.SaveContactMethod(ctx, directory.ContactMethod{ID: "mail-" + name, Kind: directory.Email, Name: name, URI: name + "@example.org"}))
	}
	for id, hz := range map[string]float64{"hello": helloHz, "bye": byeHz, call.AudioHold: holdHz} {
		_, err := store.AddAudio(ctx, directory.AudioFile{ID: id, Name: id, Bytes: audio.Tone(8000, 2*time.Second, -10, hz).WAV()})
		o.must(err)
	}
	if box != nil {
		o.must(store.SaveSMTP(ctx, box.Settings()))
	}
	for _, f := range []flow.Flow{o.informing(), o.asking("701", "/missing"), o.asking("702", "/slow")} {
		o.must(store.CreateFlow(ctx, f, "tests"))
		_, err := store.Publish(ctx, f.ID, 1, "tests", "")
		o.must(err)
	}
	return o
}

func (o *outside) must(err error) {
	o.t.Helper()
	if err != nil {
		o.t.Fatal(err)
	}
}

// serveCustomers knows the customer 100, and takes its time.
func serveCustomers(w http.ResponseWriter, r *http.Request) {
	switch {
	case r.URL.Path == "/slow":
		select {
		case <-time.After(4 * time.Second):
		case <-r.Context().Done():
		}
	case r.URL.Query().Get("n") != "100":
		http.NotFound(w, r)
		return
	}
	_, _ = io.WriteString(w, `{"customer":{"tier":"gold"}}`)
}

// informing is a flow that asks who calls and tells people.
func (o *outside) informing() flow.Flow {
	return flow.Flow{ID: "informing", Name: "Informing", Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: "700"}},
		{ID: "crm", Kind: "http-request", Name: "Who is it", HangUpHere: []flow.Exit{"failed"},
			Settings: &flow.HTTPRequest{URL: o.web.URL + "/find?n={caller}", Variables: []flow.HTTPVariable{{Name: "tier", Path: "customer.tier"}}}},
		{ID: "tell", Kind: "notification", Name: "Tell", Settings: &flow.Notification{To: []string{"mail-ann", "mail-bob"}, Subject: "{caller} is {tier}", Every: 8}},
		{ID: "bye", Kind: "hangup", Name: "Bye", Settings: &flow.Hangup{Cause: "busy"}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "crm"}, {From: "crm", Exit: "ok", To: "tell"}, {From: "tell", Exit: "next", To: "bye"}}}
}

// asking is a flow that greets, asks a server, and says goodbye or is busy.
func (o *outside) asking(number, path string) flow.Flow {
	return flow.Flow{ID: "asking-" + number, Name: "Asking " + number, Modules: []flow.Module{
		{ID: "in", Kind: "internal-number", Name: "In", Settings: &flow.InternalNumber{InternalNumber: number}},
		{ID: "hello", Kind: "audio-playback", Name: "Hello", Settings: &flow.AudioPlayback{Audio: "hello"}},
		{ID: "crm", Kind: "http-request", Name: "Who is it", Settings: &flow.HTTPRequest{URL: o.web.URL + path, Timeout: 10}},
		{ID: "bye", Kind: "audio-playback", Name: "Goodbye", HangUpHere: []flow.Exit{"next"}, Settings: &flow.AudioPlayback{Audio: "bye"}},
		{ID: "no", Kind: "hangup", Name: "No", Settings: &flow.Hangup{Cause: "declined"}},
	}, Cables: []flow.Cable{{From: "in", Exit: "next", To: "hello"}, {From: "hello", Exit: "next", To: "crm"}, {From: "crm", Exit: "ok", To: "bye"}, {From: "crm", Exit: "failed", To: "no"}}}
}

// A real call asks a real web server and sends mail through a real SMTP server
// that asks for TLS and a password.
func TestCallsReachTheWorldOutside(t *testing.T) {
	box := outgoingtest.New(t, outgoingtest.Answers(outgoingtest.Answer(451, "try later")))
	o := newOutside(start(t, "SSL_CERT_FILE="+box.RootsFile()), box)

	o.calling("100", "700", 440).ended()
	first := o.lastCall()
	if got, want := exits(first), "internal-number:next http-request:ok notification:next hangup:"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	box.Await(1, waitBound) // the other is put off once, and comes by itself

	o.calling("100", "701", 440).ended()
	if got, want := exits(o.lastCall()), "internal-number:next audio-playback:next http-request:failed hangup:"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}
	a := o.calling("100", "702", 440, "--for", "30s")
	a.hears(holdHz)
	a.hears(byeHz)
	a.ended()
	if got, want := exits(o.lastCall()), "internal-number:next audio-playback:next http-request:ok audio-playback:next"; got != want {
		t.Errorf("path %q, want %q", got, want)
	}

	letters := box.Await(2, 2*waitBound)
	for _, l := range letters[:2] {
		if l.Get("Subject") != "100 is gold" || !strings.HasPrefix(l.Get("Message-ID"), "<"+string(first.Call)) || !strings.Contains(l.Body, string(first.Call)) {
			t.Errorf("letter %v\n%s", l.Header, l.Body)
		}
	}
	o.keeps("notify", o.noticeHistory("notice-"+string(first.Call)+".3"))
	if letters[0].To == letters[1].To {
		t.Errorf("both went to %s", letters[0].To)
	}
	o.tellsOfThoseLeftOut()
}

// noticeHistory is all that Temporal holds of a notice, once it is through.
func (o *outside) noticeHistory(workflow string) []byte {
	o.t.Helper()
	c, err := callclient.Dial(o.t.Context(), callclient.Options{Address: o.Temporal, Namespace: o.Namespace, Log: slog.New(slog.DiscardHandler)})
	o.must(err)
	defer c.Close()
	var got []workflows.Noticed
	o.must(c.Temporal().GetWorkflow(o.t.Context(), workflow, "").Get(o.t.Context(), &got))
	tries := 0
	for _, n := range got {
		if tries += n.Tries; n.State != workflows.NoticeSent {
			o.t.Errorf("recipient %+v", n)
		}
	}
	if tries != 3 {
		o.t.Errorf("%d tries, want one for one and two for the other", tries)
	}
	var all history.History
	for events := c.Temporal().GetWorkflowHistory(o.t.Context(), workflow, "", false, enums.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT); events.HasNext(); {
		e, err := events.Next()
		o.must(err)
		all.Events = append(all.Events, e)
	}
	text, err := protojson.MarshalOptions{Indent: " "}.Marshal(&all)
	o.must(err)
	return text
}

// tellsOfThoseLeftOut calls again and again: two notices go out at once, and then
// none until their time is over, when the next two tell how many did not.
func (o *outside) tellsOfThoseLeftOut() {
	o.t.Helper()
	const known = 2
	calls := 0
	o.within(2*waitBound, "the next notice tells of those left out", func() error {
		o.calling("100", "700", 440).ended()
		o.lastCall()
		calls++
		told := o.box.Letters()[known:]
		if len(told) < 4 {
			return fmt.Errorf("%d letters after %d calls", len(told), calls)
		}
		return nil
	})
	for _, l := range o.box.Letters()[known+2:] {
		if want := " left out before it."; !strings.Contains(l.Body, want) {
			o.t.Errorf("the letter says nothing of %q:\n%s", want, l.Body)
		}
	}
}

// slowCall waits for a web server with music.
func slowCall(in *installation) {
	a := in.calling("100", "702", 440, "--for", "30s")
	a.hears(byeHz)
	a.ended()
}
