// SPDX-License-Identifier: Apache-2.0

package evidence

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"

	"anlan/internal/kernel/errs"
)

// format is a kind of file that is taken.
type format string

const (
	formatJPEG format = "image/jpeg"
	formatPNG  format = "image/png"
	formatWebP format = "image/webp"
	formatMP4  format = "video/mp4"
)

// sniffLen is how much of a file sniff looks at.
const sniffLen = 512

var pngMark = []byte("\x89PNG\r\n\x1a\n")

// sniff tells a file's format by its first bytes, whatever its name or its sender
// says. What is not taken is refused by name, so that people know what they sent.
func sniff(head []byte) (format, error) {
	switch {
	case len(head) == 0:
		return "", errs.New(errs.Invalid, "evidence.empty")
	case bytes.HasPrefix(head, []byte{0xff, mSOI, 0xff}):
		return formatJPEG, nil
	case bytes.HasPrefix(head, pngMark):
		return formatPNG, nil
	case len(head) >= 12 && string(head[:4]) == "RIFF" && string(head[8:12]) == "WEBP":
		return formatWebP, nil
	case len(head) >= 12 && string(head[4:8]) == "ftyp":
		return sniffBrand(head)
	}
	return "", foreign(head)
}

// brands of ISO base media files that are plain MP4: from phones, cameras and
// editors (registry at mp4ra.org).
var brands = []string{"isom", "iso2", "iso3", "iso4", "iso5", "iso6", "iso7", "iso8", "iso9", "mp41", "mp42", "avc1",
	"M4V ", "M4VH", "M4VP", "MSNV", "mmp4", "3gp4", "3gp5", "3gp6", "3gp7", "3gg6", "XAVC"}

// sniffBrand looks at the ftyp box: the major brand, or else the compatible ones.
func sniffBrand(head []byte) (format, error) {
	switch major := string(head[8:12]); {
	case slices.Contains(brands, major):
		return formatMP4, nil
	case major == "qt  ":
		return "", errs.New(errs.Unsupported, "evidence.quicktime")
	case strings.HasPrefix(major, "hei"), strings.HasPrefix(major, "hev"), major == "mif1", major == "msf1":
		return "", errs.New(errs.Unsupported, "evidence.heic")
	case major == "avif" || major == "avis":
		return "", unsupported("AVIF")
	}
	end := min(len(head), int(binary.BigEndian.Uint32(head)))
	for i := 16; i+4 <= end; i += 4 {
		if slices.Contains(brands, string(head[i:i+4])) {
			return formatMP4, nil
		}
	}
	return "", errs.New(errs.Unsupported, "evidence.unknown_type")
}

// marks are the first bytes of files that people, or attackers, send instead.
var marks = []struct{ begins, name string }{
	{"GIF8", "GIF"}, {"%PDF-", "PDF"}, {"BM", "BMP"}, {"II*\x00", "TIFF"}, {"MM\x00*", "TIFF"},
	{"PK\x03\x04", "ZIP"}, {"PK\x05\x06", "ZIP"}, {"Rar!", "RAR"}, {"7z\xbc\xaf", "7Z"}, {"\x1f\x8b", "GZIP"},
	{"\xd0\xcf\x11\xe0", "DOC"}, {"{\\rtf", "RTF"}, {"MZ", "EXE"}, {"\x7fELF", "ELF"}, {"#!", "script"},
	{"\x1aE\xdf\xa3", "WebM"}, {"FLV", "FLV"}, {"ID3", "MP3"}, {"OggS", "Ogg"}, {"\x00\x00\x01\x00", "ICO"},
}

var markup = []struct{ begins, name string }{
	{"<svg", "SVG"}, {"<!doctype html", "HTML"}, {"<html", "HTML"}, {"<script", "HTML"}, {"<body", "HTML"},
	{"<head", "HTML"}, {"<?php", "script"}, {"<!doctype svg", "SVG"},
}

// foreign returns the refusal of a file that is none of ours.
func foreign(head []byte) error {
	for _, m := range marks {
		if bytes.HasPrefix(head, []byte(m.begins)) {
			return unsupported(m.name)
		}
	}
	text := bytes.ToLower(bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n"))
	if bytes.HasPrefix(text, []byte("<?xml")) || bytes.HasPrefix(text, []byte("<!--")) {
		if bytes.Contains(text, []byte("<svg")) {
			return unsupported("SVG")
		}
		return unsupported("XML")
	}
	for _, m := range markup {
		if bytes.HasPrefix(text, []byte(m.begins)) {
			return unsupported(m.name)
		}
	}
	return errs.New(errs.Unsupported, "evidence.unknown_type")
}
