import { raw } from 'hono/html'
import { createHash } from 'node:crypto'
import { colours } from './style/colours.ts'
import { form } from './style/form.ts'
import { parts } from './style/parts.ts'
import { pictures } from './style/pictures.ts'
import { places } from './style/places.ts'
import { text } from './style/text.ts'

/** The whole style of the page, inline, so that it loads nothing. No attribute `style`: the policy forbids it. */
const style = [colours, text, parts, pictures, form, places].join('')

/** Made here, as one text: the hash is of every character between the tags. */
export const styleElement = raw(`<style>${style}</style>`)
export const styleHash = createHash('sha256').update(style).digest('base64')
