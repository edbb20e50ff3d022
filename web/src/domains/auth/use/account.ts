// SPDX-License-Identifier: Apache-2.0

/** What the console asks about sign-in, my own security, and other people's accounts. */
import { get, post, put, remove, type Page } from '@/shared/console/http'

export interface Credentials {
  login: string
  password: string
  code?: string
}

export const signIn = (credentials: Credentials): Promise<unknown> => post('/auth/sign-in', credentials)

/** Whether this installation has no administrators yet. */
export const setupNeeded = async (): Promise<boolean> => (await get<{ needed: boolean }>('/setup')).needed

export interface Administrator {
  login: string
  name: string
  password: string
}

export interface Setup {
  code: string
  region_code: string
  office_name: string
  system: Administrator
  security: Administrator
  audit: Administrator
}

/** Fails when the code is not the one on the terminal; wrong ones are counted. */
export const checkSetupCode = (code: string): Promise<void> => post('/setup/check', { code })
export const setUp = (setup: Setup): Promise<unknown> => post('/setup', setup)

/** Proves again who I am, by password or by a code of the second factor, before a sensitive act. */
export const confirmIdentity = (proof: { password: string } | { code: string }): Promise<void> => post('/auth/confirm', proof)

export interface Session {
  id: string
  device: string
  address: string
  created: string
  last_seen: string
  expires: string
  current: boolean
}

export const mySessions = async (): Promise<Session[]> => (await get<{ items: Session[] | null }>('/me/sessions')).items ?? []
export const endSession = (id: string): Promise<void> => remove(`/me/sessions/${id}`)
export const changePassword = (current: string, next: string): Promise<void> =>
  post('/me/password', { current, new: next })

/** A second factor that was prepared; `qr` is a picture for the phone, `secret` for typing. */
export interface Factor {
  secret: string
  uri: string
  qr: string
}

export const prepareFactor = (): Promise<Factor> => post<Factor>('/me/totp')
export const confirmFactor = (code: string): Promise<{ recovery?: string[] | null }> => put('/me/totp', { code })
export const removeFactor = (): Promise<void> => remove('/me/totp')

export interface Token {
  id: string
  name: string
  perms: string[] | null
  created: string
  expires: string
  last_used?: string | null
}

export const myTokens = async (): Promise<Token[]> => (await get<{ items: Token[] | null }>('/me/tokens')).items ?? []

export interface NewToken {
  name: string
  perms: string[]
  /** How many days it works. */
  days: number
}

export const createToken = (wanted: NewToken): Promise<{ token: string }> => post('/me/tokens', wanted)
export const removeToken = (id: string): Promise<void> => remove(`/me/tokens/${id}`)

export interface Account {
  person_id: string
  login: string
  name: string
  disabled: boolean
  must_change: boolean
  totp: boolean
  locked_until?: string | null
  last_sign_in?: string | null
}

export const accounts = (q: string, cursor: string, signal?: AbortSignal): Promise<Page<Account>> =>
  get('/accounts', { q, cursor }, signal)

/** Gives a person an account; the one-time password is shown once and is stored nowhere in the clear. */
export const createAccount = (person: string, login: string): Promise<{ password: string }> =>
  post(`/people/${person}/account`, { login })
/** What an administrator may do with an account besides giving it a new password. */
export type AccountAct = 'unlock' | 'disable' | 'enable' | 'forget-totp'

export const resetAccount = (person: string): Promise<{ password: string }> => post(`/accounts/${person}/reset`)
export const changeAccount = (person: string, act: AccountAct): Promise<void> =>
  post(`/accounts/${person}/${act}`)

export interface Access {
  id: string
  at: string
  /** Id; empty when the login is nobody's. */
  person_id: string
  name: string
  outcome: string
  address: string
  device: string
}

export const accessLog = (outcome: string, cursor: string, signal?: AbortSignal): Promise<Page<Access>> =>
  get('/auth/access', { outcome, cursor }, signal)
