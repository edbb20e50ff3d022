// SPDX-License-Identifier: Apache-2.0

import { api, ok, type Answer, type Input } from '@/shared/api'

export type PublicReport = Input<'/api/v1/public/hazards', 'post'>
export type Received = Answer<'/api/v1/public/hazards', 'post'>
export type Progress = Answer<'/api/v1/public/hazards/{query_code}', 'get'>

/** Hands in a report. Under the same key it is taken once and answered alike. */
export function report(body: PublicReport, key: string): Promise<Received> {
  return ok(api.POST('/api/v1/public/hazards', { body, params: { header: { 'Idempotency-Key': key } } }))
}

/** How far the report with this query code has come. */
export function progressOf(code: string): Promise<Progress> {
  return ok(api.GET('/api/v1/public/hazards/{query_code}', { params: { path: { query_code: code } } }))
}
