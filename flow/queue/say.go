package queue

import (
	"time"

	"tandem/flow/call"
)

// Say is the audio that tells a waiting caller the position or, where it is
// known, the expected wait in minutes.
func (s Standing) Say(wait bool) []string {
	switch minutes := int((s.Expected.Std() + time.Minute - 1) / time.Minute); {
	case s.Position == 0:
		return nil
	case !wait || s.Expected <= 0:
		return append(append([]string{call.AudioYouAreNumber}, call.Spoken(s.Position)...), call.AudioInTheQueue)
	case s.Expected.Std() < time.Minute:
		return []string{call.AudioExpectedWait, call.AudioLessThanAMinute}
	case minutes == 1:
		return append(append([]string{call.AudioExpectedWait}, call.Spoken(1)...), call.AudioMinute)
	default:
		return append(append([]string{call.AudioExpectedWait}, call.Spoken(minutes)...), call.AudioMinutes)
	}
}
