// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"context"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/quantity"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

type indicatorRow struct {
	bun.BaseModel `bun:"table:stats_indicator,alias:i"`

	Key       string        `bun:"key,pk"`
	ZH        string        `bun:"zh"`
	EN        string        `bun:"en"`
	Unit      quantity.Unit `bun:"unit"`
	Op        Op            `bun:"op"`
	Parts     string        `bun:"parts"` // JSON
	Num       string        `bun:"num"`   // keys, with blanks between
	Den       string        `bun:"den"`
	ValidFrom clock.Day     `bun:"valid_from"`
	ValidTo   clock.Day     `bun:"valid_to"`
	Builtin   bool          `bun:"builtin"`
	Live      bool          `bun:"live"`
	PosTx     int64         `bun:"pos_tx"` // how far it has been counted while it is not live
	PosSeq    int64         `bun:"pos_seq"`
}

func toRow(in Indicator) indicatorRow {
	parts, err := json.Marshal(in.Parts)
	if err != nil { // texts and flags
		panic(err)
	}
	return indicatorRow{Key: in.Key, ZH: in.ZH, EN: in.EN, Unit: in.Unit, Op: in.Op, Parts: string(parts),
		Num: strings.Join(in.Num, " "), Den: strings.Join(in.Den, " "), ValidFrom: in.ValidFrom, ValidTo: in.ValidTo,
		Builtin: in.Builtin, Live: in.Live}
}

func (r indicatorRow) indicator() (Indicator, error) {
	in := Indicator{Key: r.Key, ZH: r.ZH, EN: r.EN, Unit: r.Unit, Op: r.Op, Num: strings.Fields(r.Num), Den: strings.Fields(r.Den),
		ValidFrom: r.ValidFrom, ValidTo: r.ValidTo, Builtin: r.Builtin, Live: r.Live}
	return in, json.Unmarshal([]byte(r.Parts), &in.Parts)
}

func indicators(ctx context.Context, q db.Q, onlyLive bool) ([]Indicator, error) {
	var rows []indicatorRow
	sel := q.NewSelect().Model(&rows).OrderExpr("key")
	if onlyLive {
		sel = sel.Where("live").Where("op IN (?)", bun.List([]Op{Flow, Stock}))
	}
	if err := sel.Scan(ctx); err != nil {
		return nil, err
	}
	out := make([]Indicator, len(rows))
	for i, r := range rows {
		in, err := r.indicator()
		if err != nil {
			return nil, err
		}
		out[i] = in
	}
	return out, nil
}

// addIndicators stores those that are not there yet.
func addIndicators(ctx context.Context, tx db.Tx, list []Indicator) error {
	rows := make([]indicatorRow, len(list))
	for i, in := range list {
		rows[i] = toRow(in)
	}
	_, err := tx.NewInsert().Model(&rows).On("CONFLICT DO NOTHING").Exec(ctx)
	return err
}

func insertIndicator(ctx context.Context, tx db.Tx, in Indicator) error {
	row := toRow(in)
	_, err := tx.NewInsert().Model(&row).Exec(ctx)
	if db.IsUnique(err) {
		return errs.New(errs.Conflict, "stats.exists", "key", in.Key)
	}
	return err
}

// waiting returns the key of an indicator that is not live, or "".
func waiting(ctx context.Context, q db.Q) (string, error) {
	var key string
	err := q.NewSelect().Model((*indicatorRow)(nil)).Column("key").Where("NOT live").OrderExpr("key").Limit(1).Scan(ctx, &key)
	if db.IsNoRows(err) {
		return "", nil
	}
	return key, err
}

// claim locks an indicator that is not live for this transaction. It returns false
// when it is live, not there, or another process works on it.
func claim(ctx context.Context, tx db.Tx, key string) (Indicator, ledger.Pos, bool, error) {
	var row indicatorRow
	err := db.SkipLocked(tx.NewSelect().Model(&row).Where("key = ?", key).Where("NOT live")).Scan(ctx)
	if db.IsNoRows(err) {
		return Indicator{}, ledger.Pos{}, false, nil
	}
	if err != nil {
		return Indicator{}, ledger.Pos{}, false, err
	}
	in, err := row.indicator()
	return in, ledger.Pos{Tx: row.PosTx, Seq: row.PosSeq}, true, err
}

// savePos notes how far an indicator has been counted, and whether the reader takes
// over from here.
func savePos(ctx context.Context, tx db.Tx, key string, pos ledger.Pos, live bool) error {
	_, err := tx.NewUpdate().Model((*indicatorRow)(nil)).Set("pos_tx = ?", pos.Tx).Set("pos_seq = ?", pos.Seq).
		Set("live = ?", live).Where("key = ?", key).Exec(ctx)
	return err
}

// takeOff keeps the reader from counting for an indicator, and lets it be counted
// from the beginning.
func takeOff(ctx context.Context, tx db.Tx, key string) error {
	res, err := tx.NewUpdate().Model((*indicatorRow)(nil)).Set("pos_tx = 0").Set("pos_seq = 0").Set("live = ?", false).
		Where("key = ?", key).Where("op IN (?)", bun.List([]Op{Flow, Stock})).Exec(ctx)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return errs.New(errs.NotFound, "stats.not_found")
	}
	return nil
}

// forget deletes all that was counted for an indicator.
func forget(ctx context.Context, tx db.Tx, key string) error {
	_, err := tx.NewRaw(`DELETE FROM stats_rollup WHERE indicator = ?`, key).Exec(ctx)
	return err
}

const (
	addRow  = `INSERT INTO stats_rollup AS r (indicator, region, unit, dim, day, n) VALUES `
	addMore = ` ON CONFLICT (indicator, region, unit, dim, day) DO UPDATE SET n = r.n + EXCLUDED.n`
	// rowsAtOnce is how many counters one statement for PostgreSQL writes: its text stays
	// under a hundred kilobytes.
	rowsAtOnce = 500
)

// apply adds changes to their counters. The statements are put together here and
// not by bun, because this is where the time of a roll-up goes.
func apply(ctx context.Context, tx db.Tx, changes []change) error {
	if db.IsPG(tx) {
		return applyTogether(ctx, tx, changes)
	}
	st := db.Prepared(ctx, tx, addRow+"(?, ?, ?, ?, ?, ?)"+addMore)
	for i := range changes {
		c := &changes[i]
		if _, err := st.Exec(c.indicator, string(c.region), c.unit, c.dim, string(c.day), c.n); err != nil {
			return err
		}
	}
	return nil
}

// applyTogether is apply in few statements.
func applyTogether(ctx context.Context, tx db.Tx, changes []change) error {
	for part := range slices.Chunk(changes, rowsAtOnce) {
		var b strings.Builder
		b.WriteString(addRow)
		for i, c := range part {
			if i > 0 {
				b.WriteByte(',')
			}
			writeRow(&b, c)
		}
		b.WriteString(addMore)
		if _, err := tx.Tx.ExecContext(ctx, b.String()); err != nil {
			return err
		}
	}
	return nil
}

func writeRow(b *strings.Builder, c change) {
	b.WriteByte('(')
	for _, text := range [...]string{c.indicator, string(c.region), c.unit, c.dim, string(c.day)} {
		writeText(b, text)
		b.WriteByte(',')
	}
	b.WriteString(strconv.FormatInt(c.n, 10))
	b.WriteByte(')')
}

// writeText writes a literal of PostgreSQL: a quote is doubled, and a backslash too,
// which an E announces.
func writeText(b *strings.Builder, text string) {
	if strings.ContainsRune(text, '\\') {
		b.WriteByte('E')
		text = strings.ReplaceAll(text, `\`, `\\`)
	}
	b.WriteString("'" + strings.ReplaceAll(text, "'", "''") + "'")
}
