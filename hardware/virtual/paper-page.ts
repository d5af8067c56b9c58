/**
 * The page of a virtual printer from the command line, as text.
 *
 * One file without a build: whoever tries a printer without a till has no page of the till. Papers are
 * pictures, so that nothing that was printed can run; what changes comes as events.
 */
export const PAPER_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Virtual printer</title>
<link rel="stylesheet" href="/page.css">
<link rel="icon" href="data:,">
</head>
<body>
<header><h1>Virtual printer</h1><p id="address"></p><p id="state" role="status"></p></header>
<main>
<form id="hand">
<fieldset><legend>Paper</legend>
<label><input type="radio" name="paper" value="ok">Full roll</label>
<label><input type="radio" name="paper" value="near-end">Nearly out</label>
<label><input type="radio" name="paper" value="out">Out</label>
</fieldset>
<fieldset><legend>By hand</legend>
<label><input type="checkbox" name="coverOpen">Cover open</label>
<label><input type="checkbox" name="hangs">Never reads</label>
<label><input type="checkbox" name="drawerOpen">Drawer open</label>
</fieldset>
</form>
<section id="papers" aria-label="Papers, the newest first"><p id="empty">Nothing has been printed yet.</p></section>
</main>
<script src="/page.js"></script>
</body>
</html>
`;

export const PAPER_PAGE_CSS = `:root { color-scheme: light dark; font: 18px/1.4 system-ui, sans-serif; }
body { margin: 0; block-size: 100dvh; display: flex; flex-direction: column; }
header { display: flex; align-items: baseline; gap: 20px; padding: 12px 24px; }
h1 { font-size: 24px; margin: 0; }
header p { margin: 0; }
main { flex: 1; min-block-size: 0; display: grid; grid-template-columns: 280px 1fr; gap: 24px; padding: 0 24px 24px; }
fieldset { border: 1px solid; border-radius: 12px; margin: 0 0 16px; padding: 8px 16px; }
label { display: flex; align-items: center; gap: 12px; min-block-size: 48px; cursor: pointer; }
input { inline-size: 22px; block-size: 22px; }
#papers { overflow: auto; background: #8884; border-radius: 12px; padding: 16px; }
#papers img { display: block; margin: 0 auto 20px; max-inline-size: 100%; background: #fffdf8; }
`;

export const PAPER_PAGE_SCRIPT = `'use strict';
const papersMax = 50;
const form = document.getElementById('hand');
const papers = document.getElementById('papers');
const state = document.getElementById('state');
const show = (hand) => {
  for (const input of form.elements) {
    if (input.type === 'radio') input.checked = input.value === hand.paper;
    else if (input.name === 'hangs') input.checked = !hand.reads;
    else if (input.type === 'checkbox') input.checked = hand[input.name];
  }
};
const events = new EventSource('/events');
events.addEventListener('open', () => { state.textContent = ''; });
events.addEventListener('error', () => { state.textContent = 'The printer has ended.'; });
events.addEventListener('address', (event) => {
  document.getElementById('address').textContent = JSON.parse(event.data);
});
events.addEventListener('hand', (event) => show(JSON.parse(event.data)));
events.addEventListener('paper', (event) => {
  const { number, svg } = JSON.parse(event.data);
  document.getElementById('empty')?.remove();
  const image = new Image();
  image.src = 'data:image/svg+xml,' + encodeURIComponent(svg);
  image.alt = 'Paper ' + number;
  papers.prepend(image);
  while (papers.children.length > papersMax) papers.lastElementChild.remove();
});
form.addEventListener('change', ({ target }) => {
  const value = target.type === 'radio' ? target.value : target.checked;
  const change = target.name === 'hangs' ? { reads: !value } : { [target.name]: value };
  fetch('/hand', { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(change) })
    .catch(() => { state.textContent = 'The printer has ended.'; });
});
`;
