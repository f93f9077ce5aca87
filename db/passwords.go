package db

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/alexedwards/argon2id"
	"github.com/trustelem/zxcvbn"

	"tandem/flow/directory"
)

// Cost of a password hash, OWASP's second choice for argon2id: about 40 ms of
// one core. A dearer one would be heard in the calls of a small machine.
const (
	hashMemory = 19 << 10 // KiB
	hashPasses = 2
	hashLanes  = 1
)

func hashPassword(password string) (string, error) {
	return argon2id.CreateHash(password, &argon2id.Params{
		Memory: hashMemory, Iterations: hashPasses, Parallelism: hashLanes, SaltLength: 16, KeyLength: 32})
}

// Limits of a new password in characters, and the strength by zxcvbn's scale
// of 0 to 4 from which it is taken: 2 is beyond a million guesses, which the
// lock-out makes decades.
const (
	minPassword   = 12
	maxPassword   = 200
	leastStrength = 2
	judgedLength  = 64 // of a longer one: judging takes ever longer
)

// newPassword hashes a password that is long enough and not a common one. The
// words of its owner's address make it no stronger.
func newPassword(email, password string) (string, error) {
	n := utf8.RuneCountInString(password)
	if n < minPassword || n > maxPassword {
		return "", fmt.Errorf("%w: a password has %d to %d characters", directory.ErrInvalid, minPassword, maxPassword)
	}
	known := append(strings.FieldsFunc(foldEmail(email), func(r rune) bool { return r == '@' || r == '.' }), "tandem")
	if zxcvbn.PasswordStrength(password[:min(len(password), judgedLength)], known).Score < leastStrength {
		return "", fmt.Errorf("%w: this password is easily guessed, take a less common one", directory.ErrInvalid)
	}
	return hashPassword(password)
}
