// SPDX-License-Identifier: Apache-2.0

// Package app wires the program together: the only package that knows them all.
//
// app.go builds the services, events.go lists who hears of what, serve.go runs them
// behind HTTP, health.go tells how they are, cli*.go are the commands, keys.go and config.go what
// they are told.
package app
