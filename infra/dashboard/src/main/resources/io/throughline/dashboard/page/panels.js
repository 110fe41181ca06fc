// What panels are made of: their frame, and what they say when there is nothing to show.

import { html, nothing } from 'lit';

/**
 * A panel that is loading, failed, empty or shows its data.
 *
 * @param section undefined until first read
 * @param content called with the data
 */
export function panel({ name, title, note, tools, section, content, busy }) {
  const data = section?.data;
  return html`<section class="panel ${name}" aria-labelledby="${name}-title" aria-busy=${!section && busy ? 'true' : 'false'}>
    <header>
      <h2 id="${name}-title">${title}</h2>
      ${note ? html`<p class="note">${note}</p>` : nothing}
      ${tools ?? nothing}
    </header>
    ${section?.error ? trouble(section.error, Boolean(data)) : nothing}
    ${data ? content(data) : section?.error ? nothing : loading()}
  </section>`;
}

const trouble = (error, kept) => html`<p class="trouble" role="status">
  <strong>${kept ? 'Not up to date.' : 'Could not be read.'}</strong> Elasticsearch says: ${error}
</p>`;

export const loading = () => html`<div class="loading" role="status"><span class="sr">Loading</span><i></i><i></i><i></i></div>`;

export const empty = (what, hint) => html`<div class="empty"><p>${what}</p>${hint ? html`<p class="hint">${hint}</p>` : nothing}</div>`;

/**
 * What of the controls at the top a panel does not follow, for its note: "now, all segments"; empty where none of them is used.
 *
 * @param now whether it is of now, whatever the end
 */
export function regardless({ view }, { now = false, channel = false, segment = true }) {
  const all = [channel && view.channel && 'channels', segment && view.segment && 'segments'].filter(Boolean).join(' and ');
  return [now && view.until && 'now', all && `all ${all}`].filter(Boolean).join(', ');
}

/** A note and what {@link regardless} adds to it. */
export const noteAnd = (note, more) => (note && more ? html`${note}; ${more}` : note || more);

/** A choice of one out of few: native radio buttons, so that arrow keys work. */
export function choice({ name, legend, options, chosen, choose }) {
  return html`<fieldset class="choice">
    <legend class="sr">${legend}</legend>
    ${options.map(
      ([value, label]) => html`<label
        ><input type="radio" name=${name} value=${value} .checked=${value === chosen} @change=${() => choose(value)} /><span
          >${label}</span
        ></label
      >`,
    )}
  </fieldset>`;
}

/** A table that scrolls by itself when it is wider or longer than its place; reachable by keyboard then. */
export const scrolling = (label, table) =>
  html`<div class="scrolling" role="region" tabindex="0" aria-label=${label}>${table}</div>`;

/**
 * The same for a table, which is called as its place is: people who hear it jump from table to table too.
 *
 * @param kind how it is drawn
 * @param rows its head and bodies
 */
export const scrollingTable = (name, kind, rows) => scrolling(name, html`<table class=${kind}><caption class="sr">${name}</caption>${rows}</table>`);
