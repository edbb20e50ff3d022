// SPDX-License-Identifier: Apache-2.0

// Command pocketbase is a peer for the benchmarks: PocketBase with one collection
// that takes the same report as Anlan does. It is a module of its own, so that the
// product never links it.
//
//	pocketbase -dir DIR -addr HOST:PORT -sync FULL|NORMAL
//
// NORMAL is PocketBase as shipped; with FULL an acknowledged record survives a power cut.
package main

import (
	"flag"
	"log"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
)

func main() {
	dir := flag.String("dir", "", "data directory")
	addr := flag.String("addr", "127.0.0.1:8090", "address to serve on")
	sync := flag.String("sync", "NORMAL", "SQLite's synchronous")
	flag.Parse()
	if err := run(*dir, *addr, *sync); err != nil {
		log.Fatal(err)
	}
}

func run(dir, addr, sync string) error {
	app := pocketbase.NewWithConfig(pocketbase.Config{
		DefaultDataDir:  dir,
		HideStartBanner: true,
		DBConnect: func(path string) (*dbx.DB, error) {
			return dbx.Open("sqlite", path+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
				"&_pragma=journal_size_limit(200000000)&_pragma=synchronous("+sync+")&_pragma=foreign_keys(ON)"+
				"&_pragma=temp_store(MEMORY)&_pragma=cache_size(-32000)")
		},
	})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := collection(app); err != nil {
		return err
	}
	return apis.Serve(app, apis.ServeConfig{HttpAddr: addr, ShowStartBanner: false})
}

// collection makes the table of reports, open to the public, with an index on what lists sort by.
func collection(app core.App) error {
	if _, err := app.FindCollectionByNameOrId("reports"); err == nil {
		return nil
	}
	c := core.NewBaseCollection("reports")
	open := ""
	c.CreateRule, c.ViewRule, c.ListRule = &open, &open, &open
	c.Fields.Add(
		&core.TextField{Name: "words", Required: true, Max: 2000},
		&core.TextField{Name: "place", Required: true},
		&core.TextField{Name: "spot"},
		&core.TextField{Name: "class", Required: true},
		&core.BoolField{Name: "danger"},
		&core.TextField{Name: "key", Required: true},
		&core.AutodateField{Name: "created", OnCreate: true},
	)
	c.AddIndex("reports_by_place", false, "place, created", "")
	c.AddIndex("reports_by_key", true, "key", "")
	return app.Save(c)
}
