// SPDX-License-Identifier: Apache-2.0

package ledger

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"anlan/internal/kernel/actor"
	"anlan/internal/kernel/clock"
	"anlan/internal/kernel/errs"
	"anlan/internal/kernel/id"
	"anlan/internal/kernel/place"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
	"anlan/internal/platform/httpapi"
)

const (
	auditCounty = place.Path("cn/99/9901/990101/")
	auditTown   = place.Path("cn/99/9901/990101/990101001/")
	auditOther  = place.Path("cn/99/9901/9901010/")
)

// audited is a ledger with ten entries: two kinds, two places, two units, two
// actors, one a day.
type audited struct {
	*Ledger
	db *db.DB
}

func eachAudited(t *testing.T, fn func(t *testing.T, a *audited)) {
	t.Helper()
	dbtest.Each(t, []fs.FS{Migrations()}, func(t *testing.T, d *db.DB) {
		m := clock.NewManual(time.Date(2026, 11, 1, 4, 0, 0, 0, time.UTC))
		l, err := Open(t.Context(), d, m.Now, id.NewSource(m.Now))
		if err != nil {
			t.Fatal(err)
		}
		a := &audited{l, d}
		for i := range 10 {
			e := Entry{ID: string(rune('a' + i)), Kind: "test.one.v1", Place: auditTown, Unit: "u1", UnitPath: "g/u1/",
				Subject: "test:x", Actor: "p1", Facts: json.RawMessage(`{"n":1}`)}
			if i%2 == 1 {
				e.Kind, e.Place, e.Unit, e.UnitPath, e.Subject, e.Actor = "test.two.v1", auditOther, "u2", "h/u2/", "test:y", "p2"
			}
			if err := d.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return l.Record(ctx, tx, e) }); err != nil {
				t.Fatal(err)
			}
			m.Advance(24 * time.Hour)
		}
		fn(t, a)
	})
}

func (a *audited) all(t *testing.T, f Filter, limit int) string {
	t.Helper()
	var got strings.Builder
	for cursor := ""; ; {
		p, err := a.List(t.Context(), f, cursor, limit)
		if err != nil {
			t.Fatal(err)
		}
		if len(p.Items) > limit {
			t.Fatalf("%d entries on a page of %d", len(p.Items), limit)
		}
		for _, e := range p.Items {
			got.WriteString(e.ID)
		}
		if cursor = p.Next; cursor == "" {
			return got.String()
		}
	}
}

func TestList(t *testing.T) {
	eachAudited(t, func(t *testing.T, a *audited) {
		for _, tt := range []struct {
			name string
			f    Filter
			want string
		}{
			{"everything, the newest first", Filter{}, "jihgfedcba"},
			{"a place and all below", Filter{Place: auditCounty}, "igeca"},
			{"a look-alike place", Filter{Place: auditOther}, "jhfdb"},
			{"a kind", Filter{Kinds: []string{"test.two.v1"}}, "jhfdb"},
			{"two kinds", Filter{Kinds: []string{"test.two.v1", "test.one.v1"}}, "jihgfedcba"},
			{"a unit", Filter{Unit: "u1"}, "igeca"},
			{"a group", Filter{UnitPath: "h/"}, "jhfdb"},
			{"a subject", Filter{Subject: "test:y"}, "jhfdb"},
			{"an actor", Filter{Actor: "p1"}, "igeca"},
			{"days", Filter{From: clock.Day("2026-11-03").Start(), To: clock.Day("2026-11-04").End()}, "dc"},
			{"no scope", Filter{Within: []actor.Scope{}}, ""},
			{"a line scope", Filter{Within: []actor.Scope{{Trunk: actor.Line, Place: "cn/", Line: "gas"}}}, ""},
			{"a territory", Filter{Within: []actor.Scope{{Trunk: actor.Territory, Place: auditCounty}}}, "igeca"},
			{"an empty territory", Filter{Within: []actor.Scope{{Trunk: actor.Territory}}}, ""},
			{"a group scope", Filter{Within: []actor.Scope{{Trunk: actor.Group, Unit: "h/u2/"}}}, "jhfdb"},
			{"two scopes and a kind", Filter{Kinds: []string{"test.one.v1"}, Within: []actor.Scope{{Trunk: actor.Territory, Place: auditCounty}, {Trunk: actor.Group, Unit: "h/u2/"}}}, "igeca"},
		} {
			for _, limit := range []int{1, 3, 200} {
				if got := a.all(t, tt.f, limit); got != tt.want {
					t.Errorf("%s, %d a page: %q, want %q", tt.name, limit, got, tt.want)
				}
			}
		}
	})
}

func TestRangeAndPosition(t *testing.T) {
	eachAudited(t, func(t *testing.T, a *audited) {
		// PostgreSQL shows entries once every older transaction of the server has ended.
		for left := 4; left > 0; time.Sleep(time.Millisecond) {
			n, err := a.Step(t.Context(), Reader{Name: "walk", Batch: left, Handle: func(context.Context, db.Tx, []Entry) error { return nil }})
			if err != nil {
				t.Fatal(err)
			}
			left -= n
		}
		var pos Pos
		err := a.db.InTx(t.Context(), func(ctx context.Context, tx db.Tx) (err error) {
			pos, err = a.Position(ctx, tx, "walk")
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		got := ""
		for at := (Pos{}); ; {
			es, err := a.Range(t.Context(), a.db.Read(), at, pos, 3)
			if err != nil {
				t.Fatal(err)
			}
			if len(es) == 0 {
				break
			}
			for _, e := range es {
				got += e.ID
			}
			at = es[len(es)-1].Pos
		}
		if got != "abcd" {
			t.Errorf("up to the reader: %q, want the first four", got)
		}
	})
}

func TestFirstCorrections(t *testing.T) {
	eachAudited(t, func(t *testing.T, a *audited) {
		for _, e := range []Entry{{ID: "x", Kind: "test.one.v1", Corrects: "a"}, {ID: "y", Kind: "test.one.v1", Corrects: "a"}} {
			if err := a.db.InTx(t.Context(), func(ctx context.Context, tx db.Tx) error { return a.Record(ctx, tx, e) }); err != nil {
				t.Fatal(err)
			}
		}
		es, err := a.Entries(t.Context(), a.db.Read(), []string{"x", "nothing"})
		if err != nil || len(es) != 1 {
			t.Fatal(es, err)
		}
		first, err := a.FirstCorrections(t.Context(), a.db.Read(), []string{"a", "b"})
		if err != nil || len(first) != 1 || first["a"] != es["x"].Pos {
			t.Errorf("%v %v, want %v", first, err, es["x"].Pos)
		}
	})
}

// sayNames names what it is asked for.
type sayNames struct{}

func (sayNames) PlaceNames(_ context.Context, ps []place.Path) (map[place.Path]string, error) {
	m := map[place.Path]string{}
	for _, p := range ps {
		m[p] = "place " + p.Code()
	}
	return m, nil
}
func (sayNames) UnitNames(context.Context, []string) (map[string]string, error)   { return nil, nil }
func (sayNames) PersonNames(context.Context, []string) (map[string]string, error) { return nil, nil }

func TestHTTP(t *testing.T) {
	grant := func(s actor.Scope) actor.Actor {
		return actor.Actor{ID: "x", Grants: []actor.Grant{{Perms: []string{PermRead}, Scope: s}}}
	}
	county := grant(actor.Scope{Trunk: actor.Territory, Place: auditCounty})
	eachAudited(t, func(t *testing.T, a *audited) {
		mux := http.NewServeMux()
		Mount(httpapi.New(mux, "test"), a.Ledger, sayNames{})
		for _, tt := range []struct {
			name   string
			by     actor.Actor
			path   string
			status int
			key    string
			items  int
		}{
			{"nobody", actor.Actor{}, "/ledger", 401, "auth.sign_in", 0},
			{"without the permission", actor.Actor{ID: "x"}, "/ledger", 403, "auth.denied", 0},
			{"a county", county, "/ledger", 200, "", 5},
			{"a county looks next door", county, "/ledger?place=" + string(auditOther), 200, "", 0},
			{"by kinds", county, "/ledger?kind=test.one.v1,test.two.v1", 200, "", 5},
			{"by day", county, "/ledger?from=2026-11-03&to=2026-11-04", 200, "", 1},
			{"no day", county, "/ledger?from=soon", 422, "invalid", 0},
			{"too many", county, "/ledger?limit=1000", 422, "invalid", 0},
			{"a forged cursor", county, "/ledger?cursor=forged", 422, "page.bad_cursor", 0},
			{"one entry", county, "/ledger/a", 200, "", 0},
			{"another's entry", county, "/ledger/b", 404, "ledger.not_found", 0},
			{"no entry", county, "/ledger/none", 404, "ledger.not_found", 0},
			{"an entry for nobody", actor.Actor{}, "/ledger/a", 401, "auth.sign_in", 0},
		} {
			req := httptest.NewRequestWithContext(actor.With(t.Context(), tt.by), "GET", "/api/v1"+tt.path, nil)
			rec := httptest.NewRecorder()
			mux.ServeHTTP(rec, req)
			var body struct {
				Key       string
				PlaceName string `json:"place_name"`
				Items     []struct {
					PlaceName string `json:"place_name"`
				}
			}
			if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
				t.Fatal(err)
			}
			if rec.Code != tt.status || body.Key != tt.key || len(body.Items) != tt.items {
				t.Errorf("%s: %d %s, %d items: %s", tt.name, rec.Code, body.Key, len(body.Items), rec.Body)
			}
			if tt.items > 0 && body.Items[0].PlaceName != "place 990101001" {
				t.Errorf("%s: named %q", tt.name, body.Items[0].PlaceName)
			}
		}
	})
}

func TestEntryIsHiddenFromOthers(t *testing.T) {
	eachAudited(t, func(t *testing.T, a *audited) {
		ctx := actor.With(t.Context(), actor.Actor{ID: "x", Grants: []actor.Grant{{Perms: []string{PermRead},
			Scope: actor.Scope{Trunk: actor.Group, Unit: "g/"}}}})
		if e, err := a.Entry(ctx, "a"); err != nil || e.Unit != "u1" {
			t.Errorf("own group's entry: %v", err)
		}
		if _, err := a.Entry(ctx, "b"); errs.KindOf(err) != errs.NotFound {
			t.Errorf("another group's entry: %v", err)
		}
	})
}
