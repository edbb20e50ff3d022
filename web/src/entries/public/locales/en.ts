// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN'

const en: Widen<typeof zh> = {
  footer: {
    nav: 'Footer',
    privacy: 'Privacy',
    help: 'Help',
    complaint: 'Complaints and suggestions',
    console: 'For staff',
    about: 'Anlan: Work Safety Month and hazard reporting',
  },
}

export default en
