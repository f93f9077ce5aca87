package ui

import (
	"context"

	"tandem/flow"
	"tandem/flow/directory"
)

// FlowStore keeps flows: their drafts, their versions and who edits them.
type FlowStore interface {
	// Flows lists the names of all flows, FlowList all that their list shows.
	Flows(ctx context.Context) ([]directory.FlowName, error)
	FlowList(ctx context.Context) ([]directory.FlowLine, error)
	Draft(ctx context.Context, id string) (directory.Draft, error)
	// CreateFlow stores a new flow as a draft, or fails with directory.ErrTaken.
	CreateFlow(ctx context.Context, f flow.Flow, by string) error
	// SaveDraft stores a draft that was made from a revision and answers the next
	// one, or fails with directory.ErrStale.
	SaveDraft(ctx context.Context, f flow.Flow, revision int, by string) (int, error)
	SetPublishOnSave(ctx context.Context, id string, on bool) error

	// Overrides lists the time routers of a flow that somebody holds, by module.
	Overrides(ctx context.Context, flowID string) (map[string]flow.Override, error)
	SetOverride(ctx context.Context, flowID, module string, o flow.Override) error
	// Opening reads what decides a time router: its override, and a schedule
	// where one is named.
	Opening(ctx context.Context, flowID, module, schedule string) (flow.Opening, error)

	// Check reports what is wrong with a flow, what it names included.
	Check(ctx context.Context, f flow.Flow) ([]flow.Problem, error)
	// Publish puts one revision of a draft in force, in one transaction with its
	// numbers, and tells which it took from others. It fails with *directory.ProblemsError, *directory.TakenError or
	// directory.ErrStale, and then changes nothing.
	Publish(ctx context.Context, id string, revision int, author, note string) (directory.Publication, error)
	// PublishVersion publishes what an old version holds as a new one.
	PublishVersion(ctx context.Context, id string, old int, author, note string) (version int, err error)
	Unpublish(ctx context.Context, id string) error
	// Versions lists the published versions of a flow, newest first.
	Versions(ctx context.Context, id string) ([]directory.Version, error)
	Version(ctx context.Context, id string, version int) (flow.Revision, error)

	// TestCall reads what a test call walked, by its id.
	TestCall(ctx context.Context, id string) (directory.TestCall, error)

	// Editing says that a flow is open in an editor, Left that it is not any more.
	Editing(ctx context.Context, flow, session, email string) error
	Left(ctx context.Context, flow, session string) error
	Editors(ctx context.Context, flow string) ([]directory.Editor, error)
	// Watch calls seen for every committed change until ctx ends.
	Watch(ctx context.Context, seen func(directory.News)) error

	// What flows name, and Names the words for it by id.
	Names(ctx context.Context) (directory.Names, error)
	ContactMethods(ctx context.Context) ([]directory.ContactMethod, error)
	AudioFiles(ctx context.Context) ([]directory.AudioFile, error)
	Numbers(ctx context.Context) ([]directory.Number, error)
	SaveNumber(ctx context.Context, n directory.Number) error
	SaveContactMethod(ctx context.Context, m directory.ContactMethod) error
}
