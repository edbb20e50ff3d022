// SPDX-License-Identifier: Apache-2.0

import type { Widen } from '@/shared/i18n'
import type zh from './zh-CN'

const en: Widen<typeof zh> = {
  brand: 'Anlan console',
  skip: 'Skip to content',
  rail: 'Navigation',
  menu: 'Open navigation',
  groups: {
    inbox: 'To do',
    hazards: 'Hazards',
    tips: 'Tip-offs',
    campaigns: 'Campaigns',
    figures: 'Figures',
    units: 'Organisation',
    system: 'System',
  },
  scope: { label: 'Region shown', all: 'All regions I may see' },
  search: {
    button: 'Search',
    title: 'Search',
    lead: 'Type a page, a hazard number, a unit or a name, and press Enter.',
    label: 'Search pages, hazards, units, people',
    pages: 'Pages',
    none: 'Nothing found. Try another word, or check that the hazard number is complete.',
    finding: 'Searching…',
  },
  language: '中文',
  large: 'Large text',
  me: {
    menu: 'My account',
    unit: 'Switch to',
    current: 'Current unit',
    security: 'My security',
    signOut: 'Sign out',
    switched: 'You now act for {unit}',
  },
  denied: {
    title: 'This page needs another permission',
    todo: 'Your present role may not see this page. If your work needs it, ask the security administrator of your unit, or switch units at the top right.',
    home: 'Back to my to-do list',
  },
  missing: {
    title: 'There is no such page',
    todo: 'The address may be wrong, or the content has moved. Use the navigation, or press Ctrl+K to search.',
  },
  confirm: {
    title: 'Please confirm that it is you',
    lead: 'This step is sensitive. Type your password once more; you will not be asked again for 15 minutes.',
    password: 'Password',
    go: 'Confirm',
  },
  again: {
    title: 'Your session has ended; please sign in again',
    lead: 'The page and what you typed are still here; work goes on after you sign in.',
    other: 'Sign in with another account',
  },
}

export default en
