package tandem_test

// decisions are what the product has decided about modules where it is easy to
// get wrong, and what proves each.
var decisions = []struct {
	subject string
	proofs  []proof
}{
	{"Barge-in: a key stops the audio and is itself the first digit", []proof{"flow/reflex TestMenuFollowsItsRules"}},
}
