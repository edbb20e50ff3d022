// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"errors"
	"io"

	"anlan/internal/kernel/errs"
)

// The sentences for files that are not taken say what to do about it.

func damaged() error   { return errs.New(errs.Invalid, "evidence.damaged") }
func truncated() error { return errs.New(errs.Invalid, "evidence.truncated") }

// unsupported refuses a kind of file; found is its short name, such as "pdf".
func unsupported(found string) error {
	return errs.New(errs.Unsupported, "evidence.unsupported", "found", found)
}

func checkSize(w, h int) error {
	if w < 1 || h < 1 {
		return damaged()
	}
	if w > MaxSide || h > MaxSide || w*h > MaxPixels {
		return errs.New(errs.TooLarge, "evidence.too_many_pixels", "width", w, "height", h, "limit", MaxPixels/1_000_000)
	}
	return nil
}

// decodeFailure turns what a decoder says into a refusal.
func decodeFailure(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return errs.Wrap(err, errs.Invalid, "evidence.truncated")
	}
	return errs.Wrap(err, errs.Invalid, "evidence.damaged")
}

// tooLarge refuses a file of more than limit bytes.
func tooLarge(limit int64) error {
	return errs.New(errs.TooLarge, "evidence.too_large", "limit", limit>>20)
}
