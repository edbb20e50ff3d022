// SPDX-License-Identifier: Apache-2.0

import { newKey } from '@/shared/api'
import { open, recipientOf, seal } from '@/shared/crypto/age'
import { fromBase64, toBase64 } from '@/shared/crypto/bytes'
import { isCode, keysOf } from '@/shared/crypto/code'
import { padJSON, readJSON } from '@/shared/crypto/padding'
import { follow, postMessage, type MessageKind } from '../api'
import type { TipFile } from './draft'
import { sealFile } from './sealing'
import { deliver, type Delivery } from './sending'

/** What the holder of a code may know of a tip. */
export interface Mailbox {
  no: string
  status: string
  received_hour: string
  office_name: string
  phone: string
  /** How often the content was opened. */
  opened: number
  steps: { day: string; step: string }[] | null
  next: { key: string; last_day: string; rule_id: string; source: string } | null
  late: boolean
  messages: { id: string; from: 'office' | 'you'; kind: string; day: string; sealed: string }[] | null
  more: boolean
  hazard: { status: string } | null
  reward: { state: string; fen: number; last_day: string } | null
  /** Hash of the leaf in the public log, hex. */
  leaf: string
  conclusion?: string
  reason?: string
  may: (Exclude<MessageKind, 'answer'> | 'message')[] | null
}

/** A message as it was sealed. */
export interface MessageContent {
  v: 1
  words: string
  name?: string
  phone?: string
  files?: { name: string; type: string; size: number; sha256: string }[]
}

/** A message that was opened; undefined content when it was not sealed to this mailbox. */
export interface OpenedMessage {
  id: string
  from: 'office' | 'you'
  kind: string
  day: string
  content: MessageContent | undefined
}

/** Thrown for a code that no tip has. The server cannot say so: its answer is noise then. */
export class NoSuchCode extends Error {}

/** Opens the mailbox of a code. Throws NoSuchCode or an ApiError. */
export async function openMailbox(code: string, before?: string): Promise<Mailbox> {
  if (!isCode(code)) throw new NoSuchCode()
  const { lookup, mailbox } = keysOf(code)
  const { sealed } = await follow(lookup, before)
  try {
    return readJSON(await open(fromBase64(sealed), mailbox)) as Mailbox
  } catch {
    throw new NoSuchCode()
  }
}

/** Opens the messages of a mailbox. */
export function openMessages(code: string, messages: Mailbox['messages']): Promise<OpenedMessage[]> {
  const { mailbox } = keysOf(code)
  return Promise.all(
    (messages ?? []).map(async ({ id, from, kind, day, sealed }) => {
      const content = await open(fromBase64(sealed), mailbox).then((bytes) => readJSON(bytes) as MessageContent, () => undefined)
      return { id, from, kind, day, content }
    }),
  )
}

export interface Writing {
  kind: MessageKind
  words: string
  name?: string
  phone?: string
  files?: readonly TipFile[]
}

/** Largest padded message that the server takes, in characters that surely fit. */
export const mostWords = 2000

/** Seals a message to the officers of the case and to the mailbox, and sends it until it has arrived. */
export async function write(code: string, { kind, files = [], ...said }: Writing): Promise<Delivery<unknown>> {
  const { lookup, mailbox, reply } = keysOf(code)
  const to = [await recipientOf(reply), await recipientOf(mailbox)] as const
  const sealedFiles = []
  const described = []
  for (const file of files) {
    const { sealed, plain } = await sealFile(file, ...to)
    sealedFiles.push(sealed)
    described.push(plain)
  }
  const content: MessageContent = { v: 1, ...said, ...(described.length > 0 && { files: described }) }
  const sealed = toBase64(await seal(padJSON(content), ...to))
  const key = newKey()
  const refs = sealedFiles.map(({ name, size, sha256 }) => ({ name, size, sha256 }))
  return deliver(sealedFiles, (permit) => postMessage({ lookup, kind, sealed, files: refs }, permit, key))
}
