// The page: what it knows, what it looks at, and how its parts stand together.

import { LitElement, html, nothing } from 'lit';
import { alertDialog, reasonOf } from './alerts.js';
import { addressOf, kept, PAGES, readAddress, writeAddress } from './address.js';
import { byFamily } from './channels.js';
import { channelName, millis, time, words } from './format.js';
import { Data } from './data.js';
import { close, mark, moon, sun, system } from './icons.js';
import { Live } from './live.js';
import { periodWords, WINDOWS } from './metrics.js';
import { choice } from './panels.js';
import { may, whoAmI } from './me.js';
import { audit } from './pages/audit.js';
import { channels } from './pages/channels.js';
import { customers } from './pages/customers.js';
import { inbox } from './pages/alerts.js';
import { journeys } from './pages/journeys.js';
import { overview } from './pages/overview.js';
import { pipelinePage } from './pages/pipeline.js';
import { rules } from './pages/rules.js';
import { search } from './pages/search.js';
import { catchingUp } from './pipeline.js';
import { chosenTheme, nextTheme } from './theme.js';
import { metricDialog } from './trend.js';

const CONTENT = { overview, channels, journeys, alerts: inbox, customers, search, rules, pipeline: pipelinePage, audit };
const SHARED = new Set(['throughput', 'pipeline', 'operations', 'choices', 'quality']);
const ZONE = Intl.DateTimeFormat().resolvedOptions().timeZone;
const REFRESH = 5_000;
const NEW_FOR = 6_000;

class Dashboard extends LitElement {
  sections = {};
  view = readAddress();
  connection = 'connecting';
  pulse = null;
  /** Who looks; null until the server has said. */
  me = null;
  data = new Data(() => this.requestUpdate());

  /** The server's clock less this browser's, milliseconds. */
  #ahead = 0;
  #live;
  #firstSeen = new Map();
  #models = new Map();
  #announcement = '';
  #choosing = false;
  #shownAt = '';
  #sought = '';

  /** Styles are the page's: one sheet, no shadow. */
  createRenderRoot() {
    this.replaceChildren();
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#live = new Live({
      onSection: (name, section) => this.#take(name, section),
      onPulse: (pulse) => {
        this.pulse = pulse;
        this.#ahead = millis(pulse.server_time) - Date.now();
        this.requestUpdate();
      },
      onState: (state) => {
        if (state === this.connection) return;
        this.connection = state;
        this.requestUpdate();
      },
    });
    this.#live.look(this.view);
    addEventListener('popstate', () => {
      const before = this.view;
      this.#look(readAddress());
      this.#attend(before);
    });
    this.addEventListener('click', (event) => this.#follow(event));
    setInterval(() => document.hidden || this.requestUpdate(), 1000);
    setInterval(() => document.hidden || this.data.refresh(), REFRESH);
    this.#meet();
  }

  async #meet() {
    try {
      this.me = await whoAmI();
      this.data.csrf = this.me.csrf;
    } catch {
      // The server is away; the banner says so, and the pages ask again.
      setTimeout(() => this.#meet(), 2_000);
    }
    this.requestUpdate();
  }

  /** The address of a page with the present period and filters; what is named besides replaces or adds to them. */
  href(at, values = {}) {
    return addressOf(at, { ...kept(this.view), ...values });
  }

  /** Links within the page need no new page; those opened elsewhere by key or button are left to the browser. */
  #follow(event) {
    const link = event.target.closest?.('a[href]');
    if (!link || event.defaultPrevented || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const to = new URL(link.href);
    if (to.origin !== location.origin || link.hasAttribute('download') || link.hash || !Object.values(PAGES).some((page) => page.path === to.pathname)) return;
    event.preventDefault();
    if (link.href === location.href) return;
    this.go(link.href);
  }

  /** Now by the server's clock, milliseconds. */
  get now() {
    return Date.now() + this.#ahead;
  }

  /** Goes to another view: what is not named stays. */
  show(change) {
    const view = { ...(change.at && change.at !== this.view.at ? kept(this.view) : this.view), ...change, notes: [] };
    if (change.at) {
      writeAddress(view);
      this.#look(readAddress());
      return;
    }
    writeAddress(view);
    this.#look(view);
  }

  /** The same for what is moved by hand, of which each bit is no step to go back to. */
  adjust(change) {
    const view = { ...this.view, ...change, notes: [] };
    writeAddress(view, { step: false });
    this.#look(view);
  }

  /** Goes to an address within the page, as its links do. */
  go(address) {
    history.pushState(null, '', address);
    const before = this.view;
    this.#look(readAddress());
    if (this.view.at !== before.at) {
      scrollTo(0, 0);
      this.querySelector('main')?.focus({ preventScroll: true });
    }
    this.#attend(before);
  }

  /** Whoever opens an alert of the inbox goes on within it, and stands at its row again once it closes. */
  async #attend(before) {
    const { at, alert } = this.view;
    if (at !== 'alerts' || before.at !== at || before.alert === alert) return;
    await this.updateComplete;
    const row = () => this.querySelector(`.alert-list [data-alert="${CSS.escape(before.alert)}"]`) ?? this.querySelector('.alerts .alert-list');
    if (alert) this.querySelector('.inbox .detail')?.focus({ preventScroll: true });
    else row()?.focus();
  }

  isNew(alertId) {
    return Date.now() - (this.#firstSeen.get(alertId) ?? 0) < NEW_FOR;
  }

  /** The same object until the data changes, so that charts are only drawn when there is something new. */
  chartModel(data, channel) {
    return this.model('throughput', [data, channel], () => ({ throughput: data, channel }));
  }

  trendModel(metric, points) {
    const trends = this.sections.trends;
    return this.model('trend', [metric.series, metric.value, metric.as_of, trends], () => ({ metric, points }));
  }

  model(name, from, make) {
    const before = this.#models.get(name);
    if (before && before.from.every((each, index) => each === from[index])) return before.model;
    const model = make();
    this.#models.set(name, { from, model });
    return model;
  }

  #look(view) {
    const another = ['window', 'channel', 'segment', 'until'].some((key) => view[key] !== this.view[key]);
    this.view = view;
    if (another) {
      this.sections = Object.fromEntries(Object.entries(this.sections).filter(([name]) => SHARED.has(name)));
      this.#firstSeen.clear();
      this.#live.look(view);
    }
    this.requestUpdate();
  }

  #take(name, section) {
    const before = this.sections[name];
    this.sections = { ...this.sections, [name]: section };
    if (name === 'alerts' && section.data) this.#notice(before?.data, section.data);
    // Lists are asked for and not streamed, since everybody's differs; the stream says when to ask.
    const lists = before && { alerts: ['alerts', 'alert'], pipeline: ['pipeline'] }[name];
    if (lists) {
      this.data.refresh(lists);
      // What was asked less than a second ago is answered as it was then.
      setTimeout(() => this.data.refresh(lists), 1_100);
    }
    this.requestUpdate();
  }

  /** Alerts that came while somebody looks are marked for a moment and read out. */
  #notice(before, after) {
    const known = new Set(before ? [...before.newest, ...before.newest_active].map((alert) => alert.alert_id) : []);
    const come = before ? after.newest_active.filter((alert) => !known.has(alert.alert_id)) : [];
    for (const alert of come) this.#firstSeen.set(alert.alert_id, Date.now());
    if (come.length) {
      this.#announcement = come.length === 1 ? `New ${come[0].severity} alert: ${reasonOf(come[0])}` : `${come.length} new alerts`;
    }
  }

  render() {
    const waiting = this.sections.alerts?.data?.active ?? 0;
    const page = PAGES[this.view.at];
    document.title = `${waiting ? `(${waiting}) ` : ''}${this.view.at === 'overview' ? '' : `${page.title} · `}Throughline`;
    const drawn = html`<a class="skip" href="#content">Skip to the figures</a>
      ${this.#top()} ${this.#banner()} ${this.#notes()}
      <main id="content" class="at-${this.view.at}" tabindex="-1">
        <h1 class="sr">${page.title}, ${periodWords(this.view)}${this.view.channel ? `, ${channelName(this.view.channel)} only` : ''}</h1>
        ${CONTENT[this.view.at](this)}
      </main>
      <footer class="zone">${ZONE === 'UTC' ? 'Times are in UTC.' : `Times are those of ${ZONE}, unless they say UTC.`}</footer>
      ${this.#dialog()}
      <p class="sr" aria-live="polite">${this.#announcement}</p>`;
    this.data.drawn();
    return drawn;
  }

  #top() {
    return html`<header class="top">
      <p class="brand">${mark()}<span>Throughline</span></p>
      <nav aria-label="Pages">
        ${Object.entries(PAGES)
          .filter(([name, page]) => !this.me || may(this.me, page.role) || name === this.view.at)
          .map(
            ([name, page]) => html`<a href=${this.href(name)} aria-current=${name === this.view.at ? 'page' : 'false'}
              >${page.title}${name === 'alerts' && this.#waiting ? html` <b>${this.#waiting > 99 ? '99+' : this.#waiting}</b>` : nothing}</a
            >`,
          )}
      </nav>
      <div class="controls">
        ${choice({
          name: 'window',
          legend: 'Window of the metrics',
          options: Object.entries(WINDOWS).map(([value, window]) => [value, html`${window.name}<span class="sr">, ${window.words}</span>`]),
          chosen: this.view.window,
          choose: (window) => this.show({ window, page: '' }),
        })}
        <label class="select"
          ><span class="sr">Channel</span>
          <select @change=${(event) => this.show({ channel: event.target.value, page: '' })}>
            <option value="" ?selected=${!this.view.channel}>All channels</option>
            ${this.#channels().map((channel) => html`<option value=${channel} ?selected=${channel === this.view.channel}>${channelName(channel)}</option>`)}
          </select></label
        >
        ${this.#segments().length
          ? html`<label class="select"
              ><span class="sr">Segment</span>
              <select @change=${(event) => this.show({ segment: event.target.value, page: '' })}>
                <option value="" ?selected=${!this.view.segment}>All segments</option>
                ${this.#segments().map((segment) => html`<option value=${segment} ?selected=${segment === this.view.segment}>${words(segment)}</option>`)}
              </select></label
            >`
          : nothing}
        ${this.#until()}
      </div>
      <div class="state">${this.#badge()} ${this.#themeButton()}</div>
    </header>`;
  }

  get #waiting() {
    return this.sections.alerts?.data?.active ?? 0;
  }

  #segments() {
    const known = new Set(this.sections.choices?.data?.segments ?? []);
    if (this.view.segment) known.add(this.view.segment);
    return [...known].sort();
  }

  /** Where the period ends: now, or a time somebody chose. */
  #until() {
    const chosen = this.view.until;
    const local = chosen ? new Date(new Date(chosen).getTime() - new Date(chosen).getTimezoneOffset() * 60_000).toISOString().slice(0, 16) : '';
    if (!chosen && !this.#choosing) {
      return html`<button class="button" title="Look at how it was at another time" @click=${() => this.#choose(true)}>until now</button>`;
    }
    return html`<label class="until ${chosen ? 'past' : ''}"
        ><span>until</span>
        <input
          type="datetime-local"
          .value=${local}
          @change=${(event) => {
            const time = new Date(event.target.value);
            this.show({ until: Number.isFinite(time.getTime()) ? time.toISOString().replace('.000', '') : '', page: '' });
          }}
      /></label>
      <button class="button" @click=${() => { this.#choosing = false; this.show({ until: '', page: '' }); }}>Now</button>`;
  }

  async #choose(choosing) {
    this.#choosing = choosing;
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector('.until input')?.focus();
  }

  #notes() {
    const notes = [...(this.view.notes ?? [])];
    if (this.view.channel && this.view.segment && this.view.at === 'overview' && this.sections.metrics?.data && !this.sections.metrics.data.metrics.length) {
      notes.push('Metrics by channel and segment together are published only where measure.dimensions lists that combination. Choose one of the two.');
    }
    const late = this.view.until ? [] : catchingUp(this);
    if (late.length) {
      // Not read out: it changes all the time.
      return html`<div class="notes">
        <p><strong>The figures are behind.</strong> ${late.join(' ')}</p>
        ${notes.map((note) => html`<p role="status">${note}</p>`)}
      </div>`;
    }
    return notes.length ? html`<div class="notes" role="status">${notes.map((note) => html`<p>${note}</p>`)}</div>` : nothing;
  }

  #channels() {
    const known = new Set((this.sections.throughput?.data?.channels ?? []).map((each) => each.channel));
    Object.keys(this.sections.sessions?.data?.by_channel ?? {}).forEach((channel) => known.add(channel));
    (this.sections.choices?.data?.channels ?? []).forEach((channel) => known.add(channel));
    if (this.view.channel) known.add(this.view.channel);
    return [...known].sort(byFamily);
  }

  #badge() {
    const [tone, text] =
      this.connection === 'connecting'
        ? ['neutral', 'Connecting']
        : this.connection === 'lost'
          ? ['warn', 'Reconnecting']
          : this.pulse?.elasticsearch === 'down'
            ? ['bad', 'Not up to date']
            : this.pulse?.elasticsearch === 'up'
              ? ['good', 'Live']
              : ['neutral', 'Starting'];
    return html`<p class="connection ${tone}" role="status" title=${this.pulse?.as_of ? `Data as of ${time(millis(this.pulse.as_of))}` : ''}>
      <i></i>${text}
    </p>`;
  }

  #themeButton() {
    const theme = chosenTheme();
    const icon = { system, light: sun, dark: moon }[theme]();
    return html`<button
      class="theme"
      aria-label="Colours: ${theme}. Change"
      title="Colours: ${theme}"
      @click=${() => {
        nextTheme();
        this.requestUpdate();
      }}
    >
      ${icon}
    </button>`;
  }

  #banner() {
    const { pulse } = this;
    const asOf = pulse?.as_of ? `Showing data as of ${time(millis(pulse.as_of))}.` : 'There is no data to show yet.';
    if (this.connection === 'lost') {
      return html`<p class="banner" role="alert"><strong>The dashboard’s server does not answer.</strong> ${asOf} Trying to reconnect.</p>`;
    }
    if (pulse?.elasticsearch === 'down') {
      return html`<p class="banner" role="alert">
        <strong>Elasticsearch ${pulse.late ? 'does not answer' : 'is down'}</strong> since ${time(millis(pulse.outage_since))}. ${asOf} Trying again every second.
        <span class="cause">${pulse.outage}</span>
      </p>`;
    }
    return nothing;
  }

  #dialog() {
    const { at, alert, metric } = this.view;
    const shown = at !== 'overview' ? null : alert ? alertDialog(this) : metric ? metricDialog(this) : null;
    return html`<dialog
      aria-labelledby="dialog-title"
      @close=${() => this.view.at === 'overview' && (this.view.alert || this.view.metric) && this.show({ alert: '', metric: '', history: 'chart' })}
      @click=${(event) => event.target === event.currentTarget && event.currentTarget.close()}
    >
      ${shown
        ? html`<div class="sheet">
            <header>
              ${shown.kicker ?? nothing}
              <h2 id="dialog-title">${shown.title}</h2>
              <button class="close" aria-label="Close" @click=${(event) => event.target.closest('dialog').close()}>${close()}</button>
            </header>
            ${shown.body}
          </div>`
        : html`<h2 id="dialog-title" class="sr">Nothing to show</h2>`}
    </dialog>`;
  }

  updated() {
    // Which names there are depends on who looks.
    const shownAt = `${this.view.at} ${this.me?.role}`;
    if (this.#shownAt !== shownAt) {
      this.#shownAt = shownAt;
      // On a phone the pages' names are wider than the screen.
      const nav = this.querySelector('.top nav');
      const here = nav.querySelector("[aria-current='page']");
      if (here) nav.scrollLeft = here.offsetLeft - nav.offsetLeft - (nav.clientWidth - here.offsetWidth) / 2;
    }
    // What the address names is come to once, and not held on to.
    const sought = this.querySelector('[data-sought]');
    const name = sought?.dataset.sought ?? '';
    if (sought && name !== this.#sought) sought.scrollIntoView({ block: 'center' });
    this.#sought = name;
    const dialog = this.querySelector('dialog');
    const wanted = this.view.at === 'overview' && (this.view.alert || this.view.metric || '');
    if (wanted && !dialog.open) dialog.showModal();
    if (!wanted && dialog.open) dialog.close();
  }
}

customElements.define('throughline-dashboard', Dashboard);
