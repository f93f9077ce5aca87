package ui

import (
	"fmt"
	"math"
	"net/http/httptest"
	"testing"
	"time"

	"tandem/ui/browsertest"
)

// atTheHandset opens a page that has the parts of the handset at hand.
func atTheHandset(t *testing.T) *browsertest.Tab {
	t.Helper()
	server := httptest.NewServer(newWorld(t).panel)
	t.Cleanup(func() { server.CloseClientConnections(); server.Close() })
	files, err := loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	tab := browsertest.Open(t, time.Minute)
	tab.Show(server.URL + "/sign-in")
	browsertest.Eval[bool](tab, `import("`+files.byFile["handset.js"]+`").then((h) => { globalThis.h = h; return true })`)
	return tab
}

// gains is what a tone of so many Hz, at one rate, is at the other: how loud at
// each of some frequencies, in decibels of what went in.
const gains = `(from, to, tone, at) => {
	const r = new h.Resampler(from, to), out = [];
	for (let i = 0; i < from; i++) { r.write(Math.sin(2 * Math.PI * tone * i / from)); for (let y = r.read(); y === y; y = r.read()) out.push(y); }
	const part = out.slice(to / 4, to * 3 / 4);
	return at.map((f) => { let re = 0, im = 0; part.forEach((y, i) => { re += y * Math.cos(2 * Math.PI * f * i / to); im += y * Math.sin(2 * Math.PI * f * i / to); });
		return 20 * Math.log10(Math.max(1e-9, 2 * Math.hypot(re, im) / part.length)); });
}`

func TestTheHandsetPassesSpeechAndNothingFoldsBackIntoIt(t *testing.T) {
	tab := atTheHandset(t)
	gain := func(from, to int, tone, at float64) float64 {
		return browsertest.Eval[[]float64](tab, fmt.Sprintf(`(%s)(%d, %d, %v, [%v])`, gains, from, to, tone, at))[0]
	}
	for _, machine := range []int{16000, 44100, 48000, 96000} {
		for _, tone := range []float64{300, 1000, 3400} {
			for name, db := range map[string]float64{"out": gain(machine, 8000, tone, tone), "in": gain(8000, machine, tone, tone)} {
				if math.Abs(db) > 0.5 {
					t.Errorf("%d Hz: %v Hz on its way %s is changed by %.2f dB", machine, tone, name, db)
				}
			}
			if db := gain(8000, machine, tone, 8000-tone); db > -55 {
				t.Errorf("%d Hz: %v Hz is heard at %v Hz as well, with %.1f dB", machine, tone, 8000-tone, db)
			}
		}
		for _, tone := range []float64{4600, 5200, 7000} {
			if db := gain(machine, 8000, tone, math.Abs(8000-tone)); db > -55 {
				t.Errorf("%d Hz: %v Hz folds back with %.1f dB", machine, tone, db)
			}
		}
	}
}

func TestTheHandsetSpeaksMuLaw(t *testing.T) {
	tab := atTheHandset(t)
	// G.711 table 2: the ends of the scale, and the two zeros.
	for b, want := range map[int]int{0xff: 0, 0x7f: 0, 0x80: 32124, 0x00: -32124, 0xf0: 120, 0x8f: 16764} {
		if got := browsertest.Eval[float64](tab, fmt.Sprintf(`h.decode(%d) * 32768 + 0`, b)); int(math.Round(got)) != want {
			t.Errorf("%#x is read as %v, want %d", b, got, want)
		}
	}
	if wrong := browsertest.Eval[[]int](tab, `[...Array(256).keys()].filter((b) => h.encode(h.decode(b)) !== (b === 0x7f ? 0xff : b))`); len(wrong) > 0 {
		t.Errorf("not written as they were read: %x", wrong)
	}
	for text, want := range map[string]int{"5": 0x80, "-5": 0x00, "0": 0xff} {
		if got := browsertest.Eval[int](tab, "h.encode("+text+")"); got != want {
			t.Errorf("%s is written as %#x, want %#x", text, got, want)
		}
	}
}

// played lets frames come at given moments, in ms, and plays for a while: how
// many samples of silence there were after the first sound, the target at the
// end, and the longest wait, both in ms.
const played = `(arrivals, length) => {
	const p = new h.PlayOut(), frame = new Uint8Array(160).fill(0x80);
	let silent = 0, begun = false, longest = 0, next = 0;
	for (let i = 0; i < length * 8; i++) {
		while (next < arrivals.length && arrivals[next] * 8 <= i) { p.put(frame); next++; }
		longest = Math.max(longest, p.waits);
		const x = p.take();
		if (x > 0.9) begun = true; else if (begun) silent++;
	}
	return [silent / 8, p.target / 8, longest / 8, p.waits / 8];
}`

func TestWhatComesLateIsPlayedInTimeAndWhatPilesUpIsLetGo(t *testing.T) {
	tab := atTheHandset(t)
	play := func(arrivals string, length int) (silent, target, longest, waits float64) {
		got := browsertest.Eval[[]float64](tab, fmt.Sprintf(`(%s)(%s, %d)`, played, arrivals, length))
		return got[0], got[1], got[2], got[3]
	}
	steady := `Array.from({length: 500}, (_, i) => i * 20)`
	if silent, target, longest, _ := play(steady, 9900); silent > 0 || target != 60 || longest > 100 {
		t.Errorf("steady: %v ms of silence, target %v ms, longest wait %v ms", silent, target, longest)
	}
	jittery := `Array.from({length: 500}, (_, i) => i * 20 + 35 * (i * 7919 % 100) / 100).sort((a, b) => a - b)`
	if silent, target, _, _ := play(jittery, 9900); silent > 0 || target != 60 {
		t.Errorf("35 ms of jitter: %v ms of silence, target %v ms", silent, target)
	}
	held := `Array.from({length: 500}, (_, i) => i > 100 && i < 106 ? 2120 : i * 20)` // 100 ms held up, once
	if silent, target, longest, _ := play(held, 9900); silent < 20 || silent > 150 || target != 80 || longest > 200 {
		t.Errorf("held up: %v ms of silence, target %v ms, longest wait %v ms", silent, target, longest)
	}
	burst := `Array.from({length: 500}, (_, i) => i < 200 ? 4000 : i * 20)`
	if _, _, longest, _ := play(burst, 9900); longest > 180 {
		t.Errorf("after a burst audio waits %v ms", longest)
	}
	pause := `Array.from({length: 300}, (_, i) => i * 20 + (i > 100 ? 2000 : 0))`
	if _, target, _, _ := play(pause, 7000); target != 60 {
		t.Errorf("a pause counts as being late: target %v ms", target)
	}
	fast := `Array.from({length: 6000}, (_, i) => i * 19.96)` // a clock that is 0.2 % fast
	if silent, _, longest, waits := play(fast, 119_000); silent > 0 || longest > 170 || waits > 140 {
		t.Errorf("a fast clock: %v ms of silence, longest wait %v ms, %v at the end", silent, longest, waits)
	}
	late := `Array.from({length: 3000}, (_, i) => i > 100 && i < 106 ? 2120 : i * 20)`
	if _, target, _, _ := play(late, 59_000); target != 60 {
		t.Errorf("a minute after a gap the target is still %v ms", target)
	}
}
