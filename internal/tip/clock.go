// SPDX-License-Identifier: Apache-2.0

package tip

// ClockKind says which term runs. It also names the sentence that explains it,
// "tip.clock_<kind>", and the due class of a leaf in the log.
type ClockKind string

const (
	ClockAccept    ClockKind = "accept"    // until taken up, refused, transferred or merged
	ClockVerify    ClockKind = "verify"    // until answered
	ClockObjection ClockKind = "objection" // the informant's: until an objection, then it is closed
	ClockReexamine ClockKind = "reexamine" // until the re-examination is concluded
)

// Keys of the rules that set terms.
const (
	ruleAccept    = "tip.accept"
	ruleVerify    = "tip.verify"
	ruleExtension = "tip.verify_extension"
	ruleObjection = "tip.objection"
	ruleReexamine = "tip.reexamine"
)
