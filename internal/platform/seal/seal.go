// SPDX-License-Identifier: Apache-2.0

// Package seal encrypts personal data in rows, and makes keyed fingerprints by
// which equal values can be found without opening them.
package seal

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
)

const (
	// KeySize is the length of a key in bytes.
	KeySize = 32

	version   = 1 // AES-256-GCM
	keyIDSize = 4
	nonceSize = 12
)

// ErrOpen is returned for what was sealed under another key, for another
// purpose, or was changed since.
var ErrOpen = errors.New("seal: cannot open")

// Box seals under one key.
type Box struct {
	keyID [keyIDSize]byte
	aead  cipher.AEAD
	mac   []byte
}

// New returns a Box of a KeySize key; it panics for another length, because keys
// are derived by us and never come from outside.
func New(key []byte) *Box {
	if len(key) != KeySize {
		panic("seal: a key has 32 bytes")
	}
	block, err := aes.NewCipher(derive(key, "encrypt"))
	if err != nil {
		panic(err)
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		panic(err)
	}
	b := &Box{aead: aead, mac: derive(key, "fingerprint")}
	copy(b.keyID[:], derive(key, "id"))
	return b
}

func derive(key []byte, purpose string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "anlan/seal/"+purpose, KeySize)
	if err != nil {
		panic(err)
	}
	return out
}

// Seal encrypts plain. The same context must be given to open it: name the column
// and the row, so that a sealed value cannot be moved to another row.
func (b *Box) Seal(plain []byte, context string) []byte {
	out := make([]byte, 1+keyIDSize+nonceSize, 1+keyIDSize+nonceSize+len(plain)+b.aead.Overhead())
	out[0] = version
	copy(out[1:], b.keyID[:])
	nonce := out[1+keyIDSize:]
	rand.Read(nonce)
	return b.aead.Seal(out, nonce, plain, []byte(context))
}

// Open returns what was sealed for context, or ErrOpen.
func (b *Box) Open(sealed []byte, context string) ([]byte, error) {
	head := 1 + keyIDSize
	if len(sealed) < head+nonceSize || sealed[0] != version || !bytes.Equal(sealed[1:head], b.keyID[:]) {
		return nil, ErrOpen
	}
	plain, err := b.aead.Open(nil, sealed[head:head+nonceSize], sealed[head+nonceSize:], []byte(context))
	if err != nil {
		return nil, ErrOpen
	}
	return plain, nil
}

// Fingerprint returns a keyed hash of value, in hex. Equal values have equal
// fingerprints; without the key nobody can try values out.
func (b *Box) Fingerprint(value string) string {
	m := hmac.New(sha256.New, b.mac)
	m.Write([]byte(value))
	return hex.EncodeToString(m.Sum(nil))
}
