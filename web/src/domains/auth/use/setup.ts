// SPDX-License-Identifier: Apache-2.0

import type { ApiError } from '@/shared/api'
import type { Administrator, Setup } from './account'

/** The three administrators whose powers are kept apart (三员). */
export const administrators = ['system', 'security', 'audit'] as const

export const steps = ['start', 'office', 'admins', 'check'] as const
export type SetupStep = (typeof steps)[number]

export interface SetupForm {
  setup: Setup
  /** Path and name of the region chosen. */
  region: string
  regionName: string
}

export function emptySetup(): SetupForm {
  const nobody = (): Administrator => ({ login: '', name: '', password: '' })
  return {
    setup: { code: '', region_code: '', office_name: '', system: nobody(), security: nobody(), audit: nobody() },
    region: '',
    regionName: '',
  }
}

/** Whether a step is filled in so far that the next may be shown; the server checks the rest. */
export function mayGoOn(step: SetupStep, { setup, region }: SetupForm): boolean {
  if (step === 'start') return setup.code.trim() !== ''
  if (step === 'office') return region !== '' && setup.office_name.trim().length >= 2
  return administrators.every((who) => setup[who].name.trim() && setup[who].login.trim() && setup[who].password)
}

/** The step at which a refusal can be mended; undefined when it is about none. */
export function stepOf(refusal: ApiError): SetupStep | undefined {
  if (refusal.key === 'auth.bad_setup_code' || refusal.field('body.code')) return 'start'
  if (['body.region_code', 'body.office_name'].some((at) => refusal.field(at))) return 'office'
  return administrators.some((who) => refusal.field(`body.${who}`)) ? 'admins' : undefined
}
