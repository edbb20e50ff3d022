// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"strconv"
	"strings"

	"golang.org/x/mod/sumdb/tlog"

	"anlan/internal/kernel/errs"
)

const (
	proofHeader = "c2sp.org/tlog-proof@v1"
	maxPath     = 63 // hashes of an inclusion proof
)

// Proof says that a leaf is in the log (c2sp.org/tlog-proof@v1). Extra holds the leaf
// itself; it is believed only as far as its hash is proved.
type Proof struct {
	Extra      []byte
	Index      int64
	Path       []Hash
	Checkpoint []byte // signed note
}

// Encode returns the file form.
func (p Proof) Encode() []byte {
	var b bytes.Buffer
	b.WriteString(proofHeader + "\n")
	if len(p.Extra) > 0 {
		fmt.Fprintf(&b, "extra %s\n", base64.StdEncoding.EncodeToString(p.Extra))
	}
	fmt.Fprintf(&b, "index %d\n", p.Index)
	for _, h := range p.Path {
		fmt.Fprintln(&b, h)
	}
	b.WriteString("\n")
	b.Write(p.Checkpoint)
	return b.Bytes()
}

// ParseProof reads the file form and refuses every other spelling. It verifies nothing.
func ParseProof(text []byte) (Proof, error) {
	head, checkpoint, ok := strings.Cut(string(text), "\n\n")
	if !ok || len(text) > 2*maxNote {
		return Proof{}, errBadProof()
	}
	p := Proof{Checkpoint: []byte(checkpoint)}
	lines := strings.Split(head, "\n")[1:]
	if len(lines) > 0 && strings.HasPrefix(lines[0], "extra ") {
		var err error
		if p.Extra, err = base64.StdEncoding.Strict().DecodeString(lines[0][len("extra "):]); err != nil {
			return Proof{}, errBadProof()
		}
		lines = lines[1:]
	}
	if len(lines) == 0 {
		return Proof{}, errBadProof()
	}
	if len(lines)-1 > maxPath {
		return Proof{}, errs.New(errs.Invalid, "transparency.proof_too_long", "max", maxPath)
	}
	return p.fill(lines, text)
}

func (p Proof) fill(lines []string, text []byte) (Proof, error) {
	var err error
	if p.Index, err = strconv.ParseInt(strings.TrimPrefix(lines[0], "index "), 10, 64); err != nil || p.Index < 0 {
		return Proof{}, errBadProof()
	}
	for _, line := range lines[1:] {
		h, ok := parseHash(line)
		if !ok {
			return Proof{}, errBadProof()
		}
		p.Path = append(p.Path, h)
	}
	if !bytes.Equal(p.Encode(), text) {
		return Proof{}, errBadProof()
	}
	return p, nil
}

func errBadProof() error { return errs.New(errs.Invalid, "transparency.bad_proof") }

// includes reports whether p proves that leaf stands at p.Index of the tree of c.
func (p Proof) includes(c Checkpoint, leaf Hash) error {
	if p.Index >= c.Size {
		return errs.New(errs.Invalid, "transparency.not_included")
	}
	if err := tlog.CheckRecord(tlog.RecordProof(p.Path), c.Size, c.Root, p.Index, leaf); err != nil {
		return errs.Wrap(err, errs.Invalid, "transparency.not_included")
	}
	return nil
}
