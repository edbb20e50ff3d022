// SPDX-License-Identifier: Apache-2.0

package rules

import (
	"context"
	"fmt"

	"anlan/internal/kernel/errs"
	"anlan/internal/ledger"
	"anlan/internal/platform/db"
)

type calendarImported struct {
	Year int `json:"year"`
	Off  int `json:"off"`
	Work int `json:"work"`
}

var kindCalendar = ledger.Define[calendarImported]("rules.calendar_imported.v1")

// YearOf returns the calendar of a year. A year that nobody has announced comes
// back with Announced false and no days: only its weekends are known.
func (s *Service) YearOf(ctx context.Context, year int) (Year, error) {
	snap, err := s.current(ctx)
	if err != nil {
		return Year{}, err
	}
	y, ok := snap.years[year]
	if !ok {
		return Year{Year: year}, nil
	}
	return y, nil
}

// Notice is a year's calendar as somebody pasted it.
type Notice struct {
	Year      int
	Text      string // see parseNotice
	SourceDoc string
	Version   int  // of the calendar that was looked at; 0 when there was none
	DryRun    bool // check and show it, store nothing
}

// ImportYear puts the calendar of a notice in the place of what was known of its
// year, all of it or nothing. What is wrong with it comes back as an Invalid
// error that names each row or day. Deadlines already set stay as they are.
func (s *Service) ImportYear(ctx context.Context, n Notice) (Year, error) {
	home, err := s.mayEditShared(ctx)
	if err != nil {
		return Year{}, err
	}
	days, fields := parseNotice(n.Text)
	y := Year{Year: n.Year, Announced: true, SourceDoc: n.SourceDoc, Version: n.Version, Days: days}
	if len(fields) == 0 {
		fields = y.check()
	}
	if n.SourceDoc == "" {
		fields = append(fields, errs.At("body.source_doc", "rules.source_missing"))
	}
	if err := errs.InvalidFields(fields...); err != nil || n.DryRun {
		return y, err
	}
	facts := calendarImported{Year: n.Year}
	for _, d := range days {
		if d.Kind == Off {
			facts.Off++
		} else {
			facts.Work++
		}
	}
	e := kindCalendar.Entry(facts)
	e.Place, e.Subject = home, fmt.Sprintf("calendar:%d", n.Year)
	err = s.change(ctx, func(ctx context.Context, tx db.Tx) error {
		if err := saveYear(ctx, tx, y); err != nil {
			return err
		}
		return s.ledger.Record(ctx, tx, e)
	})
	y.Version++
	return y, err
}
