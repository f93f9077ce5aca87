package tandem_test

// decisions are what the product has decided about modules where it is easy to
// get wrong, and what proves each.
var decisions = []struct {
	subject string
	proofs  []proof
}{
	{"Barge-in: a key stops the audio and is itself the first digit", []proof{"flow/reflex TestMenuFollowsItsRules"}},
	{"Menu timers: the time-out runs from the end of the audio, after a first key only the inter-digit timer; # ends an entry unless it is one",
		[]proof{"flow/reflex TestMenuFollowsItsRules", "golden menu_timers"}},
	{"Wrong entry: invalid if cabled, else one playback", []proof{"flow/reflex TestMenuFollowsItsRules", "golden menu_invalid", "golden menu_wrong_entry"}},
	{"Direct dial: an entry wins over an equal internal number, one that is nobody's is a wrong entry",
		[]proof{"flow/reflex TestMenuTakesInternalNumbers", "golden menu_entry_wins", "golden menu_direct_dial_not_assigned", "golden menu_direct_dial_invalid"}},
	{"Digits not asked for are dropped, unless type-ahead keeps them",
		[]proof{"flow/reflex TestMenuTakesKeysFromBeforeThePrompt", "sipmedia TestKeysFromBeforeThePromptCountWhereTheyAreWanted", "sipmedia TestKeysFromBeforeThePromptAreDroppedOtherwise"}},
	{"From one flow to another: by internal number only, its current version is pinned then, hops keep counting",
		[]proof{"golden menu_direct_dial_enters_flow", "workflows TestHopsGoOnCountingInAnotherFlow"}},
	{"An internal number of a contact method rings it directly and ends as a direct call does",
		[]proof{"golden menu_direct_dial_rings_contact_method", "golden menu_direct_dial_busy"}},
	{"Audio missing at run time is skipped; nobody is dropped for it", []proof{"golden playback_missing_audio", "sipmedia TestMissingAudioDropsNobody", "sipmedia TestAListWithoutAnythingToPlayIsMissingAudio"}},
	{"Answering playback sends the 200; early media is a 183, and skipped where the trunk does not allow it",
		[]proof{"golden playback_answers", "golden playback_early_not_allowed", "sipmedia TestEarlyMediaIsHeardAs183BeforeThe200", "sipmedia TestATrunkWithoutEarlyMediaHearsNothingBeforeThe200"}},
	{"Caller hangs up in menu or playback: caller-hangup, or caller-cancelled before the answer",
		[]proof{"golden menu_caller_gone", "golden playback_caller_gone", "golden playback_early_caller_cancels"}},
}
