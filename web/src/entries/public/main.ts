// SPDX-License-Identifier: Apache-2.0

import { createApp } from 'vue'
import { restoreLocale } from '@/shared/i18n'
import App from './App.vue'
import { restoreSize, restoreTheme } from './display'
import { router } from './router'
import '@/shared/ui/tokens.css'
import '@/kit/kit.css'

restoreSize()
restoreTheme()
await restoreLocale()
createApp(App).use(router).mount('#app')
