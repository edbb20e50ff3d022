// SPDX-License-Identifier: Apache-2.0

package db

import (
	"context"
	"database/sql"
	"log/slog"
)

// statements are those that SQLite's writer keeps ready from one transaction to the
// next. Only the goroutine of the group touches them.
type statements struct {
	db     *sql.DB
	ready  map[string]*sql.Stmt
	wanted []string
}

// prepare makes ready what was wanted, between transactions: within one the
// writer's only connection is taken.
func (s *statements) prepare() {
	for _, query := range s.wanted {
		stmt, err := s.db.PrepareContext(context.Background(), query)
		if err != nil {
			slog.Error("cannot prepare a statement", "err", err)
			continue
		}
		s.ready[query] = stmt
	}
	s.wanted = s.wanted[:0]
}

func (s *statements) close() {
	for _, stmt := range s.ready {
		stmt.Close()
	}
}

// Statement is an INSERT, UPDATE or DELETE that is carried out for one row after the
// other, with "?" for each value. On SQLite it is read once for all transactions,
// which costs a third of the statement with many rows that suits PostgreSQL.
type Statement struct {
	ctx   context.Context
	tx    Tx
	query string
	ready *sql.Stmt // nil the first time
}

// Prepared returns a Statement within tx, where ctx is what InTx gave to its function.
func Prepared(ctx context.Context, tx Tx, query string) Statement {
	st := Statement{ctx: ctx, tx: tx, query: query}
	s, _ := ctx.Value(inTx{}).(*statements)
	if s == nil {
		return st
	}
	if stmt, ok := s.ready[query]; ok {
		st.ready = tx.Tx.StmtContext(ctx, stmt)
	} else {
		s.wanted = append(s.wanted, query)
	}
	return st
}

// Exec carries s out with args.
func (s Statement) Exec(args ...any) (sql.Result, error) {
	if s.ready != nil {
		return s.ready.ExecContext(s.ctx, args...)
	}
	return s.tx.Tx.ExecContext(s.ctx, s.query, args...)
}
