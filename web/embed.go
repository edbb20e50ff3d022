// SPDX-License-Identifier: Apache-2.0

// Package web holds the built pages. Without a build dist has nothing but .keep, so
// that the Go code builds on a machine without Node.
package web

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Dist returns the folder that `npm run build` fills.
func Dist() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil { // the name is a constant
		panic(err)
	}
	return sub
}
