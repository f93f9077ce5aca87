package pages

import "time"

// Tab is one of several pages that belong together.
type Tab struct {
	Label, Link string
	Here        bool
}

// LoginsView is the list of logins.
type LoginsView struct {
	Frame
	List     List
	Rows     []LoginRow
	Roles    []Option
	Narrowed bool
}

// LoginRow is one login.
type LoginRow struct {
	Link  string
	Email string
	Role  string
	Scope string
	TOTP  bool
	State Badge
	Seen  time.Time
	You   bool
}

// LoginView is the form of one login.
type LoginView struct {
	Frame
	New                   bool
	Email                 string
	Action                string
	Problem               string
	EmailField, RoleField Field
	FlowsField, NoPublish Field
	State                 Badge
	TOTP, Invited, Locked bool
	Mine                  bool // of who looks at it
	Fixed                 bool // not to be changed by who looks at it
}

// InvitedView shows an invitation once.
type InvitedView struct {
	Frame
	Email, Link string
}

// TokensView is the keys to the API, with the form of a new one.
type TokensView struct {
	Frame
	Tabs                    []Tab
	List                    List
	Rows                    []TokenRow
	Name, Role, Flows, Days Field
	Problem                 string
	Secret, SecretName      string // of the one just made
}

// TokenRow is one token.
type TokenRow struct {
	ID, Name, Role, Scope, By string
	Made, Expires, Used       time.Time
	Over                      bool // it has expired
}

// AuditView is one page of the audit log.
type AuditView struct {
	Frame
	Text, Login, From, To string
	Total                 int
	Rows                  []AuditRow
	Newest, Older, CSV    string
}

func (v AuditView) filtered() bool { return v.Text+v.Login+v.From+v.To != "" }

// AuditRow is one thing that somebody changed.
type AuditRow struct {
	At              time.Time
	Login, Remote   string
	Action, Subject string
	Before, After   string // JSON
}

// SettingsView is one page of settings.
type SettingsView struct {
	Frame
	Tabs    []Tab
	Problem string
	Groups  []FieldGroup
}

// FieldGroup is fields under one heading.
type FieldGroup struct {
	Title, Hint string
	Fields      []Field
}

// FeatureCodesView is the codes that are keyed in a call or dialled when idle.
type FeatureCodesView struct {
	Frame
	Tabs    []Tab
	Problem string
	Rows    []FeatureCodeRow
}

// FeatureCodeRow is one code.
type FeatureCodeRow struct {
	ID, IDField string
	Title       string
	Where       string
	Later       bool // nobody reads it yet
	Code        Field
	On          Field
}
