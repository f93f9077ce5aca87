package pages

import "time"

// AccountView is a person's own login.
type AccountView struct {
	Frame
	Email    string
	RoleName string
	TOTP     bool
	Strict   bool // a second factor is required of everybody
	Sessions []SessionRow
	Problem  string
	Wrong    string            // the form that was refused, by its address
	Fields   map[string]string // notes at its fields
}

// wrong is the note at a field of one form of the page.
func (v AccountView) wrong(form, field string) string {
	if v.Wrong != form {
		return ""
	}
	return v.Fields[field]
}

// problem is what is wrong with one form as a whole, where no field says it.
func (v AccountView) problem(form string) string {
	if v.Wrong != form || len(v.Fields) > 0 {
		return ""
	}
	return v.Problem
}

// SessionRow is one browser that is signed in.
type SessionRow struct {
	ID          string
	Began, Ends time.Time
	This        bool
}

// TOTPView shows a new second factor once.
type TOTPView struct {
	Frame
	Address, Secret string
	QR              string // SVG path of the code
	Size            int
	Problem         string
}

// CodesView shows recovery codes once.
type CodesView struct {
	Frame
	Codes []string
}
