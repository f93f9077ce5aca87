package tandem_test

// clause is a half-sentence of the product sheet and what proves it. What
// belongs to a part of the product that is not built yet has nothing that could
// prove it, and says which part.
type clause struct {
	says   string
	proofs []proof
	later  string
}

// section is a row of a table of the product sheet, or a module kind.
type section struct {
	about   string
	clauses []clause
}

// Parts of the product that are still to be built.
const (
	withTransfers  = "transfers are not built yet"
	withRecording  = "recording and voicemail are not built yet"
	withOutbound   = "external calls out are not built yet"
	withOperations = "it comes with the operation of several nodes, and is of no module"
	withMethods    = "contact methods have no “when unavailable” yet"
)

// decisions are what the product has decided where it is easy to get wrong,
// clause by clause (product sheet 11).
var decisions = []section{
	{"Failure", []clause{
		{"A restart of a worker, the database or the web changes no call", []proof{"workflows TestHistoriesOfRealCallsReplay", "workflows TestAQueueThatGoesOnAsNewKnowsEverybody",
			"cmd/tandem/e2e TestAKilledProcessIsNotHeard", "cmd/tandem/e2e TestAQueueGoesOnAsNew"}, ""},
		{"A call that nobody takes charge of is refused with 503", []proof{"sipmedia TestACallThatNobodyTakesChargeOfIsTurnedAway"}, ""},
		{"A call whose node is gone is not asked after, and its legs stand in the ledger", []proof{"golden node_lost", "workflows TestALostNodeEndsTheCallWithoutAskingItAgain", "workflows TestALostNodeLeavesTheLegsInTheLedger"}, ""},
		{"A call goes on on another node; a stored fallback per number", nil, withOperations},
	}},
	{"Interval ends; past midnight", []clause{
		{"The start counts, the end does not: 09:00–17:00 is closed at 17:00:00", []proof{"golden time_start_counts", "golden time_last_second", "golden time_end_does_not_count",
			"flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt", "workflows/simulate TestCallsAtEveryEdgeGoTheWayOfTheReference"}, ""},
		{"24:00 is an end", []proof{"golden time_midnight_is_an_end"}, ""},
		{"Equal start and end is refused", []proof{"flow TestSettingsOfRoutersAreChecked"}, ""},
		{"22:00–06:00 belongs to the day it starts", []proof{"golden time_past_midnight", "golden time_past_midnight_ends", "flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt"}, ""},
	}},
	{"Clock change", []clause{
		{"Local wall time in the zone", []proof{"golden time_own_zone", "golden time_schedule_brings_its_zone", "flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt"}, ""},
		{"A skipped hour matches nothing, a repeated one twice", []proof{"golden time_skipped_hour", "golden time_repeated_hour", "flow/schedule TestASkippedHourMatchesNothing", "flow/schedule TestARepeatedHourMatchesTwice"}, ""},
		{"Durations are real seconds", []proof{"workflows/simulate TestNoClockChangeMakesAWaitLongerOrShorter"}, ""},
	}},
	{"Exceptions; when time is read", []clause{
		{"A date beats the week, a single date beats a range", []proof{"golden time_holiday", "flow/schedule TestHoursAtAnInstant: Thu 24 Dec 13:59 Europe/Stockholm is within 10:00–14:00, “Christmas Eve”",
			"flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt"}, ""},
		{"Special hours replace the whole day, also the tail past midnight that starts on it", []proof{"golden time_special_hours", "golden time_special_hours_over",
			"flow/schedule TestHoursAtAnInstant: Sat 28 Nov 01:59 Europe/Stockholm is within 20:00–02:00 of Friday, “Sale”", "flow/schedule TestEveryEdgeIsWhereTheReferenceHasIt"}, ""},
		{"Time is read once, on entering the module, from the workflow's clock", []proof{"golden time_start_counts", "golden queue_stays_after_closing", "workflows/simulate TestCallsAtEveryEdgeGoTheWayOfTheReference",
			"cmd/tandem/e2e TestRoutersDecideRealCallsAsTheSimulatorForetells"}, ""},
		{"A caller in a queue stays after closing time", []proof{"golden queue_stays_after_closing"}, ""},
	}},
	{"Barge-in; menu timers; wrong entry", []clause{
		{"A key stops the audio within one frame", []proof{"sipmedia/rtpio TestKeySilencesThePromptWithinAFrame", "sipmedia TestAKeySilencesThePrompt"}, ""},
		{"It is itself the first digit, valid or not", []proof{"flow/reflex TestMenuFollowsItsRules: a unique entry leaves at once, in the prompt", "flow/reflex TestMenuFollowsItsRules: a wrong entry is invalid at once"}, ""},
		{"One key sent in two ways counts once", []proof{"sipmedia/rtpio TestKeyByTwoWaysCountsOnce", "sipmedia TestKeysReachTheMenuInEveryWay: counted twice it would be 44"}, ""},
		{"A key sent in-band", nil, "in-band tones come with the codecs and settings of phones"},
		{"The time-out runs from the end of the audio", []proof{"flow/reflex TestMenuFollowsItsRules: silence repeats the prompt until the playbacks are used"}, ""},
		{"After a first key only the inter-digit timer runs", []proof{"flow/reflex TestMenuFollowsItsRules: each key starts the timer anew", "flow/reflex TestMenuFollowsItsRules: the end of audio that a key has stopped is nothing"}, ""},
		{"# ends an entry unless # is an entry", []proof{"flow/reflex TestMenuFollowsItsRules: or for the hash", "flow/reflex TestMenuFollowsItsRules: the hash can be an entry", "flow TestAHashMayBeAnEntryWhereNothingCanGoOn"}, ""},
		{"A wrong entry is invalid if cabled, else one playback", []proof{"golden menu_invalid", "golden menu_wrong_entry", "flow/reflex TestMenuFollowsItsRules: and counts as one playback"}, ""},
	}},
	{"Busy member; too many at once", []clause{
		{"Ring group: a busy bar ends, and the next is skipped to only if nothing else rings", []proof{"flow/reflex TestTimelineRingsBarsInTheirTime: but not while another rings", "golden ring_busy_skips_ahead", "sipmedia TestABusyPhoneLetsTheNextBarRingAtOnce"}, ""},
		{"Queue: a busy member is not offered", []proof{"golden queue_busy_member", "db TestAPersonInAnotherCallIsBusyOnAllPhones"}, ""},
		{"Over a limit ringing starts in list order up to it, the next when one ends", []proof{"sipmedia TestOverALimitRingingStartsInListOrderAndTheNextWhenOneEnds", "flow/reflex TestABarThatIsHeldBackRingsWhenAnotherIsOver"}, ""},
		{"Each bar that is held back is in the attempts", []proof{"golden ring_held_back", "sipmedia TestOverALimitRingingStartsInListOrderAndTheNextWhenOneEnds: over-limit (skipped)"}, ""},
	}},
	{"Two answer together; several legs ring", []clause{
		{"The first 200 wins, the other is acknowledged and ended as answered elsewhere, and is no missed call", []proof{"sipmedia TestOfTwoWhoAnswerTogetherOneIsReleased", "sipmedia TestOfTwoMembersWhoAnswerTogetherOneIsJoinedOnce", "golden ring_answered"}, ""},
		{"A forked second 200 likewise", []proof{"sipmedia/sipua TestSecond200OfAForkedInviteIsAcknowledgedAndHungUp"}, ""},
		{"While several ring the caller hears one ringback; early media is passed only of a leg that rings alone", []proof{"sipmedia TestEarlyMediaOfTheOnlyPhoneIsHeard: two ring: one ringback"}, ""},
	}},
	{"Answer supervision", []clause{
		{"A menu sends the 200", []proof{"sipmedia TestACallGoesFromMenuToPhoneAndBothHearEachOther"}, ""},
		{"A queue sends the 200", []proof{"sipmedia TestAWaitEndsAtItsLimit"}, ""},
		{"A conference sends the 200", []proof{"sipmedia TestEachPartyHearsTheOthersAndNotItself"}, ""},
		{"An answering playback sends the 200, early media is a 183", []proof{"golden playback_answers", "sipmedia TestPlaybackAnswersOrIsEarlyMedia", "sipmedia TestEarlyMediaIsHeardAs183BeforeThe200"}, ""},
		{"A ring group sends it only when a destination has answered and confirmed", []proof{"sipmedia TestTheKeyConfirmsAndOnlyThenTheCallerIsAnswered", "sipmedia TestOwnRingbackIsEarlyMediaAndDoesNotAnswer"}, ""},
		{"All others leave the call unanswered", []proof{"golden not_answered_on_the_way", "golden hangup_busy", "golden start_over_limit", "golden internal_leading_zeros"}, ""},
		{"Answered by names who talked, or else the module", []proof{"workflows TestAnsweredByNamesWhoTalkedOrElseTheModule"}, ""},
		{"A voicemail is not answered by a person", nil, withRecording},
	}},
	{"Billed", []clause{
		{"Per leg, from 200 to BYE, whole seconds rounded up", []proof{"flow/call TestBilledRoundsUp"}, ""},
		{"Confirmation and whisper on the B-leg only", []proof{"sipmedia TestTheKeyConfirmsAndOnlyThenTheCallerIsAnswered", "sipmedia TestACallerWhoHangsUpWhileSomebodyConfirmsIsMissed"}, ""},
	}},
	{"Caller hangs up ringing", []clause{
		{"487, all legs cancelled, cause caller-cancelled, missed for those rung", []proof{"sipmedia TestACallerWhoGivesUpCancelsAllThatRing", "golden ring_caller_cancels"}, ""},
	}},
	{"Caller hangs up in menu, playback, greeting, message", []clause{
		{"Cause caller-hangup, module noted", []proof{"golden menu_caller_gone", "golden playback_caller_gone", "golden conference_caller_gone", "golden http_request_caller_gone"}, ""},
		{"Before the answer it is caller-cancelled", []proof{"golden playback_early_caller_cancels", "sipmedia TestACallerWhoGivesUpDuringTheLastAudioEndsIt"}, ""},
		{"A message is delivered if at least so long", nil, withRecording},
	}},
	{"Caller hangs up in a queue", []clause{
		{"Abandoned; below 5 s short", []proof{"golden queue_caller_gone", "flow/queue TestWhoGivesUpAtOnceIsNotAbandoned"}, ""},
		{"The place is freed, or kept", []proof{"flow/queue TestAFullQueueTakesNobodyMore", "flow/queue TestADroppedCallerFindsTheOldPlace"}, ""},
		{"A member who answers in that instant hears a tone", []proof{"sipmedia TestAMemberWhoAnswersAsTheCallerHangsUpHearsATone", "cmd/tandem/e2e TestAnAnswerThatCrossesAHangUpReleasesTheMember"}, ""},
		{"and is released without rest", []proof{"workflows TestAMemberWhoIsRungAsTheCallerHangsUpDoesNotRest", "workflows TestAnAnswerAndAHangUpThatCrossReleaseTheMember"}, ""},
	}},
	{"Caller hangs up in confirm, consent, whisper", []clause{
		{"The B-leg ends and it is a missed call", []proof{"sipmedia TestACallerWhoHangsUpWhileSomebodyConfirmsIsMissed", "golden ring_caller_gives_up_in_confirm"}, ""},
		{"Consent; nothing is recorded", nil, withRecording},
	}},
	{"Hold; no audio", []clause{
		{"Who is held hears hold music", []proof{"sipmedia TestHoldMusicPlaysUntilTheCallIsResumed", "sipmedia TestWhomTheOtherPutsOnHoldHearsTheMusicThatWasChosen"}, ""},
		{"Hold is never ended by the time of silence", []proof{"sipmedia TestAHoldIsNotTakenForSilence", "sipmedia/rtpio TestMediaLostIsToldOnceAndNotOnHold"}, ""},
		{"Who is on hold sends nothing into a conference, nor does the hold music", []proof{"sipmedia TestAPartyOnHoldSendsNothingIntoTheRoom", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}, ""},
		{"Otherwise no packet for 30 s at the start or 60 s later ends the call with no-media", []proof{"sipmedia/rtpio TestWatchTellsOnce", "sipmedia TestSilenceEndsTheCall", "sipmedia TestTimeForTheFirstAudioCountsFromTheAnswer", "golden menu_no_media"}, ""},
		{"A phone that sends RTCP counts as alive", []proof{"sipmedia/rtpio TestReportsKeepAPeerAlive"}, ""},
	}},
	{"Caller-name rules order", []clause{
		{"The number's first, then each module's in path order, each on the last result", []proof{"golden number_renames_caller", "golden names_in_path_order", "workflows TestEachListOfRulesChangesTheResultBeforeIt"}, ""},
	}},
	{"Withheld caller", []clause{
		{"An empty number for routing", []proof{"golden caller_withheld", "golden block_empty", "golden block_empty_passes"}, ""},
		{"Anonymous on phones, whatever a rule makes of the name", []proof{"sipmedia TestAWithheldCallerStaysWithheld", "golden ring_withheld_caller", "workflows TestEveryFieldOfATextHasItsValue"}, ""},
		{"Never revealed by a forwarding", []proof{"sipmedia TestAForwardingNeverRevealsAWithheldCaller"}, ""},
	}},
	{"From one flow to another; internal number dialled", []clause{
		{"By an internal number only, by direct dial; the version then current is pinned", []proof{"golden menu_direct_dial_enters_flow", "cmd/tandem/e2e TestInternalNumbersKeyedInAMenu"}, ""},
		{"Hops keep counting", []proof{"workflows TestHopsGoOnCountingInAnotherFlow"}, ""},
		{"An internal-number module walks its flow", []proof{"golden internal_number", "golden menu_direct_dial_own_flow"}, ""},
		{"A contact method rings directly", []proof{"golden direct_contact_method", "golden menu_direct_dial_rings_contact_method", "golden menu_direct_dial_busy"}, ""},
		{"with its own “when unavailable”", nil, withMethods},
		{"By transfer", nil, withTransfers},
	}},
	{"Loops", []clause{
		{"A cycle is legal if it holds a module that waits", []proof{"flow TestACircleThatWaitsIsRight", "flow TestBrokenFlowsAreRefusedAtTheirField: playback cabled to itself"}, ""},
		{"100 hops end the call", []proof{"golden loop_ends"}, ""},
		{"5 transfers in a row without 3 s of talk", nil, withTransfers},
	}},
	{"Spool full at voicemail; delivery after the call", []clause{
		{"Greeting, then “cannot take a message”; delivery independent of the call", nil, withRecording},
		{"A mail of a notification outlives the call", []proof{"golden notification_last_of_a_call", "golden notification_caller_gone"}, ""},
	}},
	{"Repeats; clocks", []clause{
		{"A repeated INVITE does nothing twice", []proof{"sipmedia/sipua TestRepeatedInviteStartsNothingAndGetsTheSameAnswer"}, ""},
		{"A repeated event does nothing twice", []proof{"workflows TestARepeatedEventIsTakenOnce", "flow/queue TestMessagesThatComeLateOrTwiceChangeNothing"}, ""},
		{"A repeated request does nothing twice", []proof{"sipmedia TestAnOperationAskedTwiceRunsOnce", "db TestOfManyRepeatsAtOnceOneWrites", "activities/outgoing TestAMailThatWasTakenIsNotSentAgainWhateverFollows"}, ""},
		{"Clocks of nodes more than 1 s apart raise a warning", nil, withOperations},
	}},
}
