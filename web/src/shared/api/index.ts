// SPDX-License-Identifier: Apache-2.0

export { api, ok } from './client'
export { ApiError, asApiError, toApiError, type RefusedField } from './problem'
export { sendBytes } from './bytes'
export { newKey } from './key'
export type { components, paths } from './schema'
export type { Answer, Input } from './types'
