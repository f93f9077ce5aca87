package db

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
)

// Key seals stored secrets with AES-256-GCM. It is kept outside the database,
// so that a stolen copy of the database holds no usable password.
type Key [32]byte

// ErrSealed is wrapped when a secret cannot be opened: the key is not the one
// it was sealed with, or it was moved from another row.
var ErrSealed = errors.New("cannot be opened with this key")

// String hides the key.
func (Key) String() string { return "[key]" }

// GoString hides the key.
func (Key) GoString() string { return "[key]" }

// LogValue keeps the key out of logs.
func (Key) LogValue() slog.Value { return slog.StringValue("[key]") }

// NewKey makes a random key.
func NewKey() Key {
	var k Key
	_, _ = rand.Read(k[:]) // never fails, see crypto/rand
	return k
}

// ParseKey reads 64 hexadecimal digits.
func ParseKey(text string) (Key, error) {
	b, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(b) != len(Key{}) {
		return Key{}, errors.New("a key has 64 hexadecimal digits")
	}
	return Key(b), nil
}

// LoadOrCreateKey reads the key file at path, or writes a new one there that
// only its owner can read. Two processes that create at once get the same key.
func LoadOrCreateKey(path string) (Key, error) {
	if text, err := os.ReadFile(path); err == nil {
		k, err := ParseKey(string(text))
		if err != nil {
			return Key{}, fmt.Errorf("key file %s: %w", path, err)
		}
		return k, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return Key{}, fmt.Errorf("key file: %w", err)
	}
	k := NewKey()
	switch err := writeNew(path, hex.EncodeToString(k[:])+"\n"); {
	case errors.Is(err, fs.ErrExist):
		return LoadOrCreateKey(path)
	case err != nil:
		return Key{}, fmt.Errorf("key file: %w", err)
	}
	return k, nil
}

// writeNew writes a file whole or not at all, and never over another: a key
// lost is every password lost.
func writeNew(path, text string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".key-*") // mode 0600
	if err != nil {
		return err
	}
	defer func() { _ = os.Remove(f.Name()) }() // the linked name stays
	_, err = f.WriteString(text)
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return err
	}
	return os.Link(f.Name(), path)
}

// seal encrypts a secret for one place, such as "trunk:loopback"; it opens
// nowhere else. An empty secret is stored as null.
func (k Key) seal(place, secret string) []byte {
	if secret == "" {
		return nil
	}
	return k.aead().Seal(nil, nil, []byte(secret), []byte(place))
}

func (k Key) open(place string, sealed []byte) (string, error) {
	if sealed == nil {
		return "", nil
	}
	plain, err := k.aead().Open(nil, nil, sealed, []byte(place))
	if err != nil {
		return "", fmt.Errorf("secret of %s: %w", place, ErrSealed)
	}
	return string(plain), nil
}

// digest is a hash that only who has the key can make, of one kind of content.
func (k Key) digest(kind string, content []byte) []byte {
	mac := hmac.New(sha256.New, k[:])
	mac.Write([]byte(kind + ":"))
	mac.Write(content)
	return mac.Sum(nil)
}

// aead makes its own random nonce for every secret and stores it in front.
func (k Key) aead() cipher.AEAD {
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // only for a key length that the type rules out
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic(err) // only for a cipher that is not AES
	}
	return aead
}
