// SPDX-License-Identifier: Apache-2.0

package search

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/uptrace/bun"
	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/db"
	"anlan/internal/platform/db/dbtest"
)

type report struct {
	bun.BaseModel `bun:"table:report,alias:r"`

	Seq   int64  `bun:"seq,pk,autoincrement"`
	Words string `bun:"words"`
}

func each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	dbtest.Each(t, []fs.FS{os.DirFS("testdata")}, fn)
}

func write(ctx context.Context, d *db.DB, rows ...report) error {
	return d.InTx(ctx, func(ctx context.Context, tx db.Tx) error {
		texts := make([]Text, len(rows))
		for i, r := range rows {
			texts[i] = Text{r.Seq, r.Words}
		}
		if _, err := tx.NewInsert().Model(&rows).Exec(ctx); err != nil {
			return err
		}
		return Put(ctx, tx, "report_search", texts...)
	})
}

func find(ctx context.Context, d *db.DB, words string) ([]int64, error) {
	var seqs []int64
	q := d.Read().NewSelect().Model((*report)(nil)).Column("seq")
	err := Match(q, "report_search", "r.seq", words).OrderExpr("r.seq DESC").Scan(ctx, &seqs)
	return seqs, err
}

func TestFind(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		err := write(ctx, d,
			report{Seq: 1, Words: "配电箱线路老化，消防通道堵塞"},
			report{Seq: 2, Words: "示范化工有限公司 ＬＮＧ储罐，编号 A-12"},
			report{Seq: 3, Words: "消防栓没有水。通道畅通"},
			report{Seq: 4, Words: "O'Neil \\ \"quote\" 50% under_score café"})
		if err != nil {
			t.Fatal(err)
		}
		for _, tt := range []struct {
			words string
			want  []int64
		}{
			{"消防", []int64{3, 1}},
			{"防通", []int64{1}},
			{"通道", []int64{3, 1}},
			{"消防 通道", []int64{3, 1}},
			{"消防通道", []int64{1}},
			{"水通", nil}, // not across a full stop
			{"消", []int64{3, 1}},
			{"塞", []int64{1}}, // the last character of a run
			{"lng", []int64{2}},
			{"Lng储罐", []int64{2}},
			{"a-12", []int64{2}},
			{"12", []int64{2}},
			{"o'neil", []int64{4}},
			{`"quote"`, []int64{4}},
			{"CAFÉ", []int64{4}},
			{"cafe", nil},
			{"没有的词", nil},
			{"。！", nil},
			{`" NEAR("`, nil},
			{"  ", []int64{4, 3, 2, 1}},
		} {
			got, err := find(ctx, d, tt.words)
			if err != nil || !slices.Equal(got, tt.want) {
				t.Errorf("%q: found %v, want %v, error %v", tt.words, got, tt.want, err)
			}
		}
		if _, err := find(ctx, d, strings.Repeat("长", MaxQuery+1)); errs.KindOf(err) != errs.Invalid {
			t.Errorf("a long query: error %v, want Invalid", err)
		}
	})
}

func TestReplaceAndDelete(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		ctx := t.Context()
		if err := write(ctx, d, report{Seq: 1, Words: "旧文字"}, report{Seq: 2, Words: "别的"}); err != nil {
			t.Fatal(err)
		}
		change := func(fn func(ctx context.Context, tx db.Tx) error) {
			t.Helper()
			if err := d.InTx(ctx, fn); err != nil {
				t.Fatal(err)
			}
		}
		expect := func(words string, want ...int64) {
			t.Helper()
			if got, err := find(ctx, d, words); err != nil || !slices.Equal(got, want) {
				t.Errorf("%q: found %v, want %v, error %v", words, got, want, err)
			}
		}
		change(func(ctx context.Context, tx db.Tx) error {
			return Put(ctx, tx, "report_search", Text{1, "中间文字"}, Text{1, "新的文字"})
		})
		expect("旧文")
		expect("中间")
		expect("新的", 1)
		change(func(ctx context.Context, tx db.Tx) error { return Delete(ctx, tx, "report_search", 1, 9) })
		expect("新的")
		expect("别的", 2)
		change(func(ctx context.Context, tx db.Tx) error { return Delete(ctx, tx, "report_search") })
		change(func(ctx context.Context, tx db.Tx) error { return Put(ctx, tx, "report_search") })
	})
}

// TestEqualsSubstring compares with the truth: every run of the query is a substring.
func TestEqualsSubstring(t *testing.T) {
	letters := rapid.StringOfN(rapid.SampledFrom([]rune("安全生产隐患ab1Ａé。 '\"\\*:-́")), 0, 30, -1)
	each(t, func(t *testing.T, d *db.DB) {
		var seq int64
		held := map[int64]string{}
		rapid.Check(t, func(rt *rapid.T) {
			var rows []report
			for _, words := range rapid.SliceOfN(letters, 1, 8).Draw(rt, "texts") {
				seq++
				rows = append(rows, report{Seq: seq, Words: words})
				held[seq] = words
			}
			if err := write(t.Context(), d, rows...); err != nil {
				rt.Fatal(err)
			}
			words := letters.Draw(rt, "query")
			got, err := find(t.Context(), d, words)
			if err != nil {
				rt.Fatal(err)
			}
			if want := truth(held, words); !slices.Equal(got, want) {
				rt.Fatalf("%q: found %v, want %v", words, got, want)
			}
		})
	})
}

func truth(held map[int64]string, words string) []int64 {
	var want []int64
	for seq, text := range held {
		every := !slices.ContainsFunc(runs(words), func(run string) bool { return !strings.Contains(Fold(text), run) })
		if strings.TrimSpace(words) == "" || every && len(runs(words)) > 0 {
			want = append(want, seq)
		}
	}
	slices.Sort(want)
	slices.Reverse(want)
	return want
}

func TestLongTextIsCut(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		var b strings.Builder
		for i := range 30_000 {
			fmt.Fprintf(&b, "%c", rune(0x4e00+i%20_000))
		}
		if err := write(t.Context(), d, report{Seq: 1, Words: b.String()}); err != nil {
			t.Fatal(err)
		}
		for words, want := range map[string]int{string(rune(0x4e00)): 1, string([]rune{0x4e00 + 15_000, 0x4e00 + 15_001}): 1,
			string([]rune{0x4e00 + 17_000, 0x4e00 + 17_001}): 0} {
			if got, err := find(t.Context(), d, words); err != nil || len(got) != want {
				t.Errorf("%q: found %d, want %d, error %v", words, len(got), want, err)
			}
		}
	})
}

func FuzzQueries(f *testing.F) {
	for _, seed := range []string{"消防通道", `" OR NEAR(`, "a':*", "é", "‍"} {
		f.Add(seed)
	}
	d := dbtest.Open(f, dbtest.SQLiteDSN(f), os.DirFS("testdata"))
	f.Fuzz(func(t *testing.T, words string) {
		if _, err := find(t.Context(), d, words); err != nil && errs.KindOf(err) != errs.Invalid && !strings.ContainsRune(words, 0) {
			t.Errorf("%q: %v", words, err)
		}
	})
}
