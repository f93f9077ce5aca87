package ui

import (
	"net/url"
	"slices"
	"testing"

	"tandem/flow"
	"tandem/flow/directory"
)

// The rows of a form become the lists of a setting, and what is wrong with one
// is told at its field.
func TestRowsOfFormsThatReachOutAreReadAsLists(t *testing.T) {
	w := newWorld(t)
	owner := w.as(directory.Owner)
	if err := w.store.CreateFlow(t.Context(), flow.Flow{ID: "main-line", Name: "Main line"}, "tests"); err != nil {
		t.Fatal(err)
	}
	for _, m := range []directory.ContactMethod{{ID: "ann", Kind: directory.Email, Name: "Ann", URI: "ann@example.org"}, {ID: "desk", Kind: directory.SIPAccount, Name: "Desk", Username: "desk", Password: "green bicycle sings"}} {
		if err := w.store.SaveContactMethod(t.Context(), m); err != nil {
			t.Fatal(err)
		}
	}
	var request struct {
		Settings flow.HTTPRequest `json:"settings"`
		Problems []flow.Problem   `json:"problems"`
	}
	owner.want(owner.form("/api/flows/main-line/settings", url.Values{"kind": {"http-request"}, "name": {"Look up"}, "method": {"POST"}, "url": {"https://crm.example/"},
		"headers.0.name": {"X-Key"}, "headers.0.value": {"abc"}, "headers.2.name": {"Host"}, "headers.2.value": {"x"}, "variables.0.name": {"tier"}, "variables.0.path": {"customer.tier"}}), 200).into(t, &request)
	if got := request.Settings; got.Method != "POST" || len(got.Headers) != 2 || got.Headers[0].Value != "abc" || got.Variables[0].Path != "customer.tier" {
		t.Errorf("settings %+v", got)
	}
	if len(request.Problems) != 1 || request.Problems[0].Field != "headers.1.name" {
		t.Errorf("problems %+v", request.Problems)
	}
	var notice struct {
		Settings flow.Notification `json:"settings"`
		Subtitle string            `json:"subtitle"`
		Problems []flow.Problem    `json:"problems"`
	}
	owner.want(owner.form("/api/flows/main-line/settings", url.Values{"kind": {"notification"}, "to.0": {"ann"}, "to.1": {""}, "to.2": {"desk"}, "every": {"300"}}), 200).into(t, &notice)
	if got := notice.Settings; !slices.Equal(got.To, []string{"ann", "desk"}) || got.Every != 300 {
		t.Errorf("settings %+v", got)
	}
	var found []string
	for _, p := range notice.Problems {
		found = append(found, p.ID+" "+p.Field)
	}
	if !slices.Equal(found, []string{"not-email to.1", "mail-unset to"}) {
		t.Errorf("problems %q", found)
	}
}
