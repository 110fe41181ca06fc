// What lists have in common: their pages, their filters, and the file they can be taken away as.

import { html, nothing } from 'lit';
import { ago, count, millis, time, words } from './format.js';
import { empty, loading } from './panels.js';

const PER_PAGE = 25;
const FURTHEST = 10_000;

/**
 * A panel around what a page asked for: says that it loads, why it could not be read, or of when it is.
 *
 * @param held as {@link Data#get} gives it
 */
export function asked({ name, title, note, tools, held, content, page }) {
  const old = held.data !== undefined && (held.error || held.outage);
  return html`<section class="panel ${name}" aria-labelledby="${name}-title" aria-busy=${held.data === undefined && !held.error ? 'true' : 'false'}>
    <header>
      <h2 id="${name}-title">${title}</h2>
      ${note ? html`<p class="note">${note}</p>` : nothing} ${tools ?? nothing}
    </header>
    ${(held.notes ?? []).map((said) => html`<p class="said" role="status">${said}</p>`)}
    ${old
      ? html`<p class="trouble" role="status">
          ${asOf(held, page)} ${held.error || held.outage}
        </p>`
      : nothing}
    ${held.data !== undefined ? content(held.data) : held.error ? unreadable(page, held) : loading()}
  </section>`;
}

/** Answers that come from no index say no time. */
export const asOf = (held, page) =>
  held.asOf ? html`<strong>Data as of ${time(millis(held.asOf))}</strong> (${ago(page.now - millis(held.asOf))}).` : html`<strong>What was known before.</strong>`;

const unreadable = (page, held) => html`<div class="empty trouble" role="status">
  <p><strong>This could not be read.</strong></p>
  <p class="hint">${held.error}</p>
  ${held.again ? nothing : html`<p><button class="button" ?disabled=${held.loading} @click=${() => page.data.askAgain(held)}>Try again</button></p>`}
</div>`;

export { empty };

/** A choice from many, as a native select. Values not known from data can still be the chosen one. */
export function select({ label, value, options, choose, all = 'All' }) {
  const known = options.map((option) => (Array.isArray(option) ? option : [option, words(option)]));
  const shown = !value || known.some(([each]) => each === value) ? known : [...known, [value, words(value)]];
  return html`<label class="field"
    ><span>${label}</span>
    <select .value=${value} @change=${(event) => choose(event.target.value)}>
      <option value="" ?selected=${!value}>${all}</option>
      ${shown.map(([each, name]) => html`<option value=${each} ?selected=${each === value}>${name}</option>`)}
    </select></label
  >`;
}

/** Values with how many there are of each, from the counts of an answer. */
export const counted = (counts, name = words) =>
  Object.entries(counts ?? {}).map(([value, number]) => [value, `${name(value)} (${count(number)})`]);

/**
 * Which page of a list this is, and the way to its neighbours.
 *
 * @param newest whether the list is of the newest first
 */
export function pager(page, { total, from, documents }, newest = true) {
  if (total <= PER_PAGE && !from) return nothing;
  const at = Math.floor(from / PER_PAGE) + 1;
  const last = Math.ceil(Math.min(total, FURTHEST) / PER_PAGE);
  const to = (number) => page.href(page.view.at, { ...page.view, marked: '', page: number > 1 ? String(number) : '' });
  const [before, after] = newest ? ['Newer', 'Older'] : ['Previous', 'Next'];
  return html`<nav class="pager" aria-label="Pages of the list">
    ${at > 1 ? html`<a href=${to(at - 1)} rel="prev">${before}</a>` : html`<span class="faint">${before}</span>`}
    <span>${count(from + 1)} to ${count(from + documents.length)} of ${count(total)}</span>
    ${at < last ? html`<a href=${to(at + 1)} rel="next">${after}</a>` : html`<span class="faint">${after}</span>`}
    ${total > FURTHEST ? html`<span class="faint">only the ${newest ? 'newest' : 'first'} ${count(FURTHEST)} can be paged through: narrow the search</span>` : nothing}
  </nav>`;
}

/** What is said of a page of a list that the list does not reach; null where it does. */
export const beyond = (page, { total, from, documents }) =>
  from && !documents.length
    ? empty(
        `There is no page ${page.view.page}`,
        html`${count(total)} ${total === 1 ? 'matches' : 'match'}. <a href=${page.href(page.view.at, { ...page.view, marked: '', page: '' })}>To the first page</a>`,
      )
    : null;

/** A link that saves what matches as a file. */
export const saveAs = (address) => html`<a class="button" href=${address} download>Save as CSV</a>`;

/** Saves a table of this page as CSV; what a spreadsheet would take for a formula gets an apostrophe in front. */
export function saveTable(table, name) {
  const lines = [...table.rows].map((row) => [...row.cells].map((each) => cell(shownIn(each))).join(','));
  const file = new Blob(['\ufeff', lines.join('\r\n'), '\r\n'], { type: 'text/csv' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `throughline-${name}.csv`;
  link.click();
  URL.revokeObjectURL(link.href);
}

/** What can be unfolded is no part of it. */
function shownIn(place) {
  const folds = [...place.querySelectorAll('details')];
  for (const each of folds) each.hidden = true;
  const text = place.innerText.trim().replace(/\s+/g, ' ');
  for (const each of folds) each.hidden = false;
  return text;
}

const FORMULA = /^[\s\u00a0]*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

function cell(text) {
  const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A button that saves the table beside it; not shown while there is none. */
export const saveTableButton = (name) =>
  html`<button
    class="button save-table"
    @click=${(event) => {
      const table = event.target.closest('.panel, .sheet').querySelector('table');
      if (table) saveTable(table, name);
    }}
  >
    Save as CSV
  </button>`;
