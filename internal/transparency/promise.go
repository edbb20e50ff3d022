// SPDX-License-Identifier: Apache-2.0

package transparency

import (
	"fmt"
	"strings"
	"time"

	"anlan/internal/kernel/errs"
)

const promiseHeader = "tip-promise/v1"

// Promise is the log's word that a leaf will be in the tree by Due. Whoever holds one and
// finds the leaf missing after that can show it to everybody.
type Promise struct {
	Origin   string
	Leaf     Hash
	Accepted time.Time // cut to the second
	Due      time.Time
}

func (p Promise) text() string {
	return fmt.Sprintf("%s\n%s\n%s\naccepted %s\ndue %s\n", promiseHeader, p.Origin, p.Leaf,
		p.Accepted.UTC().Format(time.RFC3339), p.Due.UTC().Format(time.RFC3339))
}

// sign returns the promise as a signed note.
func (p Promise) sign(s Signer) ([]byte, error) { return signNote(p.text(), s) }

// OpenPromise reads a promise that a log of the policy has signed.
func (p *Policy) OpenPromise(msg []byte) (Promise, error) {
	n, err := openNote(msg, p.LogKeys())
	if err != nil {
		return Promise{}, err
	}
	promise, err := parsePromise(n.Text)
	if err == nil && promise.Origin != n.Sigs[0].Name {
		err = errs.New(errs.Invalid, "transparency.wrong_origin", "origin", promise.Origin)
	}
	return promise, err
}

func parsePromise(text string) (Promise, error) {
	lines := strings.Split(text, "\n")
	if len(lines) != 6 || lines[0] != promiseHeader {
		return Promise{}, errs.New(errs.Invalid, "transparency.bad_promise")
	}
	leaf, ok := parseHash(lines[2])
	accepted, err := time.Parse(time.RFC3339, strings.TrimPrefix(lines[3], "accepted "))
	due, err2 := time.Parse(time.RFC3339, strings.TrimPrefix(lines[4], "due "))
	p := Promise{lines[1], leaf, accepted, due}
	if !ok || err != nil || err2 != nil || p.text() != text {
		return Promise{}, errs.New(errs.Invalid, "transparency.bad_promise")
	}
	return p, nil
}
