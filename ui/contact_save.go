package ui

import (
	"cmp"
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"strings"

	"github.com/a-h/templ"

	"tandem/flow/directory"
	"tandem/ui/pages"
)

// addContact makes a contact method. A password made up here is in the answer,
// this once.
func (p *Panel) addContact(r *http.Request, in contactInput) (directory.ContactMethod, error) {
	m := directory.ContactMethod{ID: newID(), Kind: in.Kind}
	in.CallsAtOnce = cmp.Or(in.CallsAtOnce, directory.UsualCallsAtOnce[in.Kind])
	made := ""
	if in.Kind == directory.SIPAccount {
		if in.Username == "" {
			in.Username = newID()
		}
		if in.Password == "" {
			in.Password = newPassword()
			made = in.Password
		}
	}
	m, err := p.readContact(in, m)
	if err != nil {
		return m, err
	}
	if err := p.saveContact(r, "add", m, nil); err != nil {
		return m, err
	}
	m.Password = made
	return m, nil
}

func (p *Panel) changeContact(r *http.Request, in contactInput) (directory.ContactMethod, error) {
	before, err := p.contactOf(r)
	if err != nil {
		return before, err
	}
	if in.Kind != "" && in.Kind != before.Kind {
		return before, refuse("kind", "A contact method keeps its kind: add another one instead.")
	}
	after, err := p.readContact(in, before)
	if err != nil {
		return after, err
	}
	if err := p.saveContact(r, "change", after, before); err != nil {
		return after, err
	}
	after.Password = ""
	return after, nil
}

// readContact reads what was written over what is stored.
func (p *Panel) readContact(in contactInput, m directory.ContactMethod) (directory.ContactMethod, error) {
	f := formOf(m.Kind)
	if f.read == nil {
		return m, refuse("kind", "There is no such kind of contact method.")
	}
	var bad notes
	m.Password = in.Password
	f.shared(in, &m, &bad)
	f.read(in, &m, &bad)
	return m, bad.err()
}

// takenFields tells which field asked for what somebody else holds.
var takenFields = map[directory.Kind]string{directory.KindNumber: "direct_numbers", "internal-number": "internal_number"}

func (p *Panel) saveContact(r *http.Request, what string, m directory.ContactMethod, before any) error {
	err := p.people().SaveContactMethod(r.Context(), m)
	var taken *directory.TakenError
	switch {
	case errors.As(err, &taken):
		why := conflict(takenFields[taken.Kind], fmt.Sprintf("%s is held by %s.", taken.ID, taken.By))
		why.Taken = taken.By.String()
		return why
	case errors.Is(err, directory.ErrTaken):
		return conflict("username", "This user name is taken by another account.")
	case errors.Is(err, directory.ErrLinked):
		return conflict("owner", "The owner or one of the numbers does not exist any more.")
	case err != nil:
		return err
	}
	p.audit(r, what, "contact method "+m.ID, before, m)
	return nil
}

// renewPassword makes a new password; phones must be told, since the old one
// works no more.
func (p *Panel) renewPassword(r *http.Request, _ none) (directory.ContactMethod, error) {
	m, err := p.contactOf(r)
	if err != nil {
		return m, err
	}
	if m.Kind != directory.SIPAccount {
		return m, &Refusal{Status: http.StatusConflict, Text: "Only a SIP account has a password that is made here."}
	}
	before := m
	m.Password = newPassword()
	return m, p.saveContact(r, "renew the password", m, before)
}

func newPassword() string { return rand.Text() } // 130 bits

// strong refuses passwords of SIP accounts that a scanner would guess.
func strong(bad *notes, username, password string) {
	kinds := map[rune]bool{}
	for _, c := range password {
		kinds[c] = true
	}
	low := strings.ToLower(password)
	switch {
	case password == "":
	case strings.EqualFold(username, password):
		bad.add("password", "The password must not be the user name.")
	case len(password) < 12 || len(password) > 128:
		bad.add("password", "12 to 128 characters, or leave it empty to have one made.")
	case len(kinds) < 6 || username != "" && len(username) > 2 && strings.Contains(low, strings.ToLower(username)):
		bad.add("password", "This is too easy to guess: use more different characters, and not the user name.")
	}
}

// contactAdded is the page of a new contact method, with its password.
func contactAdded(p *Panel, r *http.Request, _ contactInput, m directory.ContactMethod) (templ.Component, error) {
	return p.contactWith(r, m, "Added.", "The password of this account")
}

func passwordShown(p *Panel, r *http.Request, _ none, m directory.ContactMethod) (templ.Component, error) {
	return p.contactWith(r, m, "The old password works no more: give the phone this one.", "The new password of this account")
}

func (p *Panel) contactWith(r *http.Request, m directory.ContactMethod, notice, label string) (templ.Component, error) {
	password := m.Password
	v, err := p.contactView(r, m, nil)
	if err != nil {
		return nil, err
	}
	v.Notice, v.Here = notice, contactLink(m.ID)
	if password != "" {
		facts, err := p.registration(r, m)
		if err != nil {
			return nil, err
		}
		v.Secret = &pages.Secret{Label: label, Value: password, Facts: facts,
			Hint: "It is shown this once and cannot be read again; a new one can be made at any time."}
	}
	return pages.Form(v), nil
}
