// SPDX-License-Identifier: Apache-2.0

import { expect, type APIRequestContext } from '@playwright/test'
import { armor, Decrypter, Encrypter } from 'age-encryption'
import { password, type Person } from './test.ts'

/** A tip as an officer's browser has opened it. */
export interface OpenedTip {
  id: string
  content: { words: string; name: string; files: { name: string; type: string; size: number }[] }
  /** The sealed files, opened. */
  files: Uint8Array[]
  /** What the informant wrote later. */
  messages: string[]
  /** Whom a reply is sealed to. */
  recipients: string[]
}

const bytes = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'))

async function openWith(keys: string, sealed: Uint8Array): Promise<Uint8Array> {
  const decrypter = new Decrypter()
  for (const key of keys.split('\n').filter(Boolean)) decrypter.addIdentity(key)
  return decrypter.decrypt(sealed)
}

const text = (plain: Uint8Array): string => Buffer.from(plain).toString()

async function get<T>(request: APIRequestContext, path: string): Promise<T> {
  const answer = await request.get(`/api/v1/${path}`)
  expect(answer.status(), `${path}: ${await answer.text()}`).toBe(200)
  return (await answer.json()) as T
}

/** The key of the channel, as its holder opens it by the passphrase. */
async function channelKey(request: APIRequestContext, channel: string): Promise<string> {
  const own = await get<{ items: { sealed: string }[] }>(request, 'tip-keys/me')
  const decrypter = new Decrypter()
  decrypter.addPassphrase(password)
  const { age } = JSON.parse(text(await decrypter.decrypt(armor.decode(own.items[0]?.sealed ?? '')))) as { age: string }
  const { items } = await get<{ items: { wrap: string }[] }>(request, `tip-keys/channels/${channel}/wraps/mine`)
  return text(await openWith(age, armor.decode(items[0]?.wrap ?? '')))
}

/** Opens the tip with a number, as the page of a key holder does. */
export async function openTip({ context }: Person, no: string): Promise<OpenedTip> {
  const { request } = context
  const id = no // the interface takes either
  const answer = await request.post(`/api/v1/tips/${id}/openings`, { data: { reason: '核实举报内容' } })
  expect(answer.status(), await answer.text()).toBe(200)
  const sealed = (await answer.json()) as {
    channel_id: string; envelope: string; content: string; case_recipient: string; mailbox_recipient: string
    files: { name: string }[]; messages: { from: string; sealed: string }[]
  }
  const keys = text(await openWith(await channelKey(request, sealed.channel_id), bytes(sealed.envelope)))
  const files = await Promise.all(sealed.files.map(async ({ name }) => {
    const file = await openWith(keys, await (await request.get(`/api/v1/tips/${id}/files/${name}`)).body())
    return file.slice(8, 8 + Number(Buffer.from(file).readBigUInt64BE()))
  }))
  const theirs = sealed.messages.filter((m) => m.from === 'informant')
  const messages = await Promise.all(theirs.map(async (m) => (JSON.parse(text(await openWith(keys, bytes(m.sealed)))) as { words: string }).words))
  const content = JSON.parse(text(await openWith(keys, bytes(sealed.content)))) as OpenedTip['content']
  return { id, content, files, messages, recipients: [sealed.case_recipient, sealed.mailbox_recipient] }
}

/** Writes to the informant. */
export async function reply({ context }: Person, { id, recipients }: OpenedTip, words: string): Promise<void> {
  const encrypter = new Encrypter()
  for (const recipient of recipients) encrypter.addRecipient(recipient)
  const sealed = await encrypter.encrypt(JSON.stringify({ v: 1, words }).padEnd(2048 - Buffer.byteLength(words) + words.length))
  const answer = await context.request.post(`/api/v1/tips/${id}/messages`, { data: { sealed: Buffer.from(sealed).toString('base64') } })
  expect(answer.ok(), await answer.text()).toBe(true)
}
