// SPDX-License-Identifier: Apache-2.0

import { onScopeDispose } from 'vue'
import { listen } from '.'
import { soon, spread } from './soon'

/** Says that something moved in the county or city whose front page this is. No sign-in is needed. */
export const atHome = 'public:home'

/**
 * Calls `reload` soon after something moved in a channel, and after news of it may have been
 * missed, until the page is left. `pause` is the longest wait in milliseconds.
 */
export function followChannels(channels: readonly string[], reload: () => unknown, pause = spread): void {
  const { ask, cancel } = soon(reload, pause)
  const stops = channels.map((channel) => listen(channel, { said: ask, missed: ask }))
  onScopeDispose(() => {
    stops.forEach((stop) => stop())
    cancel()
  })
}
