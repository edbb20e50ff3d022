// SPDX-License-Identifier: Apache-2.0

package desk

import (
	"bytes"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"

	"anlan/internal/evidence"
	"anlan/internal/hazard"
	"anlan/internal/hazard/hazardtest"
	"anlan/internal/kernel/errs"
)

func refs(r ...evidence.Ref) []evidence.Ref { return r }

func TestExport(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		s.report(t, nil, hazard.Report{Words: "=cmd|' /C calc'!A0 通道堵塞", Contact: &hazard.Contact{Name: "王群众", Phone: "13800000000"}})
		s.order(t, s.report(t, nil, hazard.Report{UnitCode: s.Firm.Code}))
		s.report(t, nil, hazard.Report{UnitCode: s.OtherFirm.Code})
		a := s.Do(t, s.Clerk, http.MethodPost, "/hazards/exports", map[string]any{"open": true})
		if a.Status != http.StatusAccepted || a.Text("state") != "waiting" {
			t.Fatalf("start: %d %s", a.Status, a.Raw)
		}
		id := a.Text("id")
		if again := s.Do(t, s.Clerk, http.MethodPost, "/hazards/exports", map[string]any{}); again.Key() != "hazard.export_running" {
			t.Errorf("a second one: %d %s", again.Status, again.Raw)
		}
		if early := s.Do(t, s.Clerk, http.MethodGet, "/hazards/exports/"+id+"/file", nil); early.Key() != "hazard.export_not_ready" {
			t.Errorf("too early: %d %s", early.Status, early.Raw)
		}
		for range 2 { // a job may run twice
			if err := s.desk.runExport(t.Context(), exportArgs{id}); err != nil {
				t.Fatal(err)
			}
		}
		done := s.Do(t, s.Clerk, http.MethodGet, "/hazards/exports/"+id, nil)
		if done.Text("state") != "done" || done.Body["done"] != 3.0 || done.Body["total"] != 3.0 {
			t.Errorf("progress: %s", done.Raw)
		}
		if other := s.Do(t, s.Officer, http.MethodGet, "/hazards/exports/"+id, nil); other.Status != http.StatusNotFound {
			t.Errorf("another's export: %d", other.Status)
		}
		rows := workbookOf(t, s.Do(t, s.Clerk, http.MethodGet, "/hazards/exports/"+id+"/file", nil).Raw)
		if len(rows) != 4 || rows[0][0] != "编号" {
			t.Fatalf("rows: %v", rows)
		}
		all := strings.Join(slices.Concat(rows...), "\n")
		for _, secret := range []string{"13800000000", "王群众"} {
			if strings.Contains(all, secret) {
				t.Errorf("the workbook holds %s", secret)
			}
		}
		for _, want := range []string{"'=cmd|", "'=HYPERLINK(1)", "123.45", "2027-06-21", "郑恒", "责令限期整改", "示范恒源化工有限公司"} {
			if !strings.Contains(all, want) {
				t.Errorf("the workbook lacks %s:\n%s", want, all)
			}
		}
		s.Clock.Advance(25 * time.Hour)
		if err := s.desk.sweepExports(t.Context()); err != nil {
			t.Fatal(err)
		}
		if gone := s.Do(t, s.Clerk, http.MethodGet, "/hazards/exports/"+id+"/file", nil); gone.Key() != "hazard.no_export" {
			t.Errorf("a day later: %d %s", gone.Status, gone.Raw)
		}
		if _, err := s.desk.StartExport(s.As(t, s.Worker), Filter{}); errs.KindOf(err) != errs.Denied {
			t.Errorf("a worker exports: %v", err)
		}
	})
}

// TestExportOfPicked writes the rows that were picked, and none that the picker may not see.
func TestExportOfPicked(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		one, two := s.report(t, nil, hazard.Report{}), s.report(t, nil, hazard.Report{})
		s.report(t, nil, hazard.Report{})
		foreign := s.report(t, nil, hazard.Report{Place: hazardtest.County2})
		start := func(ids []string) hazardtest.Answer {
			return s.Do(t, s.Clerk, http.MethodPost, "/hazards/exports", map[string]any{"ids": ids})
		}
		for _, wrong := range [][]string{{}, slices.Repeat([]string{one}, maxIDs+1)} {
			if a := start(wrong); a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%d ids: %d %s", len(wrong), a.Status, a.Raw)
			}
		}
		a := start([]string{two, foreign, one, "01m85h26m098addarsgfhgrwkd"})
		if a.Status != http.StatusAccepted {
			t.Fatalf("start: %d %s", a.Status, a.Raw)
		}
		if err := s.desk.runExport(t.Context(), exportArgs{a.Text("id")}); err != nil {
			t.Fatal(err)
		}
		done := s.Do(t, s.Clerk, http.MethodGet, "/hazards/exports/"+a.Text("id"), nil)
		if done.Body["total"] != 2.0 || done.Body["done"] != 2.0 {
			t.Errorf("progress: %s", done.Raw)
		}
		rows := workbookOf(t, s.Do(t, s.Clerk, http.MethodGet, "/hazards/exports/"+a.Text("id")+"/file", nil).Raw)
		want := []string{s.Do(t, s.Clerk, http.MethodGet, "/hazards/"+two, nil).Text("no"), s.Do(t, s.Clerk, http.MethodGet, "/hazards/"+one, nil).Text("no")}
		if len(rows) != 3 || rows[1][0] != want[0] || rows[2][0] != want[1] {
			t.Errorf("rows: %v, want %v", rows, want)
		}
		if _, err := s.desk.StartExport(s.As(t, s.Clerk), Filter{IDs: make([]string, maxIDs+1)}); errs.KindOf(err) != errs.Invalid {
			t.Errorf("too many: %v", err)
		}
	})
}

// TestExportInChunks writes more rows than one chunk holds, each once.
func TestExportInChunks(t *testing.T) {
	each(t, func(t *testing.T, s scene) {
		const n = exportChunk + 7
		for range n {
			s.report(t, nil, hazard.Report{})
		}
		e, err := s.desk.StartExport(s.As(t, s.Clerk), Filter{})
		if err != nil {
			t.Fatal(err)
		}
		if err := s.desk.runExport(t.Context(), exportArgs{e.ID}); err != nil {
			t.Fatal(err)
		}
		file, err := s.desk.ExportFile(s.As(t, s.Clerk), e.ID)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		var b bytes.Buffer
		if _, err := b.ReadFrom(file); err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for _, row := range workbookOf(t, b.Bytes())[1:] {
			seen[row[0]] = true
		}
		if len(seen) != n {
			t.Errorf("%d different rows, want %d", len(seen), n)
		}
	})
}

func workbookOf(t *testing.T, raw []byte) [][]string {
	t.Helper()
	f, err := excelize.OpenReader(bytes.NewReader(raw))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := f.GetRows(f.GetSheetName(0))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
