// The page: what it knows, what it looks at, and how its parts stand together.

import { LitElement, html, nothing } from 'lit';
import { alertDialog, alerts } from './alerts.js';
import { readAddress, writeAddress } from './address.js';
import { byFamily } from './channels.js';
import { channelName, millis, time } from './format.js';
import { close, mark, moon, sun, system } from './icons.js';
import { Live } from './live.js';
import { WINDOWS } from './metrics.js';
import { choice } from './panels.js';
import { pipeline, rejectedDialog } from './pipeline.js';
import { scores } from './scores.js';
import { service } from './service.js';
import { sessions } from './sessions.js';
import { chosenTheme, nextTheme } from './theme.js';
import { throughput } from './throughput.js';
import { metricDialog } from './trend.js';

const SHARED = new Set(['throughput', 'pipeline']);
const NEW_FOR = 6_000;

class Dashboard extends LitElement {
  sections = {};
  view = readAddress();
  connection = 'connecting';
  pulse = null;

  /** The server's clock less this browser's, milliseconds. */
  #ahead = 0;
  #live;
  #firstSeen = new Map();
  #models = new Map();
  #announcement = '';

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
    addEventListener('popstate', () => this.#look(readAddress()));
    setInterval(() => document.hidden || this.requestUpdate(), 1000);
  }

  /** Now by the server's clock, milliseconds. */
  get now() {
    return Date.now() + this.#ahead;
  }

  /** Goes to another view: what is not named stays. */
  show(change) {
    const view = { ...this.view, ...change };
    writeAddress(view);
    this.#look(view);
  }

  isNew(alertId) {
    return Date.now() - (this.#firstSeen.get(alertId) ?? 0) < NEW_FOR;
  }

  /** The same object until the data changes, so that charts are only drawn when there is something new. */
  chartModel(data, channel) {
    return this.#model('throughput', [data, channel], () => ({ throughput: data, channel }));
  }

  trendModel(metric, points) {
    const trends = this.sections.trends;
    return this.#model('trend', [metric.series, metric.value, metric.as_of, trends], () => ({ metric, points }));
  }

  #model(name, from, make) {
    const before = this.#models.get(name);
    if (before && before.from.every((each, index) => each === from[index])) return before.model;
    const model = make();
    this.#models.set(name, { from, model });
    return model;
  }

  #look(view) {
    const another = view.window !== this.view.window || view.channel !== this.view.channel;
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
    this.requestUpdate();
  }

  /** Alerts that came while somebody looks are marked for a moment and read out. */
  #notice(before, after) {
    const known = new Set(before ? [...before.newest, ...before.newest_active].map((alert) => alert.alert_id) : []);
    const come = before ? after.newest_active.filter((alert) => !known.has(alert.alert_id)) : [];
    for (const alert of come) this.#firstSeen.set(alert.alert_id, Date.now());
    if (come.length) {
      this.#announcement = come.length === 1 ? `New ${come[0].severity} alert: ${come[0].reason}` : `${come.length} new alerts`;
    }
  }

  render() {
    const waiting = this.sections.alerts?.data?.active ?? 0;
    document.title = waiting ? `(${waiting}) Throughline` : 'Throughline';
    return html`<a class="skip" href="#content">Skip to the figures</a>
      ${this.#top()} ${this.#banner()}
      <main id="content" tabindex="-1">
        <h1 class="sr">Customer experience, ${WINDOWS[this.view.window].words}${this.view.channel ? `, ${channelName(this.view.channel)} only` : ''}</h1>
        ${scores(this)}
        <div class="board">${throughput(this)} ${alerts(this)} ${sessions(this)} ${service(this)} ${pipeline(this)}</div>
      </main>
      ${this.#dialog()}
      <p class="sr" aria-live="polite">${this.#announcement}</p>`;
  }

  #top() {
    return html`<header class="top">
      <p class="brand">${mark()}<span>Throughline</span></p>
      <div class="controls">
        ${choice({
          name: 'window',
          legend: 'Window of the metrics',
          options: Object.entries(WINDOWS).map(([value, window]) => [value, html`${window.name}<span class="sr">, ${window.words}</span>`]),
          chosen: this.view.window,
          choose: (window) => this.show({ window }),
        })}
        <label class="select"
          ><span class="sr">Channel</span>
          <select @change=${(event) => this.show({ channel: event.target.value })}>
            <option value="" ?selected=${!this.view.channel}>All channels</option>
            ${this.#channels().map((channel) => html`<option value=${channel} ?selected=${channel === this.view.channel}>${channelName(channel)}</option>`)}
          </select></label
        >
      </div>
      <div class="state">${this.#badge()} ${this.#themeButton()}</div>
    </header>`;
  }

  #channels() {
    const known = new Set((this.sections.throughput?.data?.channels ?? []).map((each) => each.channel));
    Object.keys(this.sections.sessions?.data?.by_channel ?? {}).forEach((channel) => known.add(channel));
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
        <strong>Elasticsearch is down</strong> since ${time(millis(pulse.outage_since))}. ${asOf} Trying again every second.
        <span class="cause">${pulse.outage}</span>
      </p>`;
    }
    return nothing;
  }

  #dialog() {
    const { alert, metric, dialog } = this.view;
    const shown = alert ? alertDialog(this) : metric ? metricDialog(this) : dialog === 'rejected' ? rejectedDialog(this) : null;
    return html`<dialog
      aria-labelledby="dialog-title"
      @close=${() => (this.view.alert || this.view.metric || this.view.dialog) && this.show({ alert: '', metric: '', dialog: '' })}
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
    const dialog = this.querySelector('dialog');
    const wanted = this.view.alert || this.view.metric || this.view.dialog || '';
    if (wanted && !dialog.open) dialog.showModal();
    if (!wanted && dialog.open) dialog.close();
  }
}

customElements.define('throughline-dashboard', Dashboard);
