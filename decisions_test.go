package tandem_test

// decisions are what the product has decided about modules where it is easy to
// get wrong, and what proves each.
var decisions = []struct {
	subject string
	proofs  []proof
}{
	{"Barge-in: a key stops the audio and is itself the first digit", []proof{"flow/reflex TestMenuFollowsItsRules"}},
	{"Answer supervision: a conference sends the 200", []proof{"sipmedia TestEachPartyHearsTheOthersAndNotItself"}},
	{"Hold: who is on hold sends nothing into a conference, nor does the hold music", []proof{"sipmedia TestAPartyOnHoldSendsNothingIntoTheRoom", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}},
	{"Conference: keys mute, lock and end it, and nobody hears them", []proof{"sipmedia TestKeysMuteOneselfAndNobodyHearsThem", "sipmedia TestAHostMutesAllButHostsAndEndsTheConferenceForAll", "sipmedia TestAFullRoomAndALockedOneRefuse"}},
	{"Conference: one room for each module, whichever node its callers are on", []proof{"db TestARoomIsOnOneNodeWhoeverComes", "sipmedia TestACallerOfAnotherNodeIsAPartyLikeAnyOther"}},
	{"Conference: the host's leaving ends nothing, one's own leaving ends the call", []proof{"sipmedia TestMusicUntilTheHostIsThereAndHerLeavingEndsNothing"}},
}
