// SPDX-License-Identifier: Apache-2.0

import { makeIdentity, recipientOf, seal } from '@/shared/crypto/age'
import { newKey } from '@/shared/api'
import { random, toBase64, toHex, utf8 } from '@/shared/crypto/bytes'
import { keysOf, makeCode } from '@/shared/crypto/code'
import { sha256 } from '@/shared/crypto/digest'
import { padFile, padJSON } from '@/shared/crypto/padding'
import type { SentFile, TipBody } from '../api'
import { contentOf, type TipContent, type TipDraft, type TipFile } from './draft'
import type { TrustedChannel } from './trust'

/** A sealed tip, ready to be sent again and again until the server has it. Plain data. */
export interface Parcel {
  /** Idempotency key: however often it is sent, it is one tip. */
  key: string
  /** Only this phone knows it. */
  code: string
  officeName: string
  body: TipBody
  files: SealedFile[]
}

export interface SealedFile extends SentFile {
  bytes: Blob
}

/** A parcel and what its envelope holds, which only this page has and which is never stored. */
export interface Sealed {
  parcel: Parcel
  /** The identity of the case, and below it the one that opens what the informant writes later. */
  keys: string
}

/** Seals a draft to an office. After this nothing of it can be read without the office's key or the case's. */
export async function sealTip(draft: TipDraft, to: TrustedChannel): Promise<Sealed> {
  const identity = await makeIdentity(to.statement.kind)
  const recipient = await recipientOf(identity)
  const code = makeCode()
  const { lookup, mailbox, reply } = keysOf(code)
  const keys = `${identity}\n${reply}\n`
  const files: SealedFile[] = []
  const described: TipContent['files'] = []
  for (const file of draft.files) {
    const { sealed, plain } = await sealFile(file, recipient)
    files.push(sealed)
    described.push(plain)
  }
  const content: TipContent = { ...contentOf(draft), files: described, statements: to.digest }
  const body: TipBody = {
    channel_id: to.channel.id,
    generation: to.statement.generation,
    place: draft.place.at(-1)?.path ?? '',
    class: draft.class,
    ...(draft.unitCode && { unit_code: draft.unitCode }),
    danger: draft.danger,
    named: draft.named,
    case_recipient: recipient,
    mailbox_recipient: await recipientOf(mailbox),
    lookup,
    envelope: toBase64(await seal(utf8(keys), to.statement.recipient)),
    content: toBase64(await seal(padJSON(content), recipient)),
    files: files.map(({ name, size, sha256: hash }) => ({ name, size, sha256: hash })),
  }
  return { parcel: { key: newKey(), code, officeName: to.channel.office_name, body, files }, keys }
}

/** Seals one file to recipients, and says what was in it. */
export async function sealFile(file: TipFile, ...to: readonly [string, ...string[]]): Promise<{ sealed: SealedFile; plain: TipContent['files'][number] }> {
  const bytes = new Uint8Array(await file.bytes.arrayBuffer())
  const sealed = await seal(padFile(bytes), ...to)
  const name = toHex(random(16))
  return {
    sealed: { name, size: sealed.length, sha256: toBase64(sha256(sealed)), bytes: new Blob([sealed as BlobPart]) },
    plain: { name: file.name, type: file.bytes.type, size: bytes.length, sha256: toHex(sha256(bytes)) },
  }
}
