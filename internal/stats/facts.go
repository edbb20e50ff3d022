// SPDX-License-Identifier: Apache-2.0

package stats

import (
	"bytes"
	"encoding/json"
	"slices"
)

// readFacts puts the facts called names, as text, into values, "" for each that is
// not there; present tells which are. It reads the flat objects that the ledger
// holds several times faster than a decoder that makes a map, and hands what it
// does not expect to that decoder.
func readFacts(raw []byte, names []string, values []string, present []bool) {
	clear(values)
	clear(present)
	s := scanner{raw, 0}
	if !s.object(func(name, value []byte) {
		if i := slices.IndexFunc(names, func(n string) bool { return n == string(name) }); i >= 0 {
			values[i], present[i] = string(value), true
		}
	}) {
		decodeFacts(raw, names, values, present)
	}
}

// decodeFacts is readFacts for any JSON object.
func decodeFacts(raw []byte, names []string, values []string, present []bool) {
	clear(values)
	clear(present)
	var m map[string]json.RawMessage
	if json.Unmarshal(raw, &m) != nil {
		return
	}
	for i, n := range names {
		v, ok := m[n]
		if !ok {
			continue
		}
		var text string
		switch {
		case string(v) == "null":
		case json.Unmarshal(v, &text) == nil:
			values[i], present[i] = text, true
		default:
			values[i], present[i] = string(v), true
		}
	}
}

// scanner reads one flat JSON object whose texts hold no escapes.
type scanner struct {
	b []byte
	i int
}

// object calls member for each name and value, without quotes, and reports
// whether the whole input was such an object.
func (s *scanner) object(member func(name, value []byte)) bool {
	if !s.take('{') {
		return false
	}
	if s.take('}') {
		return s.i == len(s.b)
	}
	for {
		name, ok := s.text()
		if !ok || !s.take(':') {
			return false
		}
		value, ok := s.value()
		if !ok {
			return false
		}
		member(name, value)
		if s.take('}') {
			return s.i == len(s.b)
		}
		if !s.take(',') {
			return false
		}
	}
}

func (s *scanner) take(c byte) bool {
	if s.i < len(s.b) && s.b[s.i] == c {
		s.i++
		return true
	}
	return false
}

func (s *scanner) text() ([]byte, bool) {
	if !s.take('"') {
		return nil, false
	}
	end := bytes.IndexByte(s.b[s.i:], '"')
	if end < 0 {
		return nil, false
	}
	text := s.b[s.i : s.i+end]
	s.i += end + 1
	return text, bytes.IndexByte(text, '\\') < 0
}

// value reads a text, a number, true or false. null and everything nested is left
// to the decoder.
func (s *scanner) value() ([]byte, bool) {
	if s.i < len(s.b) && s.b[s.i] == '"' {
		return s.text()
	}
	from := s.i
	for s.i < len(s.b) && s.b[s.i] != ',' && s.b[s.i] != '}' {
		s.i++
	}
	v := s.b[from:s.i]
	word := string(v) == "true" || string(v) == "false"
	return v, word || len(v) > 0 && json.Valid(v) && (v[0] == '-' || v[0] >= '0' && v[0] <= '9')
}
