// SPDX-License-Identifier: Apache-2.0

import { beforeAll, expect, it } from 'vitest'
import { openText, recipientOf } from '@/shared/crypto/age'
import { toBase64 } from '@/shared/crypto/bytes'
import { makePersonKey, publicHalves, type PersonKey } from '@/shared/crypto/person'
import { joinShares } from '@/shared/crypto/shares'
import { addSignature, split } from '@/shared/crypto/sign'
import { trustSigners, trustStatement } from '@/shared/crypto/statement'
import { confirmationOf, directoryProposal, handOverBody, keyProposal, nextList, NotTheSame, openHeld, secondSignature } from './ceremony'
import { KeyTrouble } from './keyring'
import type { Candidate, Directory, Generation, Keyed, Mine, Proposal } from './officeKeys'
import { beginRecovery, ElsewhereAsked, forgetRecovery, joinGiven, keptHere, shareFor } from './recovering'

interface Officer extends Candidate {
  key: PersonKey
  ring: Map<string, PersonKey>
}

const channel: Keyed = {
  id: 'c1', unit_id: 'u1', office_name: '示范县应急管理局', origin: 'anlan.example', kind: 'x25519', next: 1, now: '2026-11-24T19:00:00+08:00', max_holders: 20, generations: [],
}
let zhang: Officer, li: Officer, wang: Officer

async function officer(id: string): Promise<Officer> {
  const key = await makePersonKey()
  return { id, name: id, key_id: `k-${id}`, listed: true, holds: [], ...(await publicHalves(key)), key, ring: new Map([[`k-${id}`, key]]) }
}

beforeAll(async () => {
  ;[zhang, li, wang] = await Promise.all([officer('zhang'), officer('li'), officer('wang')])
})

function heldBy(one: Officer, proposal: Proposal): Mine {
  const sealed = proposal.holders?.find((h) => h.person_id === one.id)
  return {
    generation: 1, state: 'pending', recipient: proposal.recipient, threshold: proposal.threshold, share_set: 1, my_share_set: 1,
    key_id: sealed?.key_id ?? '', wrap: sealed?.wrap ?? '', share_key_id: sealed?.key_id ?? '', share: sealed?.share ?? '',
  }
}

const pendingOf = (proposal: Proposal): Generation => ({
  generation: 1, state: 'pending', kind: 'x25519', recipient: proposal.recipient, threshold: proposal.threshold, share_set: 1, sealed: 0, text: proposal.statement,
  statement: '', maker: { id: 'zhang', name: 'zhang' }, confirmer: { id: '', name: '' }, made: channel.now, expires: channel.now, confirmed: null, holders: [], rotate: false,
})

async function directoryOf(): Promise<Directory> {
  const p = await directoryProposal(channel.origin, channel.id, [zhang, li], [zhang, li])
  const wrap = p.holders?.find((h) => h.person_id === 'li')
  return {
    state: 'pending', origin: channel.origin, vkey: p.vkey, maker: { id: '', name: '' }, confirmer: { id: '', name: '' }, expires: null, list: p.list, listed: null, in_use: [], holders: [],
    my_key_id: wrap?.key_id ?? '', my_wrap: wrap?.wrap ?? '', to_confirm: `anlan-directory/v1\n${channel.origin}\n${p.vkey}\nconfirmed by li\n`,
  }
}

it('makes a key that phones believe, signed by two people', async () => {
  const proposal = await keyProposal(channel, [zhang, li, wang], 2, zhang.key)
  const second = await secondSignature(channel, pendingOf(proposal), heldBy(li, proposal), li.ring, li.key)
  const signed = addSignature(addSignature(proposal.statement, zhang.key.sign), li.key.sign)
  expect(split(signed).signatures.map((s) => toBase64(s.signature))).toEqual([proposal.signature, second])
  const entries = [zhang, li].map((one) => ({ signer: one.signer, channel: channel.id }))
  expect(trustStatement(signed, { origin: channel.origin, entries })).toMatchObject({ generation: 1, from: '2026-11-24T11:00:00Z' })
})

it('gives no second signature for another key, office or number than the one that is held', async () => {
  const proposal = await keyProposal(channel, [zhang, li], 2, zhang.key)
  const other = await keyProposal(channel, [zhang, li], 2, zhang.key)
  const sign = (now: Keyed, pending: Proposal, held: Mine) => secondSignature(now, pendingOf(pending), held, li.ring, li.key)
  await expect(sign(channel, proposal, { ...heldBy(li, proposal), recipient: other.recipient })).rejects.toBeInstanceOf(NotTheSame)
  await expect(sign(channel, other, heldBy(li, proposal))).rejects.toBeInstanceOf(NotTheSame)
  await expect(sign({ ...channel, office_name: '别的局' }, proposal, heldBy(li, proposal))).rejects.toBeInstanceOf(NotTheSame)
  await expect(openHeld(heldBy(li, proposal), zhang.ring)).rejects.toBeInstanceOf(KeyTrouble)
})

it('lists signers under a directory key that both can open', async () => {
  const d = await directoryOf()
  expect(await confirmationOf(d, 'li', li.ring)).toHaveLength(88)
  await expect(confirmationOf(d, 'wang', li.ring)).rejects.toBeInstanceOf(NotTheSame)
  const swapped = { ...d, vkey: zhang.signer, to_confirm: d.to_confirm.replace(d.vkey, zhang.signer) }
  await expect(confirmationOf(swapped, 'li', li.ring)).rejects.toBeInstanceOf(NotTheSame)
  const { list, signature } = await nextList({ ...d, in_use: [{ signer: zhang.signer, channel_id: 'c1' }] }, 'c1', [li, wang], li.ring)
  const trusted = trustSigners(`${list}\nsig ${d.vkey} ${signature}\n`, d.vkey)
  expect(new Set(trusted.entries.map((e) => e.signer))).toEqual(new Set([zhang.signer, li.signer, wang.signer]))
})

it('hands a key over with shares that fit together', async () => {
  const proposal = await keyProposal(channel, [zhang, li], 2, zhang.key)
  const identity = await openHeld(heldBy(zhang, proposal), zhang.ring)
  const body = await handOverBody(identity, { generation: 1, share_set: 1 }, wang, [zhang, li, wang], 2)
  const shares = body.shares ?? []
  expect(shares.map((s) => s.person_id)).toEqual(['wang', 'zhang', 'li'])
  expect(await openText(body.wrap, wang.key.age)).toBe(identity)
  const opened = await Promise.all([openText(shares[0]?.share ?? '', wang.key.age), openText(shares[2]?.share ?? '', li.key.age)])
  expect(await joinShares(opened, proposal.recipient)).toBe(identity)
})

it('recovers a key from k of n, on the device that asked and by the one who asked', async () => {
  const proposal = await keyProposal(channel, [zhang, li, wang], 2, zhang.key)
  const asked = await beginRecovery(wang.recipient)
  asked.keepAs('r1')
  const given = await Promise.all([zhang, li].map(async (one) => ({ share: await shareFor(asked, heldBy(one, proposal), one.ring) })))
  expect(await recipientOf(await joinGiven('r1', given, proposal.recipient, wang.ring))).toBe(proposal.recipient)
  await expect(joinGiven('r1', given, proposal.recipient, li.ring)).rejects.toThrow()
  await expect(joinGiven('r1', given.slice(0, 1), proposal.recipient, wang.ring)).rejects.toThrow()
  forgetRecovery('r1')
  expect(keptHere('r1')).toBe(false)
  await expect(joinGiven('r1', given, proposal.recipient, wang.ring)).rejects.toBeInstanceOf(ElsewhereAsked)
})
