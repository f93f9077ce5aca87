package flow

// Kind describes one module kind: the panel's menu, the validator and the
// walker all read it from Catalog.
type Kind struct {
	Title    string
	Family   string   // groups kinds in the palette
	Text     string   // what it does, in one line
	Synonyms []string // other words that people search it by
	Entry    bool     // has no inlet: a call begins here
	Waits    bool     // a caller spends time in it, so a cycle through it is no tight loop
	AtOnce   []Exit   // exits by which a caller may leave one that waits without any wait; the error exit always is
	New      func() Settings
}

// Families of kinds, in palette order.
const (
	FamilyEntry   = "Entries"
	FamilyRouting = "Routing"
	FamilyAudio   = "Audio"
	FamilyPeople  = "People"
	FamilyOutside = "Outside"
	FamilyEnd     = "Endings"
)

// Catalog is the table of module kinds. Its keys are stored in flows and never
// change.
var Catalog = map[string]Kind{
	"phone-number": {
		Title: "Phone Number", Family: FamilyEntry, Entry: true,
		Text:     "Calls to one of your numbers come in here.",
		Synonyms: []string{"DID", "DDI", "E.164", "inbound", "incoming", "trigger", "start", "telephone", "line"},
		New:      func() Settings { return new(PhoneNumber) },
	},
	"internal-number": {
		Title: "Internal Number", Family: FamilyEntry, Entry: true,
		Text:     "Calls from your own phones to a short number come in here.",
		Synonyms: []string{"extension", "ext", "short code", "speed dial", "inbound", "start"},
		New:      func() Settings { return new(InternalNumber) },
	},
	KindStart: {
		Title: "Start", Family: FamilyEntry, Entry: true,
		Text:     "Calls to numbers that are bound to this flow, on their own page, come in here.",
		Synonyms: []string{"begin", "entry", "inbound", "incoming", "number", "DID", "bind"},
		New:      func() Settings { return new(Start) },
	},
	"set-variable": {
		Title: "Set Variable", Family: FamilyRouting,
		Text:     "Gives a name to a text, for names, messages and requests that follow.",
		Synonyms: []string{"variable", "assign", "remember", "tag", "label", "priority", "custom data"},
		New:      func() Settings { return new(SetVariable) },
	},
	"time-router": {
		Title: "Time Router", Family: FamilyRouting,
		Text:     "Sends callers one way when you are open and another when you are closed.",
		Synonyms: []string{"opening hours", "business hours", "schedule", "after hours", "holiday", "night", "calendar", "day", "week", "override", "condition"},
		New:      func() Settings { return new(TimeRouter) },
	},
	"caller-router": {
		Title: "Caller Router", Family: FamilyRouting,
		Text:     "Sends callers on by their number or its beginning.",
		Synonyms: []string{"caller ID", "prefix", "country", "area code", "VIP", "whitelist", "allow", "filter", "condition", "split"},
		New:      func() Settings { return new(CallerRouter) },
	},
	"blocklist": {
		Title: "Blocklist", Family: FamilyRouting,
		Text:     "Keeps out callers by their number.",
		Synonyms: []string{"blacklist", "spam", "block", "ban", "reject", "deny", "anonymous", "nuisance", "withheld"},
		New:      func() Settings { return new(Blocklist) },
	},
	"voice-menu": {
		Title: "Voice Menu", Family: FamilyAudio, Waits: true,
		Text:     "Plays a prompt and sends the caller on by the key pressed.",
		Synonyms: []string{"IVR", "auto attendant", "attendant", "gather", "input", "DTMF", "keypad", "press 1", "choice", "split"},
		New:      func() Settings { return new(VoiceMenu) },
	},
	"audio-playback": {
		Title: "Audio Playback", Family: FamilyAudio,
		Text:     "Plays audio to the caller, then goes on.",
		Synonyms: []string{"announcement", "greeting", "message", "say", "play", "prompt", "music", "sound", "recording"},
		New:      func() Settings { return new(AudioPlayback) },
	},
	"ring-group": {
		Title: "Ring Group", Family: FamilyPeople, Waits: true, AtOnce: []Exit{"unavailable"},
		Text:     "Rings people together or one after the other; the first to answer has the call.",
		Synonyms: []string{"hunt group", "dial", "connect", "forward", "find me", "follow me", "simultaneous ring", "call group", "agents", "users", "transfer"},
		New:      func() Settings { return new(RingGroup) },
	},
	"queue": {
		Title: "Queue", Family: FamilyPeople, Waits: true, AtOnce: []Exit{"full", "no-members"},
		Text:     "Keeps callers waiting with music, in order, until one of its members is free.",
		Synonyms: []string{"ACD", "call center", "call centre", "hold", "waiting", "agents", "hotline", "support", "line", "round robin"},
		New:      func() Settings { return new(Queue) },
	},
	KindCallback: {
		Title: "Callback", Family: FamilyPeople, Waits: true,
		Text:     "Lets a caller who waits in a queue hang up and be called when it is their turn.",
		Synonyms: []string{"call back", "virtual queue", "virtual hold", "queue callback", "ring back", "hold my place", "request"},
		New:      func() Settings { return new(Callback) },
	},
	"conference": {
		Title: "Conference", Family: FamilyPeople, Waits: true, AtOnce: []Exit{"refused"},
		Text:     "A room in which all callers hear each other.",
		Synonyms: []string{"conference bridge", "meeting", "room", "multi-party", "party line", "meet me", "audio conference", "PIN", "host", "moderator"},
		New:      func() Settings { return new(Conference) },
	},
	"notification": {
		Title: "Notification", Family: FamilyOutside,
		Text:     "Sends a mail beside the call, which goes on at once.",
		Synonyms: []string{"email", "e-mail", "mail", "alert", "notice", "notify", "message", "SMTP", "inform"},
		New:      func() Settings { return new(Notification) },
	},
	"http-request": {
		Title: "HTTP Request", Family: FamilyOutside,
		Text:     "Asks a web server and goes on by its answer.",
		Synonyms: []string{"API", "webhook", "REST", "CRM", "lookup", "URL", "JSON", "fetch", "integration", "script"},
		New:      func() Settings { return new(HTTPRequest) },
	},
	"hangup": {
		Title: "Hang Up", Family: FamilyEnd,
		Text:     "Ends the call, or refuses it as busy or unavailable.",
		Synonyms: []string{"end", "terminate", "disconnect", "reject", "refuse", "busy", "decline", "stop"},
		New:      func() Settings { return new(Hangup) },
	},
}
