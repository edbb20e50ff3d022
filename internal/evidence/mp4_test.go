// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"time"
)

// mp4Box makes a box.
func mp4Box(name string, parts ...[]byte) []byte {
	body := bytes.Join(parts, nil)
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(body)+8)), name...), body...)
}

func u32(vs ...uint32) []byte {
	var out []byte
	for _, v := range vs {
		out = binary.BigEndian.AppendUint32(out, v)
	}
	return out
}

// mp4Track makes a trak box with one chunk of samples at offset.
func mp4Track(handler, codec string, offset uint32, sizes ...uint32) []byte {
	matrix := u32(1<<16, 0, 0, 0, 1<<16, 0, 0, 0, 1<<30)
	tkhd := mp4Box("tkhd", u32(0, 0, 0, 1, 0, 1000, 0, 0, 0, 0), matrix, u32(640<<16, 480<<16))
	hdlr := mp4Box("hdlr", u32(0, 0), []byte(handler), make([]byte, 12), []byte("Canary handler\x00"))
	dref := mp4Box("dinf", mp4Box("dref", u32(0, 1), mp4Box("url ", u32(1))))
	stbl := mp4Box("stbl", mp4Box("stsd", u32(0, 1), mp4Box(codec, make([]byte, 8))), mp4Box("stsc", u32(0, 1, 1, uint32(len(sizes)), 1)),
		mp4Box("stsz", u32(0, 0, uint32(len(sizes))), u32(sizes...)), mp4Box("stco", u32(0, 1, offset)))
	return mp4Box("trak", tkhd, mp4Box("mdia", hdlr, mp4Box("minf", dref, stbl)))
}

const (
	pictures = "PICTUREDATA"
	sensor   = "+31.25Canary"
)

// mp4File makes a file whose data come first: pictures, then a sensor's samples.
func mp4File(extra ...[]byte) []byte {
	ftyp := mp4Box("ftyp", []byte("isom\x00\x00\x02\x00isommp42"))
	mdat := mp4Box("mdat", []byte(pictures), []byte(sensor))
	at := uint32(len(ftyp) + 8)
	mvhd := mp4Box("mvhd", u32(0, 3864416523, 3864416523, 1000, 2500), make([]byte, 80))
	moov := mp4Box("moov", append([][]byte{mvhd, mp4Track("vide", "avc1", at, 5, 6),
		mp4Track("meta", "gpmd", at+uint32(len(pictures)), 4, 8)}, extra...)...)
	return bytes.Join([][]byte{ftyp, mdat, moov}, nil)
}

func parse(t testing.TB, data []byte) (*movie, error) {
	t.Helper()
	return parseMP4(bytes.NewReader(data), int64(len(data)))
}

func kept(t testing.TB, m *movie, data []byte) []byte {
	t.Helper()
	out, err := io.ReadAll(m.reader(bytes.NewReader(data)))
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestMP4(t *testing.T) {
	note := func(name, text string) []byte {
		return mp4Box(name, []byte{0, byte(len(text)), 0x15, 0xc7}, []byte(text))
	}
	data := mp4File(mp4Box("udta", note("\xa9xyz", "+31.2500+121.5000/"), note("\xa9mak", "Shanhe"), note("\xa9mod", "S9 Canary")),
		mp4Box("uuid", []byte("Canary uuid")), mp4Box("free", []byte("Canary free")))
	data = append(data, mp4Box("meta", []byte("Canary meta"))...)
	m, err := parse(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if m.width != 640 || m.height != 480 || m.duration != 2500*time.Millisecond {
		t.Errorf("%d×%d, %v", m.width, m.height, m.duration)
	}
	want := Origin{Captured: time.Date(2026, 6, 16, 1, 2, 3, 0, time.UTC), Make: "Shanhe", Model: "S9 Canary", Lat: 31.25, Lng: 121.5, Located: true}
	if m.origin != want {
		t.Errorf("origin = %+v, want %+v", m.origin, want)
	}
	out := kept(t, m, data)
	if len(out) != len(data) {
		t.Errorf("kept %d bytes of %d", len(out), len(data))
	}
	for _, trace := range []string{"Canary", "Shanhe", "31.25", "gpmd"} {
		if bytes.Contains(out, []byte(trace)) {
			t.Errorf("%q is still there", trace)
		}
	}
	if !bytes.Contains(out, []byte(pictures)) {
		t.Error("the pictures were changed")
	}
	again, err := parse(t, out)
	if err != nil || again.origin.Located || again.width != 640 {
		t.Errorf("the kept file: %+v, %v", again, err)
	}
	slow, err := io.ReadAll(iotest.OneByteReader(m.reader(bytes.NewReader(data))))
	if err != nil || !bytes.Equal(slow, out) {
		t.Errorf("read in single bytes it differs: %v", err)
	}
}

// TestRealMP4 reads a file that an encoder made.
func TestRealMP4(t *testing.T) {
	data := fixture(t, "tiny.mp4")
	m, err := parse(t, data)
	if err != nil {
		t.Fatal(err)
	}
	if m.width != 96 || m.height != 64 || m.duration < 900*time.Millisecond || m.origin.Lat != 31.25 || m.origin.Captured.IsZero() {
		t.Errorf("%+v", m)
	}
	if out := kept(t, m, data); bytes.Contains(out, []byte("SecretName")) || bytes.Contains(out, []byte("31.25")) {
		t.Error("metadata are still there")
	}
}

func TestTurnedMP4(t *testing.T) {
	data := mp4File()
	straight, turned := u32(1<<16, 0, 0, 0, 1<<16), u32(0, 1<<16, 0, 0xffff0000, 0)
	m, err := parse(t, bytes.Replace(data, straight, turned, 1))
	if err != nil || m.width != 480 || m.height != 640 {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestBadMP4(t *testing.T) {
	good := mp4File()
	with := func(old, new string) []byte { return bytes.Replace(good, []byte(old), []byte(new), 1) }
	outside := bytes.Replace(good, []byte("url \x00\x00\x00\x01"), []byte("url \x00\x00\x00\x00"), 1)
	for name, tt := range map[string]struct {
		data []byte
		key  string
	}{
		"no moov":        {good[:bytes.Index(good, []byte("moov"))-4], "evidence.truncated"},
		"half":           {good[:len(good)-20], "evidence.truncated"},
		"data cut off":   {mp4Box("ftyp", []byte("isom\x00\x00\x00\x00")), "evidence.truncated"},
		"fragments":      {append(append([]byte{}, good...), mp4Box("moof")...), "evidence.fragmented_video"},
		"made for them":  {mp4File(mp4Box("mvex")), "evidence.fragmented_video"},
		"unknown codec":  {with("avc1\x00", "XXXX\x00"), "evidence.unsupported"},
		"no pictures":    {with("vide", "soun"), "evidence.damaged"},
		"data elsewhere": {outside, "evidence.damaged"},
		"many boxes":     {mp4File(bytes.Repeat(mp4Box("free"), maxBoxes)), "evidence.damaged"},
		"two moovs":      {append(append([]byte{}, good...), good[bytes.Index(good, []byte("moov"))-4:]...), "evidence.damaged"},
		"empty box":      {bytes.Replace(good, []byte("\x00\x00\x00\x0cstco"), []byte("\x00\x00\x00\x02stco"), 1), ""},
	} {
		_, err := parse(t, tt.data)
		if tt.key != "" {
			wantKey(t, name, err, tt.key)
		}
	}
}

// TestSensorOutsideData lets a sensor's chunk point at moov: nothing there may be blanked.
func TestSensorOutsideData(t *testing.T) {
	data := mp4File()
	i := bytes.LastIndex(data, []byte("stco"))
	binary.BigEndian.PutUint32(data[i+12:], uint32(i))
	_, err := parse(t, data)
	wantKey(t, "chunk outside mdat", err, "evidence.damaged")
}

func TestBehindMP4(t *testing.T) {
	good := mp4File()
	for name, behind := range map[string]string{"zip": "PK\x03\x04Canary" + strings.Repeat("x", 50), "text": "Canary"} {
		data := append(append([]byte{}, good...), behind...)
		m, err := parse(t, data)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if out := kept(t, m, data); bytes.Contains(out, []byte("Canary")) || len(out) != len(good) {
			t.Errorf("%s: kept %d bytes of %d", name, len(out), len(good))
		}
	}
}

func FuzzMP4(f *testing.F) {
	f.Add(mp4File())
	f.Add(mp4File(mp4Box("udta", mp4Box("\xa9xyz", []byte("\x00\x12\x15\xc7+31.2500+121.5000/")))))
	f.Add(fixture(f, "tiny.mp4"))
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := parse(t, data)
		if err != nil {
			return
		}
		out := kept(t, m, data)
		again, err := parse(t, out)
		if err != nil {
			t.Fatalf("the kept file: %v", err)
		}
		if again.origin.Located || again.origin.Make != "" || !bytes.Equal(kept(t, again, out), out) {
			t.Errorf("taking out twice differs from once: %+v", again.origin)
		}
	})
}
