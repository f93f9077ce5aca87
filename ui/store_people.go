package ui

import (
	"context"

	"tandem/flow/directory"
)

// PeopleStore is who and what can be reached: numbers, contact methods, users
// and trunks. Errors are those of flow/directory. A save makes what does not
// exist yet.
type PeopleStore interface {
	Numbers(ctx context.Context) ([]directory.Number, error)
	Number(ctx context.Context, e164 string) (directory.Number, error)
	SaveNumber(ctx context.Context, n directory.Number) error
	// NumbersAdded answers an id for Undo of numbers that were added together.
	NumbersAdded(ctx context.Context, numbers []string, by string) (undo string, err error)
	// MoveNumber takes a number from whoever holds it and gives it to a contact
	// method; to nobody where that is empty.
	MoveNumber(ctx context.Context, e164, contactMethod string) error
	// BindNumber takes a number from whoever holds it: its calls enter at the
	// start of a flow.
	BindNumber(ctx context.Context, e164, flow string) error
	// Starts lists the flows that a number can be bound to.
	Starts(ctx context.Context) ([]directory.Claimant, error)

	ContactMethods(ctx context.Context) ([]directory.ContactMethod, error)
	ContactMethod(ctx context.Context, id string) (directory.ContactMethod, error)
	SaveContactMethod(ctx context.Context, m directory.ContactMethod) error
	// Bindings lists the live bindings of a SIP account.
	Bindings(ctx context.Context, contactMethod string) ([]directory.Binding, error)

	Users(ctx context.Context) ([]directory.User, error)
	User(ctx context.Context, id string) (directory.User, error)
	SaveUser(ctx context.Context, u directory.User) error
	// ImportUsers saves all or none, and answers an id for Undo.
	ImportUsers(ctx context.Context, all []directory.User, by string) (undo string, err error)

	Trunks(ctx context.Context) ([]directory.Trunk, error)
	Trunk(ctx context.Context, id string) (directory.Trunk, error)
	SaveTrunk(ctx context.Context, t directory.Trunk) error

	// Uses lists every use of a thing.
	Uses(ctx context.Context, kind directory.Kind, id string) ([]directory.Use, error)
	// UsesByFlows lists the uses of all things of a kind by flows, by id.
	UsesByFlows(ctx context.Context, kind directory.Kind) (map[string][]directory.Use, error)
}

// LibraryStore is what flows draw on: schedules, shared lists, audio and
// playlists.
type LibraryStore interface {
	Schedules(ctx context.Context) ([]directory.Schedule, error)
	Schedule(ctx context.Context, id string) (directory.Schedule, error)
	SaveSchedule(ctx context.Context, s directory.Schedule) error

	AudioFiles(ctx context.Context) ([]directory.AudioFile, error)
	// Audio reads a file with its bytes.
	Audio(ctx context.Context, id string) (directory.AudioFile, error)
	AddAudio(ctx context.Context, f directory.AudioFile) (sha256 string, err error)
	RenameAudio(ctx context.Context, id, name string) error

	Lists(ctx context.Context) ([]directory.List, error)
	List(ctx context.Context, id string) (directory.List, error)
	SaveList(ctx context.Context, l directory.List) error
	ListEntries(ctx context.Context, list string, f directory.EntryFilter) (directory.EntryPage, error)
	// AddToList tells how many entries were not on the list yet, and answers an id
	// for Undo; empty where all were.
	AddToList(ctx context.Context, list string, entries []directory.ListEntry, by string) (added int, undo string, err error)
	// RemoveFromList answers an id for Undo as well; empty where nothing was on it.
	RemoveFromList(ctx context.Context, list string, entries []string, by string) (removed int, undo string, err error)

	Playlists(ctx context.Context) ([]directory.Playlist, error)
	Playlist(ctx context.Context, id string) (directory.Playlist, error)
	SavePlaylist(ctx context.Context, p directory.Playlist) error
}

func (p *Panel) people() PeopleStore { return p.cfg.Store }

func (p *Panel) library() LibraryStore { return p.cfg.Store }
