package flow

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
)

func TestWhatIsWrongWithAQueueIsSaidAtItsField(t *testing.T) {
	one := `"members":[{"contact_method":"101"}]`
	for settings, want := range map[string]string{
		`{}`:                                  "queue-empty members",
		`{"members":[{"contact_method":""}]}`: "setting-missing members.0.contact_method",
		`{"members":[{"contact_method":"101"},{"contact_method":"101"}]}`:             "setting-range members.1.contact_method",
		`{"members":[{"contact_method":"101","ring":4}]}`:                             "setting-range members.0.ring",
		`{"members":[{"contact_method":"101","level":10}]}`:                           "setting-range members.0.level",
		`{` + one + `,"strategy":"loudest"}`:                                          "setting-range strategy",
		`{` + one + `,"timeout":4}`:                                                   "setting-range timeout",
		`{` + one + `,"timeout":901}`:                                                 "setting-range timeout",
		`{` + one + `,"rest":301}`:                                                    "setting-range rest",
		`{` + one + `,"wrap_up":601}`:                                                 "setting-range wrap_up",
		`{` + one + `,"announce":"gossip"}`:                                           "setting-range announce",
		`{` + one + `,"every":14}`:                                                    "setting-range every",
		`{` + one + `,"announce":"comfort"}`:                                          "no-audio comfort",
		`{` + one + `,"max_waiting":1001}`:                                            "setting-range max_waiting",
		`{` + one + `,"escape_key":"12"}`:                                             "setting-range escape_key",
		`{` + one + `,"keep_place":11}`:                                               "setting-range keep_place",
		`{` + one + `,"confirm":"maybe"}`:                                             "setting-range confirm",
		`{` + one + `,"caller_name_rules":[{"match":"shout","result":"x"}]}`:          "setting-range caller_name_rules.0.match",
		`{` + one + `,"rest":0,"timeout":5,"every":15,"escape_key":"#"}`:              "",
		`{` + one + `,"announce":"comfort","comfort":"patience","strategy":"random"}`: "",
	} {
		var q Queue
		if err := json.Unmarshal([]byte(settings), &q); err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, p := range q.Validate() {
			got = append(got, p.ID+" "+p.Field)
		}
		if strings.Join(got, ", ") != want {
			t.Errorf("%s: %q, want %q", settings, got, want)
		}
	}
}

func TestAQueueNamesItsMembersAndAudio(t *testing.T) {
	q := Queue{HoldMusic: "jazz", Ringback: "bell", Announce: "comfort", Comfort: "patience", Members: []QueueMember{{ContactMethod: "101"}}}
	want := []Ref{{RefAudio, "jazz", "hold_music"}, {RefAudio, "bell", "ringback"}, {RefAudio, "patience", "comfort"}, {RefContactMethod, "101", "members.0.contact_method"}}
	if got := q.Refs(); !slices.Equal(got, want) {
		t.Errorf("names %v, want %v", got, want)
	}
}

func TestAnyNumberOfMembersTakeCallsOfAQueue(t *testing.T) {
	var q Queue
	for i := range 300 {
		q.Members = append(q.Members, QueueMember{ContactMethod: fmt.Sprint(i)})
	}
	if got := q.Validate(); len(got) > 0 {
		t.Errorf("300 members: %+v", got)
	}
}
