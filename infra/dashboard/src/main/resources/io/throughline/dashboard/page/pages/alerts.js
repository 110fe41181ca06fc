// The inbox: who needs help, and beside it why.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { query } from '../address.js';
import { bulk, untouchable } from '../actions.js';
import { alertFacts, alertKicker, reasonOf, row } from '../alerts.js';
import { channelName, count, ruleName, title, words } from '../format.js';
import { asked, beyond, counted, empty, pager, saveAs, select } from '../lists.js';
import { may } from '../me.js';
import { WINDOWS } from '../metrics.js';
import { choice, loading, noteAnd, regardless } from '../panels.js';

/** Alerts somebody has marked, to act on them together. Ids are hashes: they hold no comma. */
const markedOf = (page) => new Set(page.view.marked.split(',').filter(Boolean));

const WAITING = ['open', 'acknowledged', 'assigned', 'escalated', 'reopened'];

export function inbox(page) {
  const { status, severity, rule, expectation, customer, assignee, order, channel, alert, page: number, opened, until } = page.view;
  const filters = { status, severity, rule, expectation, customer, assignee, channel, window: opened, until: opened ? until : '' };
  const held = page.data.get('alerts', `/api/alerts?${query({ ...filters, order, page: number })}`, { keep: true });
  return html`<div class="inbox ${alert ? 'chosen' : ''}" @keydown=${(event) => closeOnEscape(page, event)}>
    ${asked({
      name: 'alerts',
      title: 'Alerts',
      note: noteAnd(
        held.data ? `${count(held.data.total)} ${{ waiting: 'waiting', all: 'in all', shadow: 'that rules on trial would have raised' }[status] ?? words(status)}` : '',
        regardless(page, { now: !opened }),
      ),
      tools: may(page.me, 'lead') ? saveAs(`/api/export/alerts.csv?${query(filters)}`) : nothing,
      held,
      page,
      content: (data) => list(page, data),
    })}
    ${alert ? detail(page, alert, held.data) : html`<section class="panel detail none" aria-label="One alert">${empty('Choose an alert', 'What it is about and the touchpoints behind it are shown here.')}</section>`}
  </div>`;
}

/** As of a dialog; what is typed or chosen from has an Escape of its own. */
function closeOnEscape(page, event) {
  if (event.key !== 'Escape' || !page.view.alert || event.target.matches('input:not([type=checkbox], [type=radio]), select')) return;
  page.go(page.href('alerts', { ...page.view, alert: '' }));
}

function list(page, data) {
  const { view } = page;
  const several = page.me?.acts && may(page.me, 'lead') && !untouchable(view.status);
  const marked = markedOf(page);
  const bySeverity = view.order === 'severity';
  const change = (values) => page.show({ page: '', alert: '', marked: '', ...values });
  const statuses = data.counts.status ?? {};
  const waiting = WAITING.reduce((sum, status) => sum + (statuses[status] ?? 0), 0);
  return html`<div class="filters">
      ${choice({
        name: 'status',
        legend: 'Which alerts',
        options: [
          ['waiting', html`Waiting <b>${count(waiting)}</b>`],
          ['escalated', html`Escalated <b>${count(statuses.escalated ?? 0)}</b>`],
          ['resolved', html`Resolved <b>${count(statuses.resolved ?? 0)}</b>`],
          ['retracted', html`Retracted <b>${count(statuses.retracted ?? 0)}</b>`],
          ['all', 'All'],
          ...(statuses.shadow || view.status === 'shadow' ? [['shadow', html`On trial <b>${count(statuses.shadow ?? 0)}</b>`]] : []),
        ],
        chosen: view.status,
        choose: (status) => change({ status }),
      })}
      ${select({ label: 'Severity', value: view.severity, options: counted(data.counts.severity), choose: (severity) => change({ severity }) })}
      ${select({ label: 'Rule', value: view.rule, options: counted(data.counts.rule_id, ruleName), choose: (rule) => change({ rule }) })}
      ${select({ label: 'Expectation', value: view.expectation, options: counted(data.counts.expectation), choose: (expectation) => change({ expectation }) })}
      ${select({ label: 'Assigned to', value: view.assignee, options: people(page, data.counts.assignee), choose: (assignee) => change({ assignee }) })}
      ${select({
        label: 'Opened',
        value: view.opened,
        all: 'Any time',
        options: Object.entries(WINDOWS).map(([window, each]) => [window, title(view.until ? `${each.length} before the end` : each.words)]),
        choose: (opened) => change({ opened }),
      })}
      <label class="field"
        ><span>First</span>
        <select .value=${view.order} @change=${(event) => change({ order: event.target.value })}>
          <option value="newest" ?selected=${!bySeverity}>The newest</option>
          <option value="severity" ?selected=${bySeverity}>The most severe</option>
        </select></label
      >
      ${view.customer ? html`<button class="chip" @click=${() => change({ customer: '' })}>Customer ${view.customer} ✕</button>` : nothing}
    </div>
    ${several ? bulk(page, data.documents, data.documents.filter((alert) => marked.has(alert.alert_id) && !untouchable(alert.status)), (ids) => page.adjust({ marked: ids.join(',') })) : nothing}
    ${data.documents.length
      ? html`<ol class="alert-list ${several ? 'marking' : ''}" tabindex="-1" aria-label="Alerts, ${bySeverity ? 'most severe' : 'newest'} first">
            ${repeat(
              data.documents,
              (alert) => alert.alert_id,
              (alert) => row(page, alert, alert.alert_id === view.alert, view.at, several ? mark(page, alert, marked) : nothing),
            )}
          </ol>
          ${pager(page, data, !bySeverity)}`
      : (beyond(page, data) ?? none(page))}`;
}

/** Who looks stands first, also where nothing is theirs. */
function people({ me }, counts = {}) {
  if (!me) return counted(counts, (name) => name);
  const { [me.name]: mine = 0, ...others } = counts;
  return [[me.name, `Me (${count(mine)})`], ...counted(others, (name) => name)];
}

/** That there is no alert, and whether that is because of what was asked for. */
function none(page) {
  const { status, severity, rule, expectation, customer, assignee, channel, opened } = page.view;
  if (![severity, rule, expectation, customer, assignee, channel, opened].some(Boolean)) {
    return status === 'waiting' ? empty('No alert matches', 'Nobody waits for help. “All” shows what there was.') : empty('No alert matches');
  }
  return empty(
    `No ${{ waiting: 'waiting ', all: '', shadow: '' }[status] ?? `${words(status)} `}alert meets these conditions${channel ? `, of which one is the channel: ${channelName(channel)}` : ''}`,
    html`<a href=${page.href('alerts', { status, channel: '' })}>Take all conditions away</a>`,
  );
}

const mark = (page, alert, marked) => html`<input
  type="checkbox"
  aria-label="Choose: ${reasonOf(alert)}"
  ?disabled=${untouchable(alert.status)}
  .checked=${marked.has(alert.alert_id) && !untouchable(alert.status)}
  @change=${(event) => {
    const others = [...marked].filter((id) => id !== alert.alert_id);
    page.adjust({ marked: (event.target.checked ? [...others, alert.alert_id] : others).join(',') });
  }}
/>`;

function detail(page, id, list) {
  // Asked for apart from the list, so that a link to an alert of last month works too.
  const held = page.data.get('alert', `/api/alerts/${encodeURIComponent(id)}`);
  const alert = held.data?.alert ?? list?.documents.find((each) => each.alert_id === id);
  return html`<section class="panel detail" aria-label="One alert" tabindex="-1">
    <p class="back"><a href=${page.href('alerts', { ...page.view, alert: '' })}>‹ All alerts</a></p>
    ${alert
      ? html`${alertKicker(alert)}
          <h2>${reasonOf(alert)}</h2>
          ${alertFacts(page, alert, held)}`
      : held.error
        ? html`<p class="trouble">${held.error}</p>`
        : held.data
          ? empty('There is no such alert', `Its id would be ${id}.`)
          : loading()}
  </section>`;
}
