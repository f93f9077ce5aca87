package flow

// Rule is one thing that Validate looks for.
type Rule struct {
	ID    string // of Problem.ID; never changes
	Level Level  // as a rule: strict ring groups raise one of them
	Text  string
}

// Rules is the table of everything Validate can find, for the panel to print.
var Rules = []Rule{
	{"setting-missing", Error, "A setting that is required is empty."},
	{"setting-range", Error, "A setting is outside what is allowed, or stands twice where each must differ."},
	{"regex", Error, "An expression cannot be read, or its result names a group that it has not."},
	{"number-taken", Error, "The number is held by another flow, by a contact method, or by another module of this flow."},
	{"internal-number-taken", Error, "The internal number is held by another flow, by a contact method, or by another module of this flow."},
	{"override-code-taken", Error, "The override code is held by a time router of another flow, or by another one of this flow."},
	{"number-moves", Warning, "The number is held by somebody else and moves here at publish."},
	{"internal-number-moves", Warning, "The internal number is held by somebody else and moves here at publish."},
	{"no-entry", Error, "No call can come in: there is no module of the family Entries."},
	{"start-many", Error, "A flow has more than one Start."},
	{"unreachable", Error, "No way leads from an entry to the module. Connect it or shelve it."},
	{"dead-end", Error, "A main exit has no cable and is not marked “hang up here”."},
	{"tight-loop", Error, "Modules lead in a circle in which no caller ever waits."},
	{"ref-missing", Error, "The flow names audio, a number, a contact method, a schedule, a list, a module or a tab that is gone."},
	{"no-audio", Error, "A menu or a playback has no audio, or a playlist without files."},

	{"ring-empty", Error, "A ring group has nobody to ring."},
	{"ring-start", Error, "No bar of a ring group starts at 0 s, so the caller would wait for nothing."},
	{"ring-length", Error, "A bar of a ring group ends after 60 s."},
	{"ring-many", Warning, "A ring group has four or more destinations; a queue serves that better. With strict ring groups an error."},
	{"ring-several-external", Warning, "A ring group rings more than one forwarding, each of them a paid call of its own."},
	{"queue-empty", Error, "A queue has no members."},
	{"ring-over-limit", Warning, "A destination rings more often at once than it takes calls, so that some of it wait."},
	{"no-binding", Warning, "No phone has registered for a destination in the last 7 days."},
	{"menu-clash", Error, "An entry of a menu stands twice, or # is an entry and ends entries as well."},
	{"never-open", Warning, "A time router does not open in the next 12 months."},
	{"always-open", Warning, "A time router does not close in the next 12 months."},
	{"schedule-overlap", Warning, "Intervals of a time router overlap; either opens it."},
	{"zone-differs", Warning, "A time router names another zone than its schedule, whose zone counts."},
	{"not-email", Error, "A notification is to go to a contact method that is no e-mail address."},
	{"mail-unset", Warning, "A notification cannot leave: no server for outgoing mail is set up."},
	{"callback-unwaited", Warning, "No way leads from a queue to the callback, which declines callers who have not waited in one."},
	{"menu-prefix", Warning, "One entry of a menu begins another, so the shorter one waits for the inter-digit timer."},
}
