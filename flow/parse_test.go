package flow

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestWhatIsNoFlowIsRefused(t *testing.T) {
	module := func(fields string) string {
		return `{"modules":[{"id":"a","kind":"hangup",` + fields + `"settings":{}}]}`
	}
	for name, tt := range map[string]struct{ text, says string }{
		"empty":               {``, "EOF"},
		"cut short":           {`{"modules":[`, "unexpected EOF"},
		"unknown kind":        {`{"modules":[{"id":"a","kind":"fax-machine","settings":{}}]}`, `there is no kind "fax-machine"`},
		"unknown field":       {`{"modules":[{"id":"a","kind":"hangup","settings":{"casue":"busy"}}]}`, `unknown field "casue"`},
		"unknown top":         {`{"modulez":[]}`, `unknown field "modulez"`},
		"field in capitals":   {`{"Modules":[]}`, `no field "Modules"`},
		"field twice":         {`{"name":"a","name":"b"}`, `field "name" stands twice`},
		"field twice, deep":   {`{"modules":[{"id":"a","kind":"hangup","settings":{"cause":"busy","cause":"normal"}}]}`, `field "cause" stands twice`},
		"two values":          {`{} {}`, "something follows"},
		"wrong type":          {`{"modules":[{"id":"a","kind":"voice-menu","settings":{"entries":"1"}}]}`, "settings"},
		"kind missing":        {`{"modules":[{"id":"a"}]}`, "there is no kind"},
		"null for a module":   {`{"modules":[null]}`, "there is no kind"},
		"too large":           {`{"name":"` + strings.Repeat("x", MaxFlowBytes) + `"}`, "bytes"},
		"deep lists":          {strings.Repeat("[", 1_000_000), "nest"},
		"deep objects":        {strings.Repeat(`{"a":`, 500_000), "nest"},
		"long list":           {`{"cables":[` + strings.Repeat(`{},`, 1_000_000) + `{}]}`, "longer than"},
		"too many modules":    {`{"modules":[` + strings.Repeat(`{"id":"a","kind":"hangup"},`, MaxModules) + `{"id":"a","kind":"hangup"}]}`, "2001 modules"},
		"too many notes":      {`{"notes":[` + strings.Repeat(`{"id":"a"},`, MaxNotes) + `{"id":"a"}]}`, "501 notes"},
		"too many tabs":       {`{"tabs":[` + strings.Repeat(`{"id":"a"},`, MaxTabs) + `{"id":"a"}]}`, "21 tabs"},
		"number of digits":    {`{"modules":[{"id":"a","kind":"hangup","x":` + strings.Repeat("9", 100_000) + `}]}`, "is no number"},
		"endless kind":        {`{"modules":[{"id":"a","kind":"` + strings.Repeat("k", 5000) + `"}]}`, "there is no kind"},
		"endless field":       {`{"` + strings.Repeat("k", 1_000_000) + `":1}`, "there is no field"},
		"endless text":        {`{"modules":[{"id":"a","kind":"voice-menu","settings":{"audio":"` + strings.Repeat("ö", 1_000_000) + `"}}]}`, "longer than"},
		"far away":            {module(`"x":1000001,`), "outside the canvas"},
		"not UTF-8":           {"{\"name\":\"\xff\"}", "UTF-8"},
		"control character":   {`{"name":"a\u0000"}`, "control character U+0000"},
		"line in a name":      {module(`"name":"a\nb",`), "control character"},
		"escape in a setting": {`{"modules":[{"id":"a","kind":"audio-playback","settings":{"audio":"\u001b"}}]}`, "control character"},
		"long name":           {module(`"name":"` + strings.Repeat("ö", 61) + `",`), "more than 60"},
		"long note":           {module(`"note":"` + strings.Repeat("x", 2001) + `",`), "more than 2000"},
		"module without id":   {`{"modules":[{"id":"","kind":"hangup"}]}`, "cannot be the id"},
		"id is a path":        {`{"modules":[{"id":"../../etc","kind":"hangup"}]}`, "cannot be the id"},
		"id is dots":          {`{"id":".."}`, "cannot be the id"},
		"id with markup":      {`{"id":"<script>"}`, "cannot be the id"},
		"long id":             {`{"id":"` + strings.Repeat("a", 65) + `"}`, "cannot be the id"},
		"cable from a path":   {`{"cables":[{"from":"a/b","exit":"next","to":"a"}]}`, "cannot be the id"},
		"cable without exit":  {`{"cables":[{"from":"a","exit":"","to":"a"}]}`, "cannot be an exit"},
	} {
		_, err := Parse([]byte(tt.text))
		if !errors.Is(err, ErrFormat) || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: got %.200v, want ErrFormat that says %q", name, err, tt.says)
		}
		if err != nil && len(err.Error()) > 300 {
			t.Errorf("%s: the error has %d bytes", name, len(err.Error()))
		}
	}
}

func TestScriptInANameStaysText(t *testing.T) {
	f, err := Parse([]byte(`{"name":"<script>alert(1)</script>","modules":[{"id":"a","kind":"hangup","name":"\u003cimg src=x onerror=alert(1)\u003e","note":"two\nlines","settings":{}}]}`))
	if err != nil || f.Name != "<script>alert(1)</script>" || f.Modules[0].Name != "<img src=x onerror=alert(1)>" {
		t.Errorf("got %+v, %v", f, err)
	}
}

func TestIdsOfOthersMayBeKeys(t *testing.T) {
	f, err := Parse([]byte(`{"tests":[{"id":"a","name":"A","scenario":{"entry":"in","phones":{"Account-101":{"does":"busy"},"account-101":{"does":"busy"}},
		"queues":{"Desk-1":{"waiting":2,"away":{"Account-101":"paused"}}}}}]}`))
	if err != nil || len(f.Tests[0].Scenario.Phones) != 2 || f.Tests[0].Scenario.Queues["Desk-1"].Away["Account-101"] != "paused" {
		t.Errorf("got %+v, %v", f, err)
	}
}

// A hostile file costs no more than reading it.
func TestAHostileFileIsRefusedAtOnce(t *testing.T) {
	for name, text := range map[string]string{
		"10 MB of brackets": strings.Repeat("[", 10<<20),
		"4 MB of brackets":  strings.Repeat("[", MaxFlowBytes),
		"4 MB of objects":   `{"cables":[` + strings.Repeat(`{},`, MaxFlowBytes/3-10) + `{}]}`,
		"a file of notes":   `{"notes":[` + strings.Repeat(`{"id":"a","text":"`+strings.Repeat("x", 390)+`"},`, 9_999) + `{"id":"a"}]}`,
		"keys":              `{"tests":[{"scenario":{"phones":{` + manyKeys(200_000) + `}}}]}`,
	} {
		from := time.Now()
		if _, err := Parse([]byte(text)); !errors.Is(err, ErrFormat) {
			t.Errorf("%s: got %v, want ErrFormat", name, err)
		}
		if took := time.Since(from); took > 5*time.Second {
			t.Errorf("%s: refused after %v", name, took)
		}
	}
}

func manyKeys(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, `"%d":{},`, i)
	}
	return b.String() + `"x":{}`
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(mainLine))
	f.Add([]byte(`{"modules":[{"id":"a","kind":"hangup","name":"x","settings":{"cause":"busy"}}]}`))
	f.Add([]byte(`{"modules":[{"id":"a","kind":"voice-menu","settings":null}],"cables":[{"from":"a","exit":"key:1","to":"a"}]}`))
	f.Add([]byte(`{"tabs":[{"id":"a","name":"Day"}],"frames":[{"id":"a","tab":"a","text":"x","x":1,"y":-1,"w":9,"h":9}],"notes":[{"id":"n","text":"a\nb"}],
		"tests":[{"id":"t","name":"T","scenario":{"entry":"in","at":"2026-11-22T12:00:00Z","keys":[{"digits":"1","after":"1s"}],"phones":{"a":{"does":"busy"}}},"want":[{"module":"in","exit":"next"}],"cause":"busy"}]}`))
	f.Add([]byte(`{"name":"a","Name":"b","modules":[{"id":"..","kind":"hangup"}]}`))
	f.Add([]byte(`[[[[[[[[[[[[[[[[[[[[[`))
	f.Fuzz(func(t *testing.T, data []byte) {
		first, err := Parse(data)
		if err != nil {
			if !errors.Is(err, ErrFormat) {
				t.Fatalf("refused with %v", err)
			}
			return
		}
		Validate(first, nil) // must not panic
		text, err := json.Marshal(first)
		if err != nil {
			t.Fatalf("parsed but does not print: %v", err)
		}
		second, err := Parse(text)
		if err != nil {
			t.Fatalf("printed but does not parse: %v", err)
		}
		if again, _ := json.Marshal(second); string(again) != string(text) {
			t.Errorf("printed %s, then %s", text, again)
		}
		if !Equal(first, second) {
			t.Errorf("differ: %+v", Diff(first, second))
		}
	})
}

func BenchmarkParse(b *testing.B) {
	for _, n := range []int{10, 300} {
		text := printed(chain(n))
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Parse(text); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run(fmt.Sprint("scan ", n), func(b *testing.B) {
			for b.Loop() {
				_ = scan(text)
			}
		})
	}
}
