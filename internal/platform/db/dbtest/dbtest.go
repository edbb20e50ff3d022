// SPDX-License-Identifier: Apache-2.0

// Package dbtest runs a test once on every database that Anlan supports.
package dbtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"anlan/internal/platform/db"
)

// Each runs fn as the subtests "sqlite" and "postgres", each on an empty,
// migrated database of its own. PostgreSQL is skipped unless its URL is in
// ANLAN_TEST_POSTGRES; CI sets ANLAN_TEST_ALL=1, which makes the skip a failure.
func Each(t *testing.T, migrations []fs.FS, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	EachDSN(t, func(t *testing.T, dsn string) { fn(t, Open(t, dsn, migrations...)) })
}

// EachDSN runs fn as the subtests "sqlite" and "postgres" with the address of an
// empty database of its own.
func EachDSN(t *testing.T, fn func(t *testing.T, dsn string)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { t.Parallel(); fn(t, SQLiteDSN(t)) })
	t.Run("postgres", func(t *testing.T) { t.Parallel(); fn(t, PostgresDSN(t)) })
}

// Open opens and migrates the database at dsn until the test ends.
func Open(t testing.TB, dsn string, migrations ...fs.FS) *db.DB {
	t.Helper()
	d, err := db.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { d.Close() })
	if len(migrations) == 0 {
		return d
	}
	if err := d.Migrate(t.Context(), migrations...); err != nil {
		t.Fatal(err)
	}
	return d
}

// SQLiteDSN returns the path of a database file that is not there yet.
func SQLiteDSN(t testing.TB) string { return filepath.Join(t.TempDir(), "test.db") }

// PostgresDSN makes a schema for t alone, so that tests may run in parallel.
func PostgresDSN(t testing.TB) string {
	t.Helper()
	base := os.Getenv("ANLAN_TEST_POSTGRES")
	if base == "" {
		if os.Getenv("ANLAN_TEST_ALL") != "" {
			t.Fatal("ANLAN_TEST_POSTGRES is not set")
		}
		t.Skip("ANLAN_TEST_POSTGRES is not set")
	}
	admin, err := sql.Open("pgx", base)
	if err != nil {
		t.Fatal(err)
	}
	schema := "t_" + strings.ToLower(rand.Text())
	if _, err := admin.ExecContext(t.Context(), "CREATE SCHEMA "+schema); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		admin.ExecContext(context.Background(), "DROP SCHEMA "+schema+" CASCADE")
		admin.Close()
	})
	u, err := url.Parse(base)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Set("search_path", schema)
	q.Set("pool_max_conns", "6")
	u.RawQuery = q.Encode()
	return u.String()
}
