// SPDX-License-Identifier: Apache-2.0

/** Words of a mailbox that this page knows; a newer server may send others. */

const statuses = ['received', 'accepted', 'refused', 'merged', 'verifying', 'answered', 'reexamining', 'reexamined', 'withdrawn', 'closed'] as const
const steps = [
  'received', 'accepted', 'refused', 'transferred', 'merged', 'verifying', 'extended', 'referred', 'made_hazard', 'answered', 'objected',
  'reexamined', 'closed', 'withdrawn', 'urged', 'erased',
] as const
const waits = ['accept', 'verify', 'objection', 'reexamine', 'claim'] as const
const conclusions = ['verified', 'partly_verified', 'not_verified', 'cannot_verify'] as const
const refusals = ['not_our_field', 'no_facts', 'already_concluded', 'in_court', 'petition', 'not_safety'] as const

/** The word if it is one of those known, else 'other'. */
function tell<T extends string>(known: readonly T[]): (word: string) => T | 'other' {
  return (word) => known.find((k) => k === word) ?? 'other'
}

export const tellStatus = tell(statuses)
export const tellStep = tell(steps)
export const tellWait = tell(waits)
export const tellConclusion = tell(conclusions)
export const tellRefusal = tell(refusals)
