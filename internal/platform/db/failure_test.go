// SPDX-License-Identifier: Apache-2.0

package db_test

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

func TestMeaning(t *testing.T) {
	pg := func(code string) error { return fmt.Errorf("save: %w", &pgconn.PgError{Code: code}) }
	for _, tt := range []struct {
		name string
		err  error
		want errs.Kind
	}{
		{"nothing", nil, errs.None},
		{"one of ours", errs.New(errs.Conflict, "a.b"), errs.Conflict},
		{"too many connections", pg("53300"), errs.Unavailable},
		{"disk full", pg("53100"), errs.Unavailable},
		{"shutting down", pg("57P01"), errs.Unavailable},
		{"connection failure", pg("08006"), errs.Unavailable},
		{"unique", pg("23505"), errs.Internal},
		{"syntax", pg("42601"), errs.Internal},
		{"no code", pg(""), errs.Internal},
		{"bad connection", driver.ErrBadConn, errs.Unavailable},
		{"no route", &net.OpError{Op: "dial", Err: errors.New("refused")}, errs.Unavailable},
		{"too slow", context.DeadlineExceeded, errs.Unavailable},
		{"asked to stop", context.Canceled, errs.Internal},
		{"a stranger", errors.New("x"), errs.Internal},
	} {
		if got := errs.KindOf(db.Meaning(tt.err)); got != tt.want {
			t.Errorf("%s: %v, want %v", tt.name, got, tt.want)
		}
	}
	e, ok := errors.AsType[*errs.Error](db.Meaning(driver.ErrBadConn))
	if !ok || e.RetryAfter != db.RetryAfter || !errors.Is(e, driver.ErrBadConn) {
		t.Errorf("away: %+v", e)
	}
}

// TestBusy holds SQLite's lock from another handle: the answer is Unavailable.
func TestBusy(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for SQLite's busy timeout")
	}
	dsn := dbtest.SQLiteDSN(t)
	a, b := dbtest.Open(t, dsn), dbtest.Open(t, dsn)
	err := a.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
		return b.InTx(context.Background(), func(context.Context, db.Tx) error { return nil })
	})
	if errs.KindOf(err) != errs.Unavailable {
		t.Errorf("busy: %v", err)
	}
}

func TestOpenFails(t *testing.T) {
	for name, dsn := range map[string]string{
		"no folder":  filepath.Join(t.TempDir(), "missing", "a.db"),
		"no address": "postgres://%zz",
	} {
		if d, err := db.Open(t.Context(), dsn); err == nil {
			d.Close()
			t.Errorf("%s: opened", name)
		}
	}
	d, err := db.Open(t.Context(), "postgres://nobody@127.0.0.1:1/none?connect_timeout=1")
	if err == nil { // it connects when it is used
		defer d.Close()
		err = d.Ping(t.Context())
	}
	if errs.KindOf(db.Meaning(err)) != errs.Unavailable {
		t.Errorf("nobody listens: %v", err)
	}
}

// TestOddFileNames opens files whose names mean something in an address.
func TestOddFileNames(t *testing.T) {
	for _, name := range []string{"安澜 数据.db", "a?mode=ro.db", "50%.db", "a#b.db"} {
		d := dbtest.Open(t, filepath.Join(t.TempDir(), name))
		if err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
			_, err := tx.NewRaw("CREATE TABLE x (a TEXT)").Exec(ctx)
			return err
		}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestFull lets the file reach its largest size under load: what was acknowledged is
// there, the rest was refused with Unavailable, and later writes succeed again.
func TestFull(t *testing.T) {
	d := dbtest.Open(t, dbtest.SQLiteDSN(t), os.DirFS("testdata"))
	limit := func(pages int) {
		if _, err := d.SQL().ExecContext(t.Context(), fmt.Sprintf("PRAGMA max_page_count = %d", pages)); err != nil {
			t.Fatal(err)
		}
	}
	limit(40)
	var acknowledged atomic.Int64
	var wg sync.WaitGroup
	for w := range 8 {
		wg.Go(func() {
			for i := range 20 {
				err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error {
					_, err := tx.NewRaw("INSERT INTO thing (n, path) VALUES (?, ?)", w*100+i, strings.Repeat("x", 3000)).Exec(ctx)
					return err
				})
				if err == nil {
					acknowledged.Add(1)
				} else if errs.KindOf(err) != errs.Unavailable {
					t.Errorf("full: %v", err)
				}
			}
		})
	}
	wg.Wait()
	n := count(t, d)
	if n != int(acknowledged.Load()) || n == 0 || n == 160 {
		t.Errorf("%d rows, %d acknowledged", n, acknowledged.Load())
	}
	limit(1_000_000)
	if err := d.InTx(t.Context(), add(-5)); err != nil {
		t.Errorf("there is room again: %v", err)
	}
}
