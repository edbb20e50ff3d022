// SPDX-License-Identifier: Apache-2.0

import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const css = readFileSync('src/shared/ui/tokens.css', 'utf8')

/** The custom properties of the rule with this selector. */
function declared(selector: string): Map<string, string> {
  const start = css.indexOf(`${selector} {`)
  const rule = css.slice(start, css.indexOf('}', start))
  return new Map([...rule.matchAll(/--([\w-]+):\s*([^;]+);/g)].map((m) => [m[1] ?? '', (m[2] ?? '').trim()]))
}

const light = declared(':root')
const themes = { light, dark: new Map([...light, ...declared(':root[data-theme="dark"]')]) }

function colour(theme: Map<string, string>, name: string): string {
  const value = theme.get(name) ?? ''
  const other = /^var\(--([\w-]+)\)$/.exec(value)?.[1]
  return other ? colour(theme, other) : value
}

function luminance(hex: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
    const c = parseInt(hex.slice(i, i + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [dark = 0, bright = 0] = [luminance(a), luminance(b)].sort((x, y) => x - y)
  return (bright + 0.05) / (dark + 0.05)
}

const text: [string, string][] = [
  ['al-text', 'al-bg'], ['al-text', 'al-surface'], ['al-text-2', 'al-bg'], ['al-text-2', 'al-surface'],
  ['al-link', 'al-bg'], ['al-link', 'al-surface'], ['al-danger', 'al-surface'], ['al-danger', 'al-bg'],
  ['al-warn', 'al-surface'], ['al-ok', 'al-surface'], ['al-ok', 'al-bg'], ['al-on-header', 'al-header'],
  ['al-on-primary', 'al-primary'], ['al-on-primary', 'al-primary-strong'], ['al-on-danger', 'al-danger-fill'],
  ['al-info-text', 'al-info-bg'], ['al-danger-text', 'al-danger-bg'], ['al-warn-text', 'al-warn-bg'],
  ['al-ok-text', 'al-ok-bg'], ['al-chosen-text', 'al-chosen-bg'], ['al-text-2', 'al-chosen-bg'],
  ['al-link', 'al-info-bg'], ['al-danger', 'al-danger-bg'],
]
const shapes: [string, string][] = [
  ['al-border-strong', 'al-surface'], ['al-focus', 'al-bg'], ['al-focus', 'al-surface'], ['al-primary', 'al-surface'],
]

describe.each(Object.entries(themes))('the %s theme', (_, theme) => {
  it.each(text)('text %s on %s has a contrast of 4.5', (a, b) => {
    expect(contrast(colour(theme, a), colour(theme, b))).toBeGreaterThanOrEqual(4.5)
  })
  it.each(shapes)('shape %s on %s has a contrast of 3', (a, b) => {
    expect(contrast(colour(theme, a), colour(theme, b))).toBeGreaterThanOrEqual(3)
  })
})

it('measures as WCAG does', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 5)
  expect(contrast('#767676', '#ffffff')).toBeCloseTo(4.54, 2)
})
