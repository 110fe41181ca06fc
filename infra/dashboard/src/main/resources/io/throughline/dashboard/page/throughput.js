// Touchpoints per second by channel over the last 15 minutes.

import { html, nothing } from 'lit';
import { channelColour, byFamily } from './channels.js';
import { channelName, hourMinute, millis, rate, ago } from './format.js';
import { choice, empty, noteAnd, panel, regardless, scrollingTable } from './panels.js';
import { lastMinute } from './scores.js';
import './charts.js';

export function throughput(page) {
  return panel({
    name: 'throughput',
    title: 'Touchpoints by channel',
    note: noteAnd('per second, last 15 minutes, by time received', regardless(page, { now: true })),
    section: page.sections.throughput,
    busy: true,
    tools: choice({
      name: 'throughput',
      legend: 'Show as',
      options: [
        ['chart', 'Chart'],
        ['table', 'Table'],
      ],
      chosen: page.view.throughput,
      choose: (as) => page.show({ throughput: as }),
    }),
    content: (data) => content(page, data),
  });
}

function content(page, data) {
  const { channel } = page.view;
  const any = data.channels.some((each) => !channel || each.channel === channel);
  if (!any) {
    const newest = millis(page.sections.pipeline?.data?.newest_received_time);
    return empty(
      channel && data.channels.length ? `No touchpoints over ${channelName(channel)} in the last 15 minutes` : 'No touchpoints in the last 15 minutes',
      Number.isFinite(newest) && !channel ? `The newest was received ${ago(page.now - newest)}.` : 'They appear here as they arrive.',
    );
  }
  return html`${page.view.throughput === 'table'
    ? table(data, channel)
    : html`<channel-chart
        .model=${page.chartModel(data, channel)}
        aria-label="Stacked bars: touchpoints per second by channel, last 15 minutes. The table shows the figures."
      ></channel-chart>`}
  ${legend(page, data)}`;
}

function legend(page, data) {
  const chosen = page.view.channel;
  return html`<ul class="legend" aria-label="Channels, touchpoints per second in the last minute">
    ${[...data.channels]
      .sort((left, right) => byFamily(left.channel, right.channel))
      .map(
        (each) => html`<li>
          <button
            aria-pressed=${each.channel === chosen ? 'true' : 'false'}
            title=${each.channel === chosen ? 'Show all channels' : `Show only ${channelName(each.channel)}`}
            @click=${() => page.show({ channel: each.channel === chosen ? '' : each.channel })}
          >
            <i .style=${`background: var(--${channelColour(each.channel)})`}></i>${channelName(each.channel)}
            <b>${rate(lastMinute(data, each.channel))}</b>
          </button>
        </li>`,
      )}
  </ul>`;
}

/** Means per minute: a row for each, newest first. */
function table(data, channel) {
  const perMinute = 60_000 / data.step_millis;
  const complete = data.other.length - (data.partial ? 1 : 0);
  const columns = data.channels
    .filter((each) => !channel || each.channel === channel)
    .sort((left, right) => byFamily(left.channel, right.channel));
  const others = !channel && data.other.some((each) => each > 0);
  const minutes = [];
  for (let until = complete; until - perMinute >= 0; until -= perMinute) minutes.push(until - perMinute);
  const mean = (counts, from) => counts.slice(from, from + perMinute).reduce((left, right) => left + right, 0) / 60;
  return scrollingTable(
    'Touchpoints per second, mean of each minute by channel, newest first',
    'figures',
    html`<thead>
      <tr>
        <th scope="col">Minute from</th>
        <th scope="col">All</th>
        ${columns.map((each) => html`<th scope="col">${channelName(each.channel)}</th>`)}
        ${others ? html`<th scope="col">Others</th>` : nothing}
      </tr>
    </thead>
    <tbody>
      ${minutes.map((from) => {
        const rates = columns.map((each) => mean(each.counts, from));
        const other = channel ? 0 : mean(data.other, from);
        return html`<tr>
          <th scope="row">${hourMinute(millis(data.from) + from * data.step_millis)}</th>
          <td><b>${rate(rates.reduce((left, right) => left + right, other))}</b></td>
          ${rates.map((each) => html`<td>${rate(each)}</td>`)} ${others ? html`<td>${rate(other)}</td>` : nothing}
        </tr>`;
      })}
    </tbody>`,
  );
}
