// Whether the pages can be trusted: freshness, the account of every record read, and what did not count, with reasons.

import { html, nothing } from 'lit';
import { query } from '../address.js';
import { count, dateTime, millis, words } from '../format.js';
import { asked, counted, empty, pager, saveTableButton, select } from '../lists.js';
import { scrolling } from '../panels.js';
import { pipeline as summary } from '../pipeline.js';

const FATES = ['processed', 'rejected', 'late', 'duplicate', 'erased'];

export function pipelinePage(page) {
  const { reason, page: number } = page.view;
  const held = page.data.get('pipeline', `/api/pipeline?${query({ reason, page: number })}`, { keep: true });
  const quiet = { ...held, notes: [], outage: '' };
  return html`${summary(page)}
    ${asked({
      name: 'dead',
      title: 'Records that did not count',
      note: held.data ? count(held.data.rejected.total) : '',
      tools: html`${held.data
        ? select({ label: 'Reason', value: reason, options: counted(held.data.rejected.counts.reason), choose: (next) => page.show({ reason: next, page: '' }) })
        : nothing}
      ${saveTableButton('rejected')}`,
      held,
      page,
      content: (data) => dead(page, data.rejected),
    })}
    <div class="halves">
      ${asked({ name: 'sources', title: 'Account by source', tools: saveTableButton('accounting'), held: quiet, page, content: (data) => sources(data.sources) })}
      ${asked({ name: 'documents', title: 'Documents', note: 'in the live generation of indices', held: quiet, page, content: (data) => documents(data.documents) })}
    </div>`;
}

function dead(page, found) {
  if (!found.documents.length) return empty('Nothing was rejected', 'Records that cannot count appear here with the reason.');
  return html`<p class="hint">Their bytes stay in the topics <code>rejected</code> and <code>late</code>, since they may be personal.</p>
    ${scrolling(
      'Records that did not count, newest first',
      html`<table class="evidence">
        <thead>
          <tr><th scope="col">Received</th><th scope="col">Reason</th><th scope="col">Detail</th><th scope="col">Origin</th><th scope="col">Schema</th></tr>
        </thead>
        <tbody>
          ${found.documents.map(
            (record) => html`<tr>
              <td>${dateTime(millis(record.received_time))}</td>
              <td>${words(record.reason)}</td>
              <td>${record.detail}</td>
              <td><code>${record.origin}</code></td>
              <td>${record.schema_id ?? '–'}</td>
            </tr>`,
          )}
        </tbody>
      </table>`,
    )}
    ${pager(page, found)}`;
}

function sources(all) {
  if (!all.length) return empty('Nothing has been accounted for yet');
  return scrolling(
    'Account by source',
    html`<table class="figures">
      <thead>
        <tr><th scope="col" class="name">Source</th><th scope="col">In</th>${FATES.map((fate) => html`<th scope="col">${words(fate)}</th>`)}<th scope="col">Balance</th></tr>
      </thead>
      <tbody>
        ${all.map((source) => {
          const left = source.in - FATES.reduce((sum, fate) => sum + (source[fate] ?? 0), 0);
          return html`<tr>
            <th scope="row">${source.source}</th>
            <td><b>${count(source.in)}</b></td>
            ${FATES.map((fate) => html`<td>${count(source[fate] ?? 0)}</td>`)}
            <td>${left === 0 ? html`<span class="badge good">even</span>` : html`<span class="badge bad">${count(left)}</span>`}</td>
          </tr>`;
        })}
      </tbody>
    </table>`,
  );
}

const documents = (byAlias) =>
  html`<dl class="facts tight">
    ${Object.entries(byAlias).map(([alias, number]) => html`<div><dt>${words(alias.replace('throughline-', '').replaceAll('-', ' '))}</dt><dd>${count(number)}</dd></div>`)}
  </dl>`;
