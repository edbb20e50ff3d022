// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"os"
	"testing"
	"time"
)

// TestWebVectors holds the file by which the web's tests believe what this package
// publishes. After a change of the texts, write it with ANLAN_WRITE_VECTORS=1.
func TestWebVectors(t *testing.T) {
	const name = "../../../web/src/shared/crypto/testdata/statement.json"
	seed := func(b byte) ed25519.PrivateKey {
		return ed25519.NewKeyFromSeed(bytes.Repeat([]byte{b}, ed25519.SeedSize))
	}
	one, two, directory := seed(1), seed(2), seed(3)
	const recipient = "age1mrxul0cdmkqykql37amamr72cqr9hn3c3jvsjuquhpewfxuepyasuenmzl"
	text := statement{"anlan.example", "01channel", "示范县应急管理局", 3, X25519, recipient, time.Date(2026, 11, 24, 1, 2, 3, 0, time.UTC)}.text()
	list := signersText("anlan.example", []Signer{{publicOf(two), "01channel"}, {publicOf(one), "01channel"}, {publicOf(two), "02channel"}})
	own := ownKeyText("01person", recipient, publicOf(one))
	want, err := json.MarshalIndent(map[string]string{
		"directory": publicOf(directory),
		"signers":   signed(list, publicOf(directory), sign(directory, list)),
		"statement": signed(text, publicOf(one), sign(one, text), publicOf(two), sign(two, text)),
		"own_key":   signed(own, publicOf(one), sign(one, own)),
	}, "", "  ")
	must(t, err)
	want = append(want, '\n')
	if os.Getenv("ANLAN_WRITE_VECTORS") != "" {
		must(t, os.WriteFile(name, want, 0o644))
	}
	got, err := os.ReadFile(name)
	must(t, err)
	if !bytes.Equal(got, want) {
		t.Error("web/src/shared/crypto/testdata/statement.json is stale")
	}
}
