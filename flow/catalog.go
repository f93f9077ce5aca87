package flow

// Kind describes one module kind: the panel's menu, the validator and the
// walker all read it from Catalog.
type Kind struct {
	Title  string
	Family string // groups kinds in the palette
	Entry  bool   // has no inlet: a call begins here
	Waits  bool   // a caller spends time in it, so a cycle through it is no tight loop
	New    func() Settings
}

// Families of kinds, in palette order.
const (
	FamilyEntry   = "Entries"
	FamilyRouting = "Routing"
	FamilyAudio   = "Audio"
	FamilyPeople  = "People"
	FamilyEnd     = "Endings"
)

// Catalog is the table of module kinds. Its keys are stored in flows and never
// change.
var Catalog = map[string]Kind{
	"phone-number":    {"Phone Number", FamilyEntry, true, false, func() Settings { return new(PhoneNumber) }},
	"internal-number": {"Internal Number", FamilyEntry, true, false, func() Settings { return new(InternalNumber) }},
	"voice-menu":      {"Voice Menu", FamilyAudio, false, true, func() Settings { return new(VoiceMenu) }},
	"audio-playback":  {"Audio Playback", FamilyAudio, false, false, func() Settings { return new(AudioPlayback) }},
	"ring-group":      {"Ring Group", FamilyPeople, false, true, func() Settings { return new(RingGroup) }},
	"hangup":          {"Hang Up", FamilyEnd, false, false, func() Settings { return new(Hangup) }},
}
