package flow

import (
	"encoding/json"
	"testing"
)

// What a module does whose settings are left as they come is what the tables of
// the product sheet name as default.
func TestWhatIsLeftOpenIsWhatTheTablesSay(t *testing.T) {
	for claim, c := range map[string]struct {
		got  any
		want string
	}{
		"voice-menu": {VoiceMenu{}.WithDefaults(), `{"audio":"","timeout":5,"playbacks":3,"inter_digit":2}`},
		"a bar":      {RingDestination{ContactMethod: "a"}.WithDefaults(), `{"contact_method":"a","length":20}`},
		"queue": {Queue{Members: []QueueMember{{ContactMethod: "a"}}}.WithDefaults(),
			`{"strategy":"ring-all","timeout":300,"members":[{"contact_method":"a","ring":20,"level":1}],"rest":5,"every":60}`},
		"audio-playback": {AudioPlayback{}.WithDefaults(), `{"audio":"","times":1}`},
		"blocklist":      {Blocklist{}.WithDefaults(), `{"decline_code":603}`},
		"conference":     {Conference{}.WithDefaults(), `{"max":50}`},
		"http-request":   {HTTPRequest{}.WithDefaults(), `{"method":"GET","url":"","timeout":5}`},
		"callback":       {Callback{}.WithDefaults(), `{"window":120,"tries":3}`},
		"notification":   {Notification{Subject: "s", Body: "b"}.WithDefaults(), `{"subject":"s","body":"b","every":60}`},
	} {
		got, err := json.Marshal(c.got)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %s (%v), want %s", claim, got, err, c.want)
		}
	}
}
