// SPDX-License-Identifier: Apache-2.0

/** What the console asks about hazards. */
import { get, type Page, type Params, post, postOnce, put, remove } from '@/shared/console/http'
import type { EvidenceRef } from '@/domains/evidence/use/upload'
import type { Action, Grade, Status, WorkerClass } from './status'

export interface Hazard {
  id: string
  no: string
  status: Status
  /** "" before triage. */
  grade: Grade | ''
  class: WorkerClass
  /** In lists only the beginning. */
  words: string
  spot: string
  danger: boolean
  photos: number
  source: string
  channel: string
  place: string
  place_name: string
  unit_id: string
  unit_name: string
  lines: string[] | null
  handler_unit: string
  handler_name: string
  /** Found by the unit itself and kept inside it. */
  internal: boolean
  campaign: string
  created: string
  due?: string
  due_kind?: string
  deadline?: string
  closed?: string
  reopened: number
  version: number
}

export interface Clock {
  kind: string
  due: string
  last_day: string
  /** Id of the rule that set it. */
  rule: string
  left: number
  paused: boolean
  last_is_holiday: boolean
  next_working_day?: string
}

export interface Order {
  owner_unit: string
  owner_person?: string
  owner_name?: string
  measures: string
  fen?: number
  money_source?: string
  money_reason?: string
  deadline: string
  interim: string
  emergency: string
  document_no?: string
}

export interface Governance {
  goals: string
  methods: string
  resources: string
  bodies: string
  schedule: string
  safeguards: string
}

export interface Receipts {
  regulator_no: string
  regulator_day: string
  workers_no: string
  workers_day: string
}

export interface Moved {
  at: string
  action: Action | 'report'
  from?: Status
  to: Status
  actor: string
  actor_name: string
  unit_name: string
  words: string
  reason?: string
  grade?: Grade
  detail?: Record<string, string>
  due?: string
  version: number
}

export interface Picture {
  id: string
  kind: 'photo' | 'video'
  purpose: string
  state: 'received' | 'ready' | 'refused'
  width: number
  height: number
  created: string
}

/** A step that is possible where the hazard stands, and whether it is mine to take. */
export interface Step {
  action: Action
  allowed: boolean
  why_not?: { key: string; args?: Record<string, unknown> }
  needs: string[]
  party: 'desk' | 'receiver' | 'unit' | 'acceptor'
  unit_name: string
}

export interface Similar {
  id: string
  no: string
  status: Status
  words: string
  place_name: string
  created: string
  /** Percent of words in common. */
  alike: number
  /** A photo looks alike. */
  photo: boolean
}

export interface Detail extends Hazard {
  found: string
  /** The phone's clock was wrong; found is the server's time. */
  found_doubt: boolean
  reporter_name: string
  accident: string
  accident_list: string
  factor: string
  inspection: string
  standard: string
  clause: string
  /** Id of the hazard that this one repeats. */
  master: string
  order_unit_name: string
  extension_until?: string
  was_stopped: boolean
  /** A sealed contact or position may be revealed. */
  has_contact: boolean
  /** The last day of the usual term. */
  suggest_deadline?: string
  order?: Order & { owner_unit_name: string; owner_person_name: string; at: string }
  governance?: Governance
  receipts?: Receipts
  clock?: Clock
  timeline: Moved[]
  evidence: Picture[]
  steps: Step[]
  similar: Similar[]
  repeats: { id: string; no: string; created: string }[]
}

/** A step that is taken, with what it must bring. */
export interface StepBody {
  action: Action
  version: number
  [field: string]: unknown
}

export const hazards = (params: Params, signal?: AbortSignal): Promise<Page<Hazard>> => get('/hazards', params, signal)
export const hazard = (id: string, signal?: AbortSignal): Promise<Detail> => get(`/hazards/${id}`, undefined, signal)
export const takeStep = (id: string, body: StepBody, key: string): Promise<Detail> => postOnce(`/hazards/${id}/steps`, body, key)

export interface Sealed {
  contact?: { name?: string; phone?: string }
  position?: { lat: number; lng: number; accuracy?: number }
}

/** Opens what the reporter left for us alone. The reason is recorded. */
export const revealReporter = (id: string, reason: string): Promise<Sealed> => post(`/hazards/${id}/reveal`, { reason })

export interface NewHazard {
  words: string
  place: string
  spot: string
  unit_id: string
  class: WorkerClass | ''
  danger: boolean
  source: string
  /** By a unit's own people: to the office, not to their unit. */
  to_office: boolean
}

export const report = (one: NewHazard, evidence: EvidenceRef[], key: string): Promise<{ id: string; no: string }> =>
  postOnce('/hazards', { ...one, evidence }, key)

/** Something that waits for me, with the steps that I may take. */
export interface Waiting extends Hazard {
  clock?: Clock
  steps: Step[]
}

export type WaitClock = 'late' | 'today' | 'later'

export interface Inbox extends Page<Waiting> {
  /** Of all that waits, by status; on the first page. */
  counts?: Partial<Record<Status, number>>
  /** Of all that waits, by clock; on the first page. */
  clocks?: Partial<Record<WaitClock, number>>
  /** Counting stopped: there is more. */
  more?: boolean
}

export const inbox = (params: Params, signal?: AbortSignal): Promise<Inbox> => get('/inbox', params, signal)

export interface SavedView {
  id: string
  name: string
  /** The filters as they stand in the address of the list. */
  query: string
}

export const savedViews = async (): Promise<SavedView[]> =>
  (await get<{ items: SavedView[] | null }>('/hazards/views')).items ?? []
export const saveView = (name: string, query: string): Promise<SavedView> => post('/hazards/views', { name, query })
export const renameView = (id: string, name: string): Promise<void> => put(`/hazards/views/${id}`, { name })
export const dropView = (id: string): Promise<void> => remove(`/hazards/views/${id}`)
