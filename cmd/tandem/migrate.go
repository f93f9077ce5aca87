package main

import (
	"errors"
	"fmt"

	"tandem/db"
)

type migrateCmd struct{}

// Run brings the database up to date, the way `tandem up` does before it
// starts a role.
func (migrateCmd) Run(w *world) error {
	cfg, err := w.load()
	if err != nil {
		return err
	}
	if cfg.DatabaseURL == "" {
		return errors.New("database-url is not set: `tandem up` migrates its private database by itself; for another, set DATABASE_URL")
	}
	in, err := install(w.ctx, cfg)
	if err != nil {
		return err
	}
	fmt.Fprintf(w.stdout, "database at schema %d\n", db.SchemaVersion)
	if in.Admin.Password != "" {
		fmt.Fprintf(w.stdout, "first administrator: %s  password %s  (shown once: note it)\n", in.Admin.Email, in.Admin.Password)
	}
	for _, a := range in.Accounts {
		fmt.Fprintf(w.stdout, "sample phone: %s  password %s\n", a.Username, a.Password)
	}
	return nil
}
