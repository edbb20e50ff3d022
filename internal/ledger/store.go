// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"database/sql"
	"encoding/json"
	"time"

	"github.com/uptrace/bun"

	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/place"
	"anlan/internal/kernel/quantity"
	"anlan/internal/platform/db"
)

// row is how an Entry lies in the table. Quantities and facts are JSON text, not
// a JSON type, so that their bytes stay as they were when a hash was taken of them.
type row struct {
	bun.BaseModel `bun:"table:ledger_entry,alias:e"`

	Seq        int64      `bun:"seq,pk,autoincrement"`
	Tx         int64      `bun:"tx"`
	ID         string     `bun:"id"`
	Kind       string     `bun:"kind"`
	Campaign   string     `bun:"campaign"`
	Place      place.Path `bun:"place"`
	Unit       string     `bun:"unit_id"`
	UnitPath   string     `bun:"unit_path"`
	Actor      string     `bun:"actor"`
	ActorUnit  string     `bun:"actor_unit"`
	Channel    string     `bun:"channel"`
	Subject    string     `bun:"subject"`
	Happened   time.Time  `bun:"happened"`
	Recorded   time.Time  `bun:"recorded"`
	Quantities string     `bun:"quantities"`
	Facts      string     `bun:"facts"`
	Corrects   string     `bun:"corrects"`
	Declared   bool       `bun:"declared"`
}

func toRow(e Entry) row {
	facts := string(e.Facts)
	if facts == "" {
		facts = "{}"
	}
	return row{ID: e.ID, Kind: e.Kind, Campaign: e.Campaign, Place: e.Place, Unit: e.Unit, UnitPath: e.UnitPath,
		Actor: e.Actor, ActorUnit: e.ActorUnit, Channel: e.Channel, Subject: e.Subject,
		Happened: e.Happened, Recorded: e.Recorded, Quantities: quantityText(e.Quantities), Facts: facts,
		Corrects: e.Corrects, Declared: e.Declared}
}

func (r *row) entry() (Entry, error) {
	q, err := parseQuantities(r.Quantities)
	return Entry{Pos: Pos{r.Tx, r.Seq}, ID: r.ID, Kind: r.Kind, Campaign: r.Campaign, Place: r.Place, Unit: r.Unit,
		UnitPath: r.UnitPath, Actor: r.Actor, ActorUnit: r.ActorUnit, Channel: r.Channel, Subject: r.Subject,
		Happened: r.Happened.UTC(), Recorded: r.Recorded.UTC(), Quantities: q, Facts: json.RawMessage(r.Facts),
		Corrects: r.Corrects, Declared: r.Declared}, err
}

func quantityText(qs []quantity.Quantity) string {
	if len(qs) == 0 {
		return ""
	}
	m := make(map[quantity.Unit]int64, len(qs))
	for _, q := range qs {
		m[q.Unit] += q.N
	}
	b, _ := json.Marshal(m)
	return string(b)
}

func parseQuantities(text string) ([]quantity.Quantity, error) {
	if text == "" {
		return nil, nil
	}
	var m map[quantity.Unit]int64
	if err := json.Unmarshal([]byte(text), &m); err != nil {
		return nil, err
	}
	qs := make([]quantity.Quantity, 0, len(m))
	for _, u := range quantity.Units {
		if n, ok := m[u]; ok {
			qs = append(qs, quantity.Of(n, u))
		}
	}
	return qs, nil
}

// columns are those of row but seq, in the order in which insert and after name them.
const columns = "tx, id, kind, campaign, place, unit_id, unit_path, actor, actor_unit, channel, subject, happened, recorded, " +
	"quantities, facts, corrects, declared"

// insertRow is for SQLite, where the order of seq is that of commits and tx is always 0.
const insertRow = "INSERT INTO ledger_entry (" + columns + ") VALUES (0, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

// insert appends rows. PostgreSQL commits out of sequence order, so there an entry also
// carries its transaction's number: readers stop before the oldest transaction
// that is still under way (after).
func insert(ctx context.Context, tx db.Tx, rows []row, shift int64) error {
	if db.IsPG(tx) {
		_, err := tx.NewInsert().Model(&rows).ExcludeColumn("seq").
			Value("tx", "pg_current_xact_id()::text::bigint + ?", shift).Returning("NULL").Exec(ctx)
		return err
	}
	st := db.Prepared(ctx, tx, insertRow)
	for i := range rows {
		r := &rows[i]
		_, err := st.Exec(r.ID, r.Kind, r.Campaign, string(r.Place), r.Unit, r.UnitPath, r.Actor, r.ActorUnit, r.Channel, r.Subject,
			r.Happened.UTC(), r.Recorded.UTC(), r.Quantities, r.Facts, r.Corrects, r.Declared)
		if err != nil {
			return err
		}
	}
	return nil
}

// epoch returns what to add to PostgreSQL's transaction numbers. They start low
// again in a cluster that was restored from a dump, and new entries must not sort
// before old ones.
func epoch(ctx context.Context, d *db.DB) (int64, error) {
	if !db.IsPG(d.Read()) {
		return 0, nil
	}
	return db.InTxV(ctx, d, func(ctx context.Context, tx db.Tx) (int64, error) {
		var shift, now, last int64
		err := tx.NewRaw(`SELECT shift FROM ledger_epoch WHERE id = 1 FOR UPDATE`).Scan(ctx, &shift)
		if err != nil {
			return 0, err
		}
		err = tx.NewRaw(`SELECT pg_current_xact_id()::text::bigint, COALESCE((SELECT max(tx) FROM ledger_entry), 0)`).
			Scan(ctx, &now, &last)
		if err != nil || now+shift > last {
			return shift, err
		}
		shift = last - now + 1
		_, err = tx.NewRaw(`UPDATE ledger_epoch SET shift = ? WHERE id = 1`, shift).Exec(ctx)
		return shift, err
	})
}

// after returns the entries behind pos, in reading order, that no transaction
// still under way can come before. It reads many of them, so it scans by itself.
func after(ctx context.Context, q db.Q, pos Pos, shift int64, kinds []string, limit int) ([]Entry, error) {
	sel := q.NewSelect().TableExpr("ledger_entry").ColumnExpr("seq, " + columns).Limit(int64(limit))
	if db.IsPG(q) {
		sel = sel.Where("(tx, seq) > (?, ?)", pos.Tx, pos.Seq).
			Where("tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ?", shift).OrderExpr("tx, seq")
	} else {
		sel = sel.Where("seq > ?", pos.Seq).OrderExpr("seq")
	}
	if len(kinds) > 0 {
		// The plus keeps SQLite from walking the index of kinds, whose order is another.
		sel = sel.Where("? IN (?)", bun.Safe(kindColumn(q)), bun.List(kinds))
	}
	found, err := sel.Rows(ctx)
	if err != nil {
		return nil, err
	}
	defer found.Close()
	return scan(found)
}

func scan(found *sql.Rows) ([]Entry, error) {
	var es []Entry
	for found.Next() {
		var r row
		err := found.Scan(&r.Seq, &r.Tx, &r.ID, &r.Kind, &r.Campaign, &r.Place, &r.Unit, &r.UnitPath, &r.Actor, &r.ActorUnit,
			&r.Channel, &r.Subject, db.Time(&r.Happened), db.Time(&r.Recorded), &r.Quantities, &r.Facts, &r.Corrects, &r.Declared)
		if err != nil {
			return nil, err
		}
		e, err := r.entry()
		if err != nil {
			return nil, err
		}
		es = append(es, e)
	}
	return es, found.Err()
}

// settled returns the position of the last entry that no transaction still under way
// can come before; the zero Pos when there is none.
func settled(ctx context.Context, q db.Q, shift int64) (Pos, error) {
	var r row
	sel := q.NewSelect().Model(&r).Column("tx", "seq").Limit(1)
	if db.IsPG(q) {
		sel = sel.Where("tx < pg_snapshot_xmin(pg_current_snapshot())::text::bigint + ?", shift).OrderExpr("tx DESC, seq DESC")
	} else {
		sel = sel.OrderExpr("seq DESC")
	}
	err := sel.Scan(ctx)
	if db.IsNoRows(err) {
		return Pos{}, nil
	}
	return Pos{r.Tx, r.Seq}, err
}

// lastCommitted returns the position of the last entry; the zero Pos when there is none.
func lastCommitted(ctx context.Context, q db.Q) (Pos, error) {
	var r row
	err := q.NewSelect().Model(&r).Column("tx", "seq").OrderExpr(newest(q)).Limit(1).Scan(ctx)
	if db.IsNoRows(err) {
		return Pos{}, nil
	}
	return Pos{r.Tx, r.Seq}, err
}

// newest orders entries by the index that their database has.
func newest(q db.Q) string {
	if db.IsPG(q) {
		return "tx DESC, seq DESC"
	}
	return "seq DESC"
}

func kindColumn(q db.Q) string {
	if db.IsPG(q) {
		return "kind"
	}
	return "+kind"
}

func entries(rows []row) ([]Entry, error) {
	out := make([]Entry, len(rows))
	for i := range rows {
		e, err := rows[i].entry()
		if err != nil {
			return nil, err
		}
		out[i] = e
	}
	return out, nil
}

// cursorRow is how far a reader has come.
type cursorRow struct {
	bun.BaseModel `bun:"table:ledger_cursor,alias:c"`

	Reader string `bun:"reader,pk"`
	Tx     int64  `bun:"tx"`
	Seq    int64  `bun:"seq"`
}

func ensureCursor(ctx context.Context, tx db.Tx, reader string) error {
	_, err := tx.NewInsert().Model(&cursorRow{Reader: reader}).On("CONFLICT (reader) DO NOTHING").Exec(ctx)
	return err
}

func cursor(ctx context.Context, q db.Q, reader string) (Pos, error) {
	var c cursorRow
	err := q.NewSelect().Model(&c).Where("reader = ?", reader).Scan(ctx)
	return Pos{c.Tx, c.Seq}, err
}

// claimCursor locks the reader's cursor for this transaction. It returns false
// when another process holds it.
func claimCursor(ctx context.Context, tx db.Tx, reader string) (Pos, bool, error) {
	var c cursorRow
	err := db.SkipLocked(tx.NewSelect().Model(&c).Where("reader = ?", reader)).Scan(ctx)
	if db.IsNoRows(err) {
		return Pos{}, false, nil
	}
	return Pos{c.Tx, c.Seq}, err == nil, err
}

func saveCursor(ctx context.Context, tx db.Tx, reader string, pos Pos) error {
	_, err := tx.NewUpdate().Model(&cursorRow{Reader: reader, Tx: pos.Tx, Seq: pos.Seq}).WherePK().Exec(ctx)
	return err
}

// behind counts the entries of some kinds (nil: all) behind pos, up to a bound.
func behind(ctx context.Context, q db.Q, pos Pos, kinds []string, bound int64) (int64, error) {
	sel := q.NewSelect().Model((*row)(nil)).ColumnExpr("1").Limit(bound)
	if db.IsPG(q) {
		sel = sel.Where("(tx, seq) > (?, ?)", pos.Tx, pos.Seq)
	} else {
		sel = sel.Where("seq > ?", pos.Seq)
	}
	if len(kinds) > 0 {
		sel = sel.Where("? IN (?)", bun.Safe(kindColumn(q)), bun.List(kinds))
	}
	n, err := q.NewSelect().TableExpr("(?) AS x", sel).Count(ctx)
	return int64(n), err
}

// byID returns one entry.
func byID(ctx context.Context, q db.Q, id string) (Entry, error) {
	var r row
	err := q.NewSelect().Model(&r).Where("id = ?", id).Scan(ctx)
	if db.IsNoRows(err) {
		return Entry{}, errs.New(errs.NotFound, "ledger.not_found")
	}
	if err != nil {
		return Entry{}, err
	}
	return r.entry()
}
