// SPDX-License-Identifier: Apache-2.0

package keys

import (
	"context"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

type directoryRow struct {
	bun.BaseModel `bun:"table:tipkey_directory,alias:d"`
	Directory
}

type directoryWrapRow struct {
	bun.BaseModel `bun:"table:tipkey_directory_wrap,alias:w"`
	DirectoryWrap
}

type signersRow struct {
	bun.BaseModel `bun:"table:tipkey_signers,alias:s"`
	SignerList
}

func insertDirectory(ctx context.Context, tx db.Tx, d *Directory, wraps []DirectoryWrap) error {
	_, err := tx.NewInsert().Model(&directoryRow{Directory: *d}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "tipkey.ceremony_open")
	}
	if err != nil {
		return err
	}
	rows := make([]directoryWrapRow, len(wraps))
	for i, w := range wraps {
		rows[i].DirectoryWrap = w
	}
	_, err = tx.NewInsert().Model(&rows).Exec(ctx)
	return err
}

// directoryIn returns the directory key in a state, of which there is at most one, or nil.
func directoryIn(ctx context.Context, q db.Q, state DirectoryState) (*Directory, error) {
	var r directoryRow
	err := q.NewSelect().Model(&r).Where("state = ?", state).Limit(1).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &r.Directory, err
}

func endDirectory(ctx context.Context, tx db.Tx, d *Directory) error {
	return changedOne(tx.NewUpdate().Model((*directoryRow)(nil)).Set("state = ?", DirectoryEnded).
		Where("id = ?", d.ID).Where("state = ?", d.State).Exec(ctx))
}

// confirmDirectory makes d the active key and ends the one before.
func confirmDirectory(ctx context.Context, tx db.Tx, d *Directory) error {
	_, err := tx.NewUpdate().Model((*directoryRow)(nil)).Set("state = ?", DirectoryEnded).Where("state = ?", DirectoryActive).Exec(ctx)
	if err != nil {
		return err
	}
	return changedOne(tx.NewUpdate().Model((*directoryRow)(nil)).Set("state = ?", d.State).Set("confirmed = ?", d.Confirmed).
		Where("id = ?", d.ID).Where("state = ?", DirectoryPending).Exec(ctx))
}

func directoryWrapsIn(rows []directoryWrapRow, err error) ([]DirectoryWrap, error) {
	out := make([]DirectoryWrap, len(rows))
	for i, r := range rows {
		out[i] = r.DirectoryWrap
	}
	return out, err
}

func directoryWraps(ctx context.Context, q db.Q, directoryID string) ([]DirectoryWrap, error) {
	var rows []directoryWrapRow
	err := q.NewSelect().Model(&rows).Where("directory_id = ?", directoryID).OrderExpr("person_id").Scan(ctx)
	return directoryWrapsIn(rows, err)
}

// liveDirectoryWraps returns what a person holds or, for "", what is held for a unit.
func liveDirectoryWraps(ctx context.Context, q db.Q, personID, unitID string) ([]DirectoryWrap, error) {
	var rows []directoryWrapRow
	sel := q.NewSelect().Model(&rows).Where("revoked IS NULL")
	if personID != "" {
		sel = sel.Where("person_id = ?", personID)
	} else {
		sel = sel.Where("unit_id = ?", unitID)
	}
	err := sel.Scan(ctx)
	return directoryWrapsIn(rows, err)
}

// putDirectoryWrap adds what a person holds, or writes it over what they held.
func putDirectoryWrap(ctx context.Context, tx db.Tx, w *DirectoryWrap) error {
	_, err := tx.NewInsert().Model(&directoryWrapRow{DirectoryWrap: *w}).On("CONFLICT (directory_id, person_id) DO UPDATE").
		Set("unit_id = EXCLUDED.unit_id, key_id = EXCLUDED.key_id, wrap = EXCLUDED.wrap, made = EXCLUDED.made").
		Set("made_by = EXCLUDED.made_by, revoked = NULL").Exec(ctx)
	return err
}

func revokeDirectoryWrap(ctx context.Context, tx db.Tx, w *DirectoryWrap, now time.Time) error {
	_, err := tx.NewUpdate().Model((*directoryWrapRow)(nil)).Set("revoked = ?", now).
		Where("directory_id = ?", w.DirectoryID).Where("person_id = ?", w.PersonID).Where("revoked IS NULL").Exec(ctx)
	return err
}

// insertSigners adds a list, unless somebody else added the same number first.
func insertSigners(ctx context.Context, tx db.Tx, l *SignerList) error {
	_, err := tx.NewInsert().Model(&signersRow{SignerList: *l}).Exec(ctx)
	if db.IsUnique(err) {
		return errs.Wrap(err, errs.Conflict, "tipkey.changed")
	}
	return err
}

// signersOf returns the latest list of a directory key, or nil.
func signersOf(ctx context.Context, q db.Q, directoryID string) (*SignerList, error) {
	var r signersRow
	err := q.NewSelect().Model(&r).Where("directory_id = ?", directoryID).OrderExpr("n DESC").Limit(1).Scan(ctx)
	if db.IsNoRows(err) {
		return nil, nil
	}
	return &r.SignerList, err
}

func lastList(ctx context.Context, q db.Q, directoryID string) (int, error) {
	l, err := signersOf(ctx, q, directoryID)
	if err != nil || l == nil {
		return 0, err
	}
	return l.N, nil
}
