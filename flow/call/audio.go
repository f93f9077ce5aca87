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
)

// AudioSystem begins the ids of all of them.
const AudioSystem = "system-"
