// SPDX-License-Identifier: Apache-2.0

// Package evidence keeps photos and videos: why they were asked for, what they
// show, and, sealed apart, where they say they come from.
//
// evidence.go holds types, limits and rules. Files are checked without a database:
// sniff.go tells their format, jpeg*.go, png.go, webp.go and mp4*.go take them apart,
// exif.go reads where they come from, picture.go turns and shrinks, darkroom.go puts
// that together. service.go takes whole files, upload.go takes them in pieces over
// spool.go, attach.go ties them to subjects, serve.go gives them out, origin.go opens
// what is sealed, jobs.go finishes and cleans up. store*.go speaks SQL, http*.go HTTP.
package evidence

import (
	"math/bits"
	"time"
)

// PermOrigin lets somebody read where a file says it comes from.
const PermOrigin = "evidence.origin"

// Limits of what is taken. GET /evidence/limits states them.
const (
	MaxPhotoBytes  = 20 << 20
	MaxVideoBytes  = 200 << 20
	MaxPixels      = 50_000_000
	MaxSide        = 30_000   // pixels of a photo, either way
	MaxSingleBytes = 20 << 20 // of a file sent in one piece
	MaxChunkBytes  = 8 << 20
	MaxPhotos      = 9 // with one report, or one step
	MaxVideos      = 1
)

// KeepLoose is how long a file waits to be attached before it is removed.
const KeepLoose = 48 * time.Hour

// Kind tells photos from videos.
type Kind string

const (
	Photo Kind = "photo"
	Video Kind = "video"
)

// State is how far a file has come.
type State string

const (
	Received State = "received" // complete and checked; still being stored
	Ready    State = "ready"    // can be shown
	Refused  State = "refused"  // could not be kept; Refusal says why
)

// Variant is one of the forms in which a file is given out.
type Variant string

const (
	Thumb    Variant = "thumb"    // a photo of at most 320 pixels, JPEG
	Large    Variant = "large"    // a photo of at most 1,600 pixels
	Original Variant = "original" // without metadata, otherwise as it was sent
)

// Evidence is a photo or a video.
type Evidence struct {
	ID       string
	Kind     Kind
	Type     string // media type of what was sent, by its content
	State    State
	Refusal  string // message key, when State is Refused
	Width    int    // pixels, as shown
	Height   int
	Duration time.Duration // of a video
	Bytes    int64         // as sent
	SHA256   string        // of the bytes as sent, in hex
	Subject  string        // "hazard:<id>", or "" while loose
	Purpose  string        // "report", "rectified", …
	By       string        // person who sent it, or "" for the public
	Created  time.Time
	Attached time.Time // zero while loose

	storedType string // media type of the original variant
	hash       uint64 // perceptual, of a photo
	origin     []byte // sealed; nil when the file says nothing of it
}

// Ref names a file together with the secret that proves it is the caller's to attach.
type Ref struct{ ID, Key string }

// Match is a photo that looks like another one.
type Match struct {
	Evidence
	Distance int // bits of 64 in which the perceptual hashes differ
}

// nearBits is the most bits in which the hashes of near duplicates differ.
const nearBits = 6

func distance(a, b uint64) int { return bits.OnesCount64(a ^ b) }

const bandCount, bandBits = 4, 16

// slots returns the four bands of a hash, each marked with its number. Two hashes
// that differ in at most 7 bits have a band in which they differ in at most one.
func slots(hash uint64) []int64 {
	out := make([]int64, bandCount)
	for i := range out {
		out[i] = int64(i)<<bandBits | int64(hash>>(i*bandBits)&(1<<bandBits-1))
	}
	return out
}

// probes returns the slots in which a near duplicate of hash lies at least once:
// each band as it is, and with one bit changed.
func probes(hash uint64) []int64 {
	var out []int64
	for _, s := range slots(hash) {
		out = append(out, s)
		for bit := range bandBits {
			out = append(out, s^1<<bit)
		}
	}
	return out
}

// blobKey is where a variant of a file lies in the file store.
func blobKey(id string, v Variant) string { return blobPrefix + id + "/" + string(v) }

const blobPrefix = "evidence/"
