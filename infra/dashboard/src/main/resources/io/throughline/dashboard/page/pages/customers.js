// One customer over all channels: found by what they are known by, and everything known about them.

import { html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { OF_ALL, query, zoomOf, zoomText } from '../address.js';
import { channelTag, row } from '../alerts.js';
import { answer } from '../answers.js';
import { ago, count, date, dateTime, duration, millis, shortId, words } from '../format.js';
import { asked, beyond, counted, empty, pager, select } from '../lists.js';
import { may } from '../me.js';
import { choice, loading, noteAnd, regardless, scrollingTable } from '../panels.js';
import { promisesOf, sessionRows } from './search.js';
import '../charts.js';

export function customers(page) {
  if (!page.me) return html`<section class="panel" aria-busy="true">${loading()}</section>`;
  if (!may(page.me, 'agent')) {
    return html`<section class="panel">${empty('Customers are shown to agents', `You are a ${page.me.role}. Whoever administers this can give you the role.`)}</section>`;
  }
  return page.view.customer ? whole(page, page.view.customer) : html`${finder(page)} ${everybody(page)}`;
}

/** What was typed stays in this page: it is sent in the body of a request, and is in no address. */
let typed = { text: '', type: '' };
let found = null;

function finder(page) {
  const types = page.me?.identifier_types ?? [];
  const look = async (event) => {
    event.preventDefault();
    const form = event.target;
    typed = { text: form.elements.text.value, type: form.elements.type.value };
    found = { looking: true };
    page.requestUpdate();
    try {
      found = await page.data.post('/api/customers/look-up', typed);
      const customers = found.data.found.documents;
      if (customers.length === 1) page.show({ at: 'customers', customer: customers[0].customer_id });
    } catch (refused) {
      found = { error: refused.message };
    }
    page.requestUpdate();
  };
  return html`<section class="panel finder" aria-labelledby="finder-title">
    <header><h2 id="finder-title">Find a customer</h2></header>
    <form class="filters" role="search" @submit=${look}>
      <label class="field wide"
        ><span>${types.length ? 'E-mail, phone, customer number or any other identifier' : 'Customer id'}</span>
        <input name="text" type="search" .value=${typed.text} autocomplete="off" spellcheck="false" maxlength="500" required
      /></label>
      <label class="field"
        ><span>Kind</span>
        <select name="type">
          <option value="">Whatever it may be</option>
          ${types.map((type) => html`<option value=${type} ?selected=${type === typed.type}>${words(type)}</option>`)}
        </select></label
      >
      <button class="button primary" type="submit">Find</button>
    </form>
    <p class="hint">
      ${types.length
        ? 'It is normalised and turned into its pseudonym as on arrival; who looked for whom is written to the audit log, what was typed is not.'
        : 'Only ids can be looked for: the server was started without the jobs’ configuration (--config).'}
    </p>
    ${found ? outcome(page) : nothing}
  </section>`;
}

function outcome(page) {
  if (found.looking) return html`<p class="hint" role="status">Looking …</p>`;
  if (found.error) return html`<p class="trouble" role="alert">${found.error}</p>`;
  const { found: customers, tried_as: types } = found.data;
  if (!customers.documents.length) {
    return html`<div role="status">${empty(
      'Nobody is known by this',
      types.length ? `It was looked for as ${types.map(words).join(', ')}.` : 'It is no identifier that can be used, nor the id of a customer.',
    )}</div>`;
  }
  return html`<p class="hint" role="status">${customers.documents.length === 1 ? 'One customer' : `${count(customers.documents.length)} customers`}</p>
    ${customerTable(page, customers.documents)}`;
}

/** How the experience of customers stands, as the server knows it and as it is called. */
const STANDINGS = [['at_risk', 'At risk, below 40'], ['neutral', 'Neutral, 40 to 59'], ['good', 'Good, from 60']];

const LISTED = { seen: 'seen last first', experience: 'worst experience first' };

function everybody(page) {
  const { channel, segment, tier, standing, first, page: number } = page.view;
  const held = page.data.get('customers', `/api/customers?${query({ channel, segment, tier, standing, first, page: number })}`, { keep: true });
  const change = (values) => page.show({ page: '', ...values });
  const filtered = [channel, segment, tier, standing].some(Boolean);
  return asked({
    name: 'everybody',
    title: 'Customers',
    note: noteAnd(held.data ? `${count(held.data.total)}, ${LISTED[first]}` : '', regardless(page, { now: true, segment: false })),
    held,
    page,
    content: (data) => html`<div class="filters">
        ${select({ label: 'Experience', value: standing, all: 'Any', options: STANDINGS, choose: (next) => change({ standing: next, first: next === 'at_risk' ? 'experience' : first }) })}
        ${select({ label: 'Value tier', value: tier, all: 'Any or none', options: tiers(data.counts.value_tier), choose: (next) => change({ tier: next }) })}
        ${select({ label: 'Segment', value: segment, options: counted(data.counts.segment), choose: (next) => change({ segment: next }) })}
        <label class="field"
          ><span>First</span>
          <select .value=${first} @change=${(event) => change({ first: event.target.value })}>
            <option value="seen" ?selected=${first === 'seen'}>Seen last</option>
            <option value="experience" ?selected=${first === 'experience'}>Worst experience</option>
          </select></label
        >
      </div>
      ${data.documents.length
        ? html`${customerTable(page, data.documents, data.care)} ${pager(page, data, first === 'seen')}`
        : (beyond(page, data) ?? (filtered
            ? empty('No customer meets these conditions', html`<a href=${page.href('customers', { channel: '', segment: '', first })}>Take all conditions away</a>`)
            : empty('No customer yet', 'They appear with their first touchpoint.')))}`,
  });
}

const tiers = (counts = {}) => {
  const all = Object.values(counts).reduce((left, right) => left + right, 0);
  return all ? [['any', `Any tier (${count(all)})`], ...counted(counts)] : [];
};

/** @param care who looks after those about whom alerts wait; undefined: not asked */
const customerTable = (page, customers, care) =>
  scrollingTable(
    'Customers',
    'figures',
    html`<thead>
      <tr>
        <th scope="col" class="name">Customer</th><th scope="col">Experience</th><th scope="col" class="name" title="By lifetime value, as experience.tiers say">Value tier</th>
        ${care ? html`<th scope="col">Alerts waiting</th><th scope="col" class="name" title="Whom these alerts are assigned to">Looked after by</th>` : nothing}
        <th scope="col" class="name">Segment</th><th scope="col" class="name">Channels</th><th scope="col">Touchpoints</th><th scope="col">Sessions</th><th scope="col">Last seen</th>
      </tr>
    </thead>
    <tbody>
      ${repeat(
        customers,
        (customer) => customer.customer_id,
        (customer) => html`<tr>
          <th scope="row"><a class="id" href=${page.href('customers', { customer: customer.customer_id })}>${shortId(customer.customer_id)}</a>
            ${customer.status === 'absorbed' ? html`<span class="flag">merged</span>` : nothing}</th>
          <td class=${customer.experience_score < 40 ? 'bad' : ''}>${customer.experience_score ?? '–'}</td>
          <td class="name">${customer.value_tier ? words(customer.value_tier) : '–'}</td>
          ${care ? caredFor(page, customer, care[customer.customer_id]) : nothing}
          <td class="name">${customer.segment ? words(customer.segment) : '–'}</td>
          <td class="name"><span class="channels">${(customer.channels ?? []).map(channelTag)}</span></td>
          <td>${count(customer.touchpoint_count)}</td>
          <td>${count(customer.session_count)}</td>
          <td title=${dateTime(millis(customer.last_seen))}>${ago(page.now - millis(customer.last_seen))}</td>
        </tr>`,
      )}
    </tbody>`,
  );

function caredFor(page, customer, care) {
  if (!care) return html`<td class="faint">0</td><td class="name faint">–</td>`;
  return html`<td><a href=${page.href('alerts', { ...OF_ALL, customer: customer.customer_id })}>${count(care.waiting)}</a></td>
    <td class="name">${care.assignees.length ? care.assignees.join(', ') : html`<span class="bad">nobody</span>`}</td>`;
}

function whole(page, id) {
  // Looking at somebody is written down, so it is not done again by itself.
  const held = page.data.get('customer', `/api/customers/${encodeURIComponent(id)}`, { again: false });
  return html`<p class="back"><a href=${page.href('customers', {})}>‹ All customers</a></p>
    ${asked({
      name: 'customer',
      title: 'Customer',
      note: html`<code>${id}</code>`,
      held,
      page,
      content: (data) => (data.customer ? profile(page, data) : empty('There is no such customer', 'Perhaps the link is old: ids change when customers turn out to be one.')),
    })}
    ${held.data?.customer ? rest(page, held.data) : nothing}`;
}

const fact = (name, what) => (what || what === 0 ? html`<div><dt>${name}</dt><dd>${what}</dd></div>` : nothing);

/** The journey that goes on, or the last one. */
const stageOf = (journeys) => (journeys.documents.find((journey) => !journey.ended) ?? journeys.documents[0])?.stage;

function profile(page, { customer, alerts, issues, journeys }) {
  const open = issues.documents.flatMap((issue) => issue.promises ?? []).filter((promise) => promise.status === 'open').length;
  const stage = stageOf(journeys);
  const waiting = alerts.documents.filter((alert) => !['resolved', 'retracted'].includes(alert.status)).length;
  if (customer.status === 'absorbed') {
    return html`<p class="said">
      ${customer.absorbed_into
        ? html`This customer turned out to be another one, who has all that was known of this one. <a href=${page.href('customers', { customer: customer.absorbed_into })}>Go to ${shortId(customer.absorbed_into)}</a>`
        : 'Nothing is left of this customer: what there was has been erased, or is others’ now.'}
    </p>`;
  }
  return html`<dl class="facts">
      ${fact('Segment', customer.segment && words(customer.segment))}
      ${fact('Lifetime value tier', customer.value_tier && html`<b title="By experience.tiers. The tier that raises the priority of alerts is another">${words(customer.value_tier)}</b>`)}
      ${fact('Stage', stage && words(stage))}
      ${fact('Value', (customer.value ?? []).map((value) => `${value.amount.toLocaleString('en', { maximumFractionDigits: 2 })} ${value.currency}`).join(', '))}
      ${fact('First seen', dateTime(millis(customer.first_seen)))}
      ${fact('Last seen', `${dateTime(millis(customer.last_seen))} (${ago(page.now - millis(customer.last_seen))})`)}
      ${fact('Touchpoints', html`<a href=${page.href('search', { ...OF_ALL, find: 'touchpoints', customer: customer.customer_id })} title="With all that is known of each">${count(customer.touchpoint_count)}</a>`)}
      ${fact('Sessions', html`<a href=${page.href('search', { ...OF_ALL, customer: customer.customer_id })}>${count(customer.session_count)}</a>`)}
      ${fact('Alerts waiting', html`<a class=${waiting ? 'bad' : ''} href=${page.href('alerts', { ...OF_ALL, customer: customer.customer_id, status: waiting ? 'waiting' : 'all' })}>${count(waiting)}</a>`)}
      ${fact('Promises open', open ? html`<a href="#promises-title">${count(open)}</a>` : issues.documents.length ? 'none' : '')}
      ${fact('Channels', html`<span class="channels">${(customer.channels ?? []).map(channelTag)}</span>`)}
    </dl>`;
}

function rest(page, data) {
  // Nothing is theirs any more: empty panels would say that nothing ever was.
  if (data.customer.status === 'absorbed') {
    return html`${data.alerts.documents.length ? theirAlerts(page, data) : nothing} ${changes(page, data.changes)}`;
  }
  return html`<div class="halves">${experience(data.customer)} ${consents(data.customer)}</div>
    ${promises(page, data.issues)} ${timeline(page, data)}
    <div class="halves">
      ${identifiers(page, data.customer)} ${why(page, data.customer)}
    </div>
    <div class="halves">
      ${theirAlerts(page, data)} ${surveys(page, data.surveys)}
    </div>
    <div class="halves">${issues(page, data.issues)} ${journeys(data.journeys)}</div>
    ${changes(page, data.changes)}
    <section class="panel" aria-labelledby="sessions-title">
      <header><h2 id="sessions-title">Sessions</h2><p class="note">${data.sessions.total > data.sessions.documents.length ? `newest ${count(data.sessions.documents.length)} of ${count(data.sessions.total)}` : count(data.sessions.total)}</p></header>
      ${data.sessions.documents.length ? sessionRows(page, data.sessions.documents, { customer: false }) : empty('No session yet')}
    </section>`;
}

const theirAlerts = (page, { alerts }) => html`<section class="panel alerts" aria-labelledby="theirs-title">
  <header><h2 id="theirs-title">Alerts</h2></header>
  ${alerts.documents.length
    ? html`<ol class="alert-list" aria-label="Alerts of this customer, newest first">${alerts.documents.map((alert) => row(page, alert, false, 'alerts'))}</ol>`
    : empty('No alert about this customer')}
</section>`;

/** How the customer's experience stands, and what moved it: bars to the right are good, to the left bad. */
function experience(customer) {
  const score = customer.experience_score;
  const reasons = customer.experience_reasons ?? [];
  const furthest = Math.max(1, ...reasons.map((reason) => Math.abs(reason.points)));
  const standing = score >= 60 ? ['good', 'good'] : score >= 40 ? ['', 'neutral'] : ['bad', 'at risk'];
  return html`<section class="panel experience" aria-labelledby="experience-title">
    <header><h2 id="experience-title">Experience</h2><p class="note">0 to 100, 50 is neutral; older experiences fade</p></header>
    ${score === undefined || score === null
      ? empty('No score', 'It comes with the next touchpoint.')
      : html`<p class="standing">
            <meter min="0" max="100" low="40" high="60" optimum="100" value=${score} aria-label="Experience score">${score}</meter>
            <b class="figure">${score}</b> <span class="badge ${standing[0]}">${standing[1]}</span>
            <span class="faint">as of ${dateTime(millis(customer.last_seen))}</span>
          </p>
          ${reasons.length
            ? html`<table class="reasons-of-score">
                <caption class="sr">What moved the score, strongest first</caption>
                <thead class="sr"><tr><th scope="col">Experience</th><th scope="col">Points</th><th scope="col">How often</th></tr></thead>
                <tbody>
                  ${reasons.map(
                    (reason) => html`<tr>
                      <th scope="row">${words(reason.experience)}</th>
                      <td class="number ${reason.points < 0 ? 'bad' : 'good'}">${reason.points > 0 ? '+' : '−'}${Math.abs(reason.points).toFixed(1)}</td>
                      <td class="bar"><i class=${reason.points < 0 ? 'bad' : 'good'} .style=${`width: ${(100 * Math.abs(reason.points)) / furthest}%`}></i></td>
                      <td class="faint">${reason.count === 1 ? 'once' : `${count(reason.count)} times`}</td>
                    </tr>`,
                  )}
                </tbody>
              </table>`
            : html`<p class="hint">Nothing moved it: no experience that counts, or all have faded.</p>`}`}
  </section>`;
}

function consents(customer) {
  const said = customer.consents ?? [];
  return html`<section class="panel consents" aria-labelledby="consents-title">
    <header><h2 id="consents-title">Consent</h2><p class="note">what they said last, by purpose</p></header>
    ${said.length
      ? scrollingTable(
          'Consent by purpose',
          '',
          html`<thead>
            <tr><th scope="col">Purpose</th><th scope="col">Consent</th><th scope="col">Since</th><th scope="col">Over</th></tr>
          </thead>
          <tbody>
            ${said.map(
              (each) => html`<tr>
                <th scope="row">${words(each.purpose)}</th>
                <td><span class="badge ${each.given ? 'good' : 'bad'}">${each.given ? 'given' : 'withdrawn'}</span></td>
                <td>${dateTime(millis(each.event_time))}</td>
                <td>${channelTag(each.channel)}</td>
              </tr>`,
            )}
          </tbody>`,
        )
      : empty('Nothing is known of consent', 'Neither given nor withdrawn in any touchpoint: take it for not given.')}
  </section>`;
}

/** What was promised and is neither kept nor broken yet, what is due first. */
function promises(page, found) {
  const open = found.documents
    .flatMap((issue) => (issue.promises ?? []).map((promise) => ({ ...promise, about: issue.topic ?? issue.case_id })))
    .filter((promise) => promise.status === 'open')
    .sort((left, right) => (millis(left.due) || Infinity) - (millis(right.due) || Infinity));
  if (!open.length) return nothing;
  return html`<section class="panel promises" aria-labelledby="promises-title">
    <header><h2 id="promises-title">Open promises</h2><p class="note">due first</p></header>
    ${scrollingTable(
      'Open promises, due first',
      '',
      html`<thead>
        <tr><th scope="col">Promised</th><th scope="col">About</th><th scope="col">Made</th><th scope="col">Due</th></tr>
      </thead>
      <tbody>
        ${open.map(
          (promise) => html`<tr>
            <td>${promise.promise ? words(promise.promise) : 'not named'}</td>
            <td>${promise.about ? words(promise.about) : '–'}</td>
            <td>${dateTime(millis(promise.made_at))}</td>
            <td>${promise.due ? html`<span class=${millis(promise.due) < page.now ? 'bad' : ''}>${dateTime(millis(promise.due))}${millis(promise.due) < page.now ? ' (overdue)' : ''}</span>` : 'not said'}</td>
          </tr>`,
        )}
      </tbody>`,
    )}
  </section>`;
}

/** What a timeline leaves out: of old sessions all, and of long ones the end. */
function cutOf({ documents, total }, shown) {
  const all = documents.reduce((sum, session) => sum + session.touchpoint_count, 0);
  return [
    total > documents.length && `the newest ${count(documents.length)} of ${count(total)} sessions`,
    shown < all && `${count(shown)} of ${count(all)} touchpoints: of a session the first 60`,
  ]
    .filter(Boolean)
    .join(', ');
}

const ROWS = 500;

function timeline(page, { sessions }) {
  const touchpoints = sessions.documents.flatMap((session) => (session.path ?? []).map((step) => ({ ...step, session: session.session_id })));
  const cut = [cutOf(sessions, touchpoints.length), page.view.timeline === 'table' && touchpoints.length > ROWS && `the newest ${count(ROWS)} below`].filter(Boolean).join(', ');
  return html`<section class="panel timeline" aria-labelledby="timeline-title">
    <header>
      <h2 id="timeline-title">Timeline</h2>
      <p class="note">touchpoints by channel; lines are sessions${cut ? `; ${cut}` : ''}</p>
      ${choice({ name: 'timeline', legend: 'Show as', options: [['chart', 'Chart'], ['table', 'Table']], chosen: page.view.timeline, choose: (as) => page.show({ timeline: as }) })}
    </header>
    ${!touchpoints.length
      ? empty('No touchpoint of a session yet')
      : page.view.timeline === 'table'
        ? scrollingTable(
            'Touchpoints of all sessions, newest first',
            '',
            html`<thead>
              <tr><th scope="col">When</th><th scope="col">Channel</th><th scope="col">What happened</th><th scope="col">Where</th><th scope="col">Stage</th><th scope="col">Session</th></tr>
            </thead>
            <tbody>
              ${[...touchpoints]
                .sort((left, right) => millis(right.event_time) - millis(left.event_time))
                .slice(0, ROWS)
                .map(
                  (step) => html`<tr>
                    <td>${dateTime(millis(step.event_time))}</td><td>${channelTag(step.channel)}</td><td>${words(step.kind)}</td>
                    <td>${step.touchpoint ? words(step.touchpoint) : '–'}</td><td>${step.stage ? words(step.stage) : '–'}</td>
                      <td><a href=${page.href('search', { session: step.session })} title=${step.session}>session</a></td>
                  </tr>`,
                )}
            </tbody>`,
          )
        : html`<timeline-chart
            .model=${page.model('timeline', [sessions, page.view.zoom], () => ({
              sessions: sessions.documents,
              between: zoomOf(page.view.zoom),
              open: (session) => page.show({ at: 'search', session, find: 'sessions' }),
              zoomed: (between) => page.adjust({ zoom: between ? zoomText(...between) : '' }),
            }))}
            aria-label="Touchpoints of this customer over time, one row per channel. The table shows them in words."
          ></timeline-chart>`}
  </section>`;
}

function identifiers(page, customer) {
  const known = customer.identifiers ?? [];
  return html`<section class="panel" aria-labelledby="known-title">
    <header><h2 id="known-title">Known by</h2><p class="note">personal values as pseudonyms</p></header>
    ${known.length
      ? scrollingTable(
          'Identifiers',
          '',
          html`<thead>
            <tr><th scope="col">Kind</th><th scope="col">Value</th><th scope="col">Since</th><th scope="col">Last</th><th scope="col">Note</th></tr>
          </thead>
          <tbody>
            ${known.map(
              (each) => html`<tr>
                <td>${words(each.type)}</td>
                <td><code title=${each.value}>${shortId(each.value)}</code></td>
                <td>${each.first_seen ? date(millis(each.first_seen)) : '–'}</td>
                <td>${each.last_seen ? date(millis(each.last_seen)) : '–'}</td>
                <td>${each.note ? words(each.note) : '–'}</td>
              </tr>`,
            )}
          </tbody>`,
        )
      : empty('No identifier', 'An anonymous customer of one touchpoint.')}
  </section>`;
}

let explained = null;

/** As an identifier is typed for throughline why; every type but devices and cookies holds pseudonyms. */
const asTyped = (identifier) => `${identifier.type}:${/^[0-9a-f]{32}$/.test(identifier.value) ? '#' : ''}${identifier.value}`;

function why(page, customer) {
  const known = (customer.identifiers ?? []).filter((each) => each.note !== 'visit');
  const ask = async (event) => {
    event.preventDefault();
    const { a, b } = event.target.elements;
    explained = { customer: customer.customer_id, looking: true };
    page.requestUpdate();
    try {
      explained = { customer: customer.customer_id, ...(await page.data.post('/api/customers/why', { a: a.value, b: b.value })) };
    } catch (refused) {
      explained = { customer: customer.customer_id, error: refused.message };
    }
    page.requestUpdate();
  };
  const choose = (name, label, index) => html`<label class="field"
    ><span>${label}</span>
    <select name=${name}>
      ${known.map((each, at) => html`<option value=${asTyped(each)} ?selected=${at === index}>${words(each.type)} ${shortId(each.value)}</option>`)}
    </select></label
  >`;
  const shown = explained?.customer === customer.customer_id ? explained : null;
  return html`<section class="panel" aria-labelledby="why-title">
    <header><h2 id="why-title">Why one person</h2><p class="note">the evidence between two identifiers</p></header>
    ${known.length < 2
      ? empty('One identifier needs no evidence')
      : !page.me?.explains
        ? empty('The evidence cannot be asked for', 'The server was started without the jobs’ configuration (--config).')
        : html`<form class="filters" @submit=${ask}>
              ${choose('a', 'From', 0)} ${choose('b', 'To', 1)}
              <button class="button primary" type="submit">Explain</button>
            </form>
            ${shown ? explanation(shown) : html`<p class="hint">Read from the touchpoints as <code>throughline why</code> does.</p>`}`}
  </section>`;
}

const ANSWERS = {
  one_customer: 'They are one customer.',
  evidence_refused: 'They are not one customer: a piece of the evidence was refused.',
  shared_device: 'They are not one customer: they meet on a shared device, which joins nobody.',
  quarantined: 'They are not one customer: what connects them is seen with too many people.',
  no_evidence: 'They are not one customer: no evidence connects them.',
  never_links: 'One of them can never link anything.',
  unknown: 'One of them is on no touchpoint that is indexed.',
};

const named = (identifier) => html`${words(identifier.type)} <code title=${identifier.value}>${shortId(identifier.value)}</code>`;

function explanation(shown) {
  if (shown.looking) return html`<p class="hint" role="status">Reading the evidence …</p>`;
  if (shown.error) return html`<p class="trouble" role="alert">${shown.error}</p>`;
  return html`<div role="status">
    <p><strong>${ANSWERS[shown.answer] ?? words(shown.answer)}</strong></p>
    ${shown.meeting ? html`<p class="hint">Both lead to ${named(shown.meeting)}.</p>` : nothing}
    ${shown.path?.length
      ? html`<ol class="evidence-path">
          ${shown.path.map(
            (step) => html`<li class=${step.accepted ? '' : 'bad'}>
              ${named(step.from)} and ${named(step.to)}
              <p class="hint">
                ${step.decision
                  ? `decided by ${step.decision.author || 'somebody'}${step.decision.reason ? `: ${step.decision.reason}` : ''}`
                  : html`${words(step.rule.replaceAll('-', ' '))}, touchpoint <code>${step.touchpoint_id}</code>, ${dateTime(millis(step.event_time))}`}
                ${step.refused ? html`<strong>Refused: ${step.refused}</strong>` : nothing}
              </p>
            </li>`,
          )}
        </ol>`
      : nothing}
    ${shown.complete === false ? html`<p class="trouble">The search stopped before its end, so this may be wrong.</p>` : nothing}
  </div>`;
}

function surveys(page, found) {
  return html`<section class="panel" aria-labelledby="said-title">
    <header><h2 id="said-title">What they answered</h2></header>
    ${found.documents.length
      ? html`<ul class="answers">
          ${found.documents.slice(0, 20).map((touchpoint) => answer(touchpoint))}
        </ul>`
      : empty('No survey answered yet')}
  </section>`;
}

/** Contacts about one subject until it was resolved or quiet. */
function issues(page, found) {
  return html`<section class="panel" aria-labelledby="issues-title">
    <header><h2 id="issues-title">Issues</h2><p class="note">contacts about one subject</p></header>
    ${found.documents.length
      ? scrollingTable(
          'Issues, newest first',
          '',
          html`<thead>
            <tr><th scope="col">Since</th><th scope="col">About</th><th scope="col">Status</th><th scope="col">Contacts</th><th scope="col">Channels</th><th scope="col">Promises</th></tr>
          </thead>
          <tbody>
            ${found.documents.map(
              (issue) => html`<tr>
                <td>${dateTime(millis(issue.start))}</td>
                <td>${words(issue.topic ?? issue.case_id ?? '–')}</td>
                <td>${words(issue.status)}${issue.resolution_ms ? html`<p class="hint">after ${duration(issue.resolution_ms)}</p>` : nothing}</td>
                <td>${count(issue.contact_count)}${issue.repeats ? html`<p class="hint">${count(issue.repeats)} again</p>` : nothing}</td>
                <td><span class="channels">${(issue.channels ?? []).map(channelTag)}</span></td>
                <td>${promisesOf(page, issue)}</td>
              </tr>`,
            )}
          </tbody>`,
        )
      : empty('No issue', 'They did not turn to the company about anything.')}
  </section>`;
}

/** The long arc through the stages. */
function journeys(found) {
  return html`<section class="panel" aria-labelledby="journeys-title">
    <header><h2 id="journeys-title">Journeys</h2><p class="note">through the stages</p></header>
    ${found.documents.length
      ? scrollingTable(
          'Journeys, newest first',
          '',
          html`<thead>
            <tr><th scope="col">Since</th><th scope="col">For</th><th scope="col">Status</th><th scope="col">Stages, with time spent</th></tr>
          </thead>
          <tbody>
            ${found.documents.map(
              (journey) => html`<tr>
                <td>${dateTime(millis(journey.start))}</td>
                <td>${words(journey.product ?? journey.topic ?? '–')}</td>
                <td>${words(journey.status)}</td>
                <td class="way">
                  ${(journey.stage_path ?? []).slice(0, 8).map(
                    (stretch, index) => html`${index ? html`<span class="sign" aria-label="then">›</span>` : nothing}<span>${words(stretch.stage)} <small class="faint">${duration(stretch.dwell_ms)}</small></span>`,
                  )}${(journey.stage_path ?? []).length > 8 ? html`<span class="sign">…</span>` : nothing}
                </td>
              </tr>`,
            )}
          </tbody>`,
        )
      : empty('No journey yet')}
  </section>`;
}

function changes(page, found) {
  return html`<section class="panel" aria-labelledby="changes-title">
    <header><h2 id="changes-title">Merges and splits</h2></header>
    ${found.documents.length
      ? scrollingTable(
          'Changes of identity, newest first',
          'evidence',
          html`<thead>
            <tr><th scope="col">When</th><th scope="col">What</th><th scope="col">Customers</th><th scope="col">Rule</th><th scope="col">Evidence</th></tr>
          </thead>
          <tbody>
            ${found.documents.map(
              (change) => html`<tr>
                <td>${dateTime(millis(change.processing_time ?? change.event_time))}</td>
                <td>${words(change.kind)}</td>
                <td>
                  ${(change.absorbed ?? []).map((id) => html`<a class="id" href=${page.href('customers', { customer: id })}>${shortId(id)}</a> `)} ${change.kind === 'split' ? 'out of' : 'into'}
                  <a class="id" href=${page.href('customers', { customer: change.survivor })}>${shortId(change.survivor)}</a>
                </td>
                <td>${words(change.rule).replaceAll('-', ' ')}</td>
                <td>
                  ${(change.evidence ?? []).map((piece) => html`<p>${named(piece.left)} and ${named(piece.right)}${piece.touchpoint_id === '' ? html` <span class="hint">as somebody decided</span>` : nothing}</p>`)}
                  ${change.touchpoint_id ? html`<p class="hint">touchpoint <code>${change.touchpoint_id}</code></p>` : nothing}
                </td>
              </tr>`,
            )}
          </tbody>`,
        )
      : empty('It was always one', 'No other customer was merged into this one, and none split off.')}
  </section>`;
}

