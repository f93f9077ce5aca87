package main

import (
	"context"
	"errors"
	"fmt"

	"tandem/db"
	"tandem/flow/call"
	"tandem/flow/directory"
	"tandem/ui"
	"tandem/ui/forms"
	"tandem/workflows/callclient"
)

// panelStore shows the panel the database. What both call the same passes
// through.
type panelStore struct{ *db.Store }

// SignIn implements ui.Store.
func (s panelStore) SignIn(ctx context.Context, email, password string) (directory.Login, error) {
	l, err := s.Store.SignIn(ctx, email, password)
	switch {
	case errors.Is(err, db.ErrDenied):
		err = fmt.Errorf("%w: %w", ui.ErrWrongPassword, err)
	case errors.Is(err, db.ErrLocked):
		err = fmt.Errorf("%w: %w", ui.ErrLocked, err)
	}
	return panelLogin(l), err
}

// Session implements ui.Store.
func (s panelStore) Session(ctx context.Context, token string) (ui.Session, error) {
	row, err := s.Store.Session(ctx, token)
	return ui.Session{Login: panelLogin(row.Login), Expires: row.Expires}, panelError(err)
}

func panelLogin(l db.Login) directory.Login { return directory.Login{ID: l.ID, Email: l.Email, Role: directory.Role(l.Role)} }

// Calls implements ui.Store.
func (s panelStore) Calls(ctx context.Context, f ui.CallFilter) (ui.CallPage, error) {
	page, err := s.Store.Calls(ctx, db.CallFilter{Text: f.Text, From: f.From, To: f.To,
		Outcome: f.Outcome, Direction: f.Direction, After: f.After, Limit: f.Limit})
	return ui.CallPage(page), err
}

// Ledger implements ui.Store.
func (s panelStore) Ledger(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	entry, err := s.Store.Ledger(ctx, id)
	return entry, panelError(err)
}

// Roles implements ui.Store.
func (s panelStore) Roles(ctx context.Context) ([]ui.Role, error) {
	rows, err := s.Store.Roles(ctx)
	out := make([]ui.Role, len(rows))
	for i, r := range rows {
		out[i] = ui.Role(r)
	}
	return out, err
}

// Flows implements ui.Store.
func (s panelStore) Flows(ctx context.Context) ([]ui.FlowSummary, error) {
	rows, err := s.Store.Flows(ctx)
	out := make([]ui.FlowSummary, len(rows))
	for i, r := range rows {
		out[i] = ui.FlowSummary{ID: r.ID, Name: r.Name, Published: r.Published}
	}
	return out, err
}

// Versions implements ui.Store.
func (s panelStore) Versions(ctx context.Context, id string) ([]ui.VersionSummary, error) {
	rows, err := s.Store.Versions(ctx, id)
	out := make([]ui.VersionSummary, len(rows))
	for i, r := range rows {
		out[i] = ui.VersionSummary(r)
	}
	return out, panelError(err)
}

// Names implements ui.Store.
func (s panelStore) Names(ctx context.Context) (forms.Names, error) {
	out := forms.Names{ContactMethods: map[string]string{}, Audio: map[string]string{}}
	methods, err := s.ContactMethods(ctx)
	if err != nil {
		return out, err
	}
	for _, m := range methods {
		out.ContactMethods[m.ID] = m.Name
	}
	files, err := s.AudioFiles(ctx)
	for _, f := range files {
		out.Audio[f.ID] = f.Name
	}
	return out, err
}

// panelLive shows the panel the calls that run.
type panelLive struct{ calls *callclient.Client }

// Live implements ui.Live.
func (l panelLive) Live(ctx context.Context, id call.ID) (call.LedgerEntry, error) {
	entry, err := l.calls.Live(ctx, id)
	if err == nil && !entry.Live {
		err = ui.ErrNotFound // it has ended: the store has it
	}
	return entry, panelError(err)
}

// Running implements ui.Live.
func (l panelLive) Running(ctx context.Context, limit int) ([]call.LedgerEntry, error) {
	rows, err := l.calls.Running(ctx, limit)
	out := make([]call.LedgerEntry, len(rows))
	for i, r := range rows {
		out[i] = call.LedgerEntry{Call: r.Call, Live: true, Caller: call.Party{Number: r.Caller}, Called: r.Called, Node: r.Node, Started: r.Started}
	}
	return out, err
}

// panelError says "not found" in the panel's words.
func panelError(err error) error {
	if errors.Is(err, db.ErrNotFound) || errors.Is(err, callclient.ErrNotFound) {
		return fmt.Errorf("%w: %w", ui.ErrNotFound, err)
	}
	return err
}
