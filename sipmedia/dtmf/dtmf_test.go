package dtmf_test

import (
	"errors"
	"testing"
	"time"

	"tandem/sipmedia/dtmf"
)

func TestKeysAndCodesBelongTogether(t *testing.T) {
	for code, symbol := range []byte("0123456789*#ABCD") {
		k, err := dtmf.ParseKey(symbol)
		if err != nil || k.Code() != uint8(code) || !k.Valid() || k.String() != string(rune(symbol)) {
			t.Errorf("%c: key %v, code %d, %v", symbol, k, k.Code(), err)
		}
		if back, ok := dtmf.KeyOf(uint8(code)); back != k || !ok {
			t.Errorf("code %d is %v", code, back)
		}
	}
	if k, err := dtmf.ParseKey('c'); k != 'C' || err != nil {
		t.Errorf("c is %v, %v", k, err)
	}
	for _, bad := range []byte("e E+ \x00\xff") {
		if _, err := dtmf.ParseKey(bad); !errors.Is(err, dtmf.ErrKey) {
			t.Errorf("%q: %v", bad, err)
		}
	}
	if _, ok := dtmf.KeyOf(16); ok {
		t.Error("flash is a key")
	}
	if none := dtmf.Key(0); none.Valid() || none.Code() != 255 || none.String() != "none" {
		t.Error("the zero key is a key")
	}
}

// sent is one packet on its way to a Receiver.
type sent struct {
	key      dtmf.Key
	end      bool
	duration uint16
	marker   bool
	ts       uint32
}

func TestEveryPressIsReportedOnce(t *testing.T) {
	for _, tc := range []struct {
		name    string
		packets []sent
		want    string // d: down, u: up
	}{
		{"plain", []sent{{'5', false, 160, true, 100}, {'5', false, 320, false, 100}, {'5', true, 480, false, 100}, {'5', true, 480, false, 100}, {'5', true, 480, false, 100}}, "5d5u"},
		{"all but one end lost", []sent{{'5', true, 480, false, 100}}, "5d"},
		{"start lost", []sent{{'5', false, 320, false, 100}, {'5', true, 480, false, 100}}, "5d5u"},
		{"ends lost, same key again", []sent{{'5', false, 160, true, 100}, {'5', false, 160, true, 2000}}, "5d5d"},
		{"ends and marker lost, same key again", []sent{{'5', false, 160, true, 100}, {'5', false, 320, false, 100}, {'5', false, 160, false, 2000}}, "5d5d"},
		{"ends lost, another key", []sent{{'5', false, 160, true, 100}, {'6', false, 160, false, 2000}}, "5d6d"},
		{"late packet after the end", []sent{{'5', false, 160, true, 100}, {'5', true, 480, false, 100}, {'5', false, 320, false, 100}}, "5d5u"},
		{"late packet of the key before", []sent{{'5', false, 160, true, 100}, {'6', false, 160, true, 2000}, {'5', true, 480, false, 100}, {'6', true, 480, false, 2000}}, "5d6d6u"},
		{"marker repeated", []sent{{'5', false, 160, true, 100}, {'5', false, 320, true, 100}}, "5d"},
		{"long key in two segments", []sent{{'5', false, 160, true, 100}, {'5', false, 65535, false, 100}, {'5', false, 160, false, 100 + 65535}, {'5', true, 320, false, 100 + 65535}}, "5d5u"},
		{"segment with its last packet lost", []sent{{'5', false, 160, true, 100}, {'5', false, 65120, false, 100}, {'5', true, 160, false, 100 + 65535}}, "5d5u"},
		{"timestamp that runs", []sent{{'5', false, 160, true, 100}, {'5', false, 320, false, 260}, {'5', false, 480, false, 420}, {'5', true, 640, false, 580}}, "5d5u"},
		{"over the wrap of the clock", []sent{{'5', true, 160, true, 0xffffff00}, {'6', true, 160, true, 0x10}}, "5d6d"},
		{"sender that begins anew", []sent{{'5', true, 160, true, 900000}, {'6', true, 160, true, 100}}, "5d6d"},
		{"two keys with one timestamp", []sent{{'5', false, 160, true, 100}, {'6', true, 160, false, 100}}, "5d"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			var r dtmf.Receiver
			got := ""
			for _, p := range tc.packets {
				k, edge := r.Packet(dtmf.Event{Code: p.key.Code(), End: p.end, Duration: p.duration}, p.marker, p.ts)
				got += map[dtmf.Edge]string{dtmf.Down: k.String() + "d", dtmf.Up: k.String() + "u"}[edge]
			}
			if got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
	var r dtmf.Receiver
	if _, edge := r.Packet(dtmf.Event{Code: 16}, true, 5); edge != dtmf.Same {
		t.Error("flash is a press")
	}
}

func TestWhatIsSentIsReceived(t *testing.T) {
	for _, duration := range []uint32{0, 1, 160, 400, 800, 65535, 65536, 70000, 200000} {
		var s dtmf.Sender
		var r dtmf.Receiver
		s.Start('#', duration, 0xfffffff0)
		downs, ups, ends, packets := 0, 0, 0, 0
		for p, ok := s.Next(160); ok; p, ok = s.Next(160) {
			if p.Marker != (packets == 0) {
				t.Errorf("%d: packet %d has marker %v", duration, packets, p.Marker)
			}
			packets++
			if p.Event.End {
				ends++
			}
			switch k, edge := r.Packet(p.Event, p.Marker, p.Timestamp); {
			case k != '#':
				t.Errorf("key %v", k)
			case edge == dtmf.Down:
				downs++
			case edge == dtmf.Up:
				ups++
			}
		}
		want := max(duration, 1)
		if downs != 1 || ends != 3 || r.Duration() != want || s.Busy() || (ups != 1) == (want > 160) {
			t.Errorf("%d: %d down, %d up, %d ends, lasted %d", duration, downs, ups, ends, r.Duration())
		}
	}
	var s dtmf.Sender
	s.Start('x', 100, 0)
	if _, ok := s.Next(160); ok || s.Busy() {
		t.Error("sent what is no key")
	}
}

func TestAKeyByTwoWaysCountsOnce(t *testing.T) {
	type report struct {
		key dtmf.Key
		way dtmf.Way
		ms  int
		new bool
	}
	for name, reports := range map[string][]report{
		"one way":           {{'1', dtmf.ByEvent, 0, true}, {'1', dtmf.ByEvent, 100, true}, {'2', dtmf.ByEvent, 200, true}},
		"twins":             {{'1', dtmf.ByEvent, 0, true}, {'1', dtmf.ByInfo, 90, false}},
		"info first":        {{'1', dtmf.ByInfo, 0, true}, {'1', dtmf.ByEvent, 90, false}},
		"quick double":      {{'1', dtmf.ByEvent, 0, true}, {'1', dtmf.ByEvent, 200, true}, {'1', dtmf.ByInfo, 210, false}, {'1', dtmf.ByInfo, 400, false}, {'1', dtmf.ByInfo, 600, true}},
		"different keys":    {{'1', dtmf.ByEvent, 0, true}, {'2', dtmf.ByInfo, 10, true}},
		"too late for twin": {{'1', dtmf.ByEvent, 0, true}, {'1', dtmf.ByInfo, 1500, true}},
	} {
		var w dtmf.Ways
		for i, r := range reports {
			if got := w.Count(r.key, r.way, time.Duration(r.ms)*time.Millisecond); got != r.new {
				t.Errorf("%s: report %d counts %v, want %v", name, i, got, r.new)
			}
		}
	}
}

func TestInfoBodiesAreUnderstood(t *testing.T) {
	for _, tc := range []struct {
		kind, body string
		want       dtmf.Info
	}{
		{"application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", dtmf.Info{Key: '5', Duration: 160 * time.Millisecond}},
		{"Application/DTMF-Relay; charset=utf-8", "signal = *\nduration = 100", dtmf.Info{Key: '*', Duration: 100 * time.Millisecond}},
		{"application/dtmf-relay", "Signal=11", dtmf.Info{Key: '#', Duration: 250 * time.Millisecond}},
		{"application/dtmf-relay", "Signal=a\r\nDuration=long\r\n", dtmf.Info{Key: 'A', Duration: 250 * time.Millisecond}},
		{"application/dtmf-relay", "Duration=2000000000\r\nSignal=0", dtmf.Info{Key: '0', Duration: time.Minute}},
		{"application/dtmf", " 7\r\n", dtmf.Info{Key: '7', Duration: 250 * time.Millisecond}},
		{"application/dtmf", "10", dtmf.Info{Key: '*', Duration: 250 * time.Millisecond}},
	} {
		if got, err := dtmf.ParseInfo(tc.kind, []byte(tc.body)); err != nil || got != tc.want {
			t.Errorf("%s %q: %v, %v, want %v", tc.kind, tc.body, got, err, tc.want)
		}
	}
	for _, tc := range [][2]string{
		{"application/dtmf-relay", ""}, {"application/dtmf-relay", "Signal="}, {"application/dtmf-relay", "Signal=16"},
		{"application/dtmf-relay", "Signal=05"}, {"application/dtmf", "flash"}, {"application/dtmf", "x"}, {"text/plain", "5"},
		{"application/dtmf", string(make([]byte, 300)) + "5"}, {"application/dtmf", "1 " + "2"},
	} {
		if got, err := dtmf.ParseInfo(tc[0], []byte(tc[1])); !errors.Is(err, dtmf.ErrInfo) {
			t.Errorf("%s %q: %v, %v", tc[0], tc[1], got, err)
		}
	}
}

func TestPacketsAllocateNothing(t *testing.T) {
	var s dtmf.Sender
	var r dtmf.Receiver
	var w dtmf.Ways
	payload := make([]byte, 0, dtmf.EventSize)
	if n := testing.AllocsPerRun(100, func() {
		s.Start('5', 800, 100)
		for p, ok := s.Next(160); ok; p, ok = s.Next(160) {
			e, _ := dtmf.ParseEvent(p.Event.Append(payload[:0]))
			k, _ := r.Packet(e, p.Marker, p.Timestamp)
			w.Count(k, dtmf.ByEvent, 0)
		}
	}); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

func FuzzEvent(f *testing.F) {
	f.Add([]byte{5, 0x0a, 0, 160}, true, uint32(100))
	f.Add([]byte{11, 0x8a, 3, 32}, false, uint32(0xffffffff))
	f.Add([]byte{16, 0x40, 0xff, 0xff, 9, 9}, false, uint32(0))
	f.Fuzz(func(t *testing.T, payload []byte, marker bool, ts uint32) {
		e, err := dtmf.ParseEvent(payload)
		if err != nil {
			if len(payload) >= dtmf.EventSize {
				t.Errorf("refused %x", payload)
			}
			return
		}
		if again, err := dtmf.ParseEvent(e.Append(nil)); err != nil || again != e {
			t.Errorf("%v came back as %v, %v", e, again, err)
		}
		var r dtmf.Receiver
		downs := 0
		for range 3 { // whatever it is, its repetitions are no new press
			if _, edge := r.Packet(e, marker, ts); edge == dtmf.Down {
				downs++
			}
		}
		if _, isKey := dtmf.KeyOf(e.Code); isKey != (downs == 1) || downs > 1 {
			t.Errorf("%v counted %d times", e, downs)
		}
	})
}

func FuzzInfo(f *testing.F) {
	f.Add("application/dtmf-relay", []byte("Signal=5\r\nDuration=160\r\n"))
	f.Add("application/dtmf-relay", []byte("duration=\r\n=\r\nsignal=11"))
	f.Add("application/dtmf", []byte("*"))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		info, err := dtmf.ParseInfo(kind, body)
		if err != nil {
			if !errors.Is(err, dtmf.ErrInfo) {
				t.Errorf("error %v", err)
			}
			return
		}
		if again, err := dtmf.ParseInfo(dtmf.RelayType, []byte(info.Relay())); err != nil || again != info {
			t.Errorf("%v came back as %v, %v", info, again, err)
		}
		if again, err := dtmf.ParseInfo(dtmf.PlainType, []byte(info.Plain())); err != nil || again.Key != info.Key {
			t.Errorf("%v came back as %v, %v", info, again, err)
		}
	})
}
