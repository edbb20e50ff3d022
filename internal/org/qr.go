// SPDX-License-Identifier: Apache-2.0

package org

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"strings"

	"rsc.io/qr"
)

const (
	qrModule = 10 // pixels per module
	qrQuiet  = 4  // modules of white around it, which the standard asks for
)

// QRCode returns a PNG picture of the QR code that leads to u's public page, to be
// printed and put up.
func (s *Service) QRCode(u *Unit) ([]byte, error) {
	code, err := qr.Encode(strings.TrimSuffix(s.Base, "/")+"/u/"+u.Code, qr.M)
	if err != nil {
		return nil, err
	}
	side := (code.Size + 2*qrQuiet) * qrModule
	img := image.NewPaletted(image.Rect(0, 0, side, side), color.Palette{color.White, color.Black})
	for y := range side {
		for x := range side {
			if code.Black(x/qrModule-qrQuiet, y/qrModule-qrQuiet) {
				img.SetColorIndex(x, y, 1)
			}
		}
	}
	var b bytes.Buffer
	err = png.Encode(&b, img)
	return b.Bytes(), err
}
