// SPDX-License-Identifier: Apache-2.0

package monitor

import (
	"context"
	"strings"

	"anlan/internal/transparency"
)

// checkLast compares the checkpoint with that of the last run.
func (r *run) checkLast() {
	if r.Last.Checkpoint == "" {
		return
	}
	last, err := r.believed().Open([]byte(r.Last.Checkpoint), r.Now)
	if err != nil {
		r.find(Consistency, err)
		return
	}
	switch {
	case last.Origin != r.signed.Origin:
		r.add(Consistency, "transparency.wrong_origin", "origin", r.signed.Origin)
	case last.Size > r.signed.Size:
		r.add(Consistency, "transparency.rollback", "size", r.signed.Size, "seen", last.Size)
	case last.Size == r.signed.Size && last.Root != r.signed.Root:
		r.add(Consistency, "transparency.other_root", "size", last.Size)
	default:
		r.sameTree(Consistency, last)
	}
}

// sameTree checks that the tree has what an earlier checkpoint says.
func (r *run) sameTree(check int, earlier transparency.Signed) {
	root, err := r.tree.Root(earlier.Size)
	if err != nil {
		r.find(check, err)
		return
	}
	if root != earlier.Root {
		r.add(check, "transparency.fork", "size", earlier.Size)
	}
}

// checkViews asks for the quorum and compares what witnesses and others have seen.
func (r *run) checkViews(ctx context.Context) {
	if err := r.Policy.Quorum(r.signed); err != nil {
		r.find(Views, err)
	}
	for _, msg := range r.Seen {
		r.compare(ctx, msg)
	}
	if r.Witness == nil {
		return
	}
	for _, w := range r.Policy.Witnesses {
		if w.URL == "" {
			continue
		}
		msg, err := r.Witness(ctx, w.URL, r.signed.Origin)
		if err != nil {
			r.report.Unasked = append(r.report.Unasked, w.Name)
			continue
		}
		r.compare(ctx, msg)
	}
}

// compare compares a checkpoint that somebody else has with the tree.
func (r *run) compare(ctx context.Context, msg []byte) {
	other, err := r.believed().Open(msg, r.Now)
	switch {
	case err != nil:
		r.find(Views, err)
	case other.Origin != r.signed.Origin:
		r.add(Views, "transparency.wrong_origin", "origin", other.Origin)
	case other.Size <= r.signed.Size:
		r.sameTree(Views, other)
	case r.newest(ctx) < other.Size:
		r.add(Views, "transparency.rollback", "size", r.signed.Size, "seen", other.Size)
	}
}

// newest returns the size that the log shows by now.
func (r *run) newest(ctx context.Context) int64 {
	msg, err := r.Log.Get(ctx, "checkpoint")
	if err != nil {
		return r.signed.Size
	}
	s, err := r.believed().Open(msg, r.Now)
	if err != nil {
		return r.signed.Size
	}
	return s.Size
}

// checkKeys compares the keys that the log shows with those that are believed.
func (r *run) checkKeys(ctx context.Context) {
	text, err := r.Log.Get(ctx, "keys")
	if err != nil {
		r.find(Keys, err)
		return
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		k, err := transparency.ParseKey(line)
		switch {
		case err != nil:
			r.find(Keys, err)
		case !r.believed().Knows(k):
			r.add(Keys, "transparency.key_unannounced", "key", line)
		}
	}
}
