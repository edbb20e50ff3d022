// SPDX-License-Identifier: Apache-2.0

import type { EvidenceRef } from '@/domains/evidence/use/upload'
import type { Detail, Governance, Receipts, Step, StepBody } from './hazards'
import type { Action, Grade, WorkerClass } from './status'

/** The order as it is typed: money in 元, because nobody thinks in fen. */
export interface OrderForm {
  owner_unit: string
  owner_unit_name: string
  owner_person: string
  owner_person_name: string
  /** Of a person who is not in the system. */
  owner_name: string
  measures: string
  yuan: number
  money_source: string
  money_reason: string
  deadline: string
  interim: string
  emergency: string
  document_no: string
}

/** Everything that any step may ask for; each step sends only what it needs. */
export interface StepForm {
  words: string
  reason: string
  grade: Grade | ''
  class: WorkerClass | ''
  accident: string
  factor: string
  inspection: string
  standard: string
  clause: string
  unit_id: string
  unit_name: string
  master: string
  to_unit: string
  until: string
  interim: string
  order: OrderForm
  governance: Governance
  receipts: Receipts
}

/** The form of a step, begun with what is known of the hazard. */
export function emptyStep(hazard: Detail): StepForm {
  const order = hazard.order
  return {
    words: '',
    reason: '',
    grade: hazard.grade,
    class: hazard.class,
    accident: hazard.accident,
    factor: hazard.factor,
    inspection: hazard.inspection,
    standard: hazard.standard,
    clause: hazard.clause,
    unit_id: hazard.unit_id,
    unit_name: hazard.unit_name,
    master: '',
    to_unit: '',
    until: hazard.extension_until ?? '',
    interim: '',
    order: {
      owner_unit: order?.owner_unit ?? hazard.unit_id,
      owner_unit_name: order?.owner_unit_name ?? hazard.unit_name,
      owner_person: order?.owner_person ?? '',
      owner_person_name: order?.owner_person_name ?? '',
      owner_name: order?.owner_name ?? '',
      measures: order?.measures ?? '',
      yuan: (order?.fen ?? 0) / 100,
      money_source: order?.money_source ?? '',
      money_reason: order?.money_reason ?? '',
      deadline: hazard.suggest_deadline ?? '',
      interim: order?.interim ?? '',
      emergency: order?.emergency ?? '',
      document_no: '',
    },
    governance: hazard.governance ?? { goals: '', methods: '', resources: '', bodies: '', schedule: '', safeguards: '' },
    receipts: hazard.receipts ?? { regulator_no: '', regulator_day: '', workers_no: '', workers_day: '' },
  }
}

/** Steps that may carry a few words although they do not need them. */
const mayHaveWords: readonly Action[] = ['triage', 'order', 'receive', 'start', 'grant_extension', 'close', 'plan', 'report_major']

/** Whether the form of a step has a field for words, and whether it must be filled in. */
export function wordsOf(step: Step): 'needed' | 'optional' | 'none' {
  if (step.needs.includes('words')) return 'needed'
  return mayHaveWords.includes(step.action) ? 'optional' : 'none'
}

/** Steps that may show pictures although they do not need them: of the inspection, of the paper. */
const mayHavePictures: readonly Action[] = [
  'submit', 'accept', 'return', 'order', 'plan', 'report_major', 'request_extension', 'reopen',
]

/** Which pictures the form of a step takes. */
export function picturesOf(step: Step): ('before' | 'after')[] {
  const needed = (['before', 'after'] as const).filter((which) => step.needs.includes(which))
  return needed.length === 0 && mayHavePictures.includes(step.action) ? ['after'] : needed
}

/** Money as the law counts it: whole fen. */
export const fenOf = (yuan: number): number => Math.round((yuan || 0) * 100)

/** The parts of the body that each need brings along. */
const parts: Record<string, (form: StepForm) => Record<string, unknown>> = {
  grade: ({ grade, standard, clause }) => (grade === 'major' ? { grade, standard, clause } : { grade }),
  class: (form) => ({
    class: form.class,
    ...filled({ accident: form.accident, factor: form.factor, inspection: form.inspection, unit_id: form.unit_id }),
  }),
  order: ({ order }) => ({ order: orderOf(order) }),
  governance: ({ governance }) => ({ governance }),
  receipts: ({ receipts }) => ({ receipts }),
  reason: ({ reason }) => ({ reason }),
  master: ({ master }) => ({ master: master.trim() }),
  to_unit: ({ to_unit }) => ({ to_unit }),
  until: ({ until }) => ({ until }),
  interim: ({ interim }) => ({ interim: interim.trim() }),
}

/** What is sent for a step: the fields it needs, and no others. */
export function bodyOf(
  step: Step,
  version: number,
  form: StepForm,
  pictures: { before: EvidenceRef[]; after: EvidenceRef[] },
): StepBody {
  const body: StepBody = { action: step.action, version }
  for (const need of step.needs) Object.assign(body, parts[need]?.(form))
  if (wordsOf(step) !== 'none') Object.assign(body, filled({ words: form.words.trim() }))
  for (const which of picturesOf(step)) if (pictures[which].length) body[which] = pictures[which]
  return body
}

function orderOf(form: OrderForm): Record<string, unknown> {
  const fen = fenOf(form.yuan)
  const { owner_unit, owner_person, owner_name, measures, deadline, interim, emergency, document_no } = form
  const owner = owner_person ? { owner_person } : { owner_name }
  const money = fen > 0 ? { fen, money_source: form.money_source } : { money_reason: form.money_reason }
  return filled({ owner_unit, ...owner, measures, ...money, deadline, interim, emergency, document_no })
}

function filled(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== ''))
}

/** What is attached of the pictures that have arrived. */
export function refsOf(pictures: readonly { ref?: EvidenceRef | undefined }[]): EvidenceRef[] {
  return pictures.flatMap((one) => (one.ref ? [{ id: one.ref.id, key: one.ref.key }] : []))
}
