// Channels beside each other: every metric by channel, and how customers change from one to another.

import { html, nothing } from 'lit';
import { query } from '../address.js';
import { channelTag } from '../alerts.js';
import { byFamily } from '../channels.js';
import { change, channelName, count, date, dateMinute, duration, millis, scaleWords, unit, value, valueWithUnit } from '../format.js';
import { asked, empty, saveTableButton } from '../lists.js';
import { band, behind, behindWords, comparison, FEW, interval, metricWords, newestOf, noneKept, periodWords, WINDOWS } from '../metrics.js';
import { noteAnd, regardless, scrollingTable } from '../panels.js';
import { changeMark, flag, incomplete, noneComplete } from '../scores.js';

const COLUMNS = [
  'nps', 'csat', 'ces', 'fcr_net', 'repeat_contact_rate', 'wait_p50', 'wait_p90', 'abandonment_rate', 'service_level', 'handle_p50',
  'channel_switches_mean', 'touchpoints', 'customers', 'sessions',
];
/** These count what can be listed; their cells lead to it. */
const VOLUMES = new Set(['touchpoints', 'customers', 'sessions']);

export function channels(page) {
  const { window, until } = page.view;
  const held = page.data.get('channels', `/api/channels?${query({ window, until })}`, { keep: true, again: !until });
  const of = regardless(page, { channel: true });
  return html`${held.data?.before.length ? asked({
    name: 'worse',
    title: 'What got worse',
    note: noteAnd(`against ${WINDOWS[window].before}, beyond chance only`, of),
    tools: saveTableButton('what-got-worse'),
    held: { ...held, notes: [], outage: '' },
    page,
    content: (data) => worse(page, data),
  }) : nothing}
  ${asked({
    name: 'matrix',
    title: 'Channels and metrics',
    note: html`${noteAnd(figuresOf(page.view, held.data?.cells), of)}${noneComplete(held.data?.cells) ? html` ${flag()}` : nothing}; colour says where a channel stands among the others, the arrow how it changed, both
      beyond chance only`,
    tools: saveTableButton('channels'),
    held,
    page,
    content: (data) => matrix(page, data),
  })}
  ${asked({
    name: 'switches',
    title: 'Changes of channel',
    note: noteAnd('customers went from one channel (row) to another (column)', of),
    tools: saveTableButton('channel-switches'),
    held: { ...held, notes: [], outage: '' },
    page,
    content: (data) => switches(page, data),
  })}`;
}

/** Of when the figures are: with a chosen end, of the last that are kept up to there. */
function figuresOf(view, cells) {
  const asOf = view.until && newestOf(cells ?? []);
  return asOf ? html`${periodWords(view, asOf)}, the last up to ${dateMinute(millis(view.until))}: figures of the past are kept ${WINDOWS[view.window].kept}` : periodWords(view);
}

function matrix(page, { cells, before, first_kept: first }) {
  if (noneKept(page.view, cells, first)) {
    return empty(
      'No figure was kept for this end yet',
      html`Figures of the past are kept ${WINDOWS[page.view.window].kept}; <a href=${page.href('channels', { until: first })}>the first is of ${dateMinute(millis(first))}</a>.`,
    );
  }
  if (!cells.length) {
    return empty(`Nothing was measured by channel in the ${periodWords(page.view)}`, 'Figures appear with the first touchpoints and answers.');
  }
  const earlier = new Map(before.map((cell) => [key(cell), cell]));
  const byChannel = cellsByChannel(cells);
  // What holds for all is said once, beside the title.
  const marked = !noneComplete(cells);
  const names = [...byChannel.keys()].sort(byFamily);
  const columns = COLUMNS.filter((id) => names.some((name) => byChannel.get(name).has(id)));
  // Scores on different scales say nothing about each other.
  const standings = new Map();
  for (const id of columns) {
    const all = names.map((name) => byChannel.get(name).get(id)).filter(Boolean);
    for (const scale of new Set(all.map(scaleOf))) standings.set(`${id}\0${scale}`, standing(all.filter((cell) => scaleOf(cell) === scale)));
  }
  return scrollingTable(
    'Metrics by channel',
    'figures heat',
    html`<thead>
      <tr>
        <th scope="col">Channel</th>
        ${columns.map((id) => html`<th scope="col" title=${metricWords(id).says}>${metricWords(id).name}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${names.map(
        (name) => html`<tr>
          <th scope="row"><a href=${page.href('search', { channel: name })} title="Sessions over ${channelName(name)}">${channelTag(name)}</a></th>
          ${columns.map((id) => cellOf(page, byChannel.get(name).get(id), earlier, standings, marked))}
        </tr>`,
      )}
    </tbody>`,
  );
}

/** Channel to metric to what stands for it. */
function cellsByChannel(cells) {
  const byChannel = new Map();
  for (const cell of cells) {
    const row = byChannel.get(cell.channel) ?? new Map();
    const known = row.get(cell.metric_id);
    // Of several scales the one most answered on stands for the score, as on the overview; where there is one only, it names it.
    if (!known || (!known.scale && cell.scale) || (Boolean(known.scale) === Boolean(cell.scale) && cell.n > known.n)) row.set(cell.metric_id, cell);
    byChannel.set(cell.channel, row);
  }
  return byChannel;
}

const MOST = 10;

/** What is worse than it was, what changed most for its size first, with ways to why. */
function worse(page, { cells, before }) {
  const earlier = new Map(before.map((cell) => [key(cell), cell]));
  const found = [...cellsByChannel(cells).values()]
    .flatMap((row) => COLUMNS.map((id) => row.get(id)).filter(Boolean))
    .map((cell) => ({ cell, previous: earlier.get(key(cell)), compared: comparison({ ...cell, previous: earlier.get(key(cell)) }) }))
    .filter(({ compared }) => compared?.clear && compared.tone === 'bad')
    .map((each) => ({ ...each, size: Math.abs(each.compared.difference) / (Math.abs(each.previous.value) || 1) }))
    .sort((left, right) => right.size - left.size);
  if (!found.length) return empty('Nothing got worse', 'Of no channel did a figure get worse by more than chance.');
  return html`${scrollingTable(
      'What got worse, by channel and metric',
      'figures',
      html`<thead>
        <tr>
          <th scope="col" class="name">Channel</th><th scope="col" class="name">Metric</th><th scope="col">Change</th><th scope="col">Now</th>
          <th scope="col">Before</th><th scope="col" class="name">Look at</th>
        </tr>
      </thead>
      <tbody>
        ${found.slice(0, MOST).map((each) => worseRow(page, each))}
      </tbody>`,
    )}
    ${found.length > MOST ? html`<p class="hint">${count(found.length - MOST)} more have a red arrow below.</p>` : nothing}`;
}

function worseRow(page, { cell, previous, compared }) {
  const source = behind(cell.metric_id, cell.channel, cell.scale);
  const named = metricWords(cell.metric_id);
  return html`<tr>
    <th scope="row" class="name">${channelTag(cell.channel)}</th>
    <td class="name" title=${named.says}>${named.name}${cell.scale ? html` <small class="faint">of ${scaleSign(cell.scale)}</small>` : nothing}</td>
    <td class="bad">${change(compared.difference, cell)}</td>
    <td><b>${valueWithUnit(cell.value, cell)}</b> <small class="n">n ${count(cell.n)}</small></td>
    <td>${valueWithUnit(previous.value, cell)} <small class="n">n ${count(previous.n)}</small></td>
    <td class="name">
      <a href=${dialogOf(page, cell)}>trend</a> · <a href=${page.href('search', source.to)} title=${behindWords(source)}>${source.to.find ?? 'sessions'}</a>${SURVEYS.has(cell.metric_id)
        ? html` · <a href=${page.href('search', { find: 'verbatims', channel: cell.channel, metric: cell.metric_id })}>what they said</a>`
        : nothing}
      · <a href=${page.href('search', { channel: cell.channel, trouble: 'complaints,errors' })}>sessions in trouble</a>
    </td>
  </tr>`;
}

const SURVEYS = new Set(['nps', 'csat', 'ces']);

/** All of one figure: its trend, its interval, its formula. */
const dialogOf = (page, cell) => page.href('overview', { channel: cell.channel, metric: cell.scale ? `${cell.metric_id}/${cell.scale}` : cell.metric_id });

const scaleOf = (cell) => cell.scale ?? '';

const key = (cell) => [cell.channel, cell.metric_id, cell.scale ?? ''].join('\0');

function cellOf(page, cell, earlier, standings, marked) {
  if (!cell) return html`<td class="faint">–</td>`;
  const previous = earlier.get(key(cell));
  const change = comparison({ ...cell, previous });
  const ends = interval(cell);
  const between = ends ? `, 95 % ${value(ends.low, cell)} to ${valueWithUnit(ends.high, cell)}` : '';
  const title = `${metricWords(cell.metric_id).full}, ${channelName(cell.channel)}: ${valueWithUnit(cell.value, cell)}${cell.scale ? `, scale ${scaleWords(cell.scale)}` : ''}${between}, n ${count(cell.n)}${
    previous ? `; before: ${valueWithUnit(previous.value, previous)}` : ''
  }`;
  const source = behind(cell.metric_id, cell.channel, cell.scale);
  const counted = page.href('search', source.to);
  const to = VOLUMES.has(cell.metric_id) ? counted : dialogOf(page, cell);
  const [tone, strength] = standings.get(`${cell.metric_id}\0${scaleOf(cell)}`)(cell);
  return html`<td class=${tone} .style=${tone ? `--strength: ${strength}%` : ''}>
    <a href=${to} title=${title}>${value(cell.value, cell)}${unit(cell) ? html`<small>${unit(cell)}</small>` : nothing}${changeMark(change)}</a>${marked && !cell.complete ? incomplete() : nothing}
    <small class="n"><a href=${counted} title=${behindWords(source)}>n ${count(cell.n)}</a>${cell.scale ? html`<br />of ${scaleSign(cell.scale)}` : nothing}</small>
  </td>`;
}

/** 1-7 -> 1–7, and of one where low is good 1–5 ↓ */
const scaleSign = (scale) => (scale.endsWith('_lower_is_better') ? html`${scaleWords(scale.replace('_lower_is_better', ''))} <abbr title="low is good">↓</abbr>` : scaleWords(scale));

/** Better than the median is good, the more the further; what has no direction, or may be the median by chance, has no colour. */
function standing(cells) {
  const wanted = { higher_is_better: 1, lower_is_better: -1 }[cells[0]?.direction] ?? 0;
  const values = cells.map((cell) => cell.value).sort((left, right) => left - right);
  if (!wanted || values.length < 3 || values[0] === values.at(-1)) return () => ['', 0];
  const middle = values[Math.floor(values.length / 2)];
  const furthest = Math.max(middle - values[0], values.at(-1) - middle);
  return (cell) => {
    const ends = band(cell);
    if (cell.n < FEW || (ends && ends.low <= middle && middle <= ends.high)) return ['', 0];
    const distance = ((cell.value - middle) * wanted) / furthest;
    return Math.abs(distance) < 0.15 ? ['', 0] : [distance > 0 ? 'better' : 'worse', Math.round(Math.abs(distance) * 70)];
  };
}

function switches(page, { turns: { turns: ofSessions, total, changed }, transitions }) {
  // Whole days are counted exactly; within a day or less sessions say more.
  const exact = transitions.flows.length > 0;
  const turns = exact ? transitions.flows.map((flow) => ({ from: flow.from, to: flow.to, sessions: flow.count })) : ofSessions;
  if (!turns.length) {
    return empty(`Nobody changed channels in the ${periodWords(page.view)}`, total ? `${count(total)} ${total === 1 ? 'session' : 'sessions'} stayed on one channel each.` : 'No session began then.');
  }
  const names = [...new Set(turns.flatMap((turn) => [turn.from, turn.to]))].sort(byFamily);
  const found = new Map(turns.map((turn) => [`${turn.from}\0${turn.to}`, turn]));
  const most = Math.max(...turns.map((turn) => turn.sessions));
  return html`${exact
      ? html`<p class="hint">Every change is counted, over whole days since ${date(millis(transitions.from))} (UTC).</p>`
      : html`<p class="hint">
          Sessions with each change, of ${count(changed)} that changed channels among ${count(total)}; below, half of them changed within that time.
        </p>`}
    ${scrollingTable(
      'Changes from channel to channel',
      'figures heat square',
      html`<thead>
        <tr>
          <th scope="col">From, to</th>
          ${names.map((name) => html`<th scope="col">${channelName(name)}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${names.map(
          (from) => html`<tr>
            <th scope="row">${channelTag(from)}</th>
            ${names.map((to) => {
              const turn = found.get(`${from}\0${to}`);
              if (!turn) return html`<td class="faint">${from === to ? '' : '·'}</td>`;
              return html`<td class="portion" .style=${`--strength: ${Math.round((100 * turn.sessions) / most)}%`}>
                <a
                  href=${page.href('search', { channel: '', turn: `${from}\t${to}` })}
                  title=${exact
                    ? `${count(turn.sessions)} changes from ${channelName(from)} to ${channelName(to)}`
                    : `${count(turn.sessions)} sessions went from ${channelName(from)} to ${channelName(to)}${turn.within_millis === undefined ? '' : `, half of them within ${duration(turn.within_millis)}`}`}
                  >${count(turn.sessions)}</a
                >
                ${exact || turn.within_millis === undefined ? nothing : html`<small class="n">${duration(turn.within_millis)}</small>`}
              </td>`;
            })}
          </tr>`,
        )}
      </tbody>`,
    )}`;
}
