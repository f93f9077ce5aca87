package pages

import "time"

// MailView is the settings of outgoing mail.
type MailView struct {
	Frame
	Tabs        []Tab
	Problem     string
	Fields      []Field
	Set         bool // a server is stored
	To          Field
	TestProblem string
	Tried       *MailTried // nil: nobody has tried yet
}

// MailTried is the outcome of the last test mail.
type MailTried struct {
	At         time.Time
	To, Server string
	Took       time.Duration
	Failed     string // the part that failed; empty: it was taken
	Text       string
}
