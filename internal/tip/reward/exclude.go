// SPDX-License-Identifier: Apache-2.0

package reward

// Why nothing is owed. Each is also the key of the sentence that says so.
const (
	stepUnverified = "reward.step_unverified"
	stepLater      = "reward.step_later"
	stepNameless   = "reward.step_nameless"
	stepDuty       = "reward.step_duty"
	stepRelative   = "reward.step_relative"
	stepPrompted   = "reward.step_prompted"
	stepKnown      = "reward.step_known"
)

// Articles of the national measures that hold everywhere.
const (
	srcExcluded = "安监总财〔2018〕19号第七条"
	srcFirst    = "安监总财〔2018〕19号第十二条"
)

// exclusions returns every reason for which f earns nothing, none when there is none.
func exclusions(f Facts) []Step {
	var out []Step
	add := func(hit bool, key, source string, n Numbers) {
		if hit {
			out = append(out, Step{Key: key, Source: source, Numbers: n})
		}
	}
	add(!f.Verified, stepUnverified, srcExcluded, nil)
	add(f.Rank != 1, stepLater, srcFirst, Numbers{"rank": int64(f.Rank)})
	add(!f.Named && !f.Coded, stepNameless, srcFirst, nil)
	add(f.Duty, stepDuty, srcExcluded, nil)
	add(f.Relative, stepRelative, srcExcluded, nil)
	add(f.Prompted, stepPrompted, srcExcluded, nil)
	add(f.Known, stepKnown, srcExcluded, nil)
	return out
}
