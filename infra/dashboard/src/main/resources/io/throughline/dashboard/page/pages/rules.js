// The rules that raise alerts, and what each of them came to.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { query } from '../address.js';
import { channelName, count, dateTime, millis, percent, ruleName, title, words } from '../format.js';
import { severity } from '../icons.js';
import { asked, empty, saveTableButton } from '../lists.js';
import { periodWords } from '../metrics.js';
import { choice, noteAnd, regardless, scrollingTable } from '../panels.js';

export function rules(page) {
  const { window, until, channel } = page.view;
  const held = page.data.get('rules', `/api/rules?${query({ window, until, channel })}`, { keep: true, again: !until });
  return asked({
    name: 'rules',
    title: 'Rules',
    note: noteAnd(`alerts of the ${periodWords(page.view)}${channel ? ` with touchpoints over ${channelName(channel)}` : ''}`, regardless(page, {})),
    tools: html`${choice({
      name: 'sorted',
      legend: 'Which rule comes first',
      options: [['alerts', 'Most alerts first'], ['configured', 'As configured']],
      chosen: page.view.sorted,
      choose: (sorted) => page.show({ sorted }),
    })}
    ${saveTableButton('rules')}`,
    held,
    page,
    content: (data) => table(page, data),
  });
}

function table(page, { rules, alerts, failing }) {
  const known = new Set(rules.map((rule) => rule.rule_id));
  const strangers = [...new Set([...Object.keys(alerts), ...Object.keys(failing)])].filter((id) => !known.has(id));
  if (!rules.length && !strangers.length) {
    return empty('No rule is known', 'The server was started without the jobs’ configuration (--config), and no rule raised an alert.');
  }
  const all = [...rules, ...strangers.map((id) => ({ rule_id: id, title: title(ruleName(id)), state: 'not configured here', condition: '' }))];
  const of = Object.values(alerts).reduce((sum, byStatus) => sum + raised(byStatus), 0);
  const { rule: sought } = page.view;
  return html`${sought && !known.has(sought) && !strangers.includes(sought) ? html`<p class="said" role="status">There is no rule ${sought} here, and it raised no alert in this period.</p>` : nothing}
  ${rules.length
    ? html`<p class="hint">As the configuration describes them. Of versions published to the running job since (<code>throughline rules publish</code>) only the alerts are counted here.</p>`
    : html`<p class="said">Only rules that raised an alert are known here: the server was started without the jobs’ configuration (--config).</p>`}
    ${scrollingTable(
      'Rules of alerts',
      'figures rule-list',
      html`<thead>
        <tr>
          <th scope="col" class="name">Rule</th><th scope="col" class="name">When</th><th scope="col" class="name">State</th>
          <th scope="col">Alerts</th><th scope="col">Waiting</th><th scope="col">Resolved</th><th scope="col">Retracted</th>
          <th scope="col" title="What the rule would have raised while it was on trial: counted, and nobody was told">On trial</th>
        </tr>
      </thead>
      <tbody>
        ${repeat(
          inOrder(page, all, (rule) => raised(alerts[rule.rule_id] ?? {})),
          (rule) => rule.rule_id,
          (rule) => row(page, rule, alerts[rule.rule_id] ?? {}, failing[rule.rule_id], of),
        )}
      </tbody>`,
    )}`;
}

/** Alerts that were raised, whatever became of them; what a rule on trial found is none. */
const raised = (byStatus) => Object.entries(byStatus).reduce((sum, [status, number]) => (status === 'shadow' ? sum : sum + number), 0);

const inOrder = ({ view }, rules, alertsOf) => (view.sorted === 'alerts' ? rules.toSorted((left, right) => alertsOf(right) - alertsOf(left)) : rules);

/** What the words are of, for whoever changes the rule. */
const asWritten = ({ expressions = [] }) =>
  expressions.length
    ? html`<details class="as-written"><summary>As it is written</summary>${expressions.map((each) => html`<code>${each}</code>`)}</details>`
    : nothing;

const stateOf = ({ state }) => html`<span class="badge ${state === 'enabled' ? 'good' : ''}">${state === 'shadow' ? 'on trial' : words(state)}</span>`;

const unjudged = ({ failures }) => `could not be judged for ${count(failures)} ${failures === 1 ? 'touchpoint' : 'touchpoints'}`;

/** @param of how many alerts all rules raised */
function row(page, rule, byStatus, fails, of) {
  const sum = (statuses) => statuses.reduce((total, status) => total + (byStatus[status] ?? 0), 0);
  const trial = sum(['shadow']);
  const all = raised(byStatus);
  const resolved = sum(['resolved']);
  const retracted = sum(['retracted']);
  const link = (status, number) =>
    number ? html`<a href=${page.href('alerts', { rule: rule.rule_id, status, opened: page.view.window })}>${count(number)}</a>` : html`<span class="faint">0</span>`;
  const sought = rule.rule_id === page.view.rule;
  return html`<tr aria-current=${sought ? 'true' : 'false'} data-sought=${sought ? rule.rule_id : nothing}>
    <th scope="row" class="name">
      <span class="rule-name ${rule.severity ?? ''}">${rule.severity ? severity(rule.severity) : nothing}<span>${rule.title}</span></span>
      <p class="hint">${rule.rule_id}${rule.version ? `, version ${rule.version}` : ''}${rule.expectation ? `, ${words(rule.expectation)}` : ''}</p>
      <p class="hint when">${stateOf(rule)} ${rule.condition}${fails ? html` <b class="bad">${unjudged(fails)}</b>` : nothing}</p>
      <div class="when">${asWritten(rule)}</div>
    </th>
    <td class="name">${rule.condition || '–'}${asWritten(rule)}${rule.cool_down ? html`<p class="hint">one alert in ${rule.cool_down}</p>` : nothing}</td>
    <td class="name">${stateOf(rule)}${fails
        ? html`<p class="fails bad"><b>${unjudged(fails)}</b> since ${dateTime(millis(fails.since))}, the last time at ${dateTime(millis(fails.last_at))}: ${fails.last_error}</p>`
        : nothing}${rule.source ? html`<p class="hint" title=${rule.source}>${rule.source.split('/').at(-1)}</p>` : nothing}</td>
    <td data-of="Alerts"><b>${link('all', all)}</b>${all ? html` <small class="faint" title="Of all alerts of the period">${percent(all, of)}</small>` : nothing}</td>
    <td data-of="Waiting">${link('waiting', all - resolved - retracted)}</td>
    <td data-of="Resolved">${link('resolved', resolved)}</td>
    <td data-of="Retracted">${link('retracted', retracted)}</td>
    <td data-of="On trial">${trial || rule.state === 'shadow' ? link('shadow', trial) : html`<span class="faint">–</span>`}</td>
  </tr>`;
}
