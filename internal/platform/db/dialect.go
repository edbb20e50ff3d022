// SPDX-License-Identifier: Apache-2.0

package db

import (
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
