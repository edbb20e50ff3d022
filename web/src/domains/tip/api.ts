// SPDX-License-Identifier: Apache-2.0

/**
 * The public operations of tips. No cookie goes with them: who is signed in elsewhere on
 * this device is nobody's business here. Binary fields are base64.
 */
import { api, asApiError, ok, toApiError, type components } from '@/shared/api'
import type { Challenge } from '@/shared/crypto/work'

type Schemas = components['schemas']

export type TipChannel = Schemas['TipChannelOutBody']
export type TipBody = Schemas['TipBody']
export type TipAnswer = Schemas['TipReceipt']
/** A term of the law, with the rule that sets it. */
export type TipRule = Schemas['TipTerm']
/** A sealed file that a tip or a message names. */
export type SentFile = Schemas['TipFile']
export type MessageBody = Schemas['TipSendInBody']
export type MessageKind = MessageBody['kind']

/** How long an answer may take, in milliseconds. */
const patience = 30_000

/** Bytes in a millisecond of the slowest line that we wait for. */
const slowest = 20

const credentials = 'omit'

/** Where a tip from `place` goes; with a unit's code it never goes to that unit or one above it. */
export function channelFor(place: string, unitCode: string): Promise<TipChannel> {
  const query = { place, ...(unitCode && { unit_code: unitCode }) }
  return ok(api.GET('/api/v1/public/tips/channel', { params: { query }, credentials }))
}

export const askWork = (): Promise<Challenge> => ok(api.GET('/api/v1/public/tips/work', { credentials }))

/** Good for one tip, or one message, and its files. */
export const askPermit = (work: string): Promise<{ permit: string }> =>
  ok(api.POST('/api/v1/public/tips/permits', { body: { work }, credentials }))

/** Stores one sealed file under a name of our choice. Again under that name it is the same file. */
export async function putFile(name: string, body: Blob, permit: string): Promise<void> {
  const headers = { 'Content-Type': 'application/octet-stream', 'Tip-Permit': permit }
  await patiently(`/api/v1/public/tips/files/${name}`, { method: 'PUT', body, headers, credentials }, patience + body.size / slowest)
}

/** Hands a tip in. Under the same key it is taken once and answered alike. */
export function postTip(body: TipBody, permit: string, key: string): Promise<TipAnswer> {
  return ok(api.POST('/api/v1/public/tips', { body, params: { header: { 'Tip-Permit': permit, 'Idempotency-Key': key } }, credentials }))
}

/** What the holder of a code may know, sealed to the mailbox. A code that does not exist is answered alike. */
export const follow = (lookup: string, before?: string): Promise<{ sealed: string }> =>
  ok(api.POST('/api/v1/public/tips/follow', { body: { lookup, ...(before && { before }) }, credentials }))

/** Writes into the mailbox of a code. A code that does not exist is answered alike. */
export function postMessage(body: MessageBody, permit: string, key: string): Promise<unknown> {
  return ok(api.POST('/api/v1/public/tips/messages', { body, params: { header: { 'Tip-Permit': permit, 'Idempotency-Key': key } }, credentials }))
}

/** A text of the transparency log: 'policy', 'proof/<leaf hash in hex>'. */
export async function logText(name: string): Promise<string> {
  const answer = await patiently(`/log/${name}`, { credentials })
  return answer.text()
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
