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
	{"Withheld caller: shown as anonymous, also by name rules and forwardings", []proof{"sipmedia TestAWithheldCallerStaysWithheld", "workflows TestEveryFieldOfATextHasItsValue"}},
	{"Caller-name rules: the number's first, each list on the result before it, never the number", []proof{"golden number_renames_caller", "workflows TestEachListOfRulesChangesTheResultBeforeIt"}},
	{"Calls at once: one too many leaves by overflow, or is refused with the code of the settings", []proof{"golden number_overflow_cabled", "golden number_overflow_refused",
		"golden direct_over_limit", "golden start_over_limit", "sipmedia TestACallAboveALimitIsRefusedWithTheCodeOfTheSettings", "db TestABurstIsCountedToTheLast", "cmd/tandem/e2e TestTheCallAboveALimitIsRefusedOrOverflows"}},
	{"A disabled number, and one without claimant, is refused with 404", []proof{"db TestRouteLeadsWhereTheTableSays", "golden not_found"}},
	{"Hang up: the cause's code to an unanswered caller, normal is 480, and a BYE with its Reason to an answered one", []proof{"golden hangup_normal", "golden hangup_busy",
		"golden hangup_unavailable", "golden hangup_declined", "golden hangup_not_found", "golden hangup_congestion", "golden hangup_answered", "golden hangup_caller_gone",
		"sipmedia TestEveryCauseOfAHangUpRefusesAnUnansweredCaller", "sipmedia TestEveryCauseOfAHangUpIsTheReasonOfTheBye", "sipmedia TestAnUnansweredCallerHearsTheLastAudioAsEarlyMedia"}},
	{"Internal numbers: leading zeros count", []proof{"golden internal_leading_zeros"}},
	{"Loops: 100 hops end the call", []proof{"golden loop_ends"}},
	{"A start: one in each flow, and once published it stays", []proof{"flow TestAFlowHasOneStart", "db TestAPublishedStartStays", "ui TestThePublishedStartIsNotRemoved", "flow TestAStartLeadsToNoEntry"}},
	{"Barge-in: a key stops the audio and is itself the first digit", []proof{"flow/reflex TestMenuFollowsItsRules"}},
	{"Answer supervision: a conference sends the 200", []proof{"sipmedia TestEachPartyHearsTheOthersAndNotItself"}},
	{"Hold: who is on hold sends nothing into a conference, nor does the hold music", []proof{"sipmedia TestAPartyOnHoldSendsNothingIntoTheRoom", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}},
	{"Conference: keys mute, lock and end it, and nobody hears them", []proof{"sipmedia TestKeysMuteOneselfAndNobodyHearsThem", "sipmedia TestAHostMutesAllButHostsAndEndsTheConferenceForAll", "sipmedia TestAFullRoomAndALockedOneRefuse"}},
	{"Conference: one room for each module, whichever node its callers are on", []proof{"db TestARoomIsOnOneNodeWhoeverComes", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}},
	{"Conference: the host's leaving ends nothing, one's own leaving ends the call", []proof{"sipmedia TestMusicUntilTheHostIsThereAndHerLeavingEndsNothing"}},
}
