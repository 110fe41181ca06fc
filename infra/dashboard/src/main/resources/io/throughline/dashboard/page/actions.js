// What people do about alerts: acknowledge, assign, resolve, silence.

import { html, nothing } from 'lit';
import { keyed } from 'lit/directives/keyed.js';
import { ago, dateTime, duration, millis, said, words } from './format.js';
import { may } from './me.js';

const OVER = ['resolved', 'retracted', 'shadow'];
/** Every command about these is refused: a retracted one had no cause, one on trial is nobody's. */
const UNTOUCHABLE = ['retracted', 'shadow'];
export const untouchable = (status) => UNTOUCHABLE.includes(status);
const SILENCES = [
  [3_600_000, '1 hour'],
  [8 * 3_600_000, '8 hours'],
  [24 * 3_600_000, '1 day'],
  [7 * 24 * 3_600_000, '7 days'],
];

/** What was last asked for, of which alerts with how much history each, and what became of the asking. */
let asked = null;

const entries = (alert) => alert.history?.length ?? 0;

async function send(page, verb, alerts, more = {}, together = false) {
  asked = { together, alerts: new Map(alerts.map((alert) => [alert.alert_id, entries(alert)])), verb, sending: true };
  page.requestUpdate();
  try {
    const outcome = await page.data.post('/api/alerts/actions', {
      verb,
      alerts: alerts.map(({ alert_id, version }) => ({ alert_id, version })),
      ...more,
    });
    asked = { ...asked, sending: false, failed: outcome.failed };
    // It goes through the pipeline first; the page looks again and again until it is there.
    [1_000, 3_000, 8_000].forEach((wait) => setTimeout(() => page.data.refresh(), wait));
  } catch (refused) {
    asked = { ...asked, sending: false, error: refused.message };
  }
  page.requestUpdate();
  return !asked.error;
}

const outcome = (alerts) => {
  const meant = asked ? alerts.filter((alert) => asked.alerts.has(alert.alert_id)) : [];
  if (!meant.length) return nothing;
  if (asked.sending) return html`<p class="hint" role="status">Sending …</p>`;
  if (asked.error) return html`<p class="trouble" role="alert">${asked.error}</p>`;
  // What became of it is in the history by then, also where it was refused.
  if (meant.every((alert) => entries(alert) > asked.alerts.get(alert.alert_id))) return nothing;
  return html`<p class="hint" role="status">
    ${words(asked.verb)} was sent and takes effect in a moment.${asked.failed?.length ? html` <b class="bad">${asked.failed.length} could not be sent: ${asked.failed[0].why}</b>` : nothing}
  </p>`;
};

/** The buttons under one alert. */
export function actions(page, alert) {
  if (!page.me?.acts || !may(page.me, 'agent') || untouchable(alert.status)) return nothing;
  const over = OVER.includes(alert.status);
  const act = async (event, verb, more) => {
    const note = event.target.closest('.actions').querySelector('[name=because]');
    const because = note.value;
    // It is the reason of this command, not of the next.
    if (!(await send(page, verb, [alert], { ...more, because }))) return;
    if (note.value === because) note.value = '';
    // The button may go as the command takes effect; its group stays.
    if (document.activeElement?.matches('.actions button')) note.closest('.actions').focus({ preventScroll: true });
  };
  // What was typed about one alert is not of another.
  return html`${keyed(alert.alert_id, html`<div class="actions" tabindex="-1" role="group" aria-label="What to do about it">
      <label class="field wide"><span>Note</span><input name="because" maxlength="500" autocomplete="off" /></label>
      ${over
        ? html`<button class="button" @click=${(event) => act(event, 'reopen')}>Reopen</button>`
        : html`${alert.status === 'open' || alert.status === 'escalated' || alert.status === 'reopened'
              ? html`<button class="button primary" @click=${(event) => act(event, 'acknowledge')}>Acknowledge</button>`
              : nothing}
            <button class="button" @click=${(event) => act(event, 'assign', { assignee: page.me.name })}>Take it</button>
            <form
              class="inline"
              @submit=${(event) => {
                event.preventDefault();
                act(event, 'assign', { assignee: event.target.elements.assignee.value });
              }}
            >
              <label class="field"><span>Assign to</span><input name="assignee" required maxlength="100" .value=${alert.assignee ?? ''} /></label>
              <button class="button" type="submit">Assign</button>
            </form>
            <button class="button" @click=${(event) => act(event, 'resolve')}>Resolve</button>
            ${may(page.me, 'lead')
              ? html`${silence((until, event) => act(event, 'silence', { until }), page)}
              ${millis(alert.silenced_until) > page.now
                ? html`<button class="button" @click=${(event) => act(event, 'unsilence')}>End silence</button>`
                : nothing}`
              : nothing}`}
    </div>`)}
    ${outcome([alert])}`;
}

const silence = (act, page) => html`<label class="field"
  ><span>Silence for</span>
  <select
    @change=${(event) => {
      const length = Number(event.target.value);
      if (length) act(new Date(page.now + length).toISOString(), event);
      event.target.value = '';
    }}
  >
    <option value="">…</option>
    ${SILENCES.map(([length, name]) => html`<option value=${length}>${name}</option>`)}
  </select></label
>`;

/**
 * What can be done with several at once.
 *
 * @param listed all that are shown, of which some are chosen
 * @param choose takes the ids of those that are chosen from now on
 */
export function bulk(page, listed, chosen, choose) {
  if (!chosen.length) return asked?.together ? outcome(listed) : nothing;
  const act = async (verb, more = {}) => {
    await send(page, verb, chosen, more, true);
    // What could not be sent stays chosen, under the reason, to be tried again.
    if (asked.error) return;
    choose(asked.failed.map((failure) => failure.alert_id));
    await page.updateComplete;
    if (document.activeElement === document.body) page.querySelector('.alerts .alert-list')?.focus({ preventScroll: true });
  };
  const over = chosen.filter((alert) => OVER.includes(alert.status)).length;
  return html`<div class="actions bulk" role="group" aria-label="What to do about the chosen alerts">
      <span>${chosen.length} chosen</span>
      ${over === 0
        ? whileTheyStand(page, act)
        : over === chosen.length
          ? html`<button class="button" @click=${() => act('reopen')}>Reopen</button>`
          : html`<span class="hint">${over} of them ${over === 1 ? 'is' : 'are'} resolved, which can only be reopened: choose these or the others</span>`}
      <button class="button" @click=${() => choose([])}>None</button>
    </div>
    ${outcome(chosen)}`;
}

const whileTheyStand = (page, act) => html`<button class="button" @click=${() => act('acknowledge')}>Acknowledge</button>
      <button class="button" @click=${() => act('assign', { assignee: page.me.name })}>Take them</button>
      <form
        class="inline"
        @submit=${(event) => {
          event.preventDefault();
          act('assign', { assignee: event.target.elements.assignee.value });
        }}
      >
        <label class="field"><span>Assign to</span><input name="assignee" required maxlength="100" autocomplete="off" /></label>
        <button class="button" type="submit">Assign</button>
      </form>
      <button class="button" @click=${() => act('resolve')}>Resolve</button>
      ${silence((until) => act('silence', { until }), page)}`;

/** How much time there is until somebody has to have acted. */
export function clock(page, alert) {
  if (!alert.due_at || OVER.includes(alert.status)) return nothing;
  const left = millis(alert.due_at) - page.now;
  return html`<span class="due ${left < 0 ? 'bad' : ''}" title=${dateTime(millis(alert.due_at))}>${left < 0 ? `overdue by ${duration(-left)}` : `due in ${duration(left)}`}</span>`;
}

/** What happened to it and who did it. */
export function history(page, alert) {
  if (!alert.history?.length) return nothing;
  return html`<h3>History</h3>
    <ol class="history">
      ${alert.history.map(
        (entry) => html`<li>
          <b>${words(entry.what)}</b>${entry.by ? html` by ${entry.by}` : nothing}
          <span class="faint" title=${dateTime(millis(entry.at))}>${ago(page.now - millis(entry.at))}</span>
          ${entry.because ? html`<p class="hint">${entry.by === 'system' ? said(alert, entry.because) : entry.because}</p>` : nothing}
        </li>`,
      )}
    </ol>`;
}
