package ui

// example is the body of a write as a script sends it.
type example map[string]any

// examples are bodies that work. A test sends each of them to a panel.
var examples = map[string]example{
	"POST /api/trunks":            {"name": "Example Telecom", "networks": []string{"203.0.113.0/24"}, "codecs": []string{"PCMA", "PCMU"}, "calls_at_once": 30},
	"POST /api/numbers":           {"e164": "+46812345678", "label": "Main line"},
	"POST /api/numbers/{id}/move": {"from": "none", "to": ""},
	"POST /api/users":             {"first_name": "Anna", "last_name": "Lindqvist", "email": "anna@example.org", "department": "Support"},
	"POST /api/users/import":      {"csv": "first_name,last_name,email\nBo,Ek,bo@example.org\n"},
	"POST /api/contact-methods":   {"kind": "sip-account", "name": "Reception", "internal_number": "201", "ring": "25s"},
	"POST /api/schedules":         {"name": "Front desk hours", "zone": "Europe/Stockholm"},
	"POST /api/lists":             {"name": "Unwanted callers"},
	"POST /api/flows":             {"name": "Main line", "template": "main-line"},
	"POST /api/tokens":            {"name": "Wallboard", "role": "read-only", "days": 90},
	"POST /api/logins":            {"email": "editor@example.org", "role": "flow-editor", "no_publish": true},
	"PUT /api/settings/general":   {"name": "Office", "zone": "Europe/Stockholm", "over_limit": 486, "dialling": "e164", "longest_call": 240, "strict_ring_groups": false, "history_days": 400},
}
