// SPDX-License-Identifier: Apache-2.0

/** What the console asks about the keys that tips are sealed to. */
import type { Answer, Input } from '@/shared/api/types'
import { get, post, put, remove, type Page } from '@/shared/console/http'

export type OwnKeys = Answer<'/api/v1/tip-keys/me', 'get'>
export type OwnKey = NonNullable<OwnKeys['items']>[number]
export type Channel = NonNullable<Answer<'/api/v1/tip-keys/channels', 'get'>['items']>[number]
/** A channel with its keys and their holders. */
export type Keyed = Answer<'/api/v1/tip-keys/channels/{id}', 'get'>
export type Generation = NonNullable<Keyed['generations']>[number]
/** Somebody who may hold keys. */
export type Candidate = NonNullable<Answer<'/api/v1/tip-keys/channels/{id}/people', 'get'>['items']>[number]
/** What I hold of one key. */
export type Mine = NonNullable<Answer<'/api/v1/tip-keys/channels/{id}/wraps/mine', 'get'>['items']>[number]
export type Recovery = NonNullable<Answer<'/api/v1/tip-keys/channels/{id}/recoveries', 'get'>['items']>[number]
export type Directory = Answer<'/api/v1/tip-keys/directory', 'get'>
export type NewOwnKey = Input<'/api/v1/tip-keys/me', 'put'>
export type Proposal = Input<'/api/v1/tip-keys/channels/{id}/generations', 'post'>
export type HandOver = Input<'/api/v1/tip-keys/channels/{id}/wraps', 'post'>
export type DirectoryProposal = Input<'/api/v1/tip-keys/directory', 'post'>

const path = (id: string): string => `/tip-keys/channels/${id}`
const list = async <T>(address: string): Promise<T[]> => (await get<{ items: T[] | null }>(address)).items ?? []

export const myKeys = (): Promise<OwnKeys> => get('/tip-keys/me')
export const setMyKey = (key: NewOwnKey): Promise<OwnKey> => put('/tip-keys/me', key)

export const channels = async (): Promise<Channel[]> => (await get<Page<Channel>>('/tip-keys/channels', { limit: 200 })).items ?? []
export const openChannel = (hybrid: boolean): Promise<Channel> => post('/tip-keys/channels', { hybrid })
export const keyed = (id: string): Promise<Keyed> => get(path(id))
export const candidates = (id: string): Promise<Candidate[]> => list(`${path(id)}/people`)
export const mine = (id: string): Promise<Mine[]> => list(`${path(id)}/wraps/mine`)

export const propose = (id: string, proposal: Proposal): Promise<Keyed> => post(`${path(id)}/generations`, proposal)
export const confirm = (id: string, n: number, signature: string): Promise<Keyed> => post(`${path(id)}/generations/${n}/confirm`, { signature })
export const stop = (id: string, n: number): Promise<void> => remove(`${path(id)}/generations/${n}`)
export const handOver = (id: string, wrap: HandOver): Promise<Keyed> => post(`${path(id)}/wraps`, wrap)
export const giveUp = (id: string, person: string): Promise<void> => remove(`${path(id)}/wraps/${person}`)

export const recoveries = (id: string): Promise<Recovery[]> => list(`${path(id)}/recoveries`)
export const askShares = (id: string, ask: { generation: number; reason: string; recipient: string }): Promise<Recovery> =>
  post(`${path(id)}/recoveries`, ask)
export const giveShare = (id: string, recovery: string, share: string): Promise<void> => post(`${path(id)}/recoveries/${recovery}/shares`, { share })
export const givenShares = (id: string, recovery: string): Promise<{ person_id: string; share: string }[]> =>
  list(`${path(id)}/recoveries/${recovery}/shares`)

export const directory = (): Promise<Directory> => get('/tip-keys/directory')
export const proposeDirectory = (proposal: DirectoryProposal): Promise<Directory> => post('/tip-keys/directory', proposal)
export const confirmDirectory = (signature: string): Promise<Directory> => post('/tip-keys/directory/confirm', { signature })
export const stopDirectory = (): Promise<void> => remove('/tip-keys/directory')
export const listSigners = (signed: { list: string; signature: string }): Promise<Directory> => post('/tip-keys/directory/signers', signed)
export const handOverDirectory = (wrap: { channel_id: string; person_id: string; key_id: string; wrap: string }): Promise<Directory> =>
  post('/tip-keys/directory/wraps', wrap)
