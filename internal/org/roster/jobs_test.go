// SPDX-License-Identifier: Apache-2.0

package roster

import (
	"errors"
	"testing"

	"anlan/internal/kernel/errs"
	"anlan/internal/platform/jobs"
)

// queued gives w a queue whose jobs nobody runs.
func queued(t *testing.T, w world) world {
	t.Helper()
	w.must(t, jobs.Migrate(t.Context(), w.Org.DB))
	queue, err := jobs.New(jobs.Config{DB: w.Org.DB, Now: w.clock.Now})
	w.must(t, err)
	w.Service = New(Config{Org: w.Org, Queue: queue})
	return w
}

// TestJobs does the work later, twice, and after a crash between the steps.
func TestJobs(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w = queued(t, w)
		clerk := w.as(t, w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk"))
		im := w.preview(t, clerk, Units, []string{"单位名称", "单位类型", "区划代码"}, []string{"新厂", "企业", "990101001"})
		if im.State != Checking {
			t.Errorf("%+v", im)
		}
		_, err := w.Commit(clerk, im.ID)
		wants(t, err, errs.Conflict, "org.import_not_ready")
		for range 2 {
			w.must(t, w.work(t.Context(), workArgs{workCheck, im.ID}))
		}
		im, err = w.Commit(clerk, im.ID)
		if err != nil || im.State != Committing {
			t.Errorf("%+v, error %v", im, err)
		}
		for range 2 {
			w.must(t, w.work(t.Context(), workArgs{workCommit, im.ID}))
		}
		if im, _ = w.Import(clerk, im.ID); im.State != Done {
			t.Errorf("state %s", im.State)
		}
		if err := w.work(t.Context(), workArgs{"other", im.ID}); err == nil {
			t.Error("unknown work is no error")
		}
		if k := w.kinds(t); k["org.unit_added.v1"] != 2 || k["org.imported.v1"] != 1 {
			t.Errorf("entries %v", k)
		}
	})
}

var errAway = errors.New("away")

// TestFailIsForPeople leaves failures that a retry may heal to the runner.
func TestFailIsForPeople(t *testing.T) {
	each(t, func(t *testing.T, w world) {
		w = queued(t, w)
		clerk := w.as(t, w.person(t, w.office(t, county, "清江县应急管理局"), "钱文", "office_clerk"))
		im := w.preview(t, clerk, Units, []string{"单位名称"}, []string{"x"})
		if err := w.fail(w.ctx, im.ID, Checking, errAway, nil); !errors.Is(err, errAway) {
			t.Errorf("error %v, want %v", err, errAway)
		}
		if im, _ := w.Import(clerk, im.ID); im.State != Checking {
			t.Errorf("state %s", im.State)
		}
		w.must(t, w.work(t.Context(), workArgs{workCheck, im.ID}))
		if im, _ := w.Import(clerk, im.ID); im.State != Failed || im.Failure.Key != "org.column_missing" || im.Failure.Args["column"] != "单位类型" {
			t.Errorf("import %+v", im)
		}
	})
}
