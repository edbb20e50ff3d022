// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"context"
	"slices"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

// Subject is what files are attached to, and where it lies: whoever may read the
// ledger there learns of the attachment.
type Subject struct {
	Name     string // "hazard:<id>"
	Campaign string // id, or ""
	Place    place.Path
	Unit     string // id of the unit it concerns, or ""
	UnitPath string // path of that unit in the group trunk
}

// AttachTx ties files to of in the caller's transaction; purpose says why they were
// asked for. A file that does not exist, whose key is
// wrong, or that is attached already is an Invalid error, and so are more files
// than MaxPhotos and MaxVideos at once.
func (s *Service) AttachTx(ctx context.Context, tx db.Tx, of Subject, purpose string, refs []Ref) error {
	if len(refs) == 0 {
		return nil
	}
	ids, err := s.owned(refs)
	if err != nil {
		return err
	}
	es, err := list(ctx, tx, ids)
	if err != nil {
		return err
	}
	if err := attachable(es, len(ids)); err != nil {
		return err
	}
	n, err := attach(ctx, tx, ids, of.Name, purpose, s.Now())
	if err != nil {
		return err
	}
	if n != len(ids) { // another transaction was faster
		return errs.New(errs.Invalid, "evidence.used_ref")
	}
	return s.Ledger.Record(ctx, tx, attachedEntries(es, of, purpose)...)
}

// owned checks the keys of refs and that each comes once.
func (s *Service) owned(refs []Ref) ([]string, error) {
	if len(refs) > MaxPhotos+MaxVideos {
		return nil, errs.New(errs.Invalid, "evidence.too_many_photos", "limit", MaxPhotos)
	}
	ids := make([]string, 0, len(refs))
	for _, r := range refs {
		if !s.isKey(r.ID, r.Key) {
			return nil, errs.New(errs.Invalid, "evidence.unknown_ref")
		}
		if slices.Contains(ids, r.ID) {
			return nil, errs.New(errs.Invalid, "evidence.used_ref")
		}
		ids = append(ids, r.ID)
	}
	return ids, nil
}

func attachable(es []Evidence, want int) error {
	if len(es) != want {
		return errs.New(errs.Invalid, "evidence.unknown_ref")
	}
	count := map[Kind]int{}
	for _, e := range es {
		if e.Subject != "" {
			return errs.New(errs.Invalid, "evidence.used_ref")
		}
		if e.State == Refused {
			return errs.New(errs.Invalid, "evidence.refused_ref")
		}
		count[e.Kind]++
	}
	if count[Photo] > MaxPhotos {
		return errs.New(errs.Invalid, "evidence.too_many_photos", "limit", MaxPhotos)
	}
	if count[Video] > MaxVideos {
		return errs.New(errs.Invalid, "evidence.too_many_videos", "limit", MaxVideos)
	}
	return nil
}

func attachedEntries(es []Evidence, of Subject, purpose string) []ledger.Entry {
	out := make([]ledger.Entry, len(es))
	for i, e := range es {
		out[i] = kindAttached.Entry(attachedFacts{Evidence: e.ID, Kind: string(e.Kind), Purpose: purpose, SHA256: e.SHA256})
		out[i].Subject, out[i].Campaign, out[i].Place, out[i].Unit, out[i].UnitPath = of.Name, of.Campaign, of.Place, of.Unit, of.UnitPath
	}
	return out
}

// Of returns the evidence of each subject, in the order in which it was attached.
// A subject without any is not in the map. Who may see it is for the caller to ask.
func (s *Service) Of(ctx context.Context, subjects ...string) (map[string][]Evidence, error) {
	out := map[string][]Evidence{}
	for part := range slices.Chunk(subjects, 500) {
		es, err := bySubjects(ctx, s.DB.Read(), part)
		if err != nil {
			return nil, err
		}
		for _, e := range es {
			out[e.Subject] = append(out[e.Subject], e)
		}
	}
	return out, nil
}

// maxCandidates bounds how many photos of a common slot are compared: black or
// blank pictures have thousands of near duplicates that say nothing.
const maxCandidates = 1000

// Similar returns the photos that look like photo id, the most alike first: the
// same picture sent again, recompressed or resized. It is a hint for a reviewer, and
// the caller asks who may see it. An unknown id is NotFound, a video has none.
func (s *Service) Similar(ctx context.Context, id string) ([]Match, error) {
	e, err := s.known(ctx, id)
	if err != nil || e.Kind != Photo || e.State != Ready {
		return nil, err
	}
	candidates, err := near(ctx, s.DB.Read(), probes(e.hash), maxCandidates)
	if err != nil {
		return nil, err
	}
	var out []Match
	for _, c := range candidates {
		if d := distance(e.hash, c.hash); d <= nearBits && c.ID != id {
			out = append(out, Match{c, d})
		}
	}
	slices.SortStableFunc(out, func(a, b Match) int { return a.Distance - b.Distance })
	return out, nil
}

// known returns the file with the given id, whoever asks, or NotFound.
func (s *Service) known(ctx context.Context, id string) (*Evidence, error) {
	e, err := get(ctx, s.DB.Read(), id)
	if db.IsNoRows(err) {
		return nil, errs.New(errs.NotFound, "evidence.not_found")
	}
	return e, err
}
