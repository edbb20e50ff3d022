// SPDX-License-Identifier: Apache-2.0

package page

import (
	"encoding/base64"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"anlan/internal/kernel/errs"
)

type key struct {
	Day string `json:"d"`
	Seq int64  `json:"s"`
}

func TestCursorRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := key{rapid.String().Draw(t, "day"), rapid.Int64().Draw(t, "seq")}
		var got key
		if err := Decode(Encode(want), &got); err != nil || got != want {
			t.Fatalf("%+v became %+v, %v", want, got, err)
		}
	})
}

// TestWalk turns pages of any size over a list and sees each row once, in order.
func TestWalk(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := make([]int64, rapid.IntRange(0, 60).Draw(t, "rows"))
		for i := range rows {
			rows[i] = int64(i)
		}
		limit := rapid.IntRange(1, 20).Draw(t, "limit")
		var seen []int64
		for cursor, first := "", true; first || cursor != ""; first = false {
			after := key{Seq: -1}
			if err := Decode(cursor, &after); err != nil {
				t.Fatal(err)
			}
			from := int(after.Seq + 1)
			got := Cut(rows[from:min(from+limit+1, len(rows))], limit, func(n int64) any { return key{Seq: n} })
			if len(got.Items) > limit || got.Next != "" && len(got.Items) != limit {
				t.Fatalf("a page of %d, limit %d, next %q", len(got.Items), limit, got.Next)
			}
			seen, cursor = append(seen, got.Items...), got.Next
		}
		if !slices.Equal(seen, rows) {
			t.Fatalf("saw %v of %d rows", seen, len(rows))
		}
	})
}

func TestForgedCursors(t *testing.T) {
	for _, cursor := range []string{"!", "AAAA", "e30=", base64.RawURLEncoding.EncodeToString([]byte(`{"s":"x"}`)), "\x00"} {
		var k key
		if err := Decode(cursor, &k); errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v, want Invalid", cursor, err)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(Encode(key{"2027-06-01", 7}))
	f.Fuzz(func(t *testing.T, cursor string) {
		var k key
		if err := Decode(cursor, &k); err != nil && errs.KindOf(err) != errs.Invalid {
			t.Errorf("%q: %v", cursor, err)
		}
	})
}
