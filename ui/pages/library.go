package pages

// MonthView is one month of a schedule.
type MonthView struct {
	Title         string
	Before, After string // addresses of the months beside it
	Weeks         [][]Day
}

// Day is one day of a month.
type Day struct {
	Number                        int
	Open, Special, Outside, Today bool
	Title                         string // its hours, and the exception they come from
}

func (d Day) class() string {
	out := "closed"
	if d.Open {
		out = "open"
	}
	for name, on := range map[string]bool{" special": d.Special, " outside": d.Outside, " today": d.Today} {
		if on {
			out += name
		}
	}
	return out
}
