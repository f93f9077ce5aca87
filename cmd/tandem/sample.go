package main

import (
	"context"

	"tandem/cmd/tandem/internal/config"
	"tandem/db"
)

// The sample's phones and what its numbers do, for the ready summary.
var (
	sampleUsers   = []string{"100", "101"}
	sampleNumbers = []sampleNumber{
		{Number: "+15550100", Flow: "menu", About: "a menu: 1 rings phone 101, 2 leads to a message"},
		{Number: "+15550101", Flow: "ring-group", About: "rings phones 100 and 101 together for 20 s"},
	}
)

// installSample loads the sample once and tells what of it is still there.
func installSample(ctx context.Context, store *db.Store, cfg config.Config) ([]sampleAccount, []sampleNumber, error) {
	stored, err := store.Accounts(ctx)
	if err != nil {
		return nil, nil, err
	}
	var accounts []sampleAccount
	for _, name := range sampleUsers {
		for _, a := range stored {
			if a.Username == name {
				accounts = append(accounts, sampleAccount{Username: name, Password: a.Password, InternalNumber: a.InternalNumber})
			}
		}
	}
	numbers, err := store.Numbers(ctx)
	if err != nil {
		return nil, nil, err
	}
	var known []sampleNumber
	for _, s := range sampleNumbers {
		for _, n := range numbers {
			if n.E164.String() == s.Number {
				known = append(known, s)
			}
		}
	}
	return accounts, known, nil
}
