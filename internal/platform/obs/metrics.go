// SPDX-License-Identifier: Apache-2.0

package obs

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/uptrace/bun"

	"anlan/internal/kernel/clock"
	"anlan/internal/platform/db"
)

// readWithin is how long a figure that must be asked for may take.
const readWithin = 2 * time.Second

// seconds are the upper bounds of the histograms' buckets.
var seconds = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}

// Metrics is what Prometheus fetches. It has a registry of its own, so that libraries
// add nothing by themselves.
type Metrics struct {
	registry *prometheus.Registry
	ops      *prometheus.HistogramVec
	jobs     *prometheus.HistogramVec
}

// NewMetrics returns metrics of the process.
func NewMetrics(version string) *Metrics {
	m := &Metrics{
		registry: prometheus.NewRegistry(),
		ops: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "anlan_http_seconds",
			Help: "How long operations of the API took.", Buckets: seconds}, []string{"operation", "status"}),
		jobs: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "anlan_job_seconds",
			Help: "How long tries of background jobs took.", Buckets: seconds}, []string{"kind", "outcome"}),
	}
	build := prometheus.NewGauge(prometheus.GaugeOpts{Name: "anlan_build_info",
		Help: "Always 1; the label has the version.", ConstLabels: prometheus.Labels{"version": version}})
	build.Set(1)
	m.registry.MustRegister(build, m.ops, m.jobs, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Registry is for libraries that bring their own metrics.
func (m *Metrics) Registry() *prometheus.Registry { return m.registry }

// Handler returns what answers /metrics. It belongs on a port of its own.
func (m *Metrics) Handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError})
}

// Operation is huma middleware that measures each operation.
func (m *Metrics) Operation(ctx huma.Context, next func(huma.Context)) {
	took := clock.Stopwatch()
	next(ctx)
	m.ops.WithLabelValues(ctx.Operation().OperationID, strconv.Itoa(ctx.Status())).Observe(took().Seconds())
}

// Job measures one try of a background job; it is a jobs.Config.Observe.
func (m *Metrics) Job(kind string, took time.Duration, err error) {
	outcome := "done"
	if err != nil {
		outcome = "failed"
	}
	m.jobs.WithLabelValues(kind, outcome).Observe(took.Seconds())
}

// DB shows the connections of d.
func (m *Metrics) DB(d *db.DB) {
	m.registry.MustRegister(collectors.NewDBStatsCollector(d.SQL(), "write"))
	if read, ok := d.Read().(*bun.DB); ok && read.DB != d.SQL() {
		m.registry.MustRegister(collectors.NewDBStatsCollector(read.DB, "read"))
	}
}

// Gauges shows the figures that read returns, by the value of label, each time
// Prometheus asks; none when read fails or takes longer than two seconds.
func (m *Metrics) Gauges(name, help, label string, read func(ctx context.Context) (map[string]int64, error)) {
	m.registry.MustRegister(&gauges{prometheus.NewDesc(name, help, []string{label}, nil), read})
}

type gauges struct {
	desc *prometheus.Desc
	read func(ctx context.Context) (map[string]int64, error)
}

func (g *gauges) Describe(ch chan<- *prometheus.Desc) { ch <- g.desc }

func (g *gauges) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), readWithin)
	defer cancel()
	values, err := g.read(ctx)
	if err != nil {
		ch <- prometheus.NewInvalidMetric(g.desc, err)
		return
	}
	for label, v := range values {
		ch <- prometheus.MustNewConstMetric(g.desc, prometheus.GaugeValue, float64(v), label)
	}
}
