package dialplan

import (
	"errors"
	"testing"
)

func TestNumbersAreReadAsPeopleWriteThem(t *testing.T) {
	for text, want := range map[string]string{
		"+15550100":         "+15550100",
		"15550100":          "+15550100",
		"0015550100":        "+15550100",
		"+46 (8) 765-43.21": "+4687654321",
		"+123456":           "",
		"+1234567890123456": "",
		"+0123456789":       "",
		"+46x7654321":       "",
		"":                  "",
		"+":                 "",
		"٤٦٨٧٦٥٤٣":          "",
	} {
		got, err := ParseNumber(text)
		if got.String() != want || (err != nil) != (want == "") {
			t.Errorf("%q reads as %q, %v; want %q", text, got, err, want)
		}
		if err != nil && !errors.Is(err, ErrNumber) {
			t.Errorf("%q: %v is no ErrNumber", text, err)
		}
	}
}

func TestWhatIsDialledIsReadInOrder(t *testing.T) {
	for text, want := range map[string]Dialled{
		"*11":       {Feature: FeatureCode{"*11"}},
		"#9":        {Feature: FeatureCode{"#9"}},
		"007":       {Internal: InternalNumber{"007"}},
		"1234":      {Internal: InternalNumber{"1234"}},
		"15550100":  {Number: Number{"+15550100"}},
		"+15550100": {Number: Number{"+15550100"}},
	} {
		if got, err := ParseDialled(text); err != nil || got != want {
			t.Errorf("%q reads as %+v, %v; want %+v", text, got, err, want)
		}
	}
	for _, text := range []string{"", "12345", "123456", "*", "*12345", "alice", "+12"} {
		if got, err := ParseDialled(text); !errors.Is(err, ErrDialled) {
			t.Errorf("%q reads as %+v, %v; want ErrDialled", text, got, err)
		}
	}
}

func FuzzParseDialled(f *testing.F) {
	for _, seed := range []string{"+15550100", "0046 8 765", "*11", "42", "#", "+", "00", "+46-(8)"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		first, err := ParseDialled(text)
		if err != nil {
			return
		}
		again, err := ParseDialled(first.String())
		if err != nil || again != first {
			t.Errorf("%q reads as %+v, printed and read again as %+v, %v", text, first, again, err)
		}
	})
}
