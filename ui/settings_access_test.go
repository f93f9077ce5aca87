package ui

import (
	"net/http"
	"net/url"
	"testing"

	"tandem/flow/directory"
)

// withFactor sets up a second factor for somebody.
func withFactor(c *client) {
	c.t.Helper()
	var setup totpSetup
	c.want(c.json("POST", "/api/account/totp", ownPassword{password}), http.StatusOK).into(c.t, &setup)
	c.want(c.json("POST", "/api/account/totp/confirm", totpConfirm{Code: code(c.t, setup.Address)}), http.StatusOK)
}

func TestAnOwnerMayRequireASecondFactorOfEverybody(t *testing.T) {
	w := newWorld(t)
	owner, admin, editor := w.as(directory.Owner), w.as(directory.Admin), w.as(directory.FlowEditor)
	token := w.token(directory.Token{Name: "robot", Role: directory.ReadOnly})
	on := directory.Access{SecondFactor: true}
	owner.want(owner.json("PUT", "/api/settings/access", on), http.StatusUnprocessableEntity) // it would lock itself out
	withFactor(owner)
	admin.want(admin.json("PUT", "/api/settings/access", on), http.StatusForbidden)
	has(t, admin.want(admin.get("/settings/access"), http.StatusOK), "flow-editor@example.org", "disabled", `href="/settings/feature-codes"`)
	owner.want(owner.form("/api/settings/access", url.Values{"_method": {"PUT"}, "second_factor": {"on"}}), http.StatusSeeOther)

	owner.want(owner.get("/flows"), http.StatusOK)
	if a := editor.get("/flows"); a.StatusCode != http.StatusSeeOther || a.location() != "/account" {
		t.Errorf("without one, a page answers %d to %q", a.StatusCode, a.location())
	}
	has(t, editor.want(editor.get("/api/flows"), http.StatusForbidden), "second factor is required")
	has(t, editor.want(editor.get("/account"), http.StatusOK), "everything else opens")
	has(t, w.nobody().do("GET", "/api/flows", nil, basic("flow-editor@example.org", password)), "use a token")
	token.want(token.get("/api/flows"), http.StatusOK)

	withFactor(editor)
	editor.want(editor.get("/flows"), http.StatusOK)
	editor.want(editor.json("DELETE", "/api/account/totp", ownPassword{password}), http.StatusConflict)
	admin.want(admin.form("/sign-out", nil), http.StatusSeeOther)

	owner.want(owner.json("PUT", "/api/settings/access", directory.Access{}), http.StatusOK)
	editor.want(editor.json("DELETE", "/api/account/totp", ownPassword{password}), http.StatusNoContent)
	editor.want(editor.get("/flows"), http.StatusOK)
}
