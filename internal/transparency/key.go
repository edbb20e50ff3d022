// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"golang.org/x/mod/sumdb/note"

	"anlan/internal/kernel/errs"
)

// Kinds of keys in a vkey (c2sp.org/signed-note, c2sp.org/tlog-cosignature).
const (
	algEd25519     = 0x01
	algCosignature = 0x04 // Ed25519 over the time and the checkpoint
)

const stampSize = 8 // bytes of the time in a cosignature

// Key is a public key that signs notes. It is a note.Verifier.
type Key struct {
	name   string
	alg    byte
	public ed25519.PublicKey
}

// ParseKey reads a vkey: "name+hash+key".
func ParseKey(vkey string) (Key, error) {
	name, rest, _ := strings.Cut(vkey, "+")
	hash, encoded, _ := strings.Cut(rest, "+")
	b, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(b) != 1+ed25519.PublicKeySize || !validName(name) {
		return Key{}, errs.New(errs.Invalid, "transparency.bad_key")
	}
	k := Key{name, b[0], b[1:]}
	if (k.alg != algEd25519 && k.alg != algCosignature) || k.String() != vkey || len(hash) != 8 {
		return Key{}, errs.New(errs.Invalid, "transparency.bad_key")
	}
	return k, nil
}

func validName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, unicode.IsSpace) &&
		!strings.ContainsFunc(name, unicode.IsControl) && !strings.Contains(name, "+")
}

// String returns the vkey.
func (k Key) String() string {
	return fmt.Sprintf("%s+%08x+%s", k.name, k.KeyHash(), base64.StdEncoding.EncodeToString(append([]byte{k.alg}, k.public...)))
}

// Name returns whose key it is; of a log, its origin.
func (k Key) Name() string { return k.name }

// KeyHash returns the short hash by which a signature names its key.
func (k Key) KeyHash() uint32 {
	h := sha256.New()
	h.Write([]byte(k.name + "\n"))
	h.Write([]byte{k.alg})
	h.Write(k.public)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// Fingerprint is a short name of the key that people can compare with one in print.
func (k Key) Fingerprint() string {
	sum := sha256.Sum256(k.public)
	text := fmt.Sprintf("%x", sum[:10])
	var groups []string
	for i := 0; i < len(text); i += 4 {
		groups = append(groups, text[i:i+4])
	}
	return strings.Join(groups, " ")
}

// Same reports whether both are one key under whatever name.
func (k Key) Same(o Key) bool { return k.public.Equal(o.public) }

// Verify reports whether sig is k's signature of msg, the text of a note.
func (k Key) Verify(msg, sig []byte) bool {
	if k.alg == algEd25519 {
		return len(sig) == ed25519.SignatureSize && ed25519.Verify(k.public, msg, sig)
	}
	if len(sig) != stampSize+ed25519.SignatureSize {
		return false
	}
	return ed25519.Verify(k.public, stamped(binary.BigEndian.Uint64(sig), msg), sig[stampSize:])
}

// stamped is what a cosignature signs.
func stamped(unix uint64, msg []byte) []byte {
	return append([]byte("cosignature/v1\ntime "+strconv.FormatUint(unix, 10)+"\n"), msg...)
}

// Signer signs notes. It is a note.Signer.
type Signer struct {
	Key
	private ed25519.PrivateKey
	now     func() time.Time // of a cosigner
}

// NewSigner returns the signer of a 32-byte seed.
func NewSigner(name string, seed []byte) Signer {
	private := ed25519.NewKeyFromSeed(seed)
	return Signer{Key{name, algEd25519, private.Public().(ed25519.PublicKey)}, private, nil}
}

// NewCosigner returns a signer that says when it signed. Its seed must not be that of
// another signer.
func NewCosigner(name string, seed []byte, now func() time.Time) Signer {
	private := ed25519.NewKeyFromSeed(seed)
	return Signer{Key{name, algCosignature, private.Public().(ed25519.PublicKey)}, private, now}
}

// Sign signs the text of a note.
func (s Signer) Sign(msg []byte) ([]byte, error) {
	if s.alg == algEd25519 {
		return ed25519.Sign(s.private, msg), nil
	}
	unix := uint64(s.now().Unix())
	return append(binary.BigEndian.AppendUint64(nil, unix), ed25519.Sign(s.private, stamped(unix, msg))...), nil
}

// stampOf returns the time in a cosignature, in seconds.
func stampOf(s note.Signature) int64 {
	b, err := base64.StdEncoding.DecodeString(s.Base64)
	if err != nil || len(b) < 4+stampSize {
		return 0
	}
	return int64(binary.BigEndian.Uint64(b[4:]))
}
