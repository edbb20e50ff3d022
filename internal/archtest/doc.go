// SPDX-License-Identifier: Apache-2.0

// Package archtest holds the rules of the house that no compiler holds: who may
// import whom, who may read the clock, and that no error is without a sentence.
//
// layers_test.go reads layers.json, which ESLint reads too; calls_test.go forbids
// single functions; files_test.go looks at every source file as text; keys_test.go
// compares error keys with their sentences; map_test.go writes the list of packages
// into ARCHITECTURE.md.
package archtest
