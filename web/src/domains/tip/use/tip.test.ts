// SPDX-License-Identifier: Apache-2.0

import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ed25519 } from '@noble/curves/ed25519.js'
import { ApiError } from '@/shared/api'
import { makeIdentity, open, recipientOf } from '@/shared/crypto/age'
import { concat, fromBase64, fromUtf8, random, toBase64, toHex, utf8 } from '@/shared/crypto/bytes'
import { commitment, contentHash, evidenceRoot, leafHash, sha256 } from '@/shared/crypto/digest'
import { readJSON, unpadFile } from '@/shared/crypto/padding'
import { addSignature, makeSeed, signerOf } from '@/shared/crypto/sign'
import { signersText, statementText } from '@/shared/crypto/statement'
import * as api from '../api'
import type { TipAnswer } from '../api'
import { checkAnswer, type BadAnswer } from './answer'
import { contentOf, faultsOf, newDraft, type TipContent, type TipDraft } from './draft'
import { NoSuchCode, openMailbox, openMessages, write } from './mailbox'
import { sealTip, type Sealed } from './sealing'
import { deliver } from './sending'
import { trustedChannel, type TrustedChannel } from './trust'

vi.mock('../api')
vi.mock('@/shared/crypto/work', () => ({ solve: vi.fn(async () => 'solved') }))
vi.mock('@/domains/hazard/use/retry', async (original) => ({ ...(await original<object>()), waitForHope: async () => undefined }))

const words = '三号车间的报警器一直关着。'
const photo = random(3000)

async function office(): Promise<{ identity: string; channel: TrustedChannel }> {
  const identity = await makeIdentity('x25519')
  const seeds = [makeSeed(), makeSeed()] as const
  const text = statementText({
    origin: 'anlan.example', channel: 'c1', office: '示范县应急管理局', generation: 3, kind: 'x25519', recipient: await recipientOf(identity), from: '2026-11-24T08:00:00Z',
  })
  const signers = addSignature(signersText({ origin: 'anlan.example', entries: seeds.map((s) => ({ signer: signerOf(s), channel: 'c1' })) }), makeSeed())
  vi.mocked(api.channelFor).mockResolvedValue({
    channel: { id: 'c1', office_name: '示范县应急管理局', statement: seeds.reduce(addSignature, text), signers, hybrid: false },
    rerouted: false, phones: [], rules: [], limits: { words: 8000, files: 6, file_bytes: 1 },
  })
  vi.resetModules() // a device that has seen no directory key yet
  const { trustedChannel: trust } = await import('./trust')
  return { identity, channel: await trust('cn/99/', '') }
}

const draft = (more: Partial<TipDraft> = {}): TipDraft => ({
  ...newDraft(true, ''), words, class: 'illegal', place: [{ path: 'cn/99/9901/990101/', name: '示范县' }],
  files: [{ id: 'f', photo: true, name: 'photo-1.jpg', bytes: new Blob([photo as BlobPart], { type: 'image/jpeg' }) }], ...more,
})

describe('a sealed tip', () => {
  it('is opened with the key of the office, and by nothing else', async () => {
    const { identity, channel } = await office()
    const { parcel } = await sealTip(draft({ named: true, name: '示范人', phone: '13800000000' }), channel)
    const caseIdentity = fromUtf8(await open(fromBase64(parcel.body.envelope), identity))
    const content = readJSON(await open(fromBase64(parcel.body.content), caseIdentity)) as TipContent
    expect(content).toMatchObject({ v: 1, words, name: '示范人', statements: channel.digest })
    expect(Object.keys(content)).toEqual(['v', 'words', 'unit_name', 'spot', 'seen', 'name', 'phone', 'files', 'statements'])
    const [file] = parcel.files
    expect(unpadFile(await open(new Uint8Array((await file?.bytes.arrayBuffer()) ?? []), caseIdentity))).toEqual(photo)
    await expect(open(fromBase64(parcel.body.envelope), await makeIdentity('x25519'))).rejects.toThrow()
  })

  it('says in the open only what routing needs', async () => {
    const { channel } = await office()
    const { parcel } = await sealTip(draft({ unitName: '示范恒源化工', spot: '三号车间', name: '没选留名', phone: '13900000000' }), channel)
    const sent = JSON.stringify(parcel.body)
    for (const secret of [words, '示范恒源', '三号车间', '13900000000', 'photo-1', parcel.code]) expect(sent).not.toContain(secret)
    expect(parcel.body).toMatchObject({ channel_id: 'c1', generation: 3, class: 'illegal', danger: true, named: false })
    expect(parcel.body).not.toHaveProperty('unit_code')
  })

  it('is never made twice alike', async () => {
    const { channel } = await office()
    const [a, b] = [await sealTip(draft(), channel), await sealTip(draft(), channel)]
    for (const field of ['lookup', 'envelope', 'content', 'case_recipient', 'mailbox_recipient'] as const) expect(a.parcel.body[field]).not.toBe(b.parcel.body[field])
    expect(a.parcel.key).not.toBe(b.parcel.key)
  })
})

describe('trustedChannel', () => {
  it('refuses an answer whose statement is of another channel', async () => {
    await office()
    const answer = await vi.mocked(api.channelFor).mock.results[0]?.value as Awaited<ReturnType<typeof api.channelFor>>
    vi.mocked(api.channelFor).mockResolvedValue({ ...answer, channel: { ...answer.channel, id: 'c2' } })
    await expect(trustedChannel('cn/99/', '')).rejects.toMatchObject({ doubt: 'channel' })
    vi.mocked(api.channelFor).mockResolvedValue({ ...answer, channel: { ...answer.channel, hybrid: true } })
    await expect(trustedChannel('cn/99/', '')).rejects.toMatchObject({ doubt: 'kind' })
  })
})

describe('checkAnswer', () => {
  const seed = sha256(utf8('log'))
  const key = concat(Uint8Array.of(1), ed25519.getPublicKey(seed))
  const id = sha256(concat(utf8('anlan.example/log\n'), key)).slice(0, 4)
  const policy = `log anlan.example/log+${toHex(id)}+${toBase64(key)}\nquorum none\n`
  let sealed: Sealed
  beforeEach(async () => {
    sealed = await sealTip(draft(), (await office()).channel)
  })

  function answer(name = 'tip', change: { promised?: Uint8Array } = {}): TipAnswer {
    const { body, files } = sealed.parcel
    const salt = random(32)
    const content = contentHash(fromBase64(body.envelope), fromBase64(body.content))
    const evidence = evidenceRoot(files.map((f) => fromBase64(f.sha256)))
    const leaf = leafHash(utf8(`anlan/v1 received\ncommit ${toBase64(commitment(salt, content, evidence))}\nhour 2026-11-24T11Z\nclass ${name}\ndue acceptance\n`))
    const text = `tip-promise/v1\nanlan.example/log\n${toBase64(change.promised ?? leaf)}\naccepted 2026-11-24T11:20:00Z\ndue 2026-11-24T11:21:01Z\n`
    const promise = `${text}\n— anlan.example/log ${toBase64(concat(id, ed25519.sign(utf8(text), seed)))}\n`
    return {
      no: 'JB26-AAAAA-BBBBB', leaf: toHex(leaf), promise, opening: { salt: toBase64(salt), content: toBase64(content), evidence: toBase64(evidence) },
      received_hour: '2026-11-24T11:00:00Z', rules: [],
    }
  }
  const fault = (a: TipAnswer, believed = policy): unknown => {
    try {
      return checkAnswer(a, sealed.parcel, believed).split('\n')[0]
    } catch (thrown) {
      return (thrown as BadAnswer).fault
    }
  }

  it.each(['tip', 'quarantined'])('believes one that fits, of class %s', (name) => expect(fault(answer(name))).toBe('anlan/v1 received'))

  it.each<[string, (a: TipAnswer) => TipAnswer]>([
    ['content', (a) => ({ ...a, opening: { ...a.opening, content: toBase64(random(32)) } })],
    ['evidence', (a) => ({ ...a, opening: { ...a.opening, evidence: toBase64(new Uint8Array(32)) } })],
    ['commitment', (a) => ({ ...a, opening: { ...a.opening, salt: toBase64(random(32)) } })],
    ['commitment', (a) => ({ ...a, received_hour: '2026-11-24T10:00:00Z' })],
    ['commitment', (a) => ({ ...a, leaf: toHex(random(32)) })],
    ['promise', (a) => ({ ...a, promise: a.promise.replace('11:21:01', '12:21:01') })],
  ])('finds a wrong %s', (name, change) => expect(fault(change(answer()))).toBe(name))

  it('finds a promise of another leaf, and one of a log that nobody knows', () => {
    expect(fault(answer('tip', { promised: random(32) }))).toBe('promise')
    expect(fault(answer(), 'quorum none\n')).toBe('promise')
  })

  it('finds a class of leaf that no tip has', () => expect(fault(answer('head'))).toBe('commitment'))
})

describe('deliver', () => {
  const file = { name: 'a'.repeat(32), size: 3, sha256: '', bytes: new Blob(['abc']) }
  beforeEach(() => {
    vi.mocked(api.askWork).mockReset().mockResolvedValue({} as never)
    vi.mocked(api.askPermit).mockReset().mockResolvedValue({ permit: 'p1' })
    vi.mocked(api.putFile).mockReset().mockResolvedValue(undefined)
  })

  it('goes on where the network broke, and sends no file twice', async () => {
    const post = vi.fn().mockRejectedValueOnce(new ApiError(0, 'network')).mockRejectedValueOnce(new ApiError(503, 'unavailable')).mockResolvedValue('taken')
    const delivery = deliver([file], post)
    expect(await delivery.done).toBe('taken')
    expect([post.mock.calls.length, vi.mocked(api.putFile).mock.calls.length, vi.mocked(api.askPermit).mock.calls.length]).toEqual([3, 1, 1])
    expect(delivery.way).toEqual({ step: 'tip', part: 1, waiting: undefined })
  })

  it.each(['tip.needs_permit', 'tip.permit_spent'])('earns a new permit after %s', async (key) => {
    vi.mocked(api.askPermit).mockResolvedValueOnce({ permit: 'old' }).mockResolvedValue({ permit: 'new' })
    const post = vi.fn().mockRejectedValueOnce(new ApiError(403, key)).mockResolvedValue('taken')
    await deliver([file], post).done
    expect(post.mock.calls).toEqual([['old'], ['new']])
  })

  it('sends the files again when the server has them no more', async () => {
    const post = vi.fn().mockRejectedValueOnce(new ApiError(409, 'tip.file_missing')).mockResolvedValue('taken')
    await deliver([file], post).done
    expect(vi.mocked(api.putFile)).toHaveBeenCalledTimes(2)
  })

  it('does not cure the same for ever', async () => {
    const post = vi.fn().mockRejectedValue(new ApiError(403, 'tip.needs_permit'))
    await expect(deliver([], post).done).rejects.toMatchObject({ key: 'tip.needs_permit' })
    expect(post.mock.calls.length).toBeLessThan(10)
  })

  it('gives back what trying again cannot cure', async () => {
    await expect(deliver([], vi.fn().mockRejectedValue(new ApiError(409, 'tip.stale_generation'))).done).rejects.toMatchObject({ key: 'tip.stale_generation' })
  })
})

describe('mailbox', () => {
  it('opens what is sealed to it, and takes noise for a code that does not exist', async () => {
    const { parcel } = await sealTip(draft(), (await office()).channel)
    const { seal } = await import('@/shared/crypto/age')
    const { padJSON } = await import('@/shared/crypto/padding')
    const to = async (recipient: string): Promise<{ sealed: string }> => ({ sealed: toBase64(await seal(padJSON({ no: 'JB26', status: 'received', opened: 1 }, 16_384), recipient)) })
    vi.mocked(api.follow).mockResolvedValue(await to(parcel.body.mailbox_recipient))
    expect(await openMailbox(parcel.code)).toMatchObject({ no: 'JB26', opened: 1 })
    expect(vi.mocked(api.follow)).toHaveBeenLastCalledWith(parcel.body.lookup, undefined)
    vi.mocked(api.follow).mockResolvedValue(await to(await recipientOf(await makeIdentity('x25519'))))
    await expect(openMailbox(parcel.code)).rejects.toThrow(NoSuchCode)
  })

  it('sends what officers open with the keys in the envelope, and the informant with the code', async () => {
    const { identity, channel } = await office()
    const { parcel } = await sealTip(draft(), channel)
    vi.mocked(api.askPermit).mockResolvedValue({ permit: 'p' })
    vi.mocked(api.postMessage).mockResolvedValue({})
    await (await write(parcel.code, { kind: 'answer', words: '是三号车间。' })).done
    const [body] = vi.mocked(api.postMessage).mock.lastCall ?? []
    expect(body).toMatchObject({ lookup: parcel.body.lookup, kind: 'answer', files: [] })
    const keys = fromUtf8(await open(fromBase64(parcel.body.envelope), identity))
    expect(await recipientOf(keys)).toBe(parcel.body.case_recipient)
    expect(readJSON(await open(fromBase64(body?.sealed ?? ''), keys))).toEqual({ v: 1, words: '是三号车间。' })
    const message = { id: 'm', from: 'you' as const, kind: 'answer', day: '2026-11-25', sealed: body?.sealed ?? '' }
    expect((await openMessages(parcel.code, [message, { ...message, sealed: toBase64(random(300)) }])).map((m) => m.content?.words)).toEqual(['是三号车间。', undefined])
  })
})

describe('draft', () => {
  it('says what is missing', () => {
    expect(faultsOf(newDraft(false, ''))).toEqual({ place: 'placeMissing', words: 'wordsShort', class: 'classMissing' })
    expect(faultsOf(draft({ named: true, phone: 'abc' }))).toEqual({ name: 'nameMissing', phone: 'phoneOdd' })
    expect(faultsOf(draft({ words: '险'.repeat(8001) }))).toEqual({ words: 'wordsLong' })
    expect(faultsOf(draft())).toEqual({})
  })

  it('keeps a name that was typed and then not meant', () => expect(contentOf(draft({ name: '示范人', phone: '138' }))).toMatchObject({ name: '', phone: '' }))
})
