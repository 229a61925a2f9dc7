import { expect, test } from 'vitest'
import { refersElsewhere } from '../../src/domain/release/self-contained.ts'

test.each([
  ['<h1>Back soon</h1>', []],
  ['<img src="data:image/png;base64,AA==">', []],
  [
    '<link rel="stylesheet" href="https://cdn.example.com/a.css"><script src=//cdn.example.com/a.js></script>',
    [],
  ],
  ['<a href="/status">status</a> <a href="#top">top</a>', []],
  ['<!-- <img src="/old.png"> --><p>x</p>', []],
  ['<svg><use href="#logo"/></svg>', []],
  ['<img alt="x" src="/logo.png">', ['/logo.png']],
  ["<script defer src='app.js'></script>", ['app.js']],
  ['<LINK REL=stylesheet HREF=../app.css>', ['../app.css']],
  ['<style>body { background: url( "/bg.jpg" ) } @import "/more.css";</style>', ['/bg.jpg', '/more.css']],
  ['<div style="background:url(/bg.jpg)">', ['/bg.jpg']],
  ['<img src=""><img src="/a.png"><img src="/a.png">', ['/a.png']],
])('a page %s loads %j of its own site', (html, expected) => {
  expect(refersElsewhere(html)).toEqual(expected)
})
