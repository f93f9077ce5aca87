package workflows

import "testing"

// A call was answered by who talked with the caller, and where nobody did by the
// module that sent the 200.
func TestAnsweredByNamesWhoTalkedOrElseTheModule(t *testing.T) {
	for file, want := range map[string]string{
		"menu_no_input":             "Main menu",
		"playback_answers":          "News",
		"queue_caller_gone":         "Sales",
		"conference_left":           "Monday meeting",
		"menu_key_answered":         "Desk 101", // not the menu before
		"queue_answered":            "Desk 101",
		"ring_no_answer":            "Main menu",
		"hangup_busy":               "",
		"playback_early_media":      "",
		"ring_caller_cancels":       "",
		"caller_route_hangs_up":     "",
		"block_declined":            "",
		"start_over_limit":          "",
		"conference_wrong_pin":      "Monday meeting",
		"direct_contact_method":     "",
		"menu_direct_dial_own_flow": "Main menu",
	} {
		_, s := load(t, "testdata/"+file+".txtar")
		s.run()
		if got := s.saved.AnsweredBy; got != want {
			t.Errorf("%s is answered by %q, want %q", file, got, want)
		}
	}
}
