// SPDX-License-Identifier: Apache-2.0

import { c } from './words'

type Input = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement

const isInput = (target: EventTarget | null): target is Input =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement

/**
 * A browser says in its own language what a form lacks. Here it says so in the language
 * of the page: an English page in a Chinese browser, and the other way round.
 */
export function sayMissing(root: Document = document): void {
  root.addEventListener('invalid', ({ target }) => {
    if (isInput(target)) target.setCustomValidity(sentence(target))
  }, true)
  root.addEventListener('input', ({ target }) => {
    if (isInput(target)) target.setCustomValidity('')
  }, true)
  // What was filled in without typing, by a choice beside it, is judged anew as well.
  root.addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLButtonElement>('button[type=submit]') : null
    for (const one of button?.form?.elements ?? []) if (isInput(one)) one.setCustomValidity('')
  }, true)
}

function sentence(input: Input): string {
  return input.validity.valueMissing ? c('form.fillIn') : c('form.amend')
}
