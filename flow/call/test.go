package call

import "strings"

// testAccount begins the name of the account that a test call is placed from,
// before the id of the test call.
const testAccount = "test-"

// IsTestID tells whether a text is the id of a test call: 128 bits as lower-case
// hexadecimals.
func IsTestID(id string) bool {
	const length = 32
	return len(id) == length && strings.Trim(id, "0123456789abcdef") == ""
}

// TestAccount is the account that a test call is placed from. It exists for that
// one call.
func TestAccount(id string) string { return testAccount + id }

// ParseTestAccount is the id of the test call that an account is for; false: it
// is none of these.
func ParseTestAccount(name string) (id string, ok bool) {
	id, ok = strings.CutPrefix(name, testAccount)
	return id, ok && IsTestID(id)
}

// Test is the id of the test call that this is; false: it is an ordinary one.
func (in Incoming) Test() (id string, ok bool) { return ParseTestAccount(in.Account) }

// ContactMethod is the id of the one that dialled. A test call has none.
func (in Incoming) ContactMethod() string {
	if _, ok := in.Test(); ok {
		return ""
	}
	return in.Account
}
