package directory

// FlowName is a flow in a list to choose from.
type FlowName struct {
	ID        string
	Name      string
	Published int // version in force; 0: none
}

// Names gives the words for what flows name by id.
type Names struct {
	ContactMethods map[string]string
	Emails         map[string]string // the contact methods that are addresses
	Audio          map[string]string
	Schedules      map[string]string
	Lists          map[string]string
}
