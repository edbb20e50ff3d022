// SPDX-License-Identifier: Apache-2.0

/** How an attempt to sign in can end, with what it means for whoever reads the log. */
export const outcomes = {
  signed_in: 'ok',
  signed_out: 'quiet',
  confirmed: 'quiet',
  password_set: 'info',
  bad_password: 'warn',
  code_needed: 'quiet',
  bad_code: 'warn',
  disabled: 'danger',
  initial_expired: 'danger',
} as const

export type Outcome = keyof typeof outcomes
