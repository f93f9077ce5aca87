package flow

import (
	"fmt"
	"strconv"
	"strings"
)

// Clock is a time of day in minutes since midnight. It is written "09:00", and
// may be 24:00.
type Clock int

const endOfDay Clock = 24 * 60

// String is "09:00".
func (c Clock) String() string { return fmt.Sprintf("%02d:%02d", int(c)/60, int(c)%60) }

// MarshalText writes what String says.
func (c Clock) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// UnmarshalText reads "09:00", "9:00", "0900" or "9".
func (c *Clock) UnmarshalText(text []byte) error {
	hours, minutes, colon := strings.Cut(strings.ReplaceAll(string(text), ".", ":"), ":")
	switch {
	case !colon && len(hours) == 4:
		hours, minutes = hours[:2], hours[2:]
	case !colon:
		minutes = "00"
	}
	h, errHours := strconv.Atoi(hours)
	m, errMinutes := strconv.Atoi(minutes)
	if errHours != nil || errMinutes != nil || len(hours) > 2 || len(minutes) != 2 || !between(h, 0, 24) || !between(m, 0, 59) {
		return fmt.Errorf("%q is no time of day: write 09:00", cut(string(text)))
	}
	*c = Clock(h*60 + m)
	return nil
}
