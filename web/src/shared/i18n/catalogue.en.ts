// SPDX-License-Identifier: Apache-2.0

import type { Catalogue } from './errors'

const files = import.meta.glob<Catalogue>(['./errors.en.json', '/src/domains/*/locales/errors.en.json'], {
  eager: true,
  import: 'default',
})

const catalogue: Catalogue = Object.assign({}, ...Object.values(files))
export default catalogue
