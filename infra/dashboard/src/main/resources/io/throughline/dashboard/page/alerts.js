// Dissatisfaction alerts, newest first, and the evidence behind one.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { actions, clock, history } from './actions.js';
import { OF_ALL } from './address.js';
import { channelColour } from './channels.js';
import { age, ago, channelName, count, dateTime, figure, millis, ruleName, said, shortId, words } from './format.js';
import { evidence, severity } from './icons.js';
import { asOf } from './lists.js';
import { may } from './me.js';
import { choice, empty, loading, panel, regardless, scrollingTable } from './panels.js';

export function alerts(page) {
  const data = page.sections.alerts?.data;
  return panel({
    name: 'alerts',
    title: 'Alerts',
    note: regardless(page, { now: true }),
    section: page.sections.alerts,
    busy: true,
    tools: choice({
      name: 'alerts',
      legend: 'Which alerts',
      options: [
        ['waiting', html`Waiting${data ? html` <b>${count(data.active)}</b>` : nothing}`],
        ['all', 'All'],
      ],
      chosen: page.view.alerts,
      choose: (which) => page.show({ alerts: which }),
    }),
    content: (data) => list(page, page.view.alerts === 'all' ? data.newest : data.newest_active, data),
  });
}

function list(page, shown, data) {
  if (!shown.length) {
    return page.view.alerts === 'all'
      ? empty('No alerts yet', 'They appear here as customers meet trouble.')
      : empty('No alert is waiting', data.newest.length ? 'All there were are resolved or withdrawn.' : 'They appear here as customers meet trouble.');
  }
  const more = page.view.alerts === 'all' ? 0 : data.active - shown.length;
  return html`<ol class="alert-list" tabindex="0" aria-label="Alerts, newest first">
      ${repeat(
        shown,
        (alert) => alert.alert_id,
        (alert) => row(page, alert),
      )}
    </ol>
    <p class="more"><a href=${page.href('alerts', { status: page.view.alerts })}>${more > 0 ? `All, with ${count(more)} older` : 'All alerts'}</a></p>`;
}

/**
 * One alert of a list; leads to all about it.
 *
 * @param chosen whether it is shown beside the list
 * @param at page where it is shown; this one if there is none
 */
export const row = (page, alert, chosen = false, at = page.view.at, mark = nothing) => html`<li class="alert ${severityClass(alert)} ${page.isNew(alert.alert_id) ? 'new' : ''}">
  ${mark}
  <a data-alert=${alert.alert_id} href=${at === page.view.at ? page.href(at, { ...page.view, alert: alert.alert_id }) : page.href(at, { alert: alert.alert_id, status: 'all' })} aria-current=${chosen ? 'true' : 'false'}>
    ${severity(alert.severity)}
    <span class="reason"><span class="sr">${alert.severity}: </span>${reasonOf(alert)}</span>
    <span class="age" title=${dateTime(millis(alert.opened_at))}>${age(page.now - millis(alert.opened_at))}</span>
    <span class="meta">
      ${alert.status === 'open' ? nothing : html`<span class="status ${alert.status}">${statusWords(alert.status)}</span>`}
      ${alert.customer_id ? html`<span class="id">${shortId(alert.customer_id)}</span>` : nothing}
      <span>${ruleName(alert.rule_id)}</span>
      ${alert.assignee ? html`<span>${alert.assignee}</span>` : nothing} ${clock(page, alert)}
    </span>
    <span class="proof" title="Touchpoints of evidence">${count(alert.evidence_count ?? (alert.evidence ?? []).length)}<span class="sr"> touchpoints of evidence</span> ${evidence()}</span>
  </a>
</li>`;

/** Why there is an alert, for people. */
export const reasonOf = (alert) => said(alert, alert.reason);

/** What a rule on trial would have raised is no alert anybody has to act on. */
const statusWords = (status) => (status === 'shadow' ? 'on trial' : words(status));

const SEVERITIES = new Set(['critical', 'error', 'warning', 'info']);
const severityClass = (alert) => (SEVERITIES.has(alert.severity) ? alert.severity : 'info');

export const alertKicker = (alert) =>
  html`<span class="kicker ${severityClass(alert)}">${severity(alert.severity)}<span>${words(alert.severity)}</span></span>`;

/**
 * Everything about one alert but its reason.
 *
 * @param held what was asked for about it: only of what is known whole, with what was done before, can anything be done
 */
export function alertFacts(page, alert, held) {
  const fact = (name, what) => (what ? html`<div><dt>${name}</dt><dd>${what}</dd></div>` : nothing);
  const proof = alert.evidence ?? [];
  const all = alert.evidence_count ?? proof.length;
  return html`${doubt(page, held)}
    <dl class="facts">
      ${fact('Status', html`${statusWords(alert.status)} ${clock(page, alert)}`)}
      ${fact('Assigned to', alert.assignee)}
      ${fact('To do', alert.next_action)}
      ${fact('Silent until', alert.silenced_until && dateTime(millis(alert.silenced_until)))}
      ${fact('Alert tier', alert.value_tier && html`<span title="By alert.value_tiers: it raises the priority of alerts. The customer’s lifetime value tier is another">${words(alert.value_tier)}</span>`)}
      ${fact('Priority', alert.priority)}
      ${fact('Measured', Number.isFinite(alert.measured) && `${figure(alert.measured)}${Number.isFinite(alert.bound) ? `, bound ${figure(alert.bound)}` : ''}`)}
      ${fact('Inhibited by', alert.inhibited_by && ruleName(alert.inhibited_by))}
      ${fact('Opened', `${dateTime(millis(alert.opened_at))} (${ago(page.now - millis(alert.opened_at))})`)}
      ${fact('Resolved', alert.resolved_at && dateTime(millis(alert.resolved_at)))}
      ${fact('Retracted because', alert.retracted_because && said(alert, alert.retracted_because))}
      ${fact('Customer', alert.customer_id && (may(page.me, 'agent') ? html`<a href=${page.href('customers', { customer: alert.customer_id })}><code>${alert.customer_id}</code></a>` : html`<code>${alert.customer_id}</code>`))}
      ${fact('Expectation broken', alert.expectation && words(alert.expectation))}
      ${fact('Rule', html`<a href=${page.href('rules', { rule: alert.rule_id })}>${ruleName(alert.rule_id)}, version ${alert.rule_version}</a>`)}
      ${fact('Alert', html`<code>${alert.alert_id}</code>`)}
      ${alert.customer_id ? fact('Also', html`<a href=${page.href('search', { ...OF_ALL, customer: alert.customer_id })}>sessions of this customer</a>`) : nothing}
    </dl>
    ${held.data?.alert ? actions(page, alert) : nothing} ${history(page, alert)}
    <h3>
      Evidence
      <small>${all > proof.length ? `first ${count(proof.length)} of ` : ''}${count(all)} ${all === 1 ? 'touchpoint' : 'touchpoints'}</small>
    </h3>
    ${proof.length
      ? scrollingTable(
          'Evidence',
          'evidence',
          html`<thead>
            <tr><th scope="col">When</th><th scope="col">Channel</th><th scope="col">What happened</th><th scope="col">Detail</th><th scope="col">Touchpoint</th></tr>
          </thead>
          <tbody>
            ${proof.map(
              (touchpoint) => html`<tr>
                <td>${dateTime(millis(touchpoint.event_time))}</td>
                <td>${channelTag(touchpoint.channel)}</td>
                <td>${words(touchpoint.kind)}</td>
                <td>${said(alert, touchpoint.detail ?? '–')}</td>
                <td><code title=${touchpoint.touchpoint_id}>${shortId(touchpoint.touchpoint_id)}</code></td>
              </tr>`,
            )}
          </tbody>`,
        )
      : empty('No touchpoint is named as evidence')}`;
}

/** That what is shown of an alert may not be what is so now. */
function doubt(page, held) {
  const why = held.error || held.outage;
  if (!why) return nothing;
  return html`<p class="trouble" role="status">
    ${held.data ? asOf(held, page) : html`<strong>Not all of it could be read.</strong>`} ${why}
  </p>`;
}

export function alertDialog(page) {
  const { alert: id } = page.view;
  // The stream has what its list shows; what is to be done by when, and what was done, is asked for.
  const held = page.data.get('alert', `/api/alerts/${encodeURIComponent(id)}`);
  const listed = page.sections.alerts?.data;
  const alert = held.data?.alert ?? (listed ? [...listed.newest_active, ...listed.newest] : []).find((each) => each.alert_id === id);
  if (!alert) {
    return {
      title: 'Alert',
      body: held.error ? html`<p class="trouble">${held.error}</p>` : held.data ? empty('There is no such alert', `Its id would be ${id}.`) : loading(),
    };
  }
  return {
    title: reasonOf(alert),
    kicker: alertKicker(alert),
    body: html`${alertFacts(page, alert, held)} <p class="more"><a href=${page.href('alerts', { alert: id, status: 'all' })}>Open in the inbox</a></p>`,
  };
}

export const channelTag = (channel) =>
  html`<span class="channel"><i .style=${`background: var(--${channelColour(channel)})`}></i>${channelName(channel)}</span>`;
