// SPDX-License-Identifier: Apache-2.0

// Command anlan is the whole product: server, tools and benchmarks.
package main

import (
	"os"

	"anlan/internal/app"
)

func main() { os.Exit(app.Main(os.Args[1:], os.Stdout, os.Stderr)) }
