// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"encoding/binary"
)

// pngFile is a PNG file without its metadata.
type pngFile struct {
	width, height int
	exif          []byte
	kept          []byte // the file without metadata and without what follows its end
}

// pngKept are the chunks that a picture needs to look right. The rest is text,
// time, EXIF, animation or unknown.
var pngKept = map[string]bool{"IHDR": true, "PLTE": true, "IDAT": true, "IEND": true, "tRNS": true, "gAMA": true,
	"cHRM": true, "sRGB": true, "iCCP": true, "sBIT": true, "bKGD": true, "pHYs": true}

// deflateMost is the most that a byte of deflate can grow to.
const deflateMost = 1032

// parsePNG goes through the chunks without unpacking any. It refuses a picture
// that claims more pixels than its data can hold, because nothing but a bomb does.
func parsePNG(data []byte) (*pngFile, error) {
	f := &pngFile{kept: make([]byte, 0, len(data))}
	f.kept = append(f.kept, pngMark...)
	var packed, unpacked int64
	for at := len(pngMark); ; {
		if at+12 > len(data) {
			return nil, truncated()
		}
		size, name := int64(binary.BigEndian.Uint32(data[at:])), string(data[at+4:at+8])
		if int64(at)+12+size > int64(len(data)) {
			return nil, truncated()
		}
		body, next := data[at+8:at+8+int(size)], at+12+int(size)
		switch {
		case f.width == 0 && name != "IHDR":
			return nil, damaged()
		case name == "IHDR":
			var err error
			if unpacked, err = f.header(body); err != nil {
				return nil, err
			}
		case name == "IDAT":
			packed += size
		case name == "eXIf":
			f.exif = body
		}
		if pngKept[name] {
			f.kept = append(f.kept, data[at:next]...)
		}
		if at = next; name == "IEND" {
			break
		}
	}
	if packed*deflateMost < unpacked {
		return nil, damaged()
	}
	return f, nil
}

// pngSamples is how many samples a pixel has, by colour type.
var pngSamples = map[byte]int64{0: 1, 2: 3, 3: 1, 4: 2, 6: 4}

// header reads IHDR and returns how many bytes the unpacked picture has.
func (f *pngFile) header(body []byte) (int64, error) {
	if f.width != 0 || len(body) != 13 {
		return 0, damaged()
	}
	w, h := binary.BigEndian.Uint32(body), binary.BigEndian.Uint32(body[4:])
	depth, samples := int64(body[8]), pngSamples[body[9]]
	if w > 1<<31-1 || h > 1<<31-1 || samples == 0 || depth < 1 || depth > 16 {
		return 0, damaged()
	}
	f.width, f.height = int(w), int(h)
	if err := checkSize(f.width, f.height); err != nil {
		return 0, err
	}
	return (int64(w)*samples*depth + 7) / 8 * int64(h), nil
}
