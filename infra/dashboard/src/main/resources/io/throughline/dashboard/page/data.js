// What pages ask the server for, kept while they are looked at: an answer stays on the screen while the next one is fetched,
// and when the server or Elasticsearch is away it stays with a mark.

/** The server gives up long before; what takes longer hangs on the way, and would never be asked for again. */
const LONGEST_ANSWER = 20_000;

export class Data {
  #slots = new Map();
  #asked = new Set();
  #changed;
  #csrf = '';

  /** @param changed called when there is something new to show */
  constructor(changed) {
    this.#changed = changed;
  }

  set csrf(token) {
    this.#csrf = token;
  }

  /**
   * What is known of an address so far; asks for it if nobody did.
   *
   * @param slot place on the page: one address at a time
   * @param keep whether what stood there before may stay until the new answer comes
   * @param again whether it is asked for anew as time goes on
   */
  get(slot, address, { keep = false, again = true } = {}) {
    this.#asked.add(slot);
    let held = this.#slots.get(slot);
    if (!held || held.address !== address) {
      held = { address, again, data: keep ? held?.data : undefined, asOf: undefined, loading: false, error: '' };
      this.#slots.set(slot, held);
      this.#fetch(held);
    }
    return held;
  }

  /** Forgets places that the page just drawn did not ask for. */
  drawn() {
    for (const slot of this.#slots.keys()) {
      if (!this.#asked.has(slot)) this.#slots.delete(slot);
    }
    this.#asked.clear();
  }

  /**
   * Asks again for what changes with time. What is being asked for at this moment is asked for once more afterwards, where it is
   * named: the answer under way may not have it yet.
   *
   * @param slots these only
   */
  refresh(slots) {
    for (const [slot, held] of this.#slots) {
      if (!held.again || (slots && !slots.includes(slot))) continue;
      if (!held.loading) this.#fetch(held);
      else if (slots) held.once = true;
    }
  }

  /** Asks once more for what could not be read and is not asked for by itself. */
  askAgain(held) {
    if (!held.loading) this.#fetch(held);
    this.#changed();
  }

  async #fetch(held) {
    held.loading = true;
    const given = new AbortController();
    const late = setTimeout(() => given.abort(), LONGEST_ANSWER);
    try {
      const answer = await fetch(held.address, { headers: { Accept: 'application/json' }, signal: given.signal });
      if (answer.status === 401) return leave();
      if (!answer.ok) {
        held.error = (await answer.text()).trim() || `The server answered ${answer.status}.`;
      } else {
        const told = await answer.json();
        Object.assign(held, {
          data: told.data, asOf: told.as_of, outage: told.outage, until: told.until, notes: told.notes ?? [], error: '',
        });
      }
    } catch {
      held.error = 'The dashboard’s server does not answer.';
    }
    clearTimeout(late);
    held.loading = false;
    if (held.once && [...this.#slots.values()].includes(held)) {
      held.once = false;
      this.#fetch(held);
    }
    if ([...this.#slots.values()].includes(held)) this.#changed();
  }

  /** Sends something; throws what the server says where it refuses. */
  async post(address, body) {
    const answer = await fetch(address, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', Accept: 'application/json', 'X-CSRF-Token': this.#csrf },
      body: JSON.stringify(body),
    });
    if (answer.status === 401) return leave();
    if (!answer.ok) throw new Error((await answer.text()).trim() || `The server answered ${answer.status}.`);
    return answer.status === 204 ? null : answer.json();
  }
}

/** Whoever is not logged in any more begins anew; the server knows where. */
function leave() {
  location.reload();
  return new Promise(() => {});
}
