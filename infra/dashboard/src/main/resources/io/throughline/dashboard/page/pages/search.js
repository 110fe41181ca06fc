// Sessions by what happened in them, and what customers said in their own words.

import { html, nothing } from 'lit';
import { OF_ALL, query } from '../address.js';
import { channelColour } from '../channels.js';
import { channelTag } from '../alerts.js';
import { answer } from '../answers.js';
import { channelName, count, dateMinute, dateTime, duration, millis, scaleWords, shortId, words } from '../format.js';
import { asked, beyond, counted, empty, pager, saveAs, select } from '../lists.js';
import { may } from '../me.js';
import { METRICS, periodWords } from '../metrics.js';
import { choice, scrollingTable } from '../panels.js';
import { nameOf } from './journeys.js';

const TROUBLE = [
  ['complaints', 'Complaint'], ['errors', 'Error'], ['handoffs', 'Handoff'], ['switches', 'Change of channel'], ['complaints,errors', 'Complaint or error'],
];

export function search(page) {
  if (page.view.session) return session(page, page.view.session);
  return { sessions, issues, touchpoints, verbatims }[page.view.find](page);
}

/** Stages that sessions were all at, as one of the choices. */
const several = (stage) => (stage.includes(',') ? [[stage, stage.split(',').map(words).join(' and ')]] : []);

const which = (page) =>
  choice({
    name: 'find',
    legend: 'Search for',
    options: [
      ['sessions', 'Sessions'],
      ['issues', 'Issues'],
      ['touchpoints', 'Touchpoints'],
      ['verbatims', 'Verbatims'],
    ],
    chosen: page.view.find,
    choose: (find) => page.show({ find, page: '', status: '', measured: '', scale: '', kind: '' }),
  });

const period = (page, held) => (page.view.until && held.until ? `the ${periodWords(page.view, held.until)}` : periodWords(page.view));

function sessions(page) {
  const { window, until, channel, also, segment, stage, topic, status, outcome, cut, customer, trouble, turn, step, way, flag, page: number } = page.view;
  const filters = { window, until, channel: [channel, also].filter(Boolean).join(','), segment, stage, topic, status, outcome, cut, customer, trouble, turn, step, way, flag };
  const held = page.data.get('sessions', `/api/sessions?${query({ ...filters, page: number })}`, { keep: true, again: !until });
  const change = (values) => page.show({ page: '', ...values });
  return asked({
    name: 'found',
    title: 'Search',
    note: held.data ? html`${count(held.data.total)} sessions${customer ? ' of this customer' : `, ${period(page, held)}`}` : '',
    tools: html`${which(page)} ${may(page.me, 'lead') ? saveAs(`/api/export/sessions.csv?${query(filters)}`) : nothing}`,
    held,
    page,
    content: (data) => html`<div class="filters">
        ${select({ label: 'Also over', value: also, all: 'Any channel', options: counted(data.counts.channels, channelName), choose: (next) => change({ also: next }) })}
        ${select({ label: 'Segment', value: segment, options: counted(data.counts.segment), choose: (next) => change({ segment: next }) })}
        ${select({ label: 'Stage', value: stage, options: [...counted(data.counts.stages), ...several(stage)], choose: (next) => change({ stage: next }) })}
        ${select({ label: 'Topic', value: topic, options: counted(data.counts.topics), choose: (next) => change({ topic: next }) })}
        ${select({ label: 'With', value: trouble, all: 'Anything', options: TROUBLE, choose: (next) => change({ trouble: next }) })}
        ${select({ label: 'Status', value: status, options: counted(data.counts.status), choose: (next) => change({ status: next }) })}
        ${select({ label: 'Outcome', value: outcome, options: counted(data.counts.outcome), choose: (next) => change({ outcome: next }) })}
        ${select({ label: 'Ended by', value: cut, options: counted(data.counts.cut_cause), choose: (next) => change({ cut: next }) })}
        ${customer ? html`<button class="chip" @click=${() => change({ customer: '' })}>Customer ${shortId(customer)} ✕</button>` : nothing}
        ${[['turn', turn, inWords('channel', turn.split('\t'))], ['step', step, stepInWords(step)], ['way', way, inWords(way.split('\t')[0], way.split('\t').slice(1))], ['flag', flag, words(flag)]]
          .filter(([, value]) => value)
          .map(([name, , text]) => html`<button class="chip" aria-label="Without the condition ${text}" @click=${() => change({ [name]: '' })}>${text} ✕</button>`)}
      </div>
      ${data.documents.length
        ? html`${sessionRows(page, data.documents)} ${pager(page, data)}`
        : (beyond(page, data) ?? empty('No session matches', 'A longer window or fewer conditions show more.'))}`,
  });
}

/** What issues came to. */
const VERDICTS = [
  ['first_contact', 'Solved at first contact'], ['not_first_contact', 'Not solved at first contact'], ['not_resolved', 'Not resolved'],
  ['repeated', 'Contacted again'], ['promise_broken', 'A promise broken'], ['promise_open', 'A promise still open'], ['provisional', 'Still provisional'],
];

/** What an issue counts in. */
const COUNTED = { fcr_gross: 'Counts in FCR gross', fcr_net: 'Counts in FCR net', fcr_behavioural: 'Counts in FCR behavioural', contacts: 'With a contact in the period' };

function issues(page) {
  const { window, until, channel, segment, topic, status, customer, verdict, measured, page: number } = page.view;
  const filters = { window, until, channel, segment, topic, status, customer, verdict, measured };
  const held = page.data.get('issues', `/api/issues?${query({ ...filters, page: number })}`, { keep: true, again: !until });
  const change = (values) => page.show({ page: '', ...values });
  return asked({
    name: 'found',
    title: 'Search',
    note: held.data ? html`${count(held.data.total)} issues${customer ? ' of this customer' : measured === 'contacts' ? `, ${period(page, held)}; each may have several contacts` : ` begun in the ${period(page, held)}`}${channel ? `, ${measured === 'contacts' ? 'a' : 'first'} contact over ${channelName(channel)}` : ''}` : '',
    tools: html`${which(page)} ${may(page.me, 'lead') ? saveAs(`/api/export/issues.csv?${query(filters)}`) : nothing}`,
    held,
    page,
    content: (data) => html`<div class="filters">
        ${select({ label: 'Came to', value: verdict, all: 'Anything', options: VERDICTS, choose: (next) => change({ verdict: next }) })}
        ${select({ label: 'About', value: topic, options: counted(data.counts.topic), choose: (next) => change({ topic: next }) })}
        ${select({ label: 'Status', value: status, options: counted(data.counts.status), choose: (next) => change({ status: next }) })}
        ${customer ? html`<button class="chip" @click=${() => change({ customer: '' })}>Customer ${shortId(customer)} ✕</button>` : nothing}
        ${measured
          ? html`<button class="chip" aria-label="Without the condition ${COUNTED[measured] ?? measured}" @click=${() => change({ measured: '' })}>${COUNTED[measured] ?? measured} ✕</button>`
          : nothing}
      </div>
      ${data.documents.length
        ? html`${issueRows(page, data.documents)} ${pager(page, data)}`
        : (beyond(page, data) ?? empty('No issue matches', 'A longer window or fewer conditions show more.'))}`,
  });
}

/** What a touchpoint counts as. */
const COUNTED_AS = {
  wait: 'With a wait', handle: 'With a handling time', queue: 'Answered or given up waiting', service_level: 'Counts in the service level',
  nps: 'Counts in NPS', csat: 'Counts in CSAT', ces: 'Counts in CES',
};

function touchpoints(page) {
  const { window, until, channel, segment, kind, customer, measured, scale, page: number } = page.view;
  const filters = { window, until, channel, segment, kind, customer, measured, scale };
  const held = page.data.get('touchpoints', `/api/touchpoints?${query({ ...filters, page: number })}`, { keep: true, again: !until });
  const change = (values) => page.show({ page: '', ...values });
  const about = ['nps', 'csat', 'ces'].includes(measured) ? 'about' : 'over';
  return asked({
    name: 'found',
    title: 'Search',
    note: held.data ? html`${count(held.data.total)} touchpoints${channel ? ` ${about} ${channelName(channel)}` : ''}${customer ? ' of this customer' : `, ${period(page, held)}`}` : '',
    tools: html`${which(page)} ${may(page.me, 'lead') ? saveAs(`/api/export/touchpoints.csv?${query(filters)}`) : nothing}`,
    held,
    page,
    content: (data) => html`<div class="filters">
        ${select({ label: 'What happened', value: kind, all: 'Anything', options: counted(data.counts.kind), choose: (next) => change({ kind: next }) })}
        ${select({ label: 'Segment', value: segment, options: counted(data.counts.segment), choose: (next) => change({ segment: next }) })}
        ${customer ? html`<button class="chip" @click=${() => change({ customer: '' })}>Customer ${shortId(customer)} ✕</button>` : nothing}
        ${measured
          ? html`<button class="chip" aria-label="Without the condition ${COUNTED_AS[measured] ?? measured}" @click=${() => change({ measured: '', scale: '' })}>
              ${COUNTED_AS[measured] ?? measured}${scale ? `, scale ${scaleWords(scale)}` : ''} ✕
            </button>`
          : nothing}
      </div>
      ${data.documents.length
        ? html`${touchpointRows(page, data.documents)} ${pager(page, data)}`
        : (beyond(page, data) ?? empty('No touchpoint matches', 'A longer window or fewer conditions show more.'))}`,
  });
}

/** One row a touchpoint; leads to the session it is part of. */
const touchpointRows = (page, found) =>
  scrollingTable(
    'Touchpoints, newest first',
    'evidence touchpoint-list',
    html`<thead>
      <tr><th scope="col">When</th><th scope="col">Customer</th><th scope="col">Channel</th><th scope="col">What happened</th><th scope="col">Where</th><th scope="col">Detail</th><th scope="col">Session</th></tr>
    </thead>
    <tbody>
      ${found.map(
        (step) => html`<tr>
          <td>${dateTime(millis(step.event_time))}<p class="folded">${customerLink(page, step.customer_id)} ${channelTag(step.channel)}</p></td>
          <td>${customerLink(page, step.customer_id)}</td>
          <td>${channelTag(step.channel)}</td>
          <td>${words(step.kind)}<p class="hint folded">${[step.touchpoint ? words(step.touchpoint) : '', ...detailsOf(step)].filter(Boolean).join(', ')}</p></td>
          <td>${step.touchpoint ? words(step.touchpoint) : '–'}</td>
          <td>${details(step)}</td>
          <td>${step.session_id ? html`<a href=${page.href('search', { session: step.session_id })} title=${step.session_id}>session</a>` : html`<span class="faint">${step.direction === 'outbound' ? 'none' : 'none yet'}</span>`}</td>
        </tr>`,
      )}
    </tbody>`,
  );

/** One row an issue: about what, over which channels, and what it came to. */
const issueRows = (page, found) =>
  scrollingTable(
    'Issues, newest first',
    'session-list',
    html`<thead>
      <tr>
        <th scope="col">Began</th><th scope="col">Customer</th><th scope="col">About</th><th scope="col">Channels</th>
        <th scope="col" class="number">Contacts</th><th scope="col" class="number">First answer</th><th scope="col">Came to</th><th scope="col">Promises</th>
      </tr>
    </thead>
    <tbody>
      ${found.map(
        (issue) => html`<tr>
          <td>
            <a href=${page.href('search', { ...OF_ALL, customer: issue.customer_id, ...(issue.topic && { topic: issue.topic }) })} title="Sessions of this customer${issue.topic ? ' about it' : ''}">${dateTime(millis(issue.start))}</a>
          </td>
          <td>${customerLink(page, issue.customer_id)}</td>
          <td>${words(issue.topic ?? issue.case_id ?? '–')}</td>
          <td><span class="channels">${(issue.channels ?? []).map(channelTag)}</span></td>
          <td class="number">${count(issue.contact_count)}</td>
          <td class="number">${duration(issue.first_response_ms)}</td>
          <td>${verdictOf(issue)}</td>
          <td>${promisesOf(page, issue)}</td>
        </tr>`,
      )}
    </tbody>`,
  );

function verdictOf(issue) {
  const said = [
    words(issue.status),
    issue.resolution_ms !== undefined && issue.resolution_ms !== null && `after ${duration(issue.resolution_ms)}`,
    issue.fcr_gross && 'at first contact',
  ].filter(Boolean);
  return html`${said.join(', ')}${issue.settled === false ? html`<p class="hint">may still change</p>` : nothing}`;
}

/** How many promises were kept, and of the others what was promised by when. */
export function promisesOf(page, issue) {
  if (!issue.promises_made) return html`<span class="faint">none</span>`;
  const rest = (issue.promises ?? []).filter((promise) => promise.status !== 'kept');
  const open = rest.filter((promise) => promise.status === 'open').length;
  return html`${count(issue.promises_kept)} of ${count(issue.promises_made)} kept${issue.promises_broken ? html`, <b class="bad">${count(issue.promises_broken)} broken</b>` : nothing}${open ? `, ${count(open)} open` : nothing}
    ${rest.slice(0, 3).map((promise) => html`<p class="hint">${promise.promise ? words(promise.promise) : 'not named'}${dueOf(page, promise)}</p>`)}
    ${rest.length > 3 ? html`<p class="hint">and ${count(rest.length - 3)} more</p>` : nothing}`;
}

function dueOf(page, { due, status }) {
  const by = millis(due);
  if (!Number.isFinite(by)) return status === 'broken' ? ', broken' : nothing;
  return html`, <span class=${status === 'broken' || by < page.now ? 'bad' : ''}>due ${dateMinute(by)}${status === 'open' && by < page.now ? ' (overdue)' : ''}</span>`;
}

const inWords = (by, names) => names.filter(Boolean).map((name) => nameOf(by, name)).join(' › ');

/** Number, from and to of a step of the ways on Journeys. */
function stepInWords(step) {
  const [by, number, from, to] = step.split('\t');
  return `Step ${number}: ${inWords(by, [from, to])}${to === '' ? ', ended there' : ''}`;
}

/** One row a session: who, its path as coloured steps, what went wrong. */
export const sessionRows = (page, sessions, { customer = true } = {}) =>
  scrollingTable(
    'Sessions, newest first',
    'session-list',
    html`<thead>
      <tr>
        <th scope="col">Began</th>${customer ? html`<th scope="col">Customer</th>` : nothing}<th scope="col">Path</th>
        <th scope="col" class="number">Touchpoints</th><th scope="col" class="number">Took</th><th scope="col">Trouble</th><th scope="col">Outcome</th>
      </tr>
    </thead>
    <tbody>
      ${sessions.map(
        (session) => html`<tr>
          <td><a href=${page.href('search', { session: session.session_id })} title=${session.session_id}>${dateTime(millis(session.start))}</a></td>
          ${customer ? html`<td>${customerLink(page, session.customer_id)}</td>` : nothing}
          <td>${strip(session)}</td>
          <td class="number">${count(session.touchpoint_count)}</td>
          <td class="number">${session.status === 'open' ? html`<span class="flag live">open</span>` : duration(session.duration_ms ?? millis(session.end) - millis(session.start))}</td>
          <td>${trouble(session)}</td>
          <td>${session.outcome ? words(session.outcome) : html`<span class="faint">–</span>`}</td>
        </tr>`,
      )}
    </tbody>`,
  );

export const customerLink = (page, id) =>
  may(page.me, 'agent') ? html`<a class="id" href=${page.href('customers', { customer: id })} title=${id}>${shortId(id)}</a>` : html`<span class="id" title=${id}>${shortId(id)}</span>`;

/** Neighbours over one channel are one piece, as wide as there are touchpoints. */
function strip(session) {
  const path = session.path ?? [];
  if (!path.length) return html`<span class="channels">${(session.channels ?? []).map(channelTag)}</span>`;
  const pieces = [];
  for (const step of path) {
    if (pieces.at(-1)?.channel === step.channel) pieces.at(-1).steps += 1;
    else pieces.push({ channel: step.channel, steps: 1 });
  }
  return html`<span class="strip">
    ${pieces.slice(0, 6).map(
      (piece) => html`<span class="piece"><i .style=${`background: var(--${channelColour(piece.channel)})`}></i>${channelName(piece.channel)}${piece.steps > 1 ? html`<small>×${piece.steps}</small>` : nothing}</span>`,
    )}${pieces.length > 6 ? html`<span class="faint">… ${count(pieces.length - 6)} more</span>` : nothing}
  </span>`;
}

function trouble(session) {
  const several = (number, one, many) => (number ? (number === 1 ? `1 ${one}` : `${count(number)} ${many}`) : '');
  const all = [
    several(session.complaints, 'complaint', 'complaints'),
    several(session.errors, 'error', 'errors'),
    several(session.handoffs, 'handoff', 'handoffs'),
    session.wait_ms > 60_000 ? `waited ${duration(session.wait_ms)}` : '',
  ].filter(Boolean);
  return all.length ? html`<span class=${session.complaints || session.errors ? 'bad' : ''}>${all.join(', ')}</span>` : html`<span class="faint">none</span>`;
}

function session(page, id) {
  const held = page.data.get('session', `/api/sessions/${encodeURIComponent(id)}`);
  return html`<p class="back"><a href=${page.href('search', { ...page.view, session: '' })}>‹ Search</a></p>
    ${asked({
      name: 'session',
      title: 'Session',
      note: html`<code>${id}</code>`,
      held,
      page,
      content: ({ session, touchpoints, total }) =>
        session ? oneSession(page, session, touchpoints, total) : empty('There is no such session', 'Sessions get another id when a correction changes where they begin.'),
    })}`;
}

function oneSession(page, session, touchpoints, total) {
  const fact = (name, what) => (what ? html`<div><dt>${name}</dt><dd>${what}</dd></div>` : nothing);
  const steps = touchpoints.length ? touchpoints : (session.path ?? []);
  return html`<dl class="facts">
      ${fact('Customer', customerLink(page, session.customer_id))}
      ${fact('Status', words(session.status))}
      ${fact('Began', dateTime(millis(session.start)))}
      ${fact('Took', duration(session.duration_ms))}
      ${fact('Channels', html`<span class="channels">${(session.channels ?? []).map(channelTag)}</span>`)}
      ${fact('Changes of channel', count(session.channel_switches))}
      ${fact('Handoffs', count(session.handoffs))}
      ${fact('Trouble', trouble(session))}
      ${fact('Waited', session.wait_ms ? duration(session.wait_ms) : '')}
      ${fact('Topics', (session.topics ?? []).map(words).join(', '))}
      ${fact('Stages', (session.stages ?? []).map(words).join(', '))}
      ${fact('Segment', session.segment && words(session.segment))}
      ${fact('Outcome', session.outcome && words(session.outcome))}
      ${fact('Ended by', session.cut_cause && session.cut_cause !== 'open' && words(session.cut_cause))}
      ${fact('Scores', Object.entries(session.scores ?? {}).map(([metric, score]) => `${metric.toUpperCase()} ${score}`).join(', '))}
    </dl>
    <h3>Touchpoints <small>${steps.length < total ? `first ${count(steps.length)} of ${count(total)}` : count(steps.length)}</small></h3>
    ${scrollingTable(
      'Touchpoints in order',
      'evidence',
      html`<thead>
        <tr><th scope="col">When</th><th scope="col">Channel</th><th scope="col">What happened</th><th scope="col">Where</th><th scope="col">By</th><th scope="col">Detail</th></tr>
      </thead>
      <tbody>
        ${steps.map(
          (step) => html`<tr>
            <td>${dateTime(millis(step.event_time))}</td>
            <td>${channelTag(step.channel)}</td>
            <td>${words(step.kind)}</td>
            <td>${step.touchpoint ? words(step.touchpoint) : '–'}</td>
            <td>${step.actor ? words(step.actor) : '–'}</td>
            <td>${details(step)}</td>
          </tr>`,
        )}
      </tbody>`,
    )}`;
}

const details = (step) => detailsOf(step).join(', ') || '–';

function detailsOf(step) {
  return [
    step.topic && words(step.topic),
    step.outcome && words(step.outcome),
    Number.isFinite(step.wait_ms) && `waited ${duration(step.wait_ms)}`,
    Number.isFinite(step.handle_ms) && `took ${duration(step.handle_ms)}`,
    step.survey && `${(step.survey.metric ?? '').toUpperCase()} ${step.survey.score ?? '–'}`,
    step.value && `${step.value.amount} ${step.value.currency}`,
  ].filter(Boolean);
}

/** Bounds of answers by what they are called. */
const SCORES = {
  nps: [['0-6', 'Detractors, 0–6'], ['7-8', 'Passives, 7–8'], ['9-10', 'Promoters, 9–10']],
  csat: [['1-2', 'Unsatisfied, 1–2'], ['3-3', 'Neither, 3'], ['4-5', 'Satisfied, 4–5']],
  ces: [['1-3', '1–3'], ['4-5', '4–5'], ['6-7', '6–7']],
};

function verbatims(page) {
  if (!may(page.me, 'agent')) {
    return html`<section class="panel"><header><h2>Search</h2>${which(page)}</header>
      ${empty('Verbatims are shown to agents', 'Customers write names and numbers into them.')}</section>`;
  }
  const { window, until, channel, segment, topic, customer, words: text, metric, score, page: number } = page.view;
  const [scoreMin, scoreMax] = score.split('-');
  const filters = { window, until, channel, segment, topic, customer, words: text, metric, score_min: scoreMin, score_max: scoreMax };
  const held = page.data.get('verbatims', `/api/verbatims?${query({ ...filters, page: number })}`, { keep: true, again: false });
  const change = (values) => page.show({ page: '', ...values });
  return asked({
    name: 'found',
    title: 'Search',
    note: held.data ? `${count(held.data.total)} verbatims, ${period(page, held)}` : '',
    tools: html`${which(page)} ${may(page.me, 'lead') ? saveAs(`/api/export/verbatims.csv?${query(filters)}`) : nothing}`,
    held,
    page,
    content: (data) => html`<form
        class="filters"
        role="search"
        @submit=${(event) => {
          event.preventDefault();
          change({ words: event.target.elements.words.value });
        }}
      >
        <label class="field wide"><span>Words</span><input name="words" type="search" .value=${text} maxlength="200" /></label>
        ${select({ label: 'About', value: topic, all: 'Anything', options: counted(data.counts.topic), choose: (next) => change({ topic: next }) })}
        ${select({
          label: 'Survey',
          value: metric,
          options: counted(data.counts['survey.metric'], (id) => METRICS[id]?.name ?? id),
          choose: (next) => change({ metric: next, score: '' }),
        })}
        ${SCORES[metric] ? select({ label: 'Answered', value: score, options: SCORES[metric], choose: (next) => change({ score: next }) }) : nothing}
        <button class="button primary" type="submit">Search</button>
      </form>
      ${data.documents.length
        ? html`<ul class="answers">
              ${data.documents.map((touchpoint) =>
                answer(
                  touchpoint,
                  html`${customerLink(page, touchpoint.customer_id)}
                  ${touchpoint.session_id ? html`<a href=${page.href('search', { session: touchpoint.session_id })}>session</a>` : nothing}`,
                ),
              )}
            </ul>
            ${pager(page, data)}`
        : (beyond(page, data) ?? empty('Nothing was said that matches', 'All words must occur. A longer window or fewer conditions show more.'))}`,
  });
}

