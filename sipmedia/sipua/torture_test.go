package sipua

import (
	"io"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/emiago/sipgo/sip"
)

// torture is what each message of RFC 4475 deserves from us, who take it as the
// message of a carrier: the status of the first answer, or "" for silence.
var torture = map[string]string{
	"badaspec":   "400",
	"badbranch":  "200",
	"baddate":    "100", // a Date that we do not read
	"baddn":      "400",
	"badinv01":   "400",
	"badvers":    "505",
	"bcast":      "",
	"bext01":     "420",
	"bigcode":    "",
	"clerr":      "400",
	"cparam01":   "401",
	"cparam02":   "401",
	"dblreq":     "401", // only the first request counts
	"esc01":      "100", // a call for the user sips:user@example.com
	"esc02":      "501",
	"escnull":    "401",
	"escruri":    "400",
	"insuf":      "400",
	"intmeth":    "501",
	"inv2543":    "400", // no From tag; RFC 2543 is not spoken here
	"invut":      "415",
	"longreq":    "400", // 34 Vias: above our limit of 32
	"ltgtruri":   "400",
	"lwsdisp":    "200",
	"lwsruri":    "400",
	"lwsstart":   "400",
	"mcl01":      "400",
	"mismatch01": "400",
	"mismatch02": "400",
	"mpart01":    "405",
	"multi01":    "400",
	"ncl":        "400",
	"noreason":   "",
	"novelsc":    "400", // 416 would do as well
	"quotbal":    "400",
	"regaut01":   "401",
	"regbadct":   "401",
	"regescrt":   "401",
	"scalar02":   "400",
	"scalarlg":   "",
	"sdp01":      "406",
	"semiuri":    "200",
	"test":       "", // no version in the request line
	"transports": "200",
	"trws":       "400",
	"unkscm":     "416",
	"unksm2":     "401",
	"unreason":   "",
	"wsinv":      "481", // it has a To tag, so it belongs to a dialog that we do not have
	"zeromf":     "200", // we are its end
}

func TestTortureMessagesGetTheRightStatusOrSilence(t *testing.T) {
	files, err := filepath.Glob("testdata/rfc4475/*.dat")
	if err != nil || len(files) != 50 {
		t.Fatalf("%d messages, %v", len(files), err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".dat")
		t.Run(name, func(t *testing.T) {
			data, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			var mu sync.Mutex
			var sent []string
			ua := start(t, "127.0.0.1", func(c *Config) {
				carrier := Trunk{ID: "t", Networks: []netip.Prefix{netip.MustParsePrefix("127.0.77.7/32")}}
				c.Directory = directory{accounts: []Account{anna}, trunks: []Trunk{carrier}}
				c.OnCall = func(*Dialog) Handler { return NopHandler{} }
				c.Trace = func(m Message) {
					mu.Lock()
					defer mu.Unlock()
					if !m.In {
						sent = append(sent, m.First)
					}
				}
			})
			r := newRaw(t, "127.0.77.7", ua)
			r.conn.WriteToUDP(data, r.to)
			r.send("OPTIONS sip:last SIP/2.0\nVia: SIP/2.0/UDP {me};branch=z9hG4bKlast;rport\nFrom: <sip:a@b>;tag=1\nTo: <sip:a@b>\nCall-ID: last\nCSeq: 1 OPTIONS\n")
			for !strings.Contains(r.expect("SIP/2.0 200"), "last") {
			}
			mu.Lock()
			defer mu.Unlock()
			got := ""
			if len(sent) > 1 {
				got = status(sent[0])
			}
			if want, listed := torture[name]; !listed || got != want {
				t.Errorf("got %q, want %q (listed: %v); sent %q", got, want, listed, sent)
			}
		})
	}
}

// FuzzValidate feeds datagrams to everything that runs before a message is
// believed. Whatever the bytes are, nothing panics; and what is found valid can
// be answered, with an answer that parses and is valid itself.
func FuzzValidate(f *testing.F) {
	files, err := filepath.Glob("testdata/rfc4475/*.dat")
	if err != nil {
		f.Fatal(err)
	}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	ua := newUA(Config{Log: slog.New(slog.NewTextHandler(io.Discard, nil))})
	defer ua.end()
	from := path{remote: netip.MustParseAddrPort("192.0.2.1:5060")}
	f.Fuzz(func(t *testing.T, data []byte) {
		if !looksLikeSIP(data) {
			return
		}
		m, err := ua.parse(data)
		if err != nil {
			if answer := skim(data, "400 Bad Request"); answer != nil && strings.Contains(string(answer), "\r\n\r\n\r\n") {
				t.Errorf("answer to an unparsable message:\n%s", answer)
			}
			return
		}
		if fault := validate(m, ua.limits); fault != nil {
			return
		}
		sdpBody(m)
		req, ok := m.(*sip.Request)
		if !ok {
			return
		}
		markVia(from, req)
		serverKey(req, sip.INVITE)
		checkExtensions(req)
		ua.checkSessionTimer(req)
		ua.factsOf(from, req, caller{})
		for _, v := range values(req, "authorization") {
			parseDigest(v)
		}
		answer := ua.response(req, 200)
		again, err := ua.parse([]byte(answer.String()))
		if err != nil {
			return // sipgo prints some odd headers in a way that it cannot read
		}
		if again.CallID().Value() != req.CallID().Value() || again.CSeq().SeqNo != req.CSeq().SeqNo {
			t.Errorf("the answer belongs to another request:\n%s\n%s", data, answer)
		}
	})
}
