// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"testing"
	"time"

	"github.com/rwcarlsen/goexif/exif"
)

// TestEXIFAgrees reads the same data with a general reader.
func TestEXIFAgrees(t *testing.T) {
	for orientation := range uint16(10) {
		data := exifBlock(orientation)
		x, err := exif.Decode(bytes.NewReader(data))
		if err != nil {
			t.Fatal(err)
		}
		lat, lng, err := x.LatLong()
		if err != nil {
			t.Fatal(err)
		}
		o, got := readEXIF(data)
		if o.Lat != round6(lat) || o.Lng != round6(lng) {
			t.Errorf("%v, %v; want %v, %v", o.Lat, o.Lng, lat, lng)
		}
		want := int(orientation)
		if want < 1 || want > 8 {
			want = noRotation
		}
		if got != want {
			t.Errorf("orientation %d, want %d", got, want)
		}
	}
}

func TestCaptured(t *testing.T) {
	for _, tt := range []struct{ text, zone, want string }{
		{"2026:06:16 09:08:07", "", "2026-06-16T01:08:07Z"}, {"2026:06:16 09:08:07", "+09:00", "2026-06-16T00:08:07Z"},
		{"2026:06:16 09:08:07", "nonsense", "2026-06-16T01:08:07Z"}, {"0000:00:00 00:00:00", "", ""}, {"", "", ""},
	} {
		got := captured(tt.text, tt.zone)
		if tt.want == "" && got.IsZero() {
			continue
		}
		if got.Format(time.RFC3339) != tt.want {
			t.Errorf("captured(%q, %q) = %v, want %s", tt.text, tt.zone, got, tt.want)
		}
	}
}

// TestEXIFBomb points thousands of tags at the same bytes: what a general reader
// copies each time is looked at once.
func TestEXIFBomb(t *testing.T) {
	var tags []tiffTag
	for i := range uint16(5000) {
		tags = append(tags, tiffTag{i, 1, 60_000, []byte{8, 0, 0, 0}})
	}
	data, first := directory([]byte{'I', 'I', 42, 0, 8, 0, 0, 0}, tags)
	if first != 8 {
		t.Fatal(first)
	}
	n := testing.AllocsPerRun(5, func() { readEXIF(data) })
	if n > 600 {
		t.Errorf("%v allocations", n)
	}
}
