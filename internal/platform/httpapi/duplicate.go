// SPDX-License-Identifier: Apache-2.0

package httpapi

import (
	"bytes"
	"encoding/json"
	"errors"
)

const (
	maxDepth   = 64  // of nested arrays and objects
	maxMembers = 256 // of one object, so that looking for duplicates stays cheap
)

var (
	errDuplicate = errors.New("body names a property twice")
	errMembers   = errors.New("body has an object with too many properties")
	errDepth     = errors.New("body is nested too deeply")
)

// nesting is an object or array that a scan is inside of.
type nesting struct {
	isObject  bool
	wantsName bool // the next string names a property
	first     int  // index of its first name
}

// scan walks over JSON far enough to see names. Go would silently take the last of
// two equal names, and what checked the first would have checked the wrong one. Whether
// the text is JSON at all, its decoder says.
type scan struct {
	open  []nesting
	names [][]byte
}

// checkNames refuses objects that name a property twice, also when the names differ in
// case only, which Go's decoder takes for the same.
func checkNames(data []byte) error {
	var ( // enough for most bodies without the heap
		open  [8]nesting
		names [32][]byte
	)
	s := scan{open[:0], names[:0]}
	for i := 0; i < len(data); i++ {
		switch c := data[i]; c {
		case '{', '[':
			if len(s.open) == maxDepth {
				return errDepth
			}
			s.open = append(s.open, nesting{c == '{', c == '{', len(s.names)})
		case '}', ']':
			s.leave()
		case ',':
			s.expect(true)
		case ':':
			s.expect(false)
		case '"':
			end := endOfString(data, i+1)
			if err := s.name(data[i+1 : end]); err != nil {
				return err
			}
			i = end
		}
	}
	return nil
}

func (s *scan) leave() {
	if n := len(s.open); n > 0 {
		s.names = s.names[:s.open[n-1].first]
		s.open = s.open[:n-1]
	}
}

func (s *scan) expect(name bool) {
	if n := len(s.open); n > 0 {
		s.open[n-1].wantsName = name && s.open[n-1].isObject
	}
}

func (s *scan) name(text []byte) error {
	n := len(s.open)
	if n == 0 || !s.open[n-1].wantsName {
		return nil
	}
	if bytes.IndexByte(text, '\\') >= 0 {
		text = unescaped(text)
	}
	known := s.names[s.open[n-1].first:]
	if len(known) == maxMembers {
		return errMembers
	}
	for _, k := range known {
		if len(k) == len(text) && bytes.EqualFold(k, text) {
			return errDuplicate
		}
	}
	s.names = append(s.names, text)
	return nil
}

func unescaped(text []byte) []byte {
	var name string
	if json.Unmarshal(append(append([]byte{'"'}, text...), '"'), &name) != nil {
		return text
	}
	return []byte(name)
}

// endOfString returns the index of the quote that ends the string begun before i, or
// the length of data when none does.
func endOfString(data []byte, i int) int {
	for i < len(data) {
		quote := bytes.IndexByte(data[i:], '"')
		if quote < 0 {
			break
		}
		slash := bytes.IndexByte(data[i:i+quote], '\\')
		if slash < 0 {
			return i + quote
		}
		i += slash + 2 // past what it escapes
	}
	return len(data)
}
