// Whether the page can be trusted: how fresh the data is, and whether every record read is accounted for.

import { html, nothing } from 'lit';
import { ago, count, dateTime, millis, shortCount, words } from './format.js';
import { empty, panel } from './panels.js';

const LATE = 60_000;
const VERY_LATE = 600_000;

export function pipeline(page) {
  return panel({
    name: 'pipeline',
    title: 'Pipeline',
    note: 'can these figures be trusted?',
    section: page.sections.pipeline,
    busy: true,
    content: (data) => html`<div class="pipeline-parts">
      ${freshness(page, data)} ${accounting(data.accounting)} ${rejected(page, data)}
    </div>`,
  });
}

/** Records on the way at any time, marks of transactions included. */
const ON_THE_WAY = 100;

/**
 * What keeps the figures from being those of now, in words: records that wait in Kafka while the newest there is to show is
 * old. Nothing where it is not, or where that is not known. Waiting is told as of a job's last checkpoint, so there may be less.
 */
export function catchingUp(page) {
  const pipeline = page.sections.pipeline?.data;
  const groups = page.sections.operations?.data?.lag?.known;
  if (!pipeline || !groups) return [];
  const waiting = (topic) =>
    groups.filter((each) => each.topic.endsWith(topic) && shows(each.group, pipeline.generation)).reduce((sum, each) => sum + each.records, 0);
  const old = (instant) => !(page.now - millis(instant) <= LATE);
  const said = [];
  if (old(pipeline.newest_received_time) && waiting('touchpoints') > ON_THE_WAY) {
    const newest = pipeline.newest_received_time ? `; the newest shown was received ${ago(page.now - millis(pipeline.newest_received_time))}` : '';
    said.push(`Up to ${count(waiting('touchpoints'))} touchpoints wait in Kafka${newest}.`);
  }
  if (pipeline.newest_metric && page.now - millis(pipeline.newest_metric) > 2 * LATE && waiting('metrics') > 100 * ON_THE_WAY) {
    said.push(`Metrics are as of ${ago(page.now - millis(pipeline.newest_metric))}; up to ${count(waiting('metrics'))} of their values wait in Kafka.`);
  }
  return said;
}

/**
 * Whether what is shown waits for the group: that of the experience job, or of the index job of the generation that is read.
 * One that is being filled has its own lag, and one that was stopped stays behind for good.
 */
function shows(group, generation) {
  const indexed = /-index-g(\d+)$/.exec(group);
  return indexed ? !generation || Number(indexed[1]) === generation : group.endsWith('-experience');
}

/** How long ago an instant is, with a dot that says whether that is fresh. */
export function freshnessDot(page, instant) {
  const lag = page.now - millis(instant);
  const tone = !instant ? 'none' : lag > VERY_LATE ? 'bad' : lag > LATE ? 'warn' : 'good';
  const state = { none: 'none yet', good: 'fresh', warn: 'delayed', bad: 'old' }[tone];
  return html`<span title=${instant ? dateTime(millis(instant)) : ''}
    ><i class="dot ${tone}"></i>${instant ? ago(lag) : 'none yet'}<span class="sr">, ${state}</span></span
  >`;
}

function freshness(page, data) {
  const fact = (name, instant) => html`<div>
    <dt>${name}</dt>
    <dd>${freshnessDot(page, instant)}</dd>
  </div>`;
  return html`<div>
    <h3>Freshness</h3>
    <dl class="facts tight">
      ${fact('Newest touchpoint received', data.newest_received_time)}
      ${fact('Newest event time', data.newest_event_time)}
      ${fact('Metrics true as of', data.newest_metric)}
      <div>
        <dt>Touchpoints indexed</dt>
        <dd>${count(data.touchpoints)}</dd>
      </div>
    </dl>
  </div>`;
}

function accounting(account) {
  if (!account) {
    return html`<div><h3>Accounting</h3>${empty('Nothing has been accounted for yet', 'Every record read ends in exactly one of five fates.')}</div>`;
  }
  const fates = ['processed', 'rejected', 'late', 'duplicate', 'erased'];
  const missing = account.in - fates.reduce((sum, fate) => sum + account[fate], 0);
  return html`<div>
    <h3>
      Accounting
      ${account.balances
        ? html`<span class="badge good">balanced</span>`
        : html`<span class="badge bad">does not balance</span>`}
    </h3>
    <p class="equation">
      <span><b>${shortCount(account.in)}</b> read</span>
      ${fates.map(
        (fate, index) =>
          html`<span class="sign" aria-hidden="true">${index ? '+' : account.balances ? '=' : '≠'}</span
            ><span class=${account[fate] ? '' : 'faint'} title=${count(account[fate])}><b>${shortCount(account[fate])}</b> ${fate}</span>`,
      )}
    </p>
    ${account.balances
      ? html`<p class="hint">Every record of ${account.sources === 1 ? '1 source' : `${count(account.sources)} sources`} has exactly one fate.</p>`
      : html`<p class="trouble" role="status">
          ${missing === 0
            ? html`The sum adds up, but not source by source: ${account.unbalanced.join(', ')}.`
            : html`<strong>${count(Math.abs(missing))} ${missing > 0 ? 'records are unaccounted for' : 'fates too many'}</strong> in ${account.unbalanced.join(', ')}.`}
        </p>`}
  </div>`;
}

function rejected(page, data) {
  const reasons = Object.entries(data.accounting?.rejected_by_reason ?? {});
  const most = Math.max(...reasons.map(([, number]) => number), 1);
  return html`<div>
    <h3>Rejected by reason</h3>
    ${reasons.length
      ? html`<ul class="reasons">
          ${reasons.slice(0, 6).map(
            ([reason, number]) => html`<li>
              <span>${words(reason)}</span><span class="bar"><i .style=${`width: ${(100 * number) / most}%`}></i></span
              ><b>${count(number)}</b>
            </li>`,
          )}
        </ul>`
      : html`<p class="hint">Nothing was rejected.</p>`}
  </div>`;
}
