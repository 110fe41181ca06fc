// The event stream: opened anew when it breaks or falls silent, and resumed where it broke.

const SILENCE = 12_000;
const LONGEST_WAIT = 8_000;

export class Live {
  #source;
  #view;
  #lastEventId = '';
  #failures = 0;
  #retry;
  #watchdog;
  #onSection;
  #onPulse;
  #onState;

  constructor({ onSection, onPulse, onState }) {
    this.#onSection = onSection;
    this.#onPulse = onPulse;
    this.#onState = onState;
    addEventListener('online', () => this.#open());
  }

  /** Looks at a view; event ids of another one say nothing about it. */
  look(view) {
    const { window, channel, segment, until } = view;
    if (this.#view && same(this.#view, view)) return;
    this.#view = { window, channel, segment, until: until ? new Date(until).toISOString() : '' };
    this.#view.given = until;
    this.#lastEventId = '';
    this.#open();
  }

  #open() {
    this.#close();
    const query = new URLSearchParams({ window: this.#view.window });
    for (const key of ['channel', 'segment', 'until']) {
      if (this.#view[key]) query.set(key, this.#view[key]);
    }
    if (this.#lastEventId) query.set('last_event_id', this.#lastEventId);
    const source = new EventSource(`/api/live?${query}`);
    this.#source = source;
    this.#watch();
    for (const name of ['throughput', 'pipeline', 'operations', 'choices', 'quality', 'metrics', 'trends', 'drivers', 'sessions', 'alerts']) {
      source.addEventListener(name, (event) => {
        this.#lastEventId = event.lastEventId;
        this.#onSection(name, JSON.parse(event.data));
      });
    }
    source.addEventListener('pulse', (event) => {
      this.#failures = 0;
      this.#watch();
      this.#onState('live');
      this.#onPulse(JSON.parse(event.data));
    });
    source.addEventListener('error', () => this.#again());
  }

  /** Opened by hand and not by the browser, whose own pause is long and which gives up on some errors. */
  #again() {
    this.#close();
    this.#failures += 1;
    this.#onState('lost');
    this.#retry = setTimeout(() => this.#open(), Math.min(LONGEST_WAIT, 500 * 2 ** (this.#failures - 1)));
  }

  #watch() {
    clearTimeout(this.#watchdog);
    this.#watchdog = setTimeout(() => this.#again(), SILENCE);
  }

  #close() {
    clearTimeout(this.#retry);
    clearTimeout(this.#watchdog);
    this.#source?.close();
  }
}

const same = (left, right) =>
  left.window === right.window && left.channel === right.channel && left.segment === right.segment && left.given === right.until;
