// The charts, drawn by ECharts on a canvas. Each is one picture with a label; the numbers are in the table beside it.

import { channelColour, byFamily } from './channels.js';
import { channelName, count, date, dateTime, hourMinute, millis, percent, rate, time, title, valueWithUnit, words } from './format.js';
import { band, interval } from './metrics.js';
import { colour, onThemeChange } from './theme.js';

/** Loaded after the first paint: it is the largest file of the page. A load that failed is tried again by the next chart. */
let library;
const echarts = () =>
  (library ??= import('echarts').catch((failed) => {
    library = undefined;
    throw failed;
  }));

class Chart extends HTMLElement {
  #chart;
  #model;
  #resize;
  #forgetTheme;

  async connectedCallback() {
    this.setAttribute('role', 'img');
    this.#forgetTheme = onThemeChange(() => this.#draw());
    // Until the library is there the place says so, instead of looking like a chart of nothing.
    this.dataset.undrawn = 'Drawing …';
    let init;
    try {
      ({ init } = await echarts());
    } catch {
      this.dataset.undrawn = 'The chart could not be loaded. The table has the figures.';
      return;
    }
    if (!this.isConnected || this.#chart) return;
    delete this.dataset.undrawn;
    this.#chart = init(this, null, { renderer: 'canvas' });
    this.drawn(this.#chart);
    this.#resize = new ResizeObserver(() => {
      this.#chart?.resize();
      if (this.fits) this.#draw();
    });
    this.#resize.observe(this);
    this.#draw();
  }

  disconnectedCallback() {
    this.#resize?.disconnect();
    this.#forgetTheme?.();
    this.#chart?.dispose();
    this.#chart = undefined;
  }

  /** Called once with the chart, before it draws. */
  drawn() {}

  /** Whether what it says depends on its width. */
  fits = false;

  get model() {
    return this.#model;
  }

  set model(model) {
    if (model === this.#model) return;
    this.#model = model;
    this.#draw();
  }

  #draw() {
    if (this.#chart && this.#model) {
      this.#chart.setOption({ ...this.frame(), ...this.option(this.#model) }, { replaceMerge: ['series'] });
    }
  }

  frame() {
    return {
      animation: false,
      aria: { enabled: false },
      textStyle: { fontFamily: getComputedStyle(document.body).fontFamily },
      tooltip: {
        trigger: 'axis',
        confine: true,
        transitionDuration: 0,
        backgroundColor: colour('raised'),
        borderColor: colour('line'),
        padding: 0,
        axisPointer: { type: 'line', lineStyle: { color: colour('faint'), type: 'solid' } },
      },
    };
  }
}

/** What all axes share. */
const axisText = () => ({ color: colour('muted'), fontSize: 11 });
const splitLine = () => ({ lineStyle: { color: colour('line') } });

/** A tooltip as elements, never as HTML text: names come from data. */
function tip(heading, rows, total) {
  const box = document.createElement('div');
  box.className = 'tip';
  const title = box.appendChild(document.createElement('p'));
  title.textContent = heading;
  const table = box.appendChild(document.createElement('table'));
  for (const { name, value, swatch } of rows) {
    const row = table.insertRow();
    const first = row.insertCell();
    if (swatch) {
      const dot = first.appendChild(document.createElement('i'));
      dot.style.background = swatch;
    }
    first.append(name);
    row.insertCell().textContent = value;
  }
  if (total) {
    const row = table.insertRow();
    row.className = 'total';
    row.insertCell().textContent = 'All';
    row.insertCell().textContent = total;
  }
  return box;
}

class ChannelChart extends Chart {
  option({ throughput, channel }) {
    const start = millis(throughput.from);
    const seconds = throughput.step_millis / 1000;
    const steps = throughput.other.map((_, index) => start + index * throughput.step_millis);
    const shown = throughput.channels
      .filter((each) => !channel || each.channel === channel)
      .sort((left, right) => byFamily(left.channel, right.channel))
      .map((each) => ({ name: channelName(each.channel), counts: each.counts, swatch: colour(channelColour(each.channel)) }));
    if (!channel && throughput.other.some((each) => each > 0)) {
      shown.push({ name: 'Others', counts: throughput.other, swatch: colour('faint') });
    }
    const last = steps.length - 1;
    return {
      // The newest time is written around its bar, beyond which it needs room.
      grid: { left: 4, right: 18, top: 24, bottom: 4, containLabel: true },
      xAxis: {
        type: 'category',
        data: steps,
        axisTick: { show: false },
        axisLine: { lineStyle: { color: colour('line') } },
        axisLabel: {
          ...axisText(),
          interval: (_, step) => Number(step) % 180_000 === 0,
          formatter: (step) => hourMinute(Number(step)),
        },
      },
      yAxis: {
        type: 'value',
        name: 'touchpoints/s',
        nameTextStyle: { ...axisText(), align: 'left', padding: [0, 0, 0, -24] },
        axisLabel: { ...axisText(), formatter: (number) => rate(number).replace(/\.0+$/, '') },
        splitLine: splitLine(),
        splitNumber: 4,
      },
      tooltip: {
        ...this.frame().tooltip,
        axisPointer: { type: 'shadow', shadowStyle: { color: colour('hover') } },
        formatter: (points) => {
          const index = points[0].dataIndex;
          const rows = shown
            .map((each) => ({ ...each, value: each.counts[index] / seconds }))
            .filter((each) => each.value > 0)
            .sort((left, right) => right.value - left.value);
          const total = rows.reduce((sum, row) => sum + row.value, 0);
          const filling = index === last && throughput.partial ? ', still filling' : '';
          return tip(
            `${time(steps[index])} + ${seconds} s${filling}`,
            rows.slice(0, 12).map((row) => ({ ...row, value: `${rate(row.value)}/s` })),
            `${rate(total)}/s`,
          );
        },
      },
      series: shown.map((each) => ({
        name: each.name,
        type: 'bar',
        stack: 'touchpoints',
        barCategoryGap: '12%',
        data: each.counts.map((count, index) =>
          index === last && throughput.partial
            ? { value: count / seconds, itemStyle: { opacity: 0.45 } }
            : count / seconds,
        ),
        itemStyle: { color: each.swatch },
        emphasis: { disabled: true },
      })),
    };
  }
}

class TrendChart extends Chart {
  option({ metric, points }) {
    const at = (value, point) => [millis(point.as_of), value];
    const ends = (point) => band(point, metric.metric_id);
    const said = (point) => interval(point, metric.metric_id);
    const banded = points.filter(ends);
    const accent = colour('accent');
    const span = points.length > 1 ? millis(points.at(-1).as_of) - millis(points[0].as_of) : 0;
    const area = (data, areaStyle) => ({
      type: 'line',
      data,
      stack: 'interval',
      stackStrategy: 'all',
      symbol: 'none',
      lineStyle: { opacity: 0 },
      areaStyle,
      silent: true,
      tooltip: { show: false },
      emphasis: { disabled: true },
    });
    return {
      grid: { left: 4, right: 12, top: 16, bottom: 4, containLabel: true },
      xAxis: {
        type: 'time',
        axisLine: { lineStyle: { color: colour('line') } },
        axisTick: { show: false },
        splitLine: { show: false },
        axisLabel: {
          ...axisText(),
          hideOverlap: true,
          formatter: (instant) => (span > 2 * 86_400_000 ? date(instant) : hourMinute(instant)),
        },
      },
      yAxis: {
        type: 'value',
        scale: true,
        splitNumber: 4,
        axisLabel: { ...axisText(), formatter: (number) => valueWithUnit(number, metric) },
        splitLine: splitLine(),
      },
      tooltip: {
        ...this.frame().tooltip,
        formatter: (all) => {
          const point = points.find((each) => millis(each.as_of) === all[0].value[0]);
          if (!point) return '';
          const rows = [{ name: 'Value', value: valueWithUnit(point.value, metric) }];
          if (said(point)) {
            rows.push({
              name: '95 % interval',
              value: `${valueWithUnit(said(point).low, metric)} to ${valueWithUnit(said(point).high, metric)}`,
            });
          }
          rows.push({ name: 'Observations', value: point.n.toLocaleString('en') });
          return tip(dateTime(millis(point.as_of)), rows);
        },
      },
      series: [
        area(banded.map((point) => at(ends(point).low, point))),
        area(
          banded.map((point) => at(ends(point).high - ends(point).low, point)),
          { color: accent, opacity: 0.14 },
        ),
        {
          type: 'line',
          data: points.map((point) => at(point.value, point)),
          symbol: points.length > 60 ? 'none' : 'circle',
          symbolSize: 5,
          lineStyle: { color: accent, width: 2 },
          itemStyle: { color: accent },
          emphasis: { disabled: true },
        },
      ],
    };
  }
}

const PALETTE = ['channel-1', 'channel-11', 'channel-7', 'channel-4', 'channel-5', 'channel-13', 'channel-15', 'channel-10', 'channel-2', 'channel-16'];

/** The same colour for the same name, of a palette where there is no channel. */
function colourOf(by, name) {
  if (by === 'channel') return colour(channelColour(name));
  let hash = 0;
  for (const character of name) hash = (hash * 31 + character.codePointAt(0)) >>> 0;
  return colour(PALETTE[hash % PALETTE.length]);
}

/** Beyond so many places of one step the rarest are drawn as one. */
const PLACES = 9;

/** Of a flow picture, pixels: beside it, of a place, and between two places, so that the names of the smallest stand apart. */
const LEFT = 4;
const RIGHT = 110;
const PLACE = 14;
const GAP = 17;
/** From a place to its name and from there to what is next. */
const BESIDE = 5;

const pen = document.createElement('canvas').getContext('2d');

/** The text as far as there is room for it. */
function fitting(text, room, font) {
  pen.font = font;
  if (pen.measureText(text).width <= room) return text;
  let length = text.length - 1;
  while (length > 1 && pen.measureText(`${text.slice(0, length).trimEnd()}…`).width > room) length--;
  return `${text.slice(0, length).trimEnd()}…`;
}

class SankeyChart extends Chart {
  fits = true;

  drawn(chart) {
    chart.on('click', ({ dataType, data }) => {
      const [from, to] = (dataType === 'node' ? [data.name] : [data.source, data.target]).map((key) => key.split('\0'));
      // What stands for several places leads nowhere.
      if (from[1] && (!to || to[1])) this.model.open(Number(from[0]), from[1], to?.[1]);
    });
  }

  option({ paths, by }) {
    const name = (text) => (by === 'channel' ? channelName(text) : title(text));
    const steps = [...new Set(paths.steps.map((place) => place.step))];
    const shown = new Set(
      steps.flatMap((step) =>
        paths.steps
          .filter((place) => place.step === step)
          .sort((left, right) => right.sessions - left.sessions)
          .slice(0, PLACES)
          .map((place) => `${step}\0${place.name}`),
      ),
    );
    const id = (step, text) => (shown.has(`${step}\0${text}`) ? `${step}\0${text}` : `${step}\0\0`);
    const nodes = new Map();
    for (const place of paths.steps) {
      const key = id(place.step, place.name);
      const node = nodes.get(key) ?? { sessions: 0, ended: 0, step: place.step, text: key.endsWith('\0\0') ? '' : place.name };
      node.sessions += place.sessions;
      node.ended += place.ended;
      nodes.set(key, node);
    }
    const links = new Map();
    for (const link of paths.links) {
      const key = `${id(link.step, link.from)}\n${id(link.step + 1, link.to)}`;
      links.set(key, (links.get(key) ?? 0) + link.sessions);
    }
    const label = (node) => (node.text ? name(node.text) : 'Others');
    const last = Math.max(...steps);
    const column = (this.clientWidth - LEFT - RIGHT - PLACE) / Math.max(1, last);
    const { fontFamily } = this.frame().textStyle;
    const beside = (node) => {
      const number = count(node.sessions);
      pen.font = `11px ${fontFamily}`;
      const room = (node.step === last ? RIGHT : column - PLACE - BESIDE) - BESIDE - pen.measureText(` ${number} `).width;
      return `{name|${fitting(label(node), room, `12px ${fontFamily}`).replaceAll(/[{}|]/g, ' ')}} {number|${number}}`;
    };
    return {
      tooltip: {
        ...this.frame().tooltip,
        trigger: 'item',
        formatter: ({ dataType, data }) => {
          if (dataType === 'node') {
            const node = nodes.get(data.name);
            return tip(`${label(node)}, step ${node.step + 1}`, [
              { name: 'Sessions', value: count(node.sessions) },
              { name: 'Ended here', value: `${count(node.ended)} (${percent(node.ended, node.sessions)})` },
            ]);
          }
          return tip(`${label(nodes.get(data.source))} to ${label(nodes.get(data.target))}`, [{ name: 'Sessions', value: count(data.value) }]);
        },
      },
      series: [
        {
          type: 'sankey',
          left: LEFT,
          right: RIGHT,
          top: 8,
          bottom: 8,
          nodeWidth: PLACE,
          nodeGap: GAP,
          draggable: false,
          emphasis: { focus: 'adjacency' },
          data: [...nodes].map(([key, node]) => ({
            name: key,
            depth: node.step,
            value: node.sessions,
            itemStyle: { color: node.text ? colourOf(by, node.text) : colour('faint'), borderWidth: 0 },
            label: { distance: BESIDE, formatter: beside(node), rich: { name: { color: colour('text'), fontSize: 12 }, number: { color: colour('muted'), fontSize: 11 } } },
          })),
          links: [...links].map(([key, value]) => ({ source: key.split('\n')[0], target: key.split('\n')[1], value })),
          lineStyle: { color: 'gradient', opacity: 0.28, curveness: 0.5 },
          labelLayout: { hideOverlap: true },
        },
      ],
    };
  }
}

/** What became of a journey after a stage it touched. */
export const ARC_PARTS = [
  { part: 'later', name: 'Touched a later one', short: 'Later one', colour: 'accent' },
  { part: 'active', name: 'None later, may go on', short: 'May go on', colour: 'channel-6' },
  { part: 'ended', name: 'None later, ended', short: 'Ended', colour: 'strong-line' },
];

class StagesChart extends Chart {
  drawn(chart) {
    chart.on('click', ({ dataIndex }) => this.model.open(this.model.rows[dataIndex].stage));
  }

  /**
   * @param rows a stage each, with the number of what touched it and of the parts it consists of
   * @param total how many there are in all: none of the bars is longer
   * @param of what is counted
   * @param parts the parts that are told apart
   * @param more further numbers of a row, for whoever points at it
   */
  option({ rows, total, of, parts, more = () => [] }) {
    return {
      // Names are set a little wider than they are measured.
      grid: { left: 16, right: 96, top: 4, bottom: 4, containLabel: true },
      xAxis: { type: 'value', show: false, max: Math.max(total, 1) },
      yAxis: {
        type: 'category',
        inverse: true,
        data: rows.map((row) => title(row.stage)),
        axisTick: { show: false },
        axisLine: { show: false },
        axisLabel: { ...axisText(), fontSize: 12.5, color: colour('text') },
      },
      tooltip: {
        ...this.frame().tooltip,
        axisPointer: { type: 'shadow', shadowStyle: { color: colour('hover') } },
        formatter: ([{ dataIndex }]) => {
          const row = rows[dataIndex];
          return tip(title(row.stage), [{ name: of, value: `${count(row.number)} of ${count(total)}` }, ...more(row)]);
        },
      },
      series: parts.map(({ part, name, colour: fill }, index) => ({
        type: 'bar',
        name,
        stack: 'stages',
        data: rows.map((row) => row[part]),
        barMaxWidth: 30,
        showBackground: index === 0,
        backgroundStyle: { color: colour('hover') },
        itemStyle: { color: colour(fill) },
        // The last part ends where the whole does.
        label: {
          show: index === parts.length - 1,
          position: 'right',
          color: colour('muted'),
          formatter: ({ dataIndex }) => `${count(rows[dataIndex].number)}  ${percent(rows[dataIndex].number, total)}`,
        },
      })),
    };
  }
}

class TimelineChart extends Chart {
  #settling;

  drawn(chart) {
    chart.on('click', ({ data }) => data?.session && this.model.open(data.session));
    chart.on('datazoom', () => {
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => {
        const { start, end, startValue, endValue } = chart.getOption().dataZoom[0];
        this.model.zoomed(start <= 0 && end >= 100 ? null : [startValue, endValue]);
      }, 300);
    });
  }

  disconnectedCallback() {
    clearTimeout(this.#settling);
    super.disconnectedCallback();
  }

  option({ sessions, between }) {
    const looked = between ? { startValue: between[0], endValue: between[1] } : { start: 0, end: 100 };
    const channels = [...new Set(sessions.flatMap((session) => (session.path ?? []).map((step) => step.channel)))].sort(byFamily);
    const row = new Map(channels.map((channel, index) => [channel, index]));
    const points = sessions.flatMap((session) =>
      (session.path ?? []).map((step) => ({
        value: [millis(step.event_time), row.get(step.channel)],
        session: session.session_id,
        step,
        itemStyle: { color: colour(channelColour(step.channel)) },
      })),
    );
    const lines = sessions.map((session) => ({
      type: 'line',
      data: (session.path ?? []).map((step) => [millis(step.event_time), row.get(step.channel)]),
      symbol: 'none',
      silent: true,
      lineStyle: { color: colour('faint'), width: 1, opacity: 0.55 },
      tooltip: { show: false },
      emphasis: { disabled: true },
    }));
    const times = points.map((point) => point.value[0]);
    const [first, last] = [Math.min(...times), Math.max(...times)];
    const span = last - first;
    // Where all was at one time, something around it is shown.
    const around = times.length && !span ? { min: first - 1_800_000, max: last + 1_800_000 } : {};
    return {
      // Half of the widest time fits beside the last line of the grid.
      grid: { left: 4, right: 36, top: 10, bottom: 34, containLabel: true },
      // What lies behind the slider would be the first session alone; of one touchpoint it has no size, and pushes the slider into the chart.
      dataZoom: [{ type: 'inside', ...looked }, { type: 'slider', ...looked, showDataShadow: false, height: 18, bottom: 4, borderColor: colour('line'), textStyle: { color: colour('muted') }, labelFormatter: '' }],
      xAxis: {
        type: 'time',
        min: null,
        max: null,
        ...around,
        axisLine: { lineStyle: { color: colour('line') } },
        axisTick: { show: false },
        splitLine: { show: true, ...splitLine() },
        axisLabel: { ...axisText(), hideOverlap: true, formatter: (instant) => (span > 2 * 86_400_000 ? date(instant) : span > 600_000 || !span ? hourMinute(instant) : time(instant)) },
      },
      yAxis: {
        type: 'category',
        data: channels.map(channelName),
        axisTick: { show: false },
        axisLine: { show: false },
        splitLine: { show: true, ...splitLine() },
        axisLabel: { ...axisText(), fontSize: 12.5, color: colour('text') },
      },
      tooltip: {
        ...this.frame().tooltip,
        trigger: 'item',
        formatter: ({ data }) => {
          const { step } = data;
          const rows = [{ name: 'What', value: words(step.kind) }];
          if (step.touchpoint) rows.push({ name: 'Where', value: words(step.touchpoint) });
          if (step.stage) rows.push({ name: 'Stage', value: words(step.stage) });
          return tip(`${channelName(step.channel)}, ${dateTime(millis(step.event_time))}`, rows);
        },
      },
      series: [...lines, { type: 'scatter', data: points, symbolSize: 11, cursor: 'pointer' }],
    };
  }
}

customElements.define('channel-chart', ChannelChart);
customElements.define('sankey-chart', SankeyChart);
customElements.define('stages-chart', StagesChart);
customElements.define('timeline-chart', TimelineChart);
customElements.define('trend-chart', TrendChart);
