package call

// Ids of the audio that the engine plays of its own accord. Every installation
// holds these files; replacing one keeps its id.
const (
	AudioInvalid = "system-invalid" // "that is not a valid choice"
	AudioApology = "system-apology" // a fault of our own
	AudioGoodbye = "system-goodbye"
	AudioHold    = "system-hold"    // music for whom the other party has put on hold
	AudioConfirm = "system-confirm" // "press one to accept this call"
)

// AudioSystem begins the ids of all of them.
const AudioSystem = "system-"
