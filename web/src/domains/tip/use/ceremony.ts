// SPDX-License-Identifier: Apache-2.0

/**
 * What the browsers of two people do so that an office can receive tips: make keys, seal
 * them to people, compare and sign. Nothing secret leaves these functions unsealed but to
 * their caller.
 */
import { makeIdentity, openText, recipientOf, sealText } from '@/shared/crypto/age'
import { makePersonKey, publicHalves, sealPersonKey, type PersonKey } from '@/shared/crypto/person'
import { splitIdentity } from '@/shared/crypto/shares'
import { makeSeed, signerOf, signText } from '@/shared/crypto/sign'
import { readSigners, readStatement, signersText, statementText } from '@/shared/crypto/statement'
import { keyFrom, type Keyring } from './keyring'
import type { Candidate, Directory, DirectoryProposal, Generation, HandOver, Keyed, Mine, NewOwnKey, Proposal } from './officeKeys'

/** What was sealed is not what was signed: somebody has changed one of them. */
export class NotTheSame extends Error {}

/** The body that enters a key of mine, sealed by a passphrase. */
export async function ownKeyBody(key: PersonKey, passphrase: string, personID: string, version: number): Promise<NewOwnKey> {
  const { recipient, signer } = await publicHalves(key)
  const proof = signText(`anlan-person-key/v1\n${personID}\n${recipient}\n${signer}\n`, key.sign)
  return { recipient, signer, sealed: await sealPersonKey(key, passphrase), proof, version }
}

/** A new key of mine and the body that enters it. */
export async function newOwnKey(passphrase: string, personID: string, version: number): Promise<{ key: PersonKey; body: NewOwnKey }> {
  const key = await makePersonKey()
  return { key, body: await ownKeyBody(key, passphrase, personID, version) }
}

/** To whom something is sealed. */
export type Holder = Pick<Candidate, 'id' | 'key_id' | 'recipient'>

function signersOf(channelID: string, people: readonly Pick<Candidate, 'signer'>[]): { signer: string; channel: string }[] {
  return people.filter((one) => one.signer).map(({ signer }) => ({ signer, channel: channelID }))
}

/** A directory key for two people, with the first list of signers. */
export async function directoryProposal(origin: string, channelID: string, pair: readonly Holder[], people: readonly Candidate[]): Promise<DirectoryProposal> {
  const seed = makeSeed()
  const list = signersText({ origin, entries: signersOf(channelID, people) })
  const holders = pair.map(async ({ id, key_id, recipient }) => ({ person_id: id, key_id, wrap: await sealText(seed, recipient) }))
  return { vkey: signerOf(seed), channel_id: channelID, list, signature: signText(list, seed), holders: await Promise.all(holders) }
}

/** The directory key's secret, opened and compared with what is public of it. Throws NotTheSame or KeyTrouble. */
export async function openDirectory(directory: Directory, ring: Keyring): Promise<string> {
  const seed = await openText(directory.my_wrap, keyFrom(ring, directory.my_key_id).age)
  if (signerOf(seed) !== directory.vkey) throw new NotTheSame()
  return seed
}

/** The signature by which the second person shows that they can open the directory key. */
export async function confirmationOf(directory: Directory, personID: string, ring: Keyring): Promise<string> {
  const text = `anlan-directory/v1\n${directory.origin}\n${directory.vkey}\nconfirmed by ${personID}\n`
  if (text !== directory.to_confirm) throw new NotTheSame()
  return signText(text, await openDirectory(directory, ring))
}

/**
 * The next list of signers: for this channel the people given and whoever signed what
 * phones use; of other channels, what stood there.
 */
export async function nextList(directory: Directory, channelID: string, people: readonly Candidate[], ring: Keyring): Promise<{ list: string; signature: string }> {
  const inUse = (directory.in_use ?? []).map(({ signer, channel_id }) => ({ signer, channel: channel_id }))
  const others = readSigners(directory.list).entries.filter((one) => one.channel !== channelID)
  const list = signersText({ origin: directory.origin, entries: [...others, ...inUse, ...signersOf(channelID, people)] })
  return { list, signature: signText(list, await openDirectory(directory, ring)) }
}

/** Shares of a key, each sealed to its holder. */
async function sharesFor(identity: string, holders: readonly Holder[], threshold: number): Promise<{ person_id: string; key_id: string; share: string }[]> {
  const shares = await splitIdentity(identity, holders.length, threshold)
  return Promise.all(
    holders.map(async ({ id, key_id, recipient }, i) => ({ person_id: id, key_id, share: await sealText(shares[i] ?? '', recipient) })),
  )
}

/** A time as statements have it: UTC, whole seconds. */
const seconds = (time: string): string => new Date(time).toISOString().replace(/\.\d+Z$/, 'Z')

/** The next key of a channel, made here, sealed to its holders and signed by me. */
export async function keyProposal(channel: Keyed, holders: readonly Holder[], threshold: number, signing: PersonKey): Promise<Proposal> {
  const identity = await makeIdentity(channel.kind)
  const recipient = await recipientOf(identity)
  const from = seconds(channel.now)
  const { origin, id, office_name, next: generation, kind } = channel
  const statement = statementText({ origin, channel: id, office: office_name, generation, kind, recipient, from })
  const shares = await sharesFor(identity, holders, threshold)
  const wraps = await Promise.all(holders.map((one) => sealText(identity, one.recipient)))
  const signature = signText(statement, signing.sign)
  return { generation, from, recipient, statement, signature, threshold, holders: shares.map((one, i) => ({ ...one, wrap: wraps[i] ?? '' })) }
}

/** A channel's key that I hold, opened and compared with what is public of it. Throws NotTheSame or KeyTrouble. */
export async function openHeld(held: Pick<Mine, 'wrap' | 'key_id' | 'recipient'>, ring: Keyring): Promise<string> {
  const identity = await openText(held.wrap, keyFrom(ring, held.key_id).age)
  if ((await recipientOf(identity)) !== held.recipient) throw new NotTheSame()
  return identity
}

/** The second signature of a key: given only when the key that I hold is the one that the statement names. Throws NotTheSame or KeyTrouble. */
export async function secondSignature(channel: Keyed, pending: Generation, held: Mine, ring: Keyring, signing: PersonKey): Promise<string> {
  await openHeld(held, ring)
  const said = readStatement(pending.text)
  const agrees = said.channel === channel.id && said.office === channel.office_name && said.origin === channel.origin
  if (!agrees || said.recipient !== held.recipient || said.generation !== pending.generation) throw new NotTheSame()
  return signText(pending.text, signing.sign)
}

/** A key for one more person, with new shares for all who hold it from then on. */
export async function handOverBody(
  identity: string,
  generation: Pick<Generation, 'generation' | 'share_set'>,
  to: Holder,
  others: readonly Holder[],
  threshold: number,
): Promise<HandOver> {
  const holders = [to, ...others.filter((one) => one.id !== to.id)]
  const shares = await sharesFor(identity, holders, threshold)
  const wrap = await sealText(identity, to.recipient)
  return { generation: generation.generation, person_id: to.id, key_id: to.key_id, wrap, share_set: generation.share_set, threshold, shares }
}

/** Usual number of shares that give a key back: more than half, at least two. */
export const usualThreshold = (holders: number): number => Math.max(2, Math.floor(holders / 2) + 1)
