package ui

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// auditRoutes are who changed what.
func auditRoutes() []route {
	return []route{
		shows("GET /audit", seeAudit, (*Panel).auditPage),
		reads("GET /api/audit", seeAudit, "Read the audit log", (*Panel).apiAudit).
			asks("q", "text in login, action, subject or address").asks("login", "e-mail").asks("action", "such as publish").
			asks("from", "RFC 3339 or a day").asks("to", "RFC 3339 or a day").asks("after", "next of the page before"),
	}
}

// auditList is one page of the log.
type auditList struct {
	Entries []directory.AuditEntry `json:"entries"`
	Next    int64                  `json:"next,omitempty"` // give it as "after" for the next page
	Total   int                    `json:"total"`
}

// auditFilter reads what part of the log is asked for. A day as the end counts
// whole.
func auditFilter(q url.Values) directory.AuditFilter {
	f := directory.AuditFilter{Text: cut(q.Get("q"), maxSearch), Login: cut(q.Get("login"), maxEmail), Action: cut(q.Get("action"), maxSearch), Limit: listSize}
	f.From, _ = dayOrTime(q.Get("from"))
	var day bool
	if f.To, day = dayOrTime(q.Get("to")); day {
		f.To = f.To.AddDate(0, 0, 1)
	}
	f.After, _ = strconv.ParseInt(q.Get("after"), 10, 64) // 0: the first page
	return f
}

func dayOrTime(s string) (t time.Time, day bool) {
	if t, err := time.Parse(time.DateOnly, s); err == nil {
		return t, true
	}
	t, _ = time.Parse(time.RFC3339, s) // zero where it is none
	return t, false
}

func (p *Panel) apiAudit(r *http.Request) (auditList, error) {
	page, err := p.cfg.Store.AuditLog(r.Context(), auditFilter(r.URL.Query()))
	if page.Entries == nil {
		page.Entries = []directory.AuditEntry{}
	}
	return auditList{page.Entries, page.Next, page.Total}, err
}

func (p *Panel) auditPage(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	f := auditFilter(q)
	if q.Get("format") == "csv" {
		return p.auditCSV(w, r, f)
	}
	page, err := p.cfg.Store.AuditLog(r.Context(), f)
	if err != nil {
		return fmt.Errorf("reading the audit log: %w", err)
	}
	q.Del("after")
	v := pages.AuditView{Frame: p.frame(r, "Audit log", "audit"), Text: f.Text, Login: f.Login, From: q.Get("from"), To: q.Get("to"),
		Total: page.Total, CSV: "/audit?format=csv&" + q.Encode()}
	if f.After != 0 {
		v.Newest = "/audit?" + q.Encode()
	}
	if page.Next != 0 {
		q.Set("after", strconv.FormatInt(page.Next, 10))
		v.Older = "/audit?" + q.Encode()
	}
	for _, e := range page.Entries {
		v.Rows = append(v.Rows, pages.AuditRow{At: e.At, Login: shown(e.Login), Remote: shown(e.Remote), Action: shown(e.Action),
			Subject: shown(e.Subject), Before: pretty(e.Before), After: pretty(e.After)})
	}
	return p.render(w, r, http.StatusOK, pages.Audit(v))
}

// pretty sets JSON for reading.
func pretty(text string) string {
	var out bytes.Buffer
	if text == "" || json.Indent(&out, []byte(text), "", "  ") != nil {
		return text
	}
	return out.String()
}

// maxAuditCSV bounds one file: two years of a busy panel.
const maxAuditCSV = 100_000

func (p *Panel) auditCSV(w http.ResponseWriter, r *http.Request, f directory.AuditFilter) error {
	f.Limit, f.After = 200, 0
	head := []string{"at", "login", "remote", "action", "subject", "before", "after"}
	var fault error
	err := csvFile(w, r, "audit-log", head, func(yield func([]string) bool) {
		for n := 0; n < maxAuditCSV; n += f.Limit {
			page, err := p.cfg.Store.AuditLog(r.Context(), f)
			if fault = err; err != nil {
				return
			}
			for _, e := range page.Entries {
				if !yield([]string{stampText(e.At), e.Login, e.Remote, e.Action, e.Subject, e.Before, e.After}) {
					return
				}
			}
			if f.After = page.Next; f.After == 0 {
				return
			}
		}
	})
	if fault != nil {
		p.log.Error("audit log cannot be read", "err", fault)
		panic(http.ErrAbortHandler) // the file is cut short, and the browser must say so
	}
	return err
}
