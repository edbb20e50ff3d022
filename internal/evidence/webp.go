// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"encoding/binary"
)

// webpFile is a WebP file without its metadata.
type webpFile struct {
	width, height int
	exif          []byte
	kept          []byte
}

// Flags of the VP8X chunk.
const (
	webpAnimated = 0x02
	webpXMP      = 0x04
	webpEXIF     = 0x08
)

// parseWebP goes through the chunks of a RIFF file. The size is that of the frame
// itself, which is what a decoder makes room for, not that of the canvas.
func parseWebP(data []byte) (*webpFile, error) {
	end := 8 + int64(binary.LittleEndian.Uint32(data[4:]))
	if end > int64(len(data)) {
		return nil, truncated()
	}
	f := &webpFile{kept: append(make([]byte, 0, end), data[:12]...)}
	for at := int64(12); at+8 <= end; {
		name, size := string(data[at:at+4]), int64(binary.LittleEndian.Uint32(data[at+4:]))
		next := at + 8 + size + size&1
		if at+8+size > end {
			return nil, truncated()
		}
		keep, err := f.chunk(name, data[at+8:at+8+size])
		if err != nil {
			return nil, err
		}
		if keep {
			f.append(name, data[at+8:at+8+size])
		}
		at = next
	}
	if f.width == 0 {
		return nil, damaged()
	}
	binary.LittleEndian.PutUint32(f.kept[4:], uint32(len(f.kept)-8))
	return f, nil
}

// chunk looks into one chunk and reports whether the picture needs it.
func (f *webpFile) chunk(name string, body []byte) (bool, error) {
	switch name {
	case "VP8X":
		if len(body) != 10 {
			return false, damaged()
		}
		if body[0]&webpAnimated != 0 {
			return false, unsupported("WebP animation")
		}
		return true, nil
	case "VP8 ":
		if len(body) < 10 || string(body[3:6]) != "\x9d\x01\x2a" {
			return false, damaged()
		}
		return true, f.frame(int(binary.LittleEndian.Uint16(body[6:])&0x3fff), int(binary.LittleEndian.Uint16(body[8:])&0x3fff))
	case "VP8L":
		if len(body) < 5 || body[0] != 0x2f {
			return false, damaged()
		}
		bits := binary.LittleEndian.Uint32(body[1:])
		return true, f.frame(int(bits&0x3fff)+1, int(bits>>14&0x3fff)+1)
	case "ALPH", "ICCP":
		return true, nil
	case "EXIF":
		f.exif = body
	}
	return false, nil
}

func (f *webpFile) frame(w, h int) error {
	if f.width != 0 {
		return damaged()
	}
	f.width, f.height = w, h
	return checkSize(w, h)
}

func (f *webpFile) append(name string, body []byte) {
	f.kept = append(f.kept, name...)
	f.kept = binary.LittleEndian.AppendUint32(f.kept, uint32(len(body)))
	from := len(f.kept)
	f.kept = append(f.kept, body...)
	if len(body)&1 == 1 {
		f.kept = append(f.kept, 0)
	}
	if name == "VP8X" {
		f.kept[from] &^= webpXMP | webpEXIF
	}
}
