package ui

import (
	"context"
	"encoding/json"
	"net/http"

	"tandem/flow/directory"
)

// audit records that somebody changed something. The change stands already, so
// a fault here is logged for a person to look at and the request goes on.
func (p *Panel) audit(r *http.Request, action, subject string, before, after any) {
	p.auditAs(r, whoOf(r), action, subject, before, after)
}

// auditAs is audit for who has not signed in yet.
func (p *Panel) auditAs(r *http.Request, who, action, subject string, before, after any) {
	e := directory.AuditEntry{Login: who, Remote: remoteOf(r), Action: action, Subject: subject,
		Before: evidence(before), After: evidence(after)}
	// The viewer may have gone: what was done is recorded all the same.
	if err := p.cfg.Store.Audit(context.WithoutCancel(r.Context()), e); err != nil {
		p.log.Error("audit log cannot be written", "action", action, "subject", subject, "err", err)
	}
}

// whoOf names who a request comes from, as the audit log prints it.
func whoOf(r *http.Request) string {
	if who := loginOf(r); who != nil {
		return who.Email
	}
	return "nobody"
}

// secretNames are JSON fields whose value the audit log never holds.
var secretNames = map[string]bool{"password": true, "token": true, "secret": true, "recovery": true, "codes": true, "repeat": true}

// evidence is a value as JSON with its secrets as "changed"; empty for none.
func evidence(v any) string {
	if v == nil {
		return ""
	}
	body, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	var tree any
	if json.Unmarshal(body, &tree) != nil || tree == nil {
		return ""
	}
	body, _ = json.Marshal(redact(tree)) // what was parsed marshals
	return string(body)
}

func redact(v any) any {
	switch v := v.(type) {
	case map[string]any:
		for k, inner := range v {
			if text, is := inner.(string); secretNames[k] && (!is || text != "") {
				v[k] = "changed"
			} else {
				v[k] = redact(inner)
			}
		}
	case []any:
		for i := range v {
			v[i] = redact(v[i])
		}
	}
	return v
}
