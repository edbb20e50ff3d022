// SPDX-License-Identifier: Apache-2.0

// Package errs is the one vocabulary for failures that a caller can act on.
//
// A domain says what went wrong (a Kind) and which sentence to show (a Key that
// the front end translates). It never says "404": the HTTP layer decides that,
// in one table. Any other error is a fault of ours; users see only its trace ID.
package errs

import (
	"errors"
	"fmt"
	"time"
)

// Kind groups failures by what the caller can do about them.
type Kind uint8

const (
	None            Kind = iota // no error at all
	Internal                    // our fault; tell the operator
	Invalid                     // the input is wrong; fix it and retry
	Unauthenticated             // sign in first
	Denied                      // this person may not do it
	NotFound                    // no such thing, or not for this person's eyes
	Conflict                    // the thing has moved on; reload and retry
	TooLarge                    // the input is over a stated limit
	Unsupported                 // a kind of file or body that is not taken
	Exhausted                   // a quota or rate limit is used up; retry later
	Unavailable                 // the database or the file store is away; retry later
)

// Field is one input that was refused, with the key of the sentence that says why.
type Field struct {
	At   string         // where: "body.title", "row 7, column C"
	Key  string         // message key
	Args map[string]any // values for the message
}

// Error is a failure with a meaning.
type Error struct {
	Kind       Kind
	Key        string         // message key, e.g. "hazard.bad_step"
	Args       map[string]any // values for the message; never personal data
	Fields     []Field        // inputs that were refused, when Kind is Invalid
	RetryAfter time.Duration  // when Kind is Exhausted or Unavailable
	Cause      error          // for the log only; never shown to a user
}

// Error is for logs and the command line; pages show the sentence of the key.
func (e *Error) Error() string {
	text := e.Key
	for _, f := range e.Fields {
		text += fmt.Sprintf(" [%s: %s]", f.At, f.Key)
	}
	if e.Cause != nil {
		text += fmt.Sprintf(": %v", e.Cause)
	}
	return text
}

func (e *Error) Unwrap() error { return e.Cause }

// New returns an Error; args alternate names and values, as in slog.
func New(k Kind, key string, args ...any) *Error {
	return &Error{Kind: k, Key: key, Args: pairs(args)}
}

// Wrap is New with a cause that is logged and never shown.
func Wrap(cause error, k Kind, key string, args ...any) *Error {
	return &Error{Kind: k, Key: key, Args: pairs(args), Cause: cause}
}

// InvalidFields returns an Invalid error that names each refused input, or nil
// when there is none.
func InvalidFields(fields ...Field) error {
	if len(fields) == 0 {
		return nil
	}
	return &Error{Kind: Invalid, Key: "invalid", Fields: fields}
}

// At returns a Field; args alternate names and values.
func At(at, key string, args ...any) Field { return Field{At: at, Key: key, Args: pairs(args)} }

func pairs(args []any) map[string]any {
	if len(args) < 2 {
		return nil
	}
	m := make(map[string]any, len(args)/2)
	for i := 0; i+1 < len(args); i += 2 {
		m[args[i].(string)] = args[i+1]
	}
	return m
}

// KindOf returns the kind of the nearest Error in err's chain, None for nil, and
// Internal for an error without a meaning.
func KindOf(err error) Kind {
	if err == nil {
		return None
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Kind
	}
	return Internal
}

// KeyOf returns the message key of the nearest Error in err's chain, or "".
func KeyOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Key
	}
	return ""
}
