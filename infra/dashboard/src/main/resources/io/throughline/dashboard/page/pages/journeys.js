// The ways customers take: through channels, stages or touchpoints of the journey map, and where they stop.

import { html, nothing } from 'lit';
import { query } from '../address.js';
import { channelTag } from '../alerts.js';
import { channelName, count, date, duration, millis, percent, title, words } from '../format.js';
import { asked, empty, saveTableButton } from '../lists.js';
import { periodWords } from '../metrics.js';
import { choice, noteAnd, regardless, scrolling, scrollingTable } from '../panels.js';
import { ARC_PARTS } from '../charts.js';

const STAGES = ['awareness', 'acquisition', 'onboarding', 'engagement', 'support'];
const BY = { channel: 'Channels', stage: 'Stages', touchpoint: 'Touchpoints' };

export function journeys(page) {
  const { window, until, channel, segment, by, topic } = page.view;
  const ofAll = (more) => [regardless(page, more), topic && 'all topics'].filter(Boolean).join(', ');
  const held = page.data.get('journeys', `/api/journeys?${query({ window, until, channel, segment, by, topic })}`, { keep: true, again: !until });
  return html`${asked({
    name: 'ways',
    title: 'Ways through a session',
    note: html`${periodWords(page.view)}${channel ? `, sessions over ${channelName(channel)}` : ''}${topic
      ? html` <button class="chip" aria-label="Without the condition Topic ${words(topic)}" @click=${() => page.show({ topic: '' })}>Topic ${words(topic)} ✕</button>`
      : nothing}`,
    tools: html`${choice({ name: 'by', legend: 'Ways through', options: Object.entries(BY), chosen: by, choose: (next) => page.show({ by: next }) })}
    ${choice({ name: 'ways', legend: 'Show as', options: [['chart', 'Chart'], ['table', 'Table']], chosen: page.view.ways, choose: (ways) => page.show({ ways }) })}`,
    held,
    page,
    content: (data) => ways(page, data.paths),
  })}
  <div class="halves">
    ${asked({
      name: 'common',
      title: 'Most frequent ways',
      note: 'with the share that met a complaint or an error',
      tools: saveTableButton('ways'),
      held: { ...held, notes: [], outage: '' },
      page,
      content: (data) => common(page, data.paths),
    })}
    ${asked({
      name: 'funnel',
      title: 'Stages of the journey',
      note: held.data?.arcs.total ? noteAnd('journeys that went on in the period, by the stages they touched', [until && 'as they stand now', ofAll({})].filter(Boolean).join(', ')) : 'customers with a session in each',
      tools: choice({ name: 'funnel', legend: 'Show as', options: [['chart', 'Chart'], ['table', 'Table']], chosen: page.view.funnel, choose: (funnel) => page.show({ funnel }) }),
      held: { ...held, notes: [], outage: '' },
      page,
      content: (data) => (data.arcs.total ? arcs(page, data.arcs) : funnel(page, data.funnel)),
    })}
  </div>
  ${held.data?.transitions.flows.length
    ? asked({
        name: 'moves',
        title: 'From stage to stage',
        note: noteAnd(`journeys, whole days since ${date(millis(held.data.transitions.from))} (UTC), over all channels`, ofAll({})),
        tools: saveTableButton('stages'),
        held: { ...held, notes: [], outage: '' },
        page,
        content: (data) => moves(page, data.transitions.flows),
      })
    : nothing}`;
}

/** Of the journeys that touched each stage: how many touched a later one, and of the others how many have ended. */
function arcs(page, { total, stages: touched, by_status: statuses, median_conversion_millis: conversion }) {
  const order = (stage) => (STAGES.includes(stage) ? STAGES.indexOf(stage) : STAGES.length);
  const rows = [...touched].sort((left, right) => order(left.stage) - order(right.stage)).map(({ stage, journeys: number, furthest, ended }) => ({
    stage,
    number,
    later: Math.max(0, number - furthest),
    active: Math.max(0, furthest - ended),
    ended,
  }));
  const said = html`<p class="hint">
    Of ${count(total)} journeys ${['converted', 'active', 'abandoned', 'churned'].filter((status) => statuses[status]).map((status) => `${count(statuses[status])} ${status}`).join(', ')}${Number.isFinite(conversion)
      ? `; half of the conversions took at most ${duration(conversion)}`
      : ''}. A journey counts in each stage it touched, and need not touch them all.
  </p>`;
  if (page.view.funnel === 'chart') {
    return html`<stages-chart
        .model=${page.model('arcs', [total, JSON.stringify(rows)], () => ({ rows, total, of: 'Journeys', parts: ARC_PARTS, more: became, open: (stage) => page.go(page.href('search', { stage })) }))}
        aria-label="Bars: journeys by the stages they touched, and what became of them after it. The table shows the figures."
      ></stages-chart>
      <ul class="legend parts" aria-label="Colours of the bars">
        ${ARC_PARTS.map(({ name, colour }) => html`<li><i .style=${`background: var(--${colour})`}></i>${name}</li>`)}
      </ul>
      ${said}
      <p class="hint">A bar leads to the sessions of the period at that stage; not each of them is of one of these journeys.</p>`;
  }
  return html`${scrollingTable(
    'Journeys by stage touched',
    'figures',
    html`<thead>
      <tr>
        <th scope="col" class="name">Stage</th><th scope="col" title="Journeys that touched it; share of all">Journeys</th>
        ${ARC_PARTS.map(({ name, short }) => html`<th scope="col" title="${name}; share of those that touched it">${short}</th>`)}<td></td>
      </tr>
    </thead>
    <tbody>
      ${rows.map(
        (row) => html`<tr>
          <th scope="row">${title(row.stage)}</th>
          <td><b>${count(row.number)}</b> <small class="faint">${percent(row.number, total)}</small></td>
          ${ARC_PARTS.map(({ part }) => html`<td>${share(row[part], row.number)}</td>`)}
          <td><a href=${page.href('search', { stage: row.stage })} title="Sessions of the period at this stage; not each of them is of one of these journeys">sessions</a></td>
        </tr>`,
      )}
    </tbody>`,
  )}
  ${said}
  <p class="hint">Of the journeys that touched a stage, how many touched a later one; of the others, how many may go on and how many have ended.</p>`;
}

const became = (row) => ARC_PARTS.map(({ part, name }) => ({ name, value: `${count(row[part])} (${percent(row[part], row.number)})` }));

const share = (number, of) => html`${count(number)}${number ? html` <small class="faint">${percent(number, of)}</small>` : nothing}`;

function moves(page, flows) {
  const order = (stage) => (STAGES.includes(stage) ? STAGES.indexOf(stage) : 99);
  const names = [...new Set(flows.flatMap((flow) => [flow.from, flow.to]))].sort((left, right) => order(left) - order(right) || (left < right ? -1 : 1));
  const found = new Map(flows.map((flow) => [`${flow.from}\0${flow.to}`, flow.count]));
  const most = Math.max(...flows.map((flow) => flow.count));
  return html`${scrollingTable(
    'Moves from stage to stage',
    'figures heat',
    html`<thead>
      <tr><th scope="col">From, to</th>${names.map((name) => html`<th scope="col">${title(name)}</th>`)}</tr>
    </thead>
    <tbody>
      ${names.map(
        (from) => html`<tr>
          <th scope="row">${title(from)}</th>
          ${names.map((to) => {
            const number = found.get(`${from}\0${to}`);
            if (!number) return html`<td class="faint">${from === to ? '' : '·'}</td>`;
            return html`<td class="portion" .style=${`--strength: ${Math.round((100 * number) / most)}%`}>
              <a href=${page.href('search', { stage: `${from},${to}` })} title="Sessions of the period at both stages">${count(number)}</a>
            </td>`;
          })}
        </tr>`,
      )}
    </tbody>`,
  )}
  <p class="hint">
    A number leads to the sessions of the period at both stages, whichever they were at first. That is another number: a journey also moves on between two of its sessions.
  </p>`;
}

export const nameOf = (by, name) => (by === 'channel' ? channelName(name) : title(name));

function ways(page, paths) {
  const { by } = page.view;
  if (!paths.steps.length) {
    if (paths.total) return empty(`Of ${paths.total === 1 ? 'the one session' : `none of the ${count(paths.total)} sessions`} ${paths.total === 1 ? 'no' : 'the'} ${by} is known`);
    const { channel, segment, topic } = page.view;
    const which = [channel && `over ${channelName(channel)}`, segment && `of segment ${words(segment)}`, topic && `about ${words(topic)}`].filter(Boolean).join(' ');
    return empty(`No session${which ? ` ${which}` : ''} began in the ${periodWords(page.view)}`, which ? 'Fewer conditions show more.' : 'Ways appear as sessions do.');
  }
  const part = paths.read < paths.total ? `the ${count(paths.read)} of ${count(paths.total)} sessions whose ${by} is known` : `all ${count(paths.total)} sessions`;
  return html`<p class="hint">Counted over ${part}. Each column is the next ${by}; the first six are shown. A place or a way leads to its sessions.</p>
    ${page.view.ways === 'table'
      ? scrollingTable('Steps from one to the next', 'figures', linkRows(page, paths))
      : scrolling(
          'Picture of the ways',
          html`<sankey-chart
          .model=${page.model('ways', [paths, by], () => ({ paths, by, open: (step, from, to) => page.go(page.href('search', { step: [by, step + 1, from, ...(to === undefined ? [] : [to])].join('\t') })) }))}
          aria-label="Flow of sessions from ${by} to ${by}. The table shows the figures."
        ></sankey-chart>`,
        )}`;
}

const linkRows = (page, { links, steps }) => html`<thead>
  <tr><th scope="col">Step</th><th scope="col" class="name">From</th><th scope="col" class="name">To</th><th scope="col">Sessions</th><th scope="col">Share of those that were there</th></tr>
</thead>
<tbody>
  ${[...links]
    .sort((left, right) => left.step - right.step || right.sessions - left.sessions)
    .map((link) => {
      const there = steps.find((step) => step.step === link.step && step.name === link.from)?.sessions ?? 0;
      return html`<tr>
        <th scope="row">${link.step + 1}</th>
        <td class="name">${nameOf(page.view.by, link.from)}</td>
        <td class="name">${nameOf(page.view.by, link.to)}</td>
        <td><a href=${page.href('search', { step: [page.view.by, link.step + 1, link.from, link.to].join('\t') })}>${count(link.sessions)}</a></td>
        <td>${percent(link.sessions, there)}</td>
      </tr>`;
    })}
</tbody>`;

/** The sessions that took exactly this way. */
const behind = (page, way, more = {}) => page.href('search', { way: [page.view.by, ...way.names, ...(way.longer ? ['…'] : [])].join('\t'), ...more });

function common(page, paths) {
  if (!paths.common.length) return empty('No ways yet');
  const all = paths.read || 1;
  return scrollingTable(
    'Most frequent ways',
    'figures',
    html`<thead>
      <tr><th scope="col" class="name">Way</th><th scope="col">Sessions</th><th scope="col">Share</th><th scope="col">In trouble</th></tr>
    </thead>
    <tbody>
      ${paths.common.map(
        (way) => html`<tr>
          <td class="name way">
            ${way.names.map(
              (name, index) => html`${index ? html`<span class="sign" aria-label="then">›</span>` : nothing}${page.view.by === 'channel' ? channelTag(name) : html`<span>${title(name)}</span>`}`,
            )}${way.longer ? html`<span class="sign">…</span>` : nothing}
          </td>
          <td><a href=${behind(page, way)}>${count(way.sessions)}</a></td>
          <td>${percent(way.sessions, all)}</td>
          <td>
            ${way.troubled
              ? html`<a class="bad" href=${behind(page, way, { trouble: 'complaints,errors' })} title="${count(way.troubled)} sessions">${percent(way.troubled, way.sessions)}</a>`
              : html`<span class="faint">none</span>`}
          </td>
        </tr>`,
      )}
    </tbody>`,
  );
}

function funnel(page, data) {
  if (!data.stages.length) return empty('No stage was touched', 'Touchpoints carry their stage, or have their channel’s.');
  const known = STAGES.map((stage) => data.stages.find((each) => each.stage === stage)).filter(Boolean);
  const stages = [...known, ...data.stages.filter((each) => !STAGES.includes(each.stage))];
  if (page.view.funnel === 'chart') {
    return html`<stages-chart
        .model=${page.model('funnel', [data], () => ({
          rows: stages.map(({ stage, customers: number, sessions }) => ({ stage, number, sessions })),
          total: data.customers,
          of: 'Customers',
          parts: [{ part: 'number', name: 'Customers', colour: 'accent' }],
          more: ({ sessions }) => [{ name: 'Sessions', value: count(sessions) }],
          open: (stage) => page.go(page.href('search', { stage })),
        }))}
        aria-label="Bars: customers by stage. The table shows the figures."
      ></stages-chart>
      <p class="hint">Of ${count(data.customers)} customers with ${count(data.sessions)} sessions. A customer may have been at several stages.</p>`;
  }
  return scrollingTable(
    'Customers by stage',
    'figures',
    html`<thead>
      <tr><th scope="col" class="name">Stage</th><th scope="col">Customers</th><th scope="col">Share</th><th scope="col">Sessions</th></tr>
    </thead>
    <tbody>
      ${stages.map(
        (stage) => html`<tr>
          <th scope="row">${title(stage.stage)}</th>
          <td><b>${count(stage.customers)}</b></td>
          <td>${percent(stage.customers, data.customers)}</td>
          <td><a href=${page.href('search', { stage: stage.stage })}>${count(stage.sessions)}</a></td>
        </tr>`,
      )}
    </tbody>`,
  );
}
