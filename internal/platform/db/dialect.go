// SPDX-License-Identifier: Apache-2.0

package db

import (
	"database/sql"
	"fmt"
	"time"

	"strings"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"
)

// IsPG reports whether q talks to PostgreSQL. Prefer the functions below.
func IsPG(q Q) bool { return q.Dialect().Name() == dialect.PG }

// SkipLocked makes q claim rows so that two workers never get the same one.
// SQLite needs no words for that: it has one writer.
func SkipLocked(q *bun.SelectQuery) *bun.SelectQuery {
	if q.Dialect().Name() == dialect.PG {
		return q.For("UPDATE SKIP LOCKED")
	}
	return q
}

// Under limits q to rows whose path column lies in the subtree at path. It is a
// range, not LIKE, so that a plain index serves it on both databases. The empty
// path has nothing under it.
func Under(q *bun.SelectQuery, column, path string) *bun.SelectQuery {
	if path == "" {
		return q.Where("1 = 0")
	}
	return q.Where("? >= ?", bun.Ident(column), path).Where("? < ?", bun.Ident(column), PathEnd(path))
}

// PathEnd returns the first text after all paths in the subtree at path.
func PathEnd(path string) string {
	return strings.TrimSuffix(path, "/") + "0" // '0' is the byte after '/'
}

// sqliteTime is how times lie in SQLite, always in UTC.
const sqliteTime = "2006-01-02 15:04:05.999999999-07:00"

// Time scans a time of either database into t, for rows that are read without bun.
func Time(t *time.Time) sql.Scanner { return timeInto{t} }

type timeInto struct{ t *time.Time }

func (into timeInto) Scan(src any) error {
	switch v := src.(type) {
	case time.Time:
		*into.t = v.UTC()
		return nil
	case string:
		t, err := time.Parse(sqliteTime, v)
		*into.t = t.UTC()
		return err
	}
	return fmt.Errorf("db: %T is not a time", src)
}
