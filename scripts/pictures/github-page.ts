import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Marked } from 'marked'
import markedAlert from 'marked-alert'

const style = createRequire(import.meta.url).resolve('github-markdown-css/github-markdown-light.css')

/** Mermaid is drawn by a program of GitHub's own; its place is shown, and said to be one. */
const reader = new Marked({ gfm: true }, markedAlert(), {
  renderer: {
    code: ({ lang }) =>
      lang === 'mermaid' ? '<p class="drawn"><em>GitHub draws a chart of the steps here.</em></p>' : false,
  },
})

/** Returns a job summary as a page that looks like GitHub's. */
export const asGitHubShows = (markdown: string): string => `<!doctype html>
<meta charset="utf-8">
<style>
${readFileSync(style, 'utf8')}
body { margin: 0; background: #fff }
.markdown-body { box-sizing: border-box; max-width: 980px; padding: 24px 32px }
.drawn { padding: 16px; border: 1px dashed #d1d9e0; border-radius: 6px }
</style>
<article class="markdown-body">
${reader.parse(markdown, { async: false })}
</article>
`
