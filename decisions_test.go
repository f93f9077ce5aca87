package tandem_test

// decisions are what the product has decided about modules where it is easy to
// get wrong, and what proves each.
var decisions = []struct {
	subject string
	proofs  []proof
}{
	{"Interval ends: the start counts, the end does not; 24:00 is an end", []proof{"golden time_start_counts", "golden time_end_does_not_count", "golden time_last_second",
		"golden time_midnight_is_an_end", "flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt", "workflows/simulate TestCallsAtEveryEdgeGoTheWayOfTheReference"}},
	{"Equal start and end is refused", []proof{"flow TestSettingsOfRoutersAreChecked"}},
	{"Past midnight: 22:00–06:00 belongs to the day it starts", []proof{"golden time_past_midnight", "golden time_past_midnight_ends", "flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt"}},
	{"Clock change: a skipped hour matches nothing, a repeated one twice", []proof{"golden time_skipped_hour", "golden time_repeated_hour",
		"flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt", "flow/schedule TestTheNextChangeIsTheNextEdge", "workflows/simulate TestCallsAtEveryEdgeGoTheWayOfTheReference"}},
	{"Exceptions: a date beats the week, a single date a range; special hours replace the day and its tail", []proof{"golden time_holiday", "golden time_special_hours",
		"golden time_special_hours_over", "flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt"}},
	{"When time is read: once, on entering the module, from the workflow's clock", []proof{"golden time_start_counts", "workflows/simulate TestCallsAtEveryEdgeGoTheWayOfTheReference",
		"cmd/tandem/e2e TestRoutersDecideRealCallsAsTheSimulatorForetells"}},
	{"Override before exceptions before intervals", []proof{"golden time_override_closed", "golden time_override_open", "golden time_override_over", "db TestAnOverrideSurvivesAPublish"}},
	{"Withheld caller: an empty number for routing", []proof{"golden caller_withheld", "golden block_empty", "golden block_empty_passes"}},
	{"Barge-in: a key stops the audio and is itself the first digit", []proof{"flow/reflex TestMenuFollowsItsRules"}},
	{"Answer supervision: a conference sends the 200", []proof{"sipmedia TestEachPartyHearsTheOthersAndNotItself"}},
	{"Hold: who is on hold sends nothing into a conference, nor does the hold music", []proof{"sipmedia TestAPartyOnHoldSendsNothingIntoTheRoom", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}},
	{"Conference: keys mute, lock and end it, and nobody hears them", []proof{"sipmedia TestKeysMuteOneselfAndNobodyHearsThem", "sipmedia TestAHostMutesAllButHostsAndEndsTheConferenceForAll", "sipmedia TestAFullRoomAndALockedOneRefuse"}},
	{"Conference: one room for each module, whichever node its callers are on", []proof{"db TestARoomIsOnOneNodeWhoeverComes", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}},
	{"Conference: the host's leaving ends nothing, one's own leaving ends the call", []proof{"sipmedia TestMusicUntilTheHostIsThereAndHerLeavingEndsNothing"}},
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
