package sdp_test

import (
	"bytes"
	"errors"
	"net/netip"
	"strings"
	"testing"
	"time"

	"tandem/sipmedia/sdp"
)

func session(port uint16, codecs ...sdp.Codec) *sdp.Session {
	if codecs == nil {
		codecs = []sdp.Codec{sdp.PCMU, sdp.PCMA}
	}
	return sdp.NewSession(sdp.Local{Addr: netip.MustParseAddr("198.51.100.1"), Port: port, Codecs: codecs, ID: 5})
}

func answer(t *testing.T, s *sdp.Session, offer []byte) ([]byte, sdp.Agreed) {
	t.Helper()
	b, agreed, err := s.Answer(offer)
	if err != nil {
		t.Fatalf("%v\n%s", err, offer)
	}
	return b, agreed
}

const audioLine = "m=audio 4000 RTP/AVP 0 8 101"

func TestOfferAndAnswerAgreeAtBothEnds(t *testing.T) {
	caller, callee := session(4000, sdp.PCMA, sdp.PCMU), session(5000)
	offer := caller.Offer()
	reply, heard := answer(t, callee, offer)
	said, err := caller.Accept(reply)
	if err != nil {
		t.Fatal(err)
	}
	if heard.Codec != sdp.PCMA || said.Codec != sdp.PCMA {
		t.Errorf("codecs are %v and %v, want the offerer's first", heard.Codec, said.Codec)
	}
	if heard.Remote.Port() != 4000 || said.Remote.Port() != 5000 || said.RemoteRTCP.Port() != 5001 {
		t.Errorf("remotes are %v and %v, rtcp %v", heard.Remote, said.Remote, said.RemoteRTCP)
	}
	if said.EventPayloadType != 101 || said.PTime != 20*time.Millisecond || said.Direction != sdp.SendRecv {
		t.Errorf("caller agreed to %+v", said)
	}
}

func TestTheAnswerMayNameAnotherPayloadTypeForEvents(t *testing.T) {
	us := session(4000)
	us.Offer()
	agreed, err := us.Accept(body("c=IN IP4 192.0.2.1", "m=audio 5000 RTP/AVP 8 96", "a=rtpmap:96 telephone-event/8000"))
	if err != nil || agreed.EventPayloadType != 96 || agreed.EventsFrom != sdp.TelephoneEvent.PayloadType {
		t.Errorf("agreed to %+v, %v; want to send with 96 and to hear 101", agreed, err)
	}
}

func TestDynamicPayloadTypesAreMapped(t *testing.T) {
	reply, agreed := answer(t, session(4000), body("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 110 97 96",
		"a=rtpmap:110 opus/48000/2", "a=rtpmap:97 pcma/8000", "a=rtpmap:96 telephone-event/8000"))
	if agreed.Codec.PayloadType != 97 || agreed.EventPayloadType != 96 {
		t.Errorf("agreed to %+v", agreed)
	}
	if !bytes.Contains(reply, []byte("m=audio 4000 RTP/AVP 97 96\r\n")) {
		t.Errorf("answer is\n%s", reply)
	}
}

func TestThePreferredCodecWinsWhenThePeerHasIt(t *testing.T) {
	s := session(4000)
	s.Prefer("PCMA")
	if _, agreed := answer(t, s, body("c=IN IP4 192.0.2.1", audioLine)); agreed.Codec != sdp.PCMA {
		t.Errorf("agreed to %v", agreed.Codec)
	}
	if offer := session(4000); true {
		offer.Prefer("PCMA")
		if got := offer.Offer(); !bytes.Contains(got, []byte("RTP/AVP 8 0 101")) {
			t.Errorf("offer is\n%s", got)
		}
	}
	if _, agreed := answer(t, s, body("c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 0")); agreed.Codec != sdp.PCMU {
		t.Errorf("without the preferred one agreed to %v", agreed.Codec)
	}
}

func TestHoldAndResume(t *testing.T) {
	for name, c := range map[string]struct {
		lines []string
		want  sdp.Direction
		print string
	}{
		"talking":      {[]string{"c=IN IP4 192.0.2.1", audioLine}, sdp.SendRecv, "a=sendrecv"},
		"sendonly":     {[]string{"c=IN IP4 192.0.2.1", audioLine, "a=sendonly"}, sdp.RecvOnly, "a=recvonly"},
		"recvonly":     {[]string{"c=IN IP4 192.0.2.1", audioLine, "a=recvonly"}, sdp.SendOnly, "a=sendonly"},
		"inactive":     {[]string{"c=IN IP4 192.0.2.1", "a=inactive", audioLine}, sdp.Inactive, "a=inactive"},
		"zero address": {[]string{"c=IN IP4 0.0.0.0", audioLine}, sdp.RecvOnly, "a=recvonly"},
	} {
		reply, agreed := answer(t, session(4000), body(c.lines...))
		if agreed.Direction != c.want || !bytes.Contains(reply, []byte(c.print)) {
			t.Errorf("%s: direction %v, answer\n%s", name, agreed.Direction, reply)
		}
		if agreed.Held() == c.want.Sends() {
			t.Errorf("%s: held is %v", name, agreed.Held())
		}
	}
}

func TestWeCanHoldThePeer(t *testing.T) {
	us, them := session(4000), session(5000)
	us.Want(sdp.SendOnly)
	reply, heard := answer(t, them, us.Offer())
	if !heard.Held() {
		t.Error("the peer does not see that it is held")
	}
	if said, err := us.Accept(reply); err != nil || said.Direction != sdp.SendOnly {
		t.Errorf("we agreed to %+v, %v", said, err)
	}
}

func TestOtherLinesAreRefusedInPlace(t *testing.T) {
	s := session(4000)
	reply, _ := answer(t, s, body("c=IN IP4 192.0.2.1", "m=video 6000 RTP/AVP 96", "a=rtpmap:96 H264/90000", audioLine, "m=audio 4002 RTP/SAVP 0"))
	want := []string{"m=video 0 RTP/AVP 96", "m=audio 4000 RTP/AVP 0", "m=audio 0 RTP/SAVP 0"}
	at := 0
	for _, line := range want {
		i := strings.Index(string(reply[at:]), line)
		if i < 0 {
			t.Fatalf("no %q in its place in\n%s", line, reply)
		}
		at += i
	}
	again, err := sdp.Parse(s.Offer())
	if err != nil || len(again.Media) != 3 || again.Media[0].Port != 0 || again.Media[1].Port != 4000 {
		t.Errorf("our own offer lost the lines: %+v, %v", again.Media, err)
	}
}

func TestAnIdenticalOfferGetsTheIdenticalAnswer(t *testing.T) {
	s := session(4000)
	offer := body("c=IN IP4 192.0.2.1", audioLine, "a=rtpmap:101 telephone-event/8000")
	first, _ := answer(t, s, offer)
	if second, _ := answer(t, s, offer); !bytes.Equal(first, second) {
		t.Errorf("first\n%s\nsecond\n%s", first, second)
	}
	held, _ := answer(t, s, body("c=IN IP4 192.0.2.1", audioLine, "a=rtpmap:101 telephone-event/8000", "a=sendonly"))
	if !bytes.Contains(first, []byte("o=- 5 1 ")) || !bytes.Contains(held, []byte("o=- 5 2 ")) {
		t.Errorf("versions do not count:\n%s\n%s", first, held)
	}
}

func TestNothingInCommonIsSaidSo(t *testing.T) {
	for name, lines := range map[string][]string{
		"other codec":   {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 18"},
		"no audio":      {"c=IN IP4 192.0.2.1", "m=video 4000 RTP/AVP 96"},
		"encrypted":     {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/SAVP 0"},
		"refused":       {"c=IN IP4 192.0.2.1", "m=audio 0 RTP/AVP 0"},
		"no address":    {audioLine},
		"multicast":     {"c=IN IP4 224.2.1.1/127", audioLine},
		"only keys":     {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 101", "a=rtpmap:101 telephone-event/8000"},
		"another rate":  {"c=IN IP4 192.0.2.1", "m=audio 4000 RTP/AVP 96", "a=rtpmap:96 PCMU/16000"},
		"no media line": {"c=IN IP4 192.0.2.1"},
	} {
		s := session(4000)
		if _, _, err := s.Answer(body(lines...)); !errors.Is(err, sdp.ErrNothingInCommon) {
			t.Errorf("%s: answering says %v", name, err)
		}
		s.Offer()
		if _, err := s.Accept(body(lines...)); !errors.Is(err, sdp.ErrNothingInCommon) {
			t.Errorf("%s: accepting says %v", name, err)
		}
	}
}

func TestIPv6IsAnsweredInKind(t *testing.T) {
	s := sdp.NewSession(sdp.Local{Addr: netip.MustParseAddr("2001:db8::2"), Port: 4000, Codecs: []sdp.Codec{sdp.PCMU}})
	reply, agreed := answer(t, s, body("c=IN IP6 2001:db8::1", audioLine))
	if agreed.Remote != netip.MustParseAddrPort("[2001:db8::1]:4000") || !bytes.Contains(reply, []byte("c=IN IP6 2001:db8::2")) {
		t.Errorf("agreed %v with\n%s", agreed.Remote, reply)
	}
}
