package sdp_test

import (
	"errors"
	"net/netip"
	"reflect"
	"strings"
	"testing"
	"time"

	"tandem/sipmedia/sdp"
)

func body(lines ...string) []byte {
	return []byte("v=0\r\no=- 7 1 IN IP4 192.0.2.9\r\ns=-\r\n" + strings.Join(lines, "\r\n") + "\r\n")
}

func parse(t *testing.T, lines ...string) sdp.Description {
	t.Helper()
	d, err := sdp.Parse(body(lines...))
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestMediaInheritsAddressAndDirectionFromTheSession(t *testing.T) {
	d := parse(t, "c=IN IP4 192.0.2.1", "t=0 0", "a=sendonly",
		"m=audio 4000 RTP/AVP 0", "m=audio 4002 RTP/AVP 8", "c=IN IP6 2001:db8::1", "a=recvonly")
	if got := d.Media[0]; got.Addr != netip.MustParseAddr("192.0.2.1") || got.Direction != sdp.SendOnly {
		t.Errorf("first line is %v %v", got.Addr, got.Direction)
	}
	if got := d.Media[1]; got.Addr != netip.MustParseAddr("2001:db8::1") || got.Direction != sdp.RecvOnly {
		t.Errorf("second line is %v %v", got.Addr, got.Direction)
	}
}

func TestAttributesOfALineAreRead(t *testing.T) {
	m := parse(t, "c=IN IP4 192.0.2.1", "m=audio 4000/2 RTP/AVP 96 97", "a=rtpmap:97 telephone-event/8000",
		"a=fmtp:97 0-15", "a=ptime:30", "a=rtcp:5001 IN IP4 192.0.2.2", "a=rtcp-mux").Media[0]
	want := sdp.Format{Token: "97", Name: "telephone-event", Rate: 8000, Params: "0-15"}
	if m.Formats[1] != want {
		t.Errorf("format is %+v, want %+v", m.Formats[1], want)
	}
	if m.PTime != 30*time.Millisecond || m.RTCP != netip.MustParseAddrPort("192.0.2.2:5001") || m.Port != 4000 {
		t.Errorf("ptime %v, rtcp %v, port %d", m.PTime, m.RTCP, m.Port)
	}
}

func TestSloppyPhonesAreUnderstood(t *testing.T) {
	d, err := sdp.Parse([]byte("v=0\no=me 99999999999999999999 x IN IP4 phone.local\nc=IN IP4 192.0.2.1\nx=?\nm=audio 4000 RTP/AVP 0\n\n"))
	if err != nil {
		t.Fatal(err)
	}
	if d.Name != "-" || len(d.Media) != 1 || !d.Media[0].Addr.IsValid() {
		t.Errorf("read as %+v", d)
	}
}

func TestMalformedBodiesAreRefused(t *testing.T) {
	for name, text := range map[string]string{
		"empty":             "",
		"no version":        "o=- 1 1 IN IP4 192.0.2.1\r\n",
		"no origin":         "v=0\r\ns=-\r\n",
		"two origins":       string(body("o=- 7 1 IN IP4 192.0.2.9")),
		"host name":         string(body("c=IN IP4 phone.example.org")),
		"port too large":    string(body("m=audio 65536 RTP/AVP 0")),
		"no format":         string(body("m=audio 4000 RTP/AVP")),
		"bad rate":          string(body("m=audio 4000 RTP/AVP 0", "a=rtpmap:0 PCMU/0")),
		"too many m-lines":  string(body(strings.Repeat("m=audio 4000 RTP/AVP 0\r\n", 17))),
		"too many formats":  string(body("m=audio 4000 RTP/AVP" + strings.Repeat(" 0", 65))),
		"too long":          string(body(strings.Repeat("a=x\r\n", 7000))),
		"too many lines":    string(body(strings.Repeat("a=\r\n", 2000))),
		"line too long":     string(body("a=" + strings.Repeat("x", 3000))),
		"no equals sign":    string(body("hello")),
		"carriage return":   string(body("s=a\rb")),
		"rtcp without port": string(body("m=audio 4000 RTP/AVP 0", "a=rtcp:")),
	} {
		if _, err := sdp.Parse([]byte(text)); !errors.Is(err, sdp.ErrMalformed) {
			t.Errorf("%s: error is %v, want ErrMalformed", name, err)
		}
	}
}

func TestReverseSwapsSendingAndReceiving(t *testing.T) {
	for d, want := range map[sdp.Direction]sdp.Direction{
		sdp.SendRecv: sdp.SendRecv, sdp.SendOnly: sdp.RecvOnly, sdp.RecvOnly: sdp.SendOnly, sdp.Inactive: sdp.Inactive,
	} {
		if got := d.Reverse(); got != want {
			t.Errorf("%v reversed is %v, want %v", d, got, want)
		}
	}
}

// FuzzParse holds the property that what parses prints and parses again to the
// same, and that any offer is answered or refused without harm.
func FuzzParse(f *testing.F) {
	for _, seed := range []string{
		string(body("c=IN IP4 192.0.2.1", "t=0 0", "m=audio 4000 RTP/AVP 0 8 101", "a=rtpmap:101 telephone-event/8000", "a=fmtp:101 0-16")),
		string(body("m=video 0 RTP/AVP 96", "m=audio 4000 RTP/AVPF 8 0", "c=IN IP6 ::1", "a=rtcp:4009", "a=inactive")),
		string(body("c=IN IP4 224.2.1.1/127", "m=image 4000 udptl t38", "m=audio 1 RTP/SAVP 0")),
		"v=0\no=a 1 2 IN IP4 b\nm=a 1 b c\n",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := sdp.Parse(data)
		if err != nil {
			return
		}
		printed := first.Append(nil)
		second, err := sdp.Parse(printed)
		if err != nil {
			t.Fatalf("%v\n%q", err, printed)
		}
		if !reflect.DeepEqual(first, second) {
			t.Fatalf("first\n%+v\nthen\n%+v\nfrom\n%q", first, second, printed)
		}
		s := session(4000)
		answer, _, err := s.Answer(data)
		if err != nil {
			return
		}
		got, err := sdp.Parse(answer)
		if err != nil {
			t.Fatalf("our own answer: %v\n%q", err, answer)
		}
		if len(got.Media) != len(first.Media) {
			t.Fatalf("answer has %d m-lines, offer %d", len(got.Media), len(first.Media))
		}
	})
}
