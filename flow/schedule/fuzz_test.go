package schedule

import (
	"encoding/json"
	"testing"
	"time"
)

// Whatever hours say, they answer at once, and the next change is one.
func FuzzAt(f *testing.F) {
	text, err := json.Marshal(office)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text, int64(1_774_746_000))
	f.Add([]byte(`{"zone":"Australia/Lord_Howe","week":[[{"from":-5,"to":99999999}],null,[],[],[],[],[{"from":1439,"to":0}]]}`), int64(0))
	f.Add([]byte(`{"zone":"UTC","exceptions":[{"from":"2026-12-30","to":"2026-01-02","yearly":true},{"from":"x","to":"y"}]}`), int64(1<<33))
	f.Fuzz(func(t *testing.T, data []byte, unix int64) {
		var h Hours
		if json.Unmarshal(data, &h) != nil || unix < -1<<35 || unix > 1<<35 {
			return
		}
		h.Validate()
		now := h.At(time.Unix(unix, 0))
		if now.Until.IsZero() {
			return
		}
		if !now.Until.After(time.Unix(unix, 0)) || h.At(now.Until).Open == now.Open || h.At(now.Until.Add(-time.Second)).Open != now.Open {
			t.Errorf("%s at %d: %+v", data, unix, now)
		}
	})
}
