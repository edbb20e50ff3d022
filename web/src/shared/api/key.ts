// SPDX-License-Identifier: Apache-2.0

const letters = '0123456789abcdefghjkmnpqrstvwxyz'

/**
 * A new random key of 26 letters (130 bits) for the header Idempotency-Key. It is
 * not crypto.randomUUID because that is missing on pages without https.
 */
export function newKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(26))
  return Array.from(bytes, (b) => letters[b & 31]).join('')
}
