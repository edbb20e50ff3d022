// SPDX-License-Identifier: Apache-2.0

/** The words of a hazard's life, and one colour per meaning. */
import type { Tone } from '@/shared/console/Tag.vue'

export const statuses = [
  'reported', 'rejected', 'duplicate', 'transferred', 'triaged', 'on_spot_fixed', 'ordered', 'stopped',
  'rectifying', 'extension', 'overdue', 'accepting', 'accepted', 'resume_review', 'closed',
] as const
export type Status = (typeof statuses)[number]

export type Grade = 'general' | 'major'

export const workerClasses = ['person_behaviour', 'equipment_state', 'environment', 'management'] as const
export type WorkerClass = (typeof workerClasses)[number]

export const sources = ['public', 'self', 'inspection', 'third_party', 'tip', 'internal', 'lesson', 'monitoring'] as const
export type Source = (typeof sources)[number]

export const actions = [
  'triage', 'reject', 'mark_duplicate', 'transfer', 'receive', 'send_back', 'fix_on_spot', 'order', 'stop', 'start',
  'plan', 'report_major', 'regrade', 'request_extension', 'grant_extension', 'refuse_extension', 'lapse', 'submit',
  'accept', 'return', 'close', 'apply_resume', 'approve_resume', 'refuse_resume', 'reopen',
] as const
export type Action = (typeof actions)[number]

/** What the field reason may say, by action. */
export const reasons: Partial<Record<Action, readonly string[]>> = {
  reject: ['not_a_hazard', 'untrue', 'cannot_locate', 'not_ours', 'resolved'],
  reopen: ['rebound', 'fraud', 'repeat'],
}

/** quiet: over; info: under way; warn: waits for a judgement; danger: bad; ok: done well. */
export const statusTone: Record<Status, Tone> = {
  reported: 'warn',
  rejected: 'quiet',
  duplicate: 'quiet',
  transferred: 'info',
  triaged: 'info',
  on_spot_fixed: 'info',
  ordered: 'info',
  stopped: 'danger',
  rectifying: 'info',
  extension: 'warn',
  overdue: 'danger',
  accepting: 'warn',
  accepted: 'ok',
  resume_review: 'warn',
  closed: 'ok',
}

/** The steps that bring a hazard nearer to its end, the nearest first: what is proposed with one click. */
const forward: readonly Action[] = [
  'triage', 'receive', 'order', 'start', 'plan', 'report_major', 'submit', 'grant_extension', 'accept', 'close',
  'approve_resume', 'apply_resume', 'fix_on_spot',
]

/**
 * The step to propose of those that are allowed; undefined when none is the obvious one. An office may
 * also write down what a unit without an account did, but that is never proposed: whoever does it
 * counts among those who rectified, and may not accept.
 */
export function proposed(allowed: readonly { action: Action; party: string }[], office: boolean): Action | undefined {
  const mine = allowed.filter((step) => !(office && step.party === 'unit')).map((step) => step.action)
  return forward.find((action) => mine.includes(action))
}

/** The step for which a hazard waits, whoever takes it: the one that brings it forward. */
export function waitsFor<S extends { action: Action }>(steps: readonly S[]): S | undefined {
  const next = forward.find((action) => steps.some((step) => step.action === action))
  return steps.find((step) => step.action === next)
}
