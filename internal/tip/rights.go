// SPDX-License-Identifier: Apache-2.0

package tip

import (
	"slices"

	"anlan/internal/kernel/actor"
)

// noPrefix begins the number of a tip: 举报.
const noPrefix = "JB"

// readableBy reports whether by may see that t is there and where it stands. An enterprise
// never sees a tip, whatever it may do in its own group.
func (t *Tip) readableBy(by actor.Actor) bool { return holdsAt(by, PermRead, t) }

// holdsAt reports whether by holds perm over t's office, as an office does.
func holdsAt(by actor.Actor, perm string, t *Tip) bool {
	return slices.ContainsFunc(by.Grants, func(g actor.Grant) bool {
		return g.Scope.Trunk == actor.Territory && slices.Contains(g.Perms, perm) && g.Scope.Reaches(t.Object())
	})
}
