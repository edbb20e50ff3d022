// SPDX-License-Identifier: Apache-2.0

/** What a reporter may be told to have happened. */
const told = [
  'received', 'confirmed', 'not_accepted', 'merged', 'passed_on', 'taken_over', 'fixed_at_once', 'ordered', 'stopped',
  'being_fixed', 'extended', 'late', 'fixed_to_check', 'checked', 'fix_again', 'closed', 'reopened',
] as const

/** What may come next. */
const coming = ['confirm', 'take_over', 'order', 'fix', 'check', 'close', 'resume'] as const

/** The words for what happened; 'other' for a step that this page is too old to know. */
export function tellStep(step: string): (typeof told)[number] | 'other' {
  return told.find((known) => known === step) ?? 'other'
}

/** The words for what comes next. */
export function tellNext(next: string): (typeof coming)[number] | 'other' {
  return coming.find((known) => known === next) ?? 'other'
}
