import { describe, expect, test } from 'vitest'
import { loadsOf } from '../../support/loads.ts'

describe('what a document would load', () => {
  test.each([
    '<img alt="" src=//cdn.example.com/a.png>',
    '<a href="https://example.com">x</a>',
    '<p style="background:url(\'//example.com/a.png\')">',
    '<style>@import "https://example.com/a.css";</style>',
    '<style>.a{background:url(https://example.com/a.png)}</style>',
    '<style>.a{background:image-set("a.png" 1x)}</style>',
    '<svg><use xlink:href="https://example.com/a.svg#a"/></svg>',
    '<link rel="preconnect" href="https://example.com">',
    '<script>1</script>',
    '<form action="https://example.com/a">',
    '<meta http-equiv="refresh" content="0;url=https://example.com">',
    '<video poster=x></video>',
    '<base href="/elsewhere/">',
  ])('is found: %s', (document) => {
    expect(loadsOf(document)).not.toEqual([])
  })

  test.each([
    '<a href="#main">x</a>',
    '<a href="?">again</a>',
    '<p>src="https://example.com"</p>',
    '<td data-name="x">',
  ])('is nothing: %s', (document) => {
    expect(loadsOf(document)).toEqual([])
  })
})
