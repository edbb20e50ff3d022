// SPDX-License-Identifier: Apache-2.0

package search

import (
	"context"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/uptrace/bun"
	"github.com/uptrace/bun/dialect"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
)

// Text is what can be found of one row.
type Text struct {
	Seq int64 // the row's sequence number
	All string
}

// row is how terms lie in a search table: text for FTS5, a tsvector on PostgreSQL.
type row struct {
	bun.BaseModel `bun:"table:search"`

	RowID int64  `bun:"rowid,pk"`
	Terms string `bun:"terms"`
}

// Put writes texts into table, in place of what it held under their numbers; of two
// with one number the last holds. Of a text the first MaxText characters can be found.
func Put(ctx context.Context, tx db.Tx, table string, texts ...Text) error {
	if len(texts) == 0 {
		return nil
	}
	if !db.IsPG(tx) {
		return put(ctx, tx, table, texts, forFTS5, (*bun.InsertQuery).Replace)
	}
	return put(ctx, tx, table, texts, forPG, func(q *bun.InsertQuery) *bun.InsertQuery {
		return q.On("CONFLICT (rowid) DO UPDATE").Set("terms = EXCLUDED.terms")
	})
}

func put(ctx context.Context, tx db.Tx, table string, texts []Text, form func(string) string,
	replacing func(*bun.InsertQuery) *bun.InsertQuery) error {
	var rows []row
	for i, t := range texts {
		later := slices.ContainsFunc(texts[i+1:], func(o Text) bool { return o.Seq == t.Seq })
		if !later { // PostgreSQL refuses to write a row twice in one statement
			rows = append(rows, row{RowID: t.Seq, Terms: form(t.All)})
		}
	}
	q := tx.NewInsert().Model(&rows).ModelTableExpr("?", bun.Ident(table))
	_, err := replacing(q).Exec(ctx)
	return err
}

// Delete takes rows out of table; those that are not there are no error.
func Delete(ctx context.Context, tx db.Tx, table string, seqs ...int64) error {
	if len(seqs) == 0 {
		return nil
	}
	_, err := tx.NewRaw("DELETE FROM ? WHERE rowid IN (?)", bun.Ident(table), bun.List(seqs)).Exec(ctx)
	return err
}

// Match limits q to rows in which every word is found; column is the number that Put
// was given, qualified, such as "h.seq". Blank words limit nothing, and words without
// a letter or digit find nothing. Running q is an Invalid error when words are longer
// than MaxQuery.
func Match(q *bun.SelectQuery, table, column, words string) *bun.SelectQuery {
	if strings.TrimSpace(words) == "" {
		return q
	}
	if utf8.RuneCountInString(words) > MaxQuery {
		return q.Err(errs.New(errs.Invalid, "search.too_long", "max", MaxQuery))
	}
	if len(runs(words)) == 0 {
		return q.Join("JOIN ? AS found ON found.rowid = ?", bun.Ident(table), bun.Ident(column)).Where("1 = 0")
	}
	if q.Dialect().Name() == dialect.PG {
		// Sorted before the join, so that a page is full after as many rows as it shows. OFFSET 0
		// keeps the planner from undoing that.
		return q.Join("JOIN (SELECT rowid FROM ? WHERE terms @@ ?::tsquery ORDER BY rowid DESC OFFSET 0) AS found ON found.rowid = ?",
			bun.Ident(table), queryPG(words), bun.Ident(column))
	}
	return q.Join("JOIN ? AS found ON found.rowid = ?", bun.Ident(table), bun.Ident(column)).
		Where("found.? MATCH ?", bun.Ident(table), queryFTS5(words))
}
