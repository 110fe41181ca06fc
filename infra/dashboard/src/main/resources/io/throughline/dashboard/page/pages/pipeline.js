// Whether the pages can be trusted: freshness, the account of every record read, and what did not count, with reasons.

import { html, nothing } from 'lit';
import { query } from '../address.js';
import { channelTag } from '../alerts.js';
import { count, dateTime, millis, title, words } from '../format.js';
import { asked, counted, empty, pager, saveTableButton, select } from '../lists.js';
import { noteAnd, regardless, scrollingTable } from '../panels.js';
import { periodWords } from '../metrics.js';
import { pipeline as summary } from '../pipeline.js';
import { may } from '../me.js';
import { jobsPanel, lagPanel } from '../operations.js';

const FATES = ['processed', 'rejected', 'late', 'duplicate', 'erased'];

export function pipelinePage(page) {
  const { window, until, reason, page: number } = page.view;
  const held = page.data.get('pipeline', `/api/pipeline?${query({ window, until, reason, page: number })}`, { keep: true });
  const quiet = { ...held, notes: [], outage: '' };
  return html`${summary(page)} ${jobsPanel(page)} ${lagPanel(page)}
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
      content: (data) => html`${redriving(page, data.rejected.counts.reason)} ${dead(page, data.rejected)}`,
    })}
    ${asked({
      name: 'quality',
      title: 'Quality over time',
      note: noteAnd(`what became of the records read, ${periodWords(page.view)}`, regardless(page, { channel: true })),
      tools: saveTableButton('quality'),
      held: quiet,
      page,
      content: (data) => quality(page, data.quality, data.flags),
    })}
    <div class="halves">
      ${asked({ name: 'sources', title: 'Account by source', tools: saveTableButton('accounting'), held: quiet, page, content: (data) => sources(data.sources) })}
      ${asked({ name: 'documents', title: 'Documents', note: 'in the live generation of indices', held: quiet, page, content: (data) => documents(data.documents) })}
    </div>`;
}

/** What somebody is about to let be read again, and what became of the last time. */
let about = '';
let redriven = null;

/** Reasons with a button each; what is written cannot be taken back, so it is asked twice. */
function redriving(page, counts) {
  const reasons = Object.entries(counts ?? {});
  if (!page.me?.redrives || !may(page.me, 'lead') || !reasons.length) return nothing;
  const choose = (reason) => {
    about = reason;
    redriven = null;
    page.requestUpdate();
  };
  return html`<div class="redrive" role="group" aria-label="Redrive">
      ${reasons.map(([reason, number]) =>
        about === reason
          ? html`<span class="one">
              <button class="button primary" @click=${() => redrive(page, reason)}>Read ${words(reason)} again</button>
              <button class="button" @click=${() => choose('')}>No</button>
            </span>`
          : html`<button class="button" aria-label="Redrive ${words(reason)}, ${count(number)}" @click=${() => choose(reason)}>Redrive ${words(reason)} <b>${count(number)}</b></button>`,
      )}
    </div>
    ${about ? html`<p class="hint" role="status">Up to 1,000 records go to the topic once more, as they were; each once in its life. What still cannot count comes back here.</p>` : nothing}
    ${outcome()}`;
}

async function redrive(page, reason) {
  about = '';
  redriven = { reason, sending: true };
  page.requestUpdate();
  try {
    redriven = { reason, ...(await page.data.post('/api/redrive', { reason })) };
  } catch (refused) {
    redriven = { reason, error: refused.message };
  }
  page.data.refresh();
  page.requestUpdate();
}

function outcome() {
  if (!redriven) return nothing;
  if (redriven.sending) return html`<p class="hint" role="status">Reading ${words(redriven.reason)} again …</p>`;
  if (redriven.error) return html`<p class="trouble" role="alert">${redriven.error}</p>`;
  const besides = [
    redriven.before ? `${count(redriven.before)} were before` : '',
    redriven.others ? `${count(redriven.others)} are no touchpoints` : '',
    redriven.left ? `${count(redriven.left)} more to come: do it again` : '',
  ].filter(Boolean);
  return html`<p class="said" role="status">
    <b>${count(redriven.redriven)} redriven</b> of ${words(redriven.reason)}${besides.length ? `; ${besides.join('; ')}` : ''}. They count in a moment.
  </p>`;
}

function dead(page, found) {
  if (!found.documents.length) return empty('Nothing was rejected', 'Records that cannot count appear here with the reason.');
  return html`<p class="hint">Their bytes stay in the topics <code>rejected</code> and <code>late</code>, since they may be personal.</p>
    ${scrollingTable(
      'Records that did not count, newest first',
      'evidence',
      html`<thead>
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
      </tbody>`,
    )}
    ${pager(page, found)}`;
}

/** Every step of the period in which anything was read, newest first. */
function quality(page, { step_millis: step, steps, processed_by_channel: channels, remarks }, flags) {
  const share = (number, of) => `${((100 * number) / of).toFixed(2)} %`;
  const kept = Object.entries(flags);
  return html`${steps.length
      ? scrollingTable(
          'Records by what became of them, over time, newest first',
          'figures',
          html`<thead>
            <tr><th scope="col" class="name">${step >= 86_400_000 ? 'Day until' : 'Hour until'}</th><th scope="col">Read</th><th scope="col">Rejected</th><th scope="col">Late</th><th scope="col">Duplicate</th><th scope="col">Erased</th><th scope="col">Rejected or late</th></tr>
          </thead>
          <tbody>
            ${[...steps].reverse().map((each) => {
              const lost = each.rejected + each.late;
              return html`<tr>
                <th scope="row">${dateTime(millis(each.until))}</th>
                <td><b>${count(each.in)}</b></td>
                <td>${count(each.rejected)}</td>
                <td>${count(each.late)}</td>
                <td>${count(each.duplicate)}</td>
                <td>${count(each.erased)}</td>
                <td class=${lost / each.in >= 0.01 ? 'bad' : ''}>${share(lost, each.in)}</td>
              </tr>`;
            })}
          </tbody>`,
        )
      : empty('Nothing was read in this period', 'A longer window shows more.')}
    ${Object.keys(channels).length
      ? html`<h3>Counted, by channel <small>touchpoints of the period’s records</small></h3>
          <dl class="facts">${Object.entries(channels).map(([channel, number]) => html`<div><dt>${channelTag(channel)}</dt><dd><a href=${page.href('search', { find: 'touchpoints', channel })} title="Touchpoints of the period">${count(number)}</a></dd></div>`)}</dl>`
      : nothing}
    ${Object.keys(remarks).length
      ? html`<h3>Left out or changed <small>in all accepted records, late ones and duplicates included</small></h3>
          <dl class="facts">${Object.entries(remarks).map(([remark, number]) => html`<div><dt>${words(remark)}</dt><dd>${count(number)}</dd></div>`)}</dl>`
      : nothing}
    ${kept.length
      ? html`<h3>Contradictions that were kept <small>sessions that began in the period</small></h3>
          <dl class="facts">${kept.map(([flag, number]) => html`<div><dt>${words(flag)}</dt><dd><a href=${page.href('search', { flag })}>${count(number)}</a></dd></div>`)}</dl>`
      : nothing}`;
}

function sources(all) {
  if (!all.length) return empty('Nothing has been accounted for yet');
  return scrollingTable(
    'Account by source',
    'figures',
    html`<thead>
      <tr><th scope="col" class="name">Source</th><th scope="col">In</th>${FATES.map((fate) => html`<th scope="col">${title(fate)}</th>`)}<th scope="col">Balance</th></tr>
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
    </tbody>`,
  );
}

const documents = (byAlias) =>
  html`<dl class="facts tight">
    ${Object.entries(byAlias).map(([alias, number]) => html`<div><dt>${title(alias.replace('throughline-', '').replaceAll('-', ' '))}</dt><dd>${count(number)}</dd></div>`)}
  </dl>`;
