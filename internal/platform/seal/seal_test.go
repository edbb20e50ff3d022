// SPDX-License-Identifier: Apache-2.0

package seal

import (
	"bytes"
	"errors"
	"testing"

	"pgregory.net/rapid"
)

func box(b byte) *Box { return New(bytes.Repeat([]byte{b}, KeySize)) }

func TestSealOpen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		plain := rapid.SliceOf(rapid.Byte()).Draw(t, "plain")
		context := rapid.String().Draw(t, "context")
		sealed := box(1).Seal(plain, context)
		got, err := box(1).Open(sealed, context)
		if err != nil || !bytes.Equal(got, plain) {
			t.Fatalf("Open = %x, %v; want %x", got, err, plain)
		}
		if _, err := box(1).Open(sealed, context+"x"); !errors.Is(err, ErrOpen) {
			t.Fatalf("opened for another context: %v", err)
		}
		if _, err := box(2).Open(sealed, context); !errors.Is(err, ErrOpen) {
			t.Fatalf("opened with another key: %v", err)
		}
		at := rapid.IntRange(0, len(sealed)-1).Draw(t, "at")
		sealed[at] ^= 1
		if _, err := box(1).Open(sealed, context); !errors.Is(err, ErrOpen) {
			t.Fatalf("opened with byte %d changed: %v", at, err)
		}
	})
}

func TestFingerprint(t *testing.T) {
	if box(1).Fingerprint("a") != box(1).Fingerprint("a") {
		t.Error("equal values have different fingerprints")
	}
	if box(1).Fingerprint("a") == box(2).Fingerprint("a") || box(1).Fingerprint("a") == box(1).Fingerprint("b") {
		t.Error("fingerprints do not depend on key and value")
	}
}
