// SPDX-License-Identifier: Apache-2.0

package errs

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
)

func TestKindAndKey(t *testing.T) {
	for _, tt := range []struct {
		name string
		err  error
		kind Kind
		key  string
	}{
		{"nothing", nil, None, ""},
		{"one of ours", New(Conflict, "hazard.changed"), Conflict, "hazard.changed"},
		{"wrapped by others", fmt.Errorf("save: %w", New(NotFound, "org.no_unit")), NotFound, "org.no_unit"},
		{"the nearest counts", Wrap(New(NotFound, "a.b"), Invalid, "c.d"), Invalid, "c.d"},
		{"joined", errors.Join(io.EOF, New(Denied, "auth.denied")), Denied, "auth.denied"},
		{"a stranger", io.EOF, Internal, ""},
		{"no fields", InvalidFields(), None, ""},
		{"fields", InvalidFields(At("title", "field.required")), Invalid, "invalid"},
	} {
		if KindOf(tt.err) != tt.kind || KeyOf(tt.err) != tt.key {
			t.Errorf("%s: %v %q, want %v %q", tt.name, KindOf(tt.err), KeyOf(tt.err), tt.kind, tt.key)
		}
	}
}

func TestCauseIsKept(t *testing.T) {
	err := Wrap(io.ErrUnexpectedEOF, Unavailable, "unavailable", "n", 3)
	if !errors.Is(err, io.ErrUnexpectedEOF) || !strings.Contains(err.Error(), "unexpected EOF") || err.Args["n"] != 3 {
		t.Errorf("%v, args %v", err, err.Args)
	}
	if got := New(Invalid, "a.b", "lonely").Args; got != nil {
		t.Errorf("a name without a value became %v", got)
	}
}
