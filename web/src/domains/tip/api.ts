// SPDX-License-Identifier: Apache-2.0

/**
 * The public operations of tips. No cookie goes with them: who is signed in elsewhere on
 * this device is nobody's business here. Binary fields are base64.
 */
import { asApiError, toApiError } from '@/shared/api'
import type { Challenge } from '@/shared/crypto/work'

const prefix = '/api/v1/public/tips'

/** How long an answer may take, in milliseconds. */
const patience = 30_000

/** Bytes in a millisecond of the slowest line that we wait for. */
const slowest = 20

/** A term of the law, with the rule that sets it. */
export interface TipRule {
  key: string
  title: string
  n: number
  kind: 'working' | 'calendar'
  rule_id: string
  source: string
}

export interface TipChannel {
  channel: { id: string; office_name: string; statement: string; signers: string; hybrid: boolean }
  /** A nearer office was passed over, because the tip is about it. */
  rerouted: boolean
  phones: { name: string; number: string }[] | null
  limits: { words: number; files: number; file_bytes: number }
  rules: TipRule[] | null
}

export interface SentFile {
  name: string
  size: number
  sha256: string
}

export interface TipBody {
  channel_id: string
  generation: number
  place: string
  class: string
  unit_code?: string
  danger: boolean
  named: boolean
  case_recipient: string
  mailbox_recipient: string
  lookup: string
  envelope: string
  content: string
  files: SentFile[]
}

export interface TipAnswer {
  no: string
  /** Hash of the leaf in the public log, hex. */
  leaf: string
  promise: string
  opening: { salt: string; content: string; evidence: string }
  /** RFC 3339. */
  received_hour: string
  rules: TipRule[] | null
  next: { key: string; last_day: string } | null
}

export type MessageKind = 'answer' | 'identify' | 'withdraw' | 'object' | 'claim'

export interface MessageBody {
  lookup: string
  kind: MessageKind
  sealed: string
  files: SentFile[]
}

/** Where a tip from `place` goes; with a unit's code it never goes to that unit or one above it. */
export function channelFor(place: string, unitCode: string): Promise<TipChannel> {
  const query = new URLSearchParams({ place, ...(unitCode && { unit_code: unitCode }) })
  return ask('GET', `${prefix}/channel?${query}`)
}

export const askWork = (): Promise<Challenge> => ask('GET', `${prefix}/work`)

/** Good for one tip, or one message, and its files. */
export const askPermit = (work: string): Promise<{ permit: string; until: string }> => ask('POST', `${prefix}/permits`, { work })

/** Stores one sealed file under a name of our choice. Again under that name it is the same file. */
export async function putFile(name: string, body: Blob, permit: string): Promise<void> {
  const headers = { 'Content-Type': 'application/octet-stream', 'Tip-Permit': permit }
  await patiently(`${prefix}/files/${name}`, { method: 'PUT', body, headers, credentials: 'omit' }, patience + body.size / slowest)
}

/** Hands a tip in. Under the same key it is taken once and answered alike. */
export function postTip(body: TipBody, permit: string, key: string): Promise<TipAnswer> {
  return ask('POST', prefix, body, { 'Tip-Permit': permit, 'Idempotency-Key': key })
}

/** What the holder of a code may know, sealed to the mailbox. A code that does not exist is answered alike. */
export const follow = (lookup: string, before?: string): Promise<{ sealed: string }> =>
  ask('POST', `${prefix}/follow`, { lookup, ...(before && { before }) })

/** Writes into the mailbox of a code. A code that does not exist is answered alike. */
export function postMessage(body: MessageBody, permit: string, key: string): Promise<unknown> {
  return ask('POST', `${prefix}/messages`, body, { 'Tip-Permit': permit, 'Idempotency-Key': key })
}

/** A text of the transparency log: 'policy', 'proof/<leaf hash in hex>'. */
export async function logText(name: string): Promise<string> {
  const answer = await patiently(`/log/${name}`, { credentials: 'omit' })
  return answer.text()
}

async function ask<T>(method: string, url: string, body?: unknown, headers: Record<string, string> = {}): Promise<T> {
  const json = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'Content-Type': 'application/json', ...headers } }
  const answer = await patiently(url, { method, credentials: 'omit', ...json })
  const text = await answer.text()
  try {
    return (text === '' ? undefined : JSON.parse(text)) as T
  } catch (thrown) {
    throw asApiError(thrown)
  }
}

async function patiently(url: string, init: RequestInit, wait = patience): Promise<Response> {
  const giveUp = new AbortController()
  const timer = setTimeout(() => giveUp.abort(), wait)
  try {
    const answer = await fetch(url, { ...init, signal: giveUp.signal })
    if (answer.ok) return answer
    throw toApiError(answer.status, await answer.text(), answer.headers.get('Retry-After'))
  } catch (thrown) {
    throw asApiError(thrown)
  } finally {
    clearTimeout(timer)
  }
}
