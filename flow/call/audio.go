package call

// Ids of the audio that the engine plays of its own accord. Every installation
// holds these files; replacing one keeps its id.
const (
	AudioInvalid = "system-invalid" // "that is not a valid choice"
	AudioApology = "system-apology" // a fault of our own
	AudioGoodbye = "system-goodbye"
	AudioHold    = "system-hold"    // music for whom the other party has put on hold
	AudioConfirm = "system-confirm" // "press one to accept this call"

	AudioQueueIn     = "system-queue-in"     // "you are logged in"
	AudioQueueOut    = "system-queue-out"    // "you are logged out"
	AudioQueuePaused = "system-queue-paused" // "you are paused"
	AudioQueueOn     = "system-queue-on"     // "you take calls again"
	AudioQueueNone   = "system-queue-none"   // "there is no queue that you log in to"

	AudioOverrideOpen    = "system-override-open"    // "held open"
	AudioOverrideClosed  = "system-override-closed"  // "held closed"
	AudioOverrideOff     = "system-override-off"     // "opening hours apply again"
	AudioOverrideUnknown = "system-override-unknown" // "this code belongs to nothing"

	AudioCallbackPrompt   = "system-callback-prompt"   // "to be called back, key a number, then hash; only hash for the one you call from; star for none"
	AudioCallbackAccepted = "system-callback-accepted" // "you keep your place, and we will call you back", before the digits
	AudioCallbackRefused  = "system-callback-refused"  // "that number cannot be called", before the prompt again
	AudioCallbackHere     = "system-callback-here"     // "you asked to be called back", to who is

	AudioEnterPIN         = "system-enter-pin"         // "enter the PIN of the conference, then the hash key"
	AudioWrongPIN         = "system-wrong-pin"         // "that PIN is not right"
	AudioConferenceFull   = "system-conference-full"   // "the conference is full"
	AudioConferenceLocked = "system-conference-locked" // to who locks it, and to who comes then
	AudioConferenceOpen   = "system-conference-open"   // to who unlocks it
	AudioMuted            = "system-muted"             // "you are muted"
	AudioUnmuted          = "system-unmuted"           // "you can be heard"
	AudioAllMuted         = "system-all-muted"         // to who mutes everybody
	AudioAllUnmuted       = "system-all-unmuted"
)

// Ids of the audio that templates begin with, until somebody has their own.
const (
	AudioSalesOrSupport = "system-sales-or-support" // "for sales press one, for support press two"
	AudioClosed         = "system-closed"           // "we are closed; if you cannot wait, press one"
	AudioQueueGreeting  = "system-queue-greeting"   // "please hold; to be called back, press one"
	AudioNobodyThere    = "system-nobody-there"     // "nobody can take your call right now"
)

// AudioSystem begins the ids of all of them.
const AudioSystem = "system-"
