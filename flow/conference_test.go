package flow

import (
	"slices"
	"testing"
)

func TestAConferenceIsCheckedWhole(t *testing.T) {
	for name, tc := range map[string]struct {
		set  Conference
		want []string // problem and field
	}{
		"nothing set":            {Conference{}, nil},
		"everything set":         {Conference{PIN: "12", HostPIN: "1200", WaitForHost: true, Max: 200, MusicAlone: "jazz"}, nil},
		"a PIN too long":         {Conference{PIN: "12345"}, []string{"setting-range pin"}},
		"a PIN of letters":       {Conference{PIN: "12a"}, []string{"setting-range pin"}},
		"a PIN with the end key": {Conference{HostPIN: "12#"}, []string{"setting-range host_pin"}},
		"both PINs alike":        {Conference{PIN: "12", HostPIN: "12"}, []string{"setting-range host_pin"}},
		"waits for nobody":       {Conference{PIN: "12", WaitForHost: true}, []string{"setting-missing host_pin"}},
		"for one":                {Conference{Max: 1}, []string{"setting-range max"}},
		"for too many":           {Conference{Max: 201}, []string{"setting-range max"}},
	} {
		var got []string
		for _, p := range tc.set.Validate() {
			got = append(got, p.ID+" "+p.Field)
		}
		if !slices.Equal(got, tc.want) {
			t.Errorf("%s: got %q, want %q", name, got, tc.want)
		}
	}
}
