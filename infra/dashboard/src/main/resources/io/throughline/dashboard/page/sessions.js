// Sessions that are open now.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { byFamily, channelColour } from './channels.js';
import { ago, channelName, count, duration, millis, shortId } from './format.js';
import { channelTag } from './alerts.js';
import { empty, noteAnd, panel, regardless, scrollingTable } from './panels.js';

export function sessions(page) {
  return panel({
    name: 'sessions',
    title: 'Open sessions',
    section: page.sections.sessions,
    busy: true,
    note: noteAnd(page.sections.sessions?.data && summary(page, page.sections.sessions.data), regardless(page, { now: true })),
    content: (data) => content(page, data),
  });
}

const summary = (page, data) =>
  data.open
    ? html`<a href=${page.href('search', { status: 'open' })}>${count(data.open)}</a>${data.troubled
        ? html`, <a class="bad" href=${page.href('search', { status: 'open', trouble: 'complaints,errors' })}>${count(data.troubled)} with trouble</a>`
        : nothing}`
    : undefined;

function content(page, data) {
  if (!data.open) return empty('No session is open', 'A session opens with a customer’s first touchpoint.');
  return html`${share(data.by_channel)}
  ${scrollingTable(
    'Open sessions with the latest touchpoints',
    'session-list',
    html`<thead>
      <tr>
        <th scope="col">Customer</th><th scope="col">Channels</th><th scope="col" class="number secondary">Touchpoints</th>
        <th scope="col" class="number secondary">Lasts</th><th scope="col">Trouble</th><th scope="col" class="number">Latest</th>
      </tr>
    </thead>
    <tbody>
      ${repeat(data.newest, (session) => session.session_id, (session) => row(page, session))}
    </tbody>`,
  )}`;
}

function row(page, session) {
  const start = millis(session.start);
  const end = millis(session.end);
  const several = (number, one, many) => (number === 1 ? `1 ${one}` : `${count(number)} ${many}`);
  const trouble = [
    session.complaints ? several(session.complaints, 'complaint', 'complaints') : '',
    session.errors ? several(session.errors, 'error', 'errors') : '',
    session.handoffs ? several(session.handoffs, 'handoff', 'handoffs') : '',
  ].filter(Boolean);
  return html`<tr>
    <td><a class="id" href=${page.href('search', { session: session.session_id })} title="Session of ${session.customer_id}">${shortId(session.customer_id)}</a></td>
    <td><span class="channels">${session.channels.map(channelTag)}</span></td>
    <td class="number secondary">${count(session.touchpoint_count)}</td>
    <td class="number secondary">${duration(Math.max(0, end - start))}</td>
    <td>${trouble.length ? html`<span class=${session.complaints || session.errors ? 'bad' : ''}>${trouble.join(', ')}</span>` : html`<span class="faint">none</span>`}</td>
    <td class="number">${ago(page.now - end)}</td>
  </tr>`;
}

/** A session over two channels counts in both, so these are shares of visits to channels, not of sessions. */
function share(byChannel) {
  const channels = Object.entries(byChannel).sort(([left], [right]) => byFamily(left, right));
  const total = channels.reduce((sum, [, number]) => sum + number, 0);
  if (!total) return nothing;
  const words = channels.map(([channel, number]) => `${channelName(channel)} ${count(number)}`).join(', ');
  return html`<div class="share" role="img" aria-label="Open sessions by channel touched: ${words}">
    ${channels.map(
      ([channel, number]) =>
        html`<i title="${channelName(channel)}: ${count(number)}" .style=${`flex-grow: ${number}; background: var(--${channelColour(channel)})`}></i>`,
    )}
  </div>`;
}
