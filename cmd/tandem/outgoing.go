package main

import (
	"context"
	"net/netip"

	"go.temporal.io/sdk/worker"

	"tandem/activities"
	"tandem/activities/outgoing"
	"tandem/db"
	"tandem/flow/directory"
)

// guardOf lets out what the general settings allow, as they are at the moment.
func guardOf(store *db.Store) outgoing.Guard {
	return outgoing.Guard{Allowed: func(ctx context.Context) ([]netip.Prefix, error) {
		general, err := store.General(ctx)
		return general.AllowedTargets, err
	}}
}

// registerOutgoing gives a worker what reaches out to the world.
func registerOutgoing(w worker.Registry, store *db.Store) {
	guard := guardOf(store)
	w.RegisterActivity(&activities.Outside{Web: outgoing.NewWeb(guard)})
	w.RegisterActivity(&activities.Outbox{Postbox: store, Post: outgoing.Mail{Guard: guard}})
}

// panelMail sends test mails for the panel.
type panelMail struct{ store *db.Store }

// TryMail implements ui.Mail: it sends by the settings that are stored.
func (m panelMail) TryMail(ctx context.Context, to string) (directory.MailTried, error) {
	by, err := m.store.MailAccount(ctx)
	if err != nil {
		return directory.MailTried{}, err
	}
	return outgoing.Mail{Guard: guardOf(m.store)}.Try(ctx, by, to), nil
}
