// SPDX-License-Identifier: Apache-2.0

package org

import (
	"bufio"
	"bytes"
	"compress/gzip"
	_ "embed"
	"fmt"
	"strings"

	"anlan/internal/kernel/place"
)

// regionData holds nation to town as scripts/regions writes them; its first line
// names the source and the date.
//
//go:embed data/regions.csv.gz
var regionData []byte

var marks = map[string]Region{"": {Kind: Division}, "p": {Kind: Division, Pseudo: true}, "z": {Kind: Zone}}

// shippedRegions returns the embedded regions, in tree order.
func shippedRegions() ([]Region, error) {
	z, err := gzip.NewReader(bytes.NewReader(regionData))
	if err != nil {
		return nil, err
	}
	all := make([]Region, 1, 45_000)
	all[0] = Region{Code: place.Nation.Code(), Path: place.Nation, Name: nationName, Level: LevelNation, Kind: Division}
	rungs := []place.Path{place.Nation}
	for lines := bufio.NewScanner(z); lines.Scan(); {
		line := lines.Text()
		if strings.HasPrefix(line, "#") {
			continue
		}
		r, err := shippedRegion(line, rungs)
		if err != nil {
			return nil, err
		}
		rungs = append(rungs[:r.Path.Depth()], r.Path)
		all = append(all, r)
	}
	return all, nil
}

// shippedRegion reads "3" + "01,东城区,": depth, the digits that the code adds to the
// rung above, name, mark.
func shippedRegion(line string, rungs []place.Path) (Region, error) {
	part := strings.Split(line, ",")
	depth := int(line[0] - '0')
	if len(part) != 3 || depth < 1 || depth > len(rungs) {
		return Region{}, fmt.Errorf("org: embedded regions are damaged at %q", line)
	}
	r, ok := marks[part[2]]
	if !ok {
		return Region{}, fmt.Errorf("org: embedded regions have an unknown mark at %q", line)
	}
	above := rungs[depth-1]
	r.Code = part[0][1:]
	if depth > 1 {
		r.Code = above.Code() + r.Code
	}
	r.Path, r.Name, r.Level = above.Child(r.Code), part[1], Levels[depth]
	return r, nil
}
