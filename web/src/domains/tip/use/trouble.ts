// SPDX-License-Identifier: Apache-2.0

import { ApiError, asApiError } from '@/shared/api'
import { useSend, type Send } from '@/shared/console/load'
import { NotTheSame } from './ceremony'
import { KeyTrouble } from './keyring'
import { ElsewhereAsked } from './recovering'

const sentences = { passphrase: 'tipkey.wrong_passphrase', none: 'tipkey.no_person_key', former: 'tipkey.former_closed' } as const

/** What went wrong, in a sentence of ours also where this browser could not open something. */
export function asTrouble(thrown: unknown): ApiError {
  if (thrown instanceof KeyTrouble) return new ApiError(400, sentences[thrown.why])
  if (thrown instanceof NotTheSame) return new ApiError(400, 'tipkey.not_the_same')
  if (thrown instanceof ElsewhereAsked) return new ApiError(400, 'tipkey.asked_elsewhere')
  const problem = asApiError(thrown)
  return problem.key === 'internal' && problem.status === 0 ? new ApiError(400, 'tipkey.unreadable') : problem
}

/** useSend for work with keys. */
export function useSecret(): Send {
  const { sending, error, send } = useSend()
  return { sending, error, send: (work) => send(() => work().catch((thrown: unknown) => Promise.reject(asTrouble(thrown)))) }
}
