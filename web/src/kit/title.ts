// SPDX-License-Identifier: Apache-2.0

import { watchEffect } from 'vue'
import { t } from './words'

/** Names the page in the window and in the history, in the language of the page. */
export function useTitle(title: () => string): void {
  watchEffect(() => {
    document.title = title() ? `${title()} · ${t('header.name')}` : t('header.name')
  })
}
