// SPDX-License-Identifier: Apache-2.0

import type { paths } from './schema'

type Methods<P extends keyof paths> = keyof paths[P] & string

type Json<T> = T extends { content: { 'application/json': infer Content } } ? Content : never

/** What an operation answers with when it succeeds: `Answer<'/api/v1/public/home', 'get'>`. */
export type Answer<P extends keyof paths, M extends Methods<P>> = paths[P][M] extends { responses: infer R }
  ? { [S in keyof R & (200 | 201 | 202)]: Json<R[S]> }[keyof R & (200 | 201 | 202)]
  : never

/** What an operation takes as its body: `Input<'/api/v1/public/hazards', 'post'>`. */
export type Input<P extends keyof paths, M extends Methods<P>> = paths[P][M] extends { requestBody?: infer B }
  ? Json<NonNullable<B>>
  : never
