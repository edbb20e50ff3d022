// SPDX-License-Identifier: Apache-2.0

package app

import (
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

const keySize = 32 // bytes, of the master key and of every derived one

// keyring derives the keys that seal personal data and answer repeats. All come
// of one master key: lose it and what is sealed stays sealed.
type keyring struct{ master []byte }

// loadKeys reads the master key, in hex, from the environment or from
// keys/master.key under dir, which is made at the first start. Several processes
// on one PostgreSQL must be given the same key.
func loadKeys(dir, fromEnv string) (keyring, error) {
	if fromEnv != "" {
		return parseKey(fromEnv)
	}
	path := filepath.Join(dir, "keys", "master.key")
	text, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return makeKey(path)
	}
	if err != nil {
		return keyring{}, err
	}
	return parseKey(string(text))
}

func parseKey(text string) (keyring, error) {
	key, err := hex.DecodeString(strings.TrimSpace(text))
	if err != nil || len(key) != keySize {
		return keyring{}, fmt.Errorf("the master key must be %d hex digits", 2*keySize)
	}
	return keyring{key}, nil
}

func makeKey(path string) (keyring, error) {
	key := make([]byte, keySize)
	rand.Read(key)
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return keyring{}, err
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return keyring{}, err
	}
	_, err = f.WriteString(hex.EncodeToString(key) + "\n")
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return keyring{}, err
	}
	return keyring{key}, nil
}

// derive returns the key for one purpose; different purposes never share a key.
func (k keyring) derive(purpose string) []byte {
	key, err := hkdf.Key(sha256.New, k.master, nil, "anlan/"+purpose, keySize)
	if err != nil { // only for absurd lengths
		panic(err)
	}
	return key
}
