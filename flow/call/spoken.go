package call

import "fmt"

// Ids of the audio by which the engine tells waiting callers where they stand.
const (
	AudioYouAreNumber    = "system-you-are-number"
	AudioInTheQueue      = "system-in-the-queue"
	AudioExpectedWait    = "system-expected-wait" // "the expected wait is about"
	AudioMinute          = "system-minute"
	AudioMinutes         = "system-minutes"
	AudioLessThanAMinute = "system-less-than-a-minute"
	AudioHundred         = "system-hundred"
	AudioThousand        = "system-thousand"
)

// SpokenNumbers are the numbers that have audio of their own. Zero is a digit of
// numbers that are told digit by digit.
var SpokenNumbers = []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 30, 40, 50, 60, 70, 80, 90}

// AudioNumber is the audio of one of SpokenNumbers.
func AudioNumber(n int) string { return fmt.Sprintf("%snumber-%d", AudioSystem, n) }

// Spoken is the audio of a number from 1 to 999,999, one piece after the other.
func Spoken(n int) []string {
	switch {
	case n <= 0:
		return nil
	case n >= 1000:
		return append(append(Spoken(n/1000), AudioThousand), Spoken(n%1000)...)
	case n >= 100:
		return append(append(Spoken(n/100), AudioHundred), Spoken(n%100)...)
	case n > 20:
		return append([]string{AudioNumber(n / 10 * 10)}, Spoken(n%10)...)
	}
	return []string{AudioNumber(n)}
}
