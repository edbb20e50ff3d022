// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/note"

	"anlan/internal/kernel/errs"
)

const (
	maxSignatures = 16      // of a note
	maxNote       = 1 << 16 // bytes
	dash          = "— "
)

// Checkpoint is the state of a log (c2sp.org/tlog-checkpoint).
type Checkpoint struct {
	Origin string // identity of the log
	Size   int64  // leaves
	Root   Hash
}

// Text returns what is signed.
func (c Checkpoint) Text() string { return fmt.Sprintf("%s\n%d\n%s\n", c.Origin, c.Size, c.Root) }

// parseCheckpoint reads the text of a checkpoint; extension lines are refused, because
// nobody could audit them.
func parseCheckpoint(text string) (Checkpoint, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 4 {
		return Checkpoint{}, errs.New(errs.Invalid, "transparency.bad_checkpoint")
	}
	size, ok := ParseSize(lines[1])
	root, ok2 := parseHash(lines[2])
	c := Checkpoint{lines[0], size, root}
	if !ok || !ok2 || c.Origin == "" || c.Text() != text {
		return Checkpoint{}, errs.New(errs.Invalid, "transparency.bad_checkpoint")
	}
	return c, nil
}

// signNote signs text, which ends in a newline.
func signNote(text string, signers ...Signer) ([]byte, error) {
	list := make([]note.Signer, len(signers))
	for i, s := range signers {
		list[i] = s
	}
	return note.Sign(&note.Note{Text: text}, list...)
}

// openNote checks the form of a signed note and the signatures of keys, at least one of
// which must have signed. A wrong signature of any of them refuses the whole note.
func openNote(msg []byte, keys []Key) (*note.Note, error) {
	if err := checkForm(msg); err != nil {
		return nil, err
	}
	known := make([]note.Verifier, len(keys))
	for i, k := range keys {
		known[i] = k
	}
	n, err := note.Open(msg, note.VerifierList(known...))
	if err == nil {
		return n, nil
	}
	if _, ok := errors.AsType[*note.InvalidSignatureError](err); ok {
		return nil, errs.Wrap(err, errs.Invalid, "transparency.bad_signature")
	}
	if _, ok := errors.AsType[*note.UnverifiedNoteError](err); ok {
		return nil, errs.Wrap(err, errs.Invalid, "transparency.unknown_key")
	}
	return nil, errs.Wrap(err, errs.Invalid, "transparency.bad_note")
}

// checkForm refuses what note.Open lets pass: too many signatures and a second spelling
// of one.
func checkForm(msg []byte) error {
	at := bytes.LastIndex(msg, []byte("\n\n"))
	if len(msg) > maxNote || at < 0 || !bytes.HasSuffix(msg, []byte("\n")) {
		return errs.New(errs.Invalid, "transparency.bad_note")
	}
	lines := strings.Split(strings.TrimSuffix(string(msg[at+2:]), "\n"), "\n")
	if len(lines) > maxSignatures {
		return errs.New(errs.Invalid, "transparency.too_many_signatures", "max", maxSignatures)
	}
	for _, line := range lines {
		_, encoded, ok := strings.Cut(strings.TrimPrefix(line, dash), " ")
		b, err := base64.StdEncoding.Strict().DecodeString(encoded)
		if !ok || err != nil || len(b) < 5 || !strings.HasPrefix(line, dash) {
			return errs.New(errs.Invalid, "transparency.bad_note")
		}
	}
	return nil
}

// ParseSize reads the size of a tree, written in the one way that there is.
func ParseSize(text string) (int64, bool) {
	size, err := strconv.ParseInt(text, 10, 64)
	return size, err == nil && size >= 0 && strconv.FormatInt(size, 10) == text
}
